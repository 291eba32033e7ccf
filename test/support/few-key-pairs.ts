import type { KeyPairKeyObjectResult } from "node:crypto";

/** More than any test needs. */
const HOW_MANY = 16;
const { newKeyPair: makeKeyPair } =
  jest.requireActual<typeof import("../../lib/core/x509/key-pair")>("../../lib/core/x509/key-pair");
const made: Promise<KeyPairKeyObjectResult>[] = [];
let next = 0;

/** Stands in for `newKeyPair` of a test file: another one each time, until the first comes again, as each takes a while to make. */
export function newKeyPair(): Promise<KeyPairKeyObjectResult> {
  const at = next++ % HOW_MANY;
  return (made[at] ??= makeKeyPair());
}
