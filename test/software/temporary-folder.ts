import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for one test file, removed at its end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "cdktf-flink-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
