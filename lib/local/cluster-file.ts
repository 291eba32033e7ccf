import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** What is remembered of a local cluster: as it was started last, whether it still runs or not. */
export interface ClusterFile {
  readonly schemaVersion: 1;
  /** The cluster that it is made of. */
  readonly cluster: string;
  /** The patch of Flink. */
  readonly flink: string;
  readonly restPort: number;
  readonly jobManagerRpcPort: number;
  readonly memoryMib: number;
  readonly taskManagers: number;
  /** Of everything that a process reads as it starts. */
  readonly fingerprint: string;
  /** The same as far as it is known before any software is fetched; absent where an earlier version wrote the file. */
  readonly asked?: string;
}

/** What the file says; undefined where there is none, or one that was cut off or is of another version. */
export function readClusterFile(file: string): ClusterFile | undefined {
  try {
    const found = JSON.parse(readFileSync(file, "utf8")) as ClusterFile;
    return found.schemaVersion === 1 && Number.isInteger(found.taskManagers) ? found : undefined;
  } catch (failure) {
    if (failure instanceof SyntaxError || (failure as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw failure;
  }
}

/** Writes the file as one act. */
export function writeClusterFile(file: string, content: ClusterFile): void {
  writeWhole(file, `${JSON.stringify(content, undefined, 2)}\n`);
}

/** Writes a file so that nobody ever sees half of it, and only its user may read it. */
export function writeWhole(file: string, content: string, mode = 0o600): void {
  const temporary = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    writeFileSync(temporary, content, { mode });
    renameSync(temporary, file);
  } catch (failure) {
    rmSync(temporary, { force: true });
    throw failure;
  }
}
