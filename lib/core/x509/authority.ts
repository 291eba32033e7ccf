import { KeyObject, X509Certificate } from "crypto";
import type { AuthorityKind } from "./authority-names";
import { Name, serialOfKey, Sign, signCertificate, unsignedCertificate } from "./certificate";

/** Name of an authority, other for each kind and each cluster. */
export function authorityName(kind: AuthorityKind, cluster: string): Name {
  return { organization: cluster, commonName: `Flink ${kind} authority` };
}

/** Before every certificate that it signs. */
const FROM = new Date("2000-01-01T00:00:00Z");
/** RFC 5280, 4.1.2.5: a certificate without a known end. An authority ends with its key. */
const UNTIL = new Date("9999-12-31T23:59:59Z");

const EXTENSIONS = [
  { name: "basicConstraints", critical: true, cA: true, pathLenConstraint: 0 },
  { name: "keyUsage", critical: true, keyCertSign: true, cRLSign: true },
];

/**
 * The certificate of an authority, signed by itself. Nothing in it depends on when or where it is made, and the
 * signature is the same for the same content (PKCS #1 v1.5): every node has the same bytes.
 */
export function authorityCertificate(name: Name, key: KeyObject, sign: Sign): Promise<X509Certificate> {
  return signCertificate(contentOf(name, key), sign);
}

/**
 * An authority as somebody trusts it who cannot have it sign: its name and its key, all that path validation takes
 * of a trust anchor (RFC 5280, 6.1.1 d). Where the signature belongs stand zeros. It must never be signed by
 * another authority, for then it would be an intermediate one: clients could show it to Flink's internal ports,
 * which trust the node authority.
 */
export function trustAnchor(name: Name, key: KeyObject): X509Certificate {
  return unsignedCertificate(contentOf(name, key));
}

function contentOf(name: Name, key: KeyObject) {
  return {
    subject: name,
    issuer: name,
    subjectKey: key,
    issuerKey: key,
    serial: serialOfKey(key),
    notBefore: FROM,
    notAfter: UNTIL,
    extensions: EXTENSIONS,
  };
}
