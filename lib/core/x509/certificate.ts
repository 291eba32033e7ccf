import { createHash, KeyObject, randomBytes, X509Certificate } from "crypto";
import type { asn1 as Asn1, pki as Pki } from "node-forge";
import * as asn1 from "node-forge/lib/asn1";
import * as pki from "node-forge/lib/x509";

/**
 * Signs a message with RSASSA-PKCS1-v1_5 and SHA-256: a key that cannot be exported does it, wherever it lives.
 * The message has at most 4096 bytes, which is what KMS takes.
 */
export type Sign = (message: Uint8Array) => Promise<Uint8Array>;

/** A distinguished name: letters, digits, spaces and `-.` only, each part at most 64 characters (X.520). */
export interface Name {
  readonly organization: string;
  readonly unit?: string;
  readonly commonName: string;
}

/** Everything that a certificate says. */
export interface CertificateContent {
  readonly subject: Name;
  readonly issuer: Name;
  readonly subjectKey: KeyObject;
  readonly issuerKey: KeyObject;
  /** 16 bytes, see `serialNumber`. */
  readonly serial: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** In forge's words; key identifiers are added. */
  readonly extensions: readonly object[];
}

const LARGEST_PART = 64;
const PRINTABLE = /^[A-Za-z0-9 .-]+$/;

/** A certificate, version 3, signed by its issuer. */
export async function signCertificate(content: CertificateContent, sign: Sign): Promise<X509Certificate> {
  const certificate = unsigned(content);
  const message = asn1.toDer(pki.getTBSCertificate(certificate)).getBytes();
  return signedWith(certificate, await sign(Buffer.from(message, "binary")));
}

/** A certificate that nobody has signed: zeros stand where the signature belongs. */
export function unsignedCertificate(content: CertificateContent): X509Certificate {
  return signedWith(unsigned(content), Buffer.alloc(signatureBytes(content.issuerKey)));
}

/** A serial number that nobody can guess: 126 random bits, positive, always 16 bytes long. */
export function randomSerial(): Buffer {
  return serial(randomBytes(16));
}

/** The serial number that always belongs to a key. */
export function serialOfKey(key: KeyObject): Buffer {
  return serial(createHash("sha256").update(spki(key)).digest().subarray(0, 16));
}

/** RFC 5280, 4.1.2.2: positive, so the first bit is 0; the second is 1, so that no byte is left out in front. */
function serial(bytes: Buffer): Buffer {
  const result = Buffer.from(bytes);
  result[0] = (result[0] & 0x3f) | 0x40;
  return result;
}

function unsigned(content: CertificateContent): Pki.Certificate {
  const certificate = pki.createCertificate();
  certificate.publicKey = pki.publicKeyFromAsn1(parse(spki(content.subjectKey)));
  certificate.serialNumber = content.serial.toString("hex");
  certificate.validity.notBefore = content.notBefore;
  certificate.validity.notAfter = content.notAfter;
  certificate.setSubject(nameAttributes(content.subject));
  certificate.setIssuer(nameAttributes(content.issuer));
  certificate.setExtensions([
    ...content.extensions,
    { name: "subjectKeyIdentifier" },
    { name: "authorityKeyIdentifier", keyIdentifier: keyIdentifier(content.issuerKey) },
  ]);
  const algorithm = pki.oids.sha256WithRSAEncryption;
  certificate.signatureOid = algorithm;
  certificate.siginfo.algorithmOid = algorithm;
  return certificate;
}

function signedWith(certificate: Pki.Certificate, signature: Uint8Array): X509Certificate {
  certificate.signature = Buffer.from(signature).toString("binary");
  return new X509Certificate(Buffer.from(asn1.toDer(pki.certificateToAsn1(certificate)).getBytes(), "binary"));
}

/** In forge's words; refuses what cannot stand in a certificate. */
export function nameAttributes({ organization, unit, commonName }: Name): Pki.CertificateField[] {
  const parts = [
    { name: "organizationName", value: organization },
    ...(unit === undefined ? [] : [{ name: "organizationalUnitName", value: unit }]),
    { name: "commonName", value: commonName },
  ];
  const bad = parts.find(({ value }) => value.length > LARGEST_PART || !PRINTABLE.test(value));
  if (bad) throw new Error(`${JSON.stringify(bad.value)} cannot be the ${bad.name} of a certificate`);
  return parts;
}

/** RFC 5280, 4.2.1.2, method 1; as the bytes of a string, which is how forge takes it. */
function keyIdentifier(key: KeyObject): string {
  const publicKey = key.export({ type: "pkcs1", format: "der" });
  return createHash("sha1").update(publicKey).digest("binary");
}

function signatureBytes(key: KeyObject): number {
  return Math.ceil(key.asymmetricKeyDetails!.modulusLength! / 8);
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: "spki", format: "der" });
}

function parse(der: Buffer): Asn1.Asn1 {
  return asn1.fromDer(der.toString("binary"));
}
