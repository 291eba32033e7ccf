import * as fs from "fs/promises";
import { runCommand } from "./command";

/** What lies on a disk, as far as it can be told without mounting it. */
export interface DiskContent {
  /** `blank`: no signature, and zeros where one would be. `unknown`: no signature, but bytes of somebody. */
  readonly kind: "blank" | "unknown" | "signed";
  /** Of a file system, such as `ext4`. */
  readonly type?: string;
  readonly label?: string;
  /** What it is, for people. */
  readonly description: string;
}

const INSPECTED_BYTES = 4 << 20;

/** Looks at a disk's signatures (partition tables, file systems, volume managers) and its first 4 MiB. */
export async function inspectDisk(device: string): Promise<DiskContent> {
  // Opened by ourselves as well: blkid says "nothing found" of a disk that it cannot read.
  const zeros = await beginsWithZeros(device);
  const { exitCode, stdout, stderr } = await runCommand("blkid", ["-p", "-o", "export", device], 60);
  if (exitCode === 2 && stdout.trim() === "" && stderr.trim() === "") {
    return zeros
      ? { kind: "blank", description: "a blank disk" }
      : { kind: "unknown", description: "data without any signature" };
  }
  if (exitCode !== 0 && exitCode !== 8) throw new Error(`blkid of ${device} ended with ${exitCode}: ${stderr.trim()}`);
  const tags = parseTags(stdout);
  if (exitCode === 8) return { kind: "signed", description: "more than one signature" };
  const type = tags.get("TYPE");
  const label = tags.get("LABEL");
  const named = type === undefined ? `a partition table (${tags.get("PTTYPE") ?? "unknown"})` : `a ${type} file system`;
  return {
    kind: "signed",
    ...(type === undefined ? {} : { type }),
    ...(label === undefined ? {} : { label }),
    description: label === undefined ? named : `${named} labelled ${label}`,
  };
}

/** blkid escapes with backslashes what a shell would take amiss. */
function parseTags(text: string): Map<string, string> {
  const pairs = text.split("\n").map((line) => /^([A-Z0-9_]+)=(.*)$/.exec(line));
  return new Map(pairs.filter((pair) => pair !== null).map((pair) => [pair[1], pair[2].replace(/\\(.)/g, "$1")]));
}

async function beginsWithZeros(device: string): Promise<boolean> {
  const handle = await fs.open(device, "r");
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(INSPECTED_BYTES), 0, INSPECTED_BYTES, 0);
    if (bytesRead === 0) throw new Error(`${device} gives no bytes`);
    return buffer.subarray(0, bytesRead).every((byte) => byte === 0);
  } finally {
    await handle.close();
  }
}
