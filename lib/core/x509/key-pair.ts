import { generateKeyPair, type KeyPairKeyObjectResult } from "crypto";
import { promisify } from "util";

/** RSA, because Flink's cipher suites are for RSA. */
const KEY_BITS = 2048;

const generate = promisify(generateKeyPair);

/** A key pair that was born here. */
export function newKeyPair(): Promise<KeyPairKeyObjectResult> {
  return generate("rsa", { modulusLength: KEY_BITS });
}
