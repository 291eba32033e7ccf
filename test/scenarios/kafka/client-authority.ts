import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { generateKeyPairSync, KeyObject, webcrypto } from "crypto";
import { ALGORITHM, KeyAndCertificate } from "../../lab/authority";

const DAY_MILLIS = 24 * 3600 * 1000;
const crypto = webcrypto;

/** What a certificate says, where a client's own for the days around today will not do. */
export interface ClientCertificateOptions {
  /** Default: a new one of the curve P-256. */
  readonly keys?: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** Object identifiers; none: it says nothing of its purposes. Default: clients' alone. */
  readonly purposes?: readonly string[];
  /** What its key may do; none: it says nothing of it. Default: sign, certificates alone where it is an authority. */
  readonly usages?: readonly (keyof typeof x509.KeyUsageFlags)[];
  /** It may itself sign certificates. */
  readonly isAuthority?: boolean;
}

/** Gives what is to stand in the secret of a client that an authority knows by this name. */
export async function issueClientCertificate(authority: KeyAndCertificate, commonName: string): Promise<string> {
  return certificateSecret(await signClientCertificate(authority, commonName));
}

/** A secret as Secrets Manager has it. */
export function certificateSecret({ key, certificate }: KeyAndCertificate): string {
  return JSON.stringify({ certificate, privateKey: key });
}

/** Gives a client a certificate and its key, which is made in memory. */
export async function signClientCertificate(
  authority: KeyAndCertificate,
  commonName: string,
  options: ClientCertificateOptions = {},
): Promise<KeyAndCertificate> {
  const issuer = new x509.X509Certificate(authority.certificate);
  const issuerKey = x509.PemConverter.decodeFirst(authority.key);
  const { publicKey, privateKey } = options.keys ?? generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { purposes = [x509.ExtendedKeyUsage.clientAuth], isAuthority = false } = options;
  const { usages = [isAuthority ? "keyCertSign" : "digitalSignature"] } = options;
  const flags = usages.reduce((all, usage) => all | x509.KeyUsageFlags[usage], 0);
  const certificate = await x509.X509CertificateGenerator.create(
    {
      subject: `CN=${commonName}`,
      issuer: issuer.subject,
      notBefore: options.notBefore ?? new Date(Date.now() - DAY_MILLIS),
      notAfter: options.notAfter ?? new Date(Date.now() + 30 * DAY_MILLIS),
      publicKey: publicKey.export({ type: "spki", format: "der" }),
      signingKey: await crypto.subtle.importKey("pkcs8", issuerKey, ALGORITHM, false, ["sign"]),
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(isAuthority, undefined, true),
        ...(flags > 0 ? [new x509.KeyUsagesExtension(flags, true)] : []),
        ...(purposes.length > 0 ? [new x509.ExtendedKeyUsageExtension([...purposes])] : []),
        await x509.SubjectKeyIdentifierExtension.create(
          publicKey.export({ type: "spki", format: "der" }),
          false,
          crypto,
        ),
        await x509.AuthorityKeyIdentifierExtension.create(issuer, false, crypto),
      ],
    },
    crypto,
  );
  const key = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  return { key, certificate: certificate.toString("pem") };
}
