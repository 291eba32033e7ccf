import { createPrivateKey, KeyObject, X509Certificate } from "crypto";
import { maySign } from "../../../core/x509/key-usage";
import { certificatesPem, keyPem } from "../../../core/x509/pem";
import { secretTexts } from "./secret-texts";

/** Bodies are Base64: forms that lose line ends, as some web pages do, lose nothing of it. */
const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/g;
const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type:[^\n]*ENCRYPTED/;
const KEY_FORMS = { "PRIVATE KEY": "pkcs8", "RSA PRIVATE KEY": "pkcs1", "EC PRIVATE KEY": "sec1" } as const;
/** P-256, P-384 and P-521, in OpenSSL's words. */
const CURVES = ["prime256v1", "secp384r1", "secp521r1"];
/** Purposes of a certificate that let a client show it: authentication of clients, and any (RFC 5280, section 4.2.1.12). */
const CLIENT_PURPOSES = ["1.3.6.1.5.5.7.3.2", "2.5.29.37.0"];

/** What a client shows to brokers, and what it proves by that it is its own. */
export interface KafkaKeyStore {
  readonly pem: string;
  /** When the first of its certificates ends. */
  readonly goodUntil: Date;
}

/**
 * A key store in PEM, as Kafka's clients take it: the private key, and the certificates after it. Fails with one sentence
 * without a full stop, which says nothing of what the secret holds but how long its certificates are good.
 *
 * @see https://cwiki.apache.org/confluence/display/KAFKA/KIP-651+-+Support+PEM+format+for+SSL+certificates+and+private+key
 */
export function kafkaKeyStore(secret: string, now = new Date()): KafkaKeyStore {
  const { certificate, privateKey } = secretTexts(secret, ["certificate", "privateKey"]);
  const [chain, key] = [chainOf(certificate), keyOf(privateKey)];
  requirePair(chain[0], key);
  requireNoAuthority(chain[0]);
  requireForClients(chain[0]);
  requireOrder(chain);
  return { pem: keyPem(key) + certificatesPem(...chain), goodUntil: requireGood(chain, now) };
}

function chainOf(text: string): readonly X509Certificate[] {
  const bodies = [...text.matchAll(BLOCK)].filter(([, label]) => label === "CERTIFICATE").map(([, , body]) => body);
  if (bodies.length === 0 || bodies.length < text.split("-----BEGIN").length - 1) {
    throw new Error(
      "the certificate in its secret is no PEM, or something else as well: store nothing but what is from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----",
    );
  }
  return bodies.map((body, index) => {
    try {
      return new X509Certificate(Buffer.from(body, "base64"));
    } catch {
      throw new Error(
        `number ${index + 1} of the certificates in its secret cannot be read: store it as it was issued`,
      );
    }
  });
}

function keyOf(text: string): KeyObject {
  if (ENCRYPTED.test(text)) {
    throw new Error("the privateKey in its secret is encrypted: store it as `openssl pkey` writes it");
  }
  const key = [...text.matchAll(BLOCK)].map(([, label, body]) => parseKey(label, body)).find((one) => one);
  if (!key) {
    throw new Error(
      "the privateKey in its secret is no private key in PEM: store it from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----",
    );
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  if (asymmetricKeyType === "rsa" || CURVES.includes(asymmetricKeyDetails?.namedCurve ?? "")) return key;
  throw new Error(
    "the privateKey in its secret is of a kind that Kafka's clients do not read: make one of RSA, or of the curve P-256, P-384 or P-521",
  );
}

function parseKey(label: string, body: string): KeyObject | undefined {
  if (!Object.hasOwn(KEY_FORMS, label)) return undefined;
  const type = KEY_FORMS[label as keyof typeof KEY_FORMS];
  try {
    return createPrivateKey({ key: Buffer.from(body, "base64"), format: "der", type });
  } catch {
    return undefined;
  }
}

function requirePair(own: X509Certificate, key: KeyObject): void {
  if (own.checkPrivateKey(key)) return;
  throw new Error(
    "the first certificate in its secret is not that of its privateKey: begin with it, and let those follow that signed it",
  );
}

/** Whoever has the key of an authority makes clients of any name: it belongs neither to jobs nor to nodes. */
function requireNoAuthority(own: X509Certificate): void {
  if (!own.ca) return;
  throw new Error(
    "the first certificate in its secret is that of an authority, whose key signs others: issue one for the client alone (CA:FALSE), and keep the authority's key elsewhere",
  );
}

/** One that names no purpose may be shown for each. Brokers in Java ask for the signature too, as clients prove themselves by it. */
function requireForClients(own: X509Certificate): void {
  const purposes = own.keyUsage as readonly string[] | undefined;
  if (purposes && !CLIENT_PURPOSES.some((purpose) => purposes.includes(purpose))) {
    throw new Error(
      "the certificate in its secret is not for clients: issue one whose extended key usage is the authentication of clients",
    );
  }
  if (maySign(own)) return;
  throw new Error(
    "the certificate in its secret is not for signatures, by which clients prove themselves: issue one whose key usage has digitalSignature",
  );
}

/** As they are sent, the client's own first (RFC 5246, section 7.4.2): brokers refuse them in another order. */
function requireOrder(chain: readonly X509Certificate[]): void {
  const wrong = chain.findIndex((issuer, index) => index > 0 && !isSigned(chain[index - 1], issuer));
  if (wrong < 0) return;
  throw new Error(
    `number ${wrong + 1} of the certificates in its secret did not sign the one before: put them in order, the client's own first, each once`,
  );
}

function isSigned(certificate: X509Certificate, issuer: X509Certificate): boolean {
  const isRepeated = certificate.fingerprint256 === issuer.fingerprint256;
  return !isRepeated && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** Until when all are good. */
function requireGood(chain: readonly X509Certificate[], now: Date): Date {
  const from = new Date(Math.max(...chain.map(({ validFrom }) => Date.parse(validFrom))));
  const to = new Date(Math.min(...chain.map(({ validTo }) => Date.parse(validTo))));
  if (now < from) throw new Error(`a certificate in its secret is good from ${inSeconds(from)} on: wait for it`);
  if (now >= to) throw new Error(`a certificate in its secret was good until ${inSeconds(to)}: issue another`);
  return to;
}

/** As certificates have it, such as `2026-12-05T10:00:00Z`. */
export function inSeconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}
