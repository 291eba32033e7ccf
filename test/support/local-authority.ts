import { createPublicKey, KeyObject, sign as signWith } from "node:crypto";
import { authorityName } from "../../lib/core/x509/authority";
import type { AuthorityKind } from "../../lib/core/x509/authority-names";
import type { SigningAuthority } from "../../lib/core/x509/leaf";
import { keptKey } from "./kept-keys";

const BITS = 3072;
/** Counts those of one test file. */
let next = 0;

/** A key on this machine that plays one in KMS, of the size that the library creates there. */
export interface LocalKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly sign: (message: Uint8Array) => Promise<Uint8Array>;
}

/** Another one each time. */
export function localKey(): LocalKey {
  const privateKey = keptKey(next++, BITS);
  return {
    privateKey,
    publicKey: createPublicKey(privateKey),
    sign: (message) => Promise.resolve(signWith("sha256", message, privateKey)),
  };
}

export function localAuthority(kind: AuthorityKind, cluster: string, key = localKey()): SigningAuthority {
  return { name: authorityName(kind, cluster), key: key.publicKey, sign: key.sign };
}
