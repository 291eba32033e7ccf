import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { webcrypto } from "crypto";

/** Of the keys that sign. */
export const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
/** A run is a matter of hours, but faults may be played with the clock. */
const LIFETIME_MILLISECONDS = 30 * 24 * 3600 * 1000;
const crypto = webcrypto;

/** A certificate with its private key, both PEM. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly certificate: string;
}

async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - LIFETIME_MILLISECONDS), notAfter: new Date(now + LIFETIME_MILLISECONDS) };
}

/** The authority that the lab's machines trust in place of the public ones; new for every run. */
export async function createAuthority(): Promise<KeyAndCertificate> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: "01",
      name: "CN=Lab authority",
      keys,
      signingAlgorithm: ALGORITHM,
      ...validity(),
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, crypto),
      ],
    },
    crypto,
  );
  return { key: await privateKeyPem(keys.privateKey), certificate: certificate.toString("pem") };
}

/** Signs server certificates for names, as they are asked for. */
export class Issuer {
  private readonly issued = new Map<string, Promise<KeyAndCertificate>>();
  private readonly certificate: x509.X509Certificate;

  public constructor(private readonly authority: KeyAndCertificate) {
    this.certificate = new x509.X509Certificate(authority.certificate);
  }

  public certificateFor(name: string): Promise<KeyAndCertificate> {
    let issued = this.issued.get(name);
    if (!issued) this.issued.set(name, (issued = this.issue(name)));
    return issued;
  }

  private async issue(name: string): Promise<KeyAndCertificate> {
    const der = x509.PemConverter.decodeFirst(this.authority.key);
    const signingKey = await crypto.subtle.importKey("pkcs8", der, ALGORITHM, false, ["sign"]);
    const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.create(
      {
        subject: name.length <= 64 ? `CN=${name}` : "CN=endpoint",
        issuer: this.certificate.subject,
        ...validity(),
        publicKey: keys.publicKey,
        signingKey,
        signingAlgorithm: ALGORITHM,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }]),
          await x509.AuthorityKeyIdentifierExtension.create(this.certificate, false, crypto),
        ],
      },
      crypto,
    );
    return { key: await privateKeyPem(keys.privateKey), certificate: certificate.toString("pem") };
  }
}
