import { KeyObject, X509Certificate } from "crypto";

/** A private key in PKCS #8, which is what ZooKeeper reads. */
export function keyPem(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }) as string;
}

/** Certificates one after the other. */
export function certificatesPem(...certificates: readonly X509Certificate[]): string {
  return certificates.map((certificate) => certificate.toString()).join("");
}

/** The certificates of a text, in their order. Throws on one that is none. */
export function parseCertificates(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}
