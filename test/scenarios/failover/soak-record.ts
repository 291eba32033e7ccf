import * as path from "path";
import type { StreamContents } from "../numbered-stream";
import { origin, tableLines, writePage } from "../record";
import type { Soak } from "./soak";

/** Writes the page of pauses; gives its path. */
export function writeSoakRecord(record: {
  readonly title: string;
  /** The test that did it, a path; the page has its name. */
  readonly of: string;
  /** What a reader has to know of the cluster and its jobs, a line each. */
  readonly about: readonly string[];
  readonly soak: Soak;
  readonly contents: StreamContents;
}): string {
  const { title, of, about, soak, contents } = record;
  return writePage(`${path.basename(of, ".test.ts")}.md`, [
    `# ${title}`,
    "",
    ...origin(of),
    "",
    ...about,
    "",
    `${soak.minutes} minutes with all processors busy, in which ${soak.pauses} times a process of Flink or ZooKeeper, chosen at`,
    `random (seed ${soak.seed}), stood still for 2 s:`,
    "",
    ...tableLines(["what must not be", "times"], Object.entries(soak.falseFailovers)),
    "",
    ...Object.entries(soak.reconnections).map(([what, times]) => `Also ${times} ${what}.`),
    "",
    `The numbered stream over all of it: ${contents.rows} rows, ${contents.missing.length} missing, ${contents.duplicates.length} duplicated.`,
    "",
  ]);
}
