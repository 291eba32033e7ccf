import { createPublicKey, KeyObject, sign } from "crypto";
import type { pki as Pki } from "node-forge";
import * as asn1 from "node-forge/lib/asn1";
import * as pki from "node-forge/lib/x509";
import { Name, nameAttributes } from "./certificate";

/**
 * What an authority is asked with for a certificate (PKCS #10, RFC 2986), PEM: a name, a public key and extensions,
 * signed by the key itself to show that the asker has it.
 */
export function renderSigningRequest(subject: Name, key: KeyObject, extensions: readonly object[]): string {
  const request = pki.createCertificationRequest() as Pki.CertificateSigningRequest & {
    signature: string;
    signatureOid: string;
    siginfo: { algorithmOid: string };
  };
  const publicKey = createPublicKey(key).export({ type: "spki", format: "der" });
  request.publicKey = pki.publicKeyFromAsn1(asn1.fromDer(publicKey.toString("binary")));
  request.setSubject(nameAttributes(subject));
  if (extensions.length > 0) request.setAttributes([{ name: "extensionRequest", extensions: [...extensions] }]);
  request.signatureOid = request.siginfo.algorithmOid = pki.oids.sha256WithRSAEncryption;
  const message = asn1.toDer(pki.getCertificationRequestInfo(request)).getBytes();
  request.signature = sign("sha256", Buffer.from(message, "binary"), key).toString("binary");
  const der = Buffer.from(asn1.toDer(pki.certificationRequestToAsn1(request)).getBytes(), "binary");
  const lines = der.toString("base64").match(/.{1,64}/g)!;
  return ["-----BEGIN CERTIFICATE REQUEST-----", ...lines, "-----END CERTIFICATE REQUEST-----", ""].join("\n");
}
