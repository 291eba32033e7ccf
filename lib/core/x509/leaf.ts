import { KeyObject, X509Certificate } from "crypto";
import { Name, randomSerial, Sign, signCertificate } from "./certificate";
import { newKeyPair } from "./key-pair";
import { renderSigningRequest } from "./signing-request";
import { Validity, validityFrom } from "./validity";

/** A private key that was born here, with the certificate that an authority gave for it. */
export interface KeyAndCertificate {
  readonly key: KeyObject;
  readonly certificate: X509Certificate;
}

/** What a certificate is asked for. */
export interface LeafRequest {
  readonly subject: Name;
  /** Names and addresses by which others reach the holder; none for one whom nobody calls. */
  readonly hosts: readonly string[];
  readonly addresses: readonly string[];
  /** Whether the holder may show it to those who call it. */
  readonly serverAuth: boolean;
  readonly validitySeconds: number;
}

/** An authority that signs. */
export interface SigningAuthority {
  readonly name: Name;
  readonly key: KeyObject;
  readonly sign: Sign;
}

const DNS_NAME = 2;
const IP_ADDRESS = 7;

/** Makes a key pair and lets the authority sign a certificate for it; the private key goes nowhere. */
export async function issue(request: LeafRequest, authority: SigningAuthority, now: Date): Promise<KeyAndCertificate> {
  const { publicKey, privateKey } = await newKeyPair();
  const certificate = await signCertificate(
    {
      subject: request.subject,
      issuer: authority.name,
      subjectKey: publicKey,
      issuerKey: authority.key,
      serial: randomSerial(),
      ...validityFrom(now, request.validitySeconds),
      extensions: [
        { name: "basicConstraints", critical: true, cA: false },
        { name: "keyUsage", critical: true, digitalSignature: true, keyEncipherment: true },
        { name: "extKeyUsage", serverAuth: request.serverAuth, clientAuth: true },
        ...alternativeNames(request),
      ],
    },
    authority.sign,
  );
  return { key: privateKey, certificate };
}

/** Makes a key pair and lets somebody else make a certificate of a signing request for it (PKCS #10, PEM). */
export async function issueByRequest(
  request: LeafRequest,
  sign: (signingRequest: string, validity: Validity) => Promise<X509Certificate>,
  now: Date,
): Promise<KeyAndCertificate> {
  const { privateKey } = await newKeyPair();
  const signingRequest = renderSigningRequest(request.subject, privateKey, alternativeNames(request));
  const certificate = await sign(signingRequest, validityFrom(now, request.validitySeconds));
  if (!certificate.checkPrivateKey(privateKey)) throw new Error("the certificate that was given is for another key");
  return { key: privateKey, certificate };
}

/** In forge's words. */
function alternativeNames({ hosts, addresses }: LeafRequest): object[] {
  const altNames = [
    ...hosts.map((value) => ({ type: DNS_NAME, value })),
    ...addresses.map((ip) => ({ type: IP_ADDRESS, ip })),
  ];
  return altNames.length > 0 ? [{ name: "subjectAltName", altNames }] : [];
}
