// The parts of forge that are used, each by itself: as a whole it would make the node agent half as large again.
declare module "node-forge/lib/asn1" {
  import { asn1 } from "node-forge";
  export = asn1;
}
declare module "node-forge/lib/pkcs12" {
  import { pkcs12 } from "node-forge";
  export = pkcs12;
}
declare module "node-forge/lib/x509" {
  import { asn1, pki } from "node-forge";
  const x509: typeof pki & {
    certificateExtensionFromAsn1(extension: asn1.Asn1): { readonly name?: string; readonly digitalSignature?: boolean };
    getTBSCertificate(certificate: pki.Certificate): asn1.Asn1;
    getCertificationRequestInfo(request: pki.CertificateSigningRequest): asn1.Asn1;
    certificationRequestToAsn1(request: pki.CertificateSigningRequest): asn1.Asn1;
  };
  export = x509;
}
