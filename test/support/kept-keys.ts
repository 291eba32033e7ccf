import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folderOfRun } from "./temporary-folder";

/**
 * An RSA key that a run of tests makes once, by its number, as each takes up to a second to make: another number is
 * another key. Where the run has no folder of its own it is made each time.
 */
export function keptKey(number: number, modulusLength: number): KeyObject {
  const folder = folderOfRun();
  const file = folder && join(folder, `rsa-${modulusLength}-${number}.pem`);
  const kept = file && keyIn(file);
  if (kept) return kept;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength });
  if (file) keep(file, privateKey);
  return privateKey;
}

function keyIn(file: string): KeyObject | undefined {
  try {
    return createPrivateKey(readFileSync(file));
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw failure;
  }
}

/** At once: another process may read it, or make the same one, at any moment. */
function keep(file: string, key: KeyObject): void {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, key.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  renameSync(own, file);
}
