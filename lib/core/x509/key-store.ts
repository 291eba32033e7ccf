import { KeyObject, X509Certificate } from "crypto";
import * as asn1 from "node-forge/lib/asn1";
import * as pkcs12 from "node-forge/lib/pkcs12";
import * as pki from "node-forge/lib/x509";
import type { KeyAndCertificate } from "./leaf";

/**
 * A key store as Java and browsers read it: PKCS #12 with one private key and its chain, the key encrypted by
 * AES-256. `name` is what a person sees of it.
 */
export function renderKeyStore(
  own: KeyAndCertificate,
  issuers: readonly X509Certificate[],
  password: string,
  name: string,
): Buffer {
  const key = pki.privateKeyFromAsn1(parse(own.key.export({ type: "pkcs1", format: "der" })));
  const chain = [own.certificate, ...issuers].map(({ raw }) => pki.certificateFromAsn1(parse(raw)));
  const store = pkcs12.toPkcs12Asn1(key, chain, password, { algorithm: "aes256", friendlyName: name });
  return Buffer.from(asn1.toDer(store).getBytes(), "binary");
}

/** Whether a key store is whole and holds this key. */
export function keyStoreHolds(store: Uint8Array, key: KeyObject, password: string): boolean {
  try {
    const opened = pkcs12.pkcs12FromAsn1(parse(Buffer.from(store)), password);
    const bags = opened.getBags({ bagType: pki.oids.pkcs8ShroudedKeyBag })[pki.oids.pkcs8ShroudedKeyBag] ?? [];
    const wanted = key.export({ type: "pkcs1", format: "der" });
    return bags.some((bag) => bag.key && wanted.equals(derOf(bag.key)));
  } catch {
    return false;
  }
}

function derOf(key: Parameters<typeof pki.privateKeyToAsn1>[0]): Buffer {
  return Buffer.from(asn1.toDer(pki.privateKeyToAsn1(key)).getBytes(), "binary");
}

function parse(der: Buffer): ReturnType<typeof asn1.fromDer> {
  return asn1.fromDer(der.toString("binary"));
}
