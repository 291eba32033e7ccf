import { access, constants } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { lock as takeLock } from "proper-lockfile";
import { EMPTY_LOCK, printLockFile, readLockFile, type LockFile } from "./lock-file";
import { makeFolder } from "./make-folder";
import { Problem } from "./problem";
import { writeAtomically } from "./write-atomically";

/** Makes the folder of a lock file, and refuses one that takes none: before anything is downloaded for it. */
export async function preparePlaceOfLockFile(path: string): Promise<void> {
  const folder = dirname(resolve(path));
  makeFolder("the folder of --lock-file", folder);
  try {
    await access(folder, constants.W_OK);
  } catch (failure) {
    throw new Problem(
      `${folder} takes no lock file (${(failure as Error).message}): give yourself the permission, or name another file with --lock-file`,
      { cause: failure },
    );
  }
}

/**
 * Changes the lock file as one act: two commands at once wait for each other, and a reader never sees
 * half a file.
 */
export async function updateLockFile(path: string, change: (lock: LockFile) => LockFile): Promise<LockFile> {
  const file = resolve(path);
  const release = await takeLock(file, {
    realpath: false,
    stale: 30_000,
    retries: { retries: 60, minTimeout: 50, maxTimeout: 1000 },
  }).catch((failure: NodeJS.ErrnoException) => {
    if (failure.code !== "ELOCKED") throw failure;
    throw new Problem(`${path} is being changed by another command: wait for it to end and run this one again`);
  });
  try {
    const before = readLockFile(file) ?? EMPTY_LOCK;
    const after = change(before);
    const text = printLockFile(after);
    if (text !== printLockFile(before)) await writeAtomically(file, text);
    return after;
  } finally {
    await release();
  }
}
