import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const PREFIX = "cdktf-flink-tests-";
let folder: string | undefined;

/**
 * Every App that CDKTF makes for a test leaves a folder among the temporary files: a run of tests gets a folder of its
 * own for them, which goes with it.
 */
export function makeTemporaryFolder(): void {
  folder = process.env.TMPDIR = mkdtempSync(join(tmpdir(), PREFIX));
  // As open as the one that it stands for: tests look at files with the eyes of other users.
  chmodSync(folder, 0o1777);
}

/** Removes what {@link makeTemporaryFolder} made, with all that is in it. */
export function removeTemporaryFolder(): void {
  if (folder) rmSync(folder, { recursive: true, force: true });
}

/** The folder of the run that a test belongs to; nothing where its kind of tests has none. */
export function folderOfRun(): string | undefined {
  return basename(tmpdir()).startsWith(PREFIX) ? tmpdir() : undefined;
}
