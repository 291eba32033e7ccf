import { chmodSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { lock as takeLock } from "proper-lockfile";
import { refuse } from "../core/validation";
import { makeFolder } from "../software/make-folder";
import { Problem } from "../software/problem";
import { readClusterFile } from "./cluster-file";
import { localLayout } from "./layout";

const LOCK = "lock";
/** A command that was killed holds its lock for no longer. */
const STALE_MILLIS = 10_000;
const TRY_AGAIN_MILLIS = 500;
/** Longer than that, so that the next command needs nobody to tell it. */
const PATIENCE_MILLIS = 15_000;

/**
 * Makes the folder of a local cluster where it is not there, and closes it to others. One that holds something else is
 * refused, as parts of it are made anew by each start.
 */
export function prepareFolder(folder: string): void {
  requireOurs(folder);
  makeFolder("--dir", folder, 0o700);
  makeMine(folder);
}

/** Does something with the folder of a local cluster while no other command does: it waits a while for one that is. */
export async function withFolder<T>(
  folder: string,
  work: () => Promise<T>,
  patienceMillis: number = PATIENCE_MILLIS,
): Promise<T> {
  const retries = Math.ceil(patienceMillis / TRY_AGAIN_MILLIS);
  const release = await takeLock(folder, {
    realpath: false,
    lockfilePath: join(folder, LOCK),
    stale: STALE_MILLIS,
    retries: { retries, factor: 1, minTimeout: TRY_AGAIN_MILLIS, maxTimeout: TRY_AGAIN_MILLIS },
    // The machine slept in the middle of it: what was begun is finished, as what runs is known by what it is.
    onCompromised: () => undefined,
  }).catch((failure: NodeJS.ErrnoException) => {
    if (failure.code !== "ELOCKED") throw failure;
    throw new Problem(
      `another command is changing the local cluster in ${folder}: wait for it to end, or end it, and run this one again`,
    );
  });
  try {
    return await work();
  } finally {
    await release().catch(() => undefined);
  }
}

function requireOurs(folder: string): void {
  if (!existsSync(folder)) return;
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (failure) {
    throw new Problem(`${folder} cannot be read: mend what the system says (${(failure as Error).message})`);
  }
  if (names.every((name) => name === LOCK) || readClusterFile(localLayout(folder).clusterFile)) return;
  refuse({
    property: "--dir",
    value: folder,
    allowed: "a folder that is empty, or not there yet, or of a local cluster, and it holds other things",
    remedy: "name another folder",
  });
}

function makeMine(folder: string): void {
  try {
    chmodSync(folder, 0o700);
  } catch (failure) {
    throw new Problem(
      `${folder} cannot be closed to other users: name a folder of your own with --dir (${(failure as Error).message})`,
      { cause: failure },
    );
  }
}
