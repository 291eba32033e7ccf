import type { X509Certificate } from "crypto";
import type { asn1 as Asn1 } from "node-forge";
import * as asn1 from "node-forge/lib/asn1";
import * as pki from "node-forge/lib/x509";

/** Of the extensions in what is signed of a certificate (RFC 5280, section 4.1). */
const EXTENSIONS = 3;

/**
 * Whether the key of a certificate may sign what is no certificate, as both sides of TLS do when they connect: one that names
 * no usage of its key may (RFC 5280, section 4.2.1.3). What Node.js calls `keyUsage` are the purposes, another extension.
 */
export function maySign(certificate: X509Certificate): boolean {
  const usage = extensionsOf(certificate)
    .map((extension) => pki.certificateExtensionFromAsn1(extension))
    .find(({ name }) => name === "keyUsage");
  return usage?.digitalSignature ?? true;
}

function extensionsOf(certificate: X509Certificate): readonly Asn1.Asn1[] {
  const [content] = partsOf(asn1.fromDer(certificate.raw.toString("binary")));
  const tagged = partsOf(content).find(
    ({ tagClass, type }) => tagClass === asn1.Class.CONTEXT_SPECIFIC && Number(type) === EXTENSIONS,
  );
  return tagged ? partsOf(partsOf(tagged)[0]) : [];
}

function partsOf({ value }: Asn1.Asn1): readonly Asn1.Asn1[] {
  return value as Asn1.Asn1[];
}
