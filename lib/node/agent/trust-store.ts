import { createHash, X509Certificate } from "crypto";
import * as fs from "fs/promises";
import { STORE_PASSWORD } from "../tls-paths";

/** Where distributions keep the certificates that the machine trusts. */
const BUNDLES = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"];

/** The operating system's trusted certificates. */
export async function readSystemCertificates(bundles: readonly string[] = BUNDLES): Promise<X509Certificate[]> {
  for (const bundle of bundles) {
    const text = await fs.readFile(bundle, "utf8").catch(() => undefined);
    if (text !== undefined) return parseBundle(text);
  }
  throw new Error(`no trusted certificates found: looked for ${bundles.join(", ")}`);
}

/** The certificates of a PEM bundle, each once; what is none is left out, as one that Java cannot read spoils the whole store. */
export function parseBundle(text: string): X509Certificate[] {
  const byFingerprint = new Map<string, X509Certificate>();
  for (const [block] of text.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)) {
    try {
      const certificate = new X509Certificate(block);
      byFingerprint.set(certificate.fingerprint256, certificate);
    } catch {
      // Left out, see above.
    }
  }
  if (byFingerprint.size === 0) throw new Error("the bundle of trusted certificates holds none");
  return [...byFingerprint.values()].sort((a, b) => (a.fingerprint256 < b.fingerprint256 ? -1 : 1));
}

/**
 * A Java key store (type JKS) of trusted certificates. Java reads it without a password; the same certificates
 * give the same bytes.
 *
 * Format: sun.security.provider.JavaKeyStore of OpenJDK.
 */
export function renderTrustStore(certificates: readonly X509Certificate[]): Buffer {
  const parts = [uint32(0xfeedfeed), uint32(2), uint32(certificates.length)];
  for (const certificate of certificates) {
    const der = certificate.raw;
    parts.push(
      uint32(2), // a trusted certificate
      utf(certificate.fingerprint256.replace(/:/g, "").toLowerCase()),
      Buffer.alloc(8), // when it was added: never, so that the bytes stay the same
      utf("X.509"),
      uint32(der.length),
      der,
    );
  }
  const content = Buffer.concat(parts);
  const password = Buffer.from(STORE_PASSWORD, "utf16le").swap16();
  const digest = createHash("sha1").update(password).update("Mighty Aphrodite").update(content).digest();
  return Buffer.concat([content, digest]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function utf(text: string): Buffer {
  const bytes = Buffer.from(text, "ascii");
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
