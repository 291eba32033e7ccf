import { createPublicKey, type KeyPairKeyObjectResult } from "node:crypto";
import { keptKey } from "./kept-keys";

/** More than any test needs. */
const HOW_MANY = 16;
/** As long as those that it stands for. */
const BITS = 2048;
let next = 0;

/** Stands in for `newKeyPair` of a test file: another one each time, until the first comes again, as each takes a while to make. */
export function newKeyPair(): Promise<KeyPairKeyObjectResult> {
  const privateKey = keptKey(next++ % HOW_MANY, BITS);
  return Promise.resolve({ privateKey, publicKey: createPublicKey(privateKey) });
}
