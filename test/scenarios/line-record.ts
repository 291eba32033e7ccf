import * as path from "path";
import { type SeenLines, turnsOfLines } from "./line-watch";
import type { StreamContents } from "./numbered-stream";
import { origin, tableLines, writePage } from "./record";

/** One act on the way to another line, and how long it took. */
export interface LineAct {
  readonly what: string;
  readonly seconds: number;
}

/** Writes the page of a change of Flink's line; gives its path. */
export function writeLineRecord(record: {
  readonly title: string;
  /** The test that did it, a path; the page has its name. */
  readonly of: string;
  /** What a reader has to know of the cluster and its jobs, a line each. */
  readonly about: readonly string[];
  readonly acts: readonly LineAct[];
  readonly seen: SeenLines;
  readonly contents: StreamContents;
}): string {
  const { title, of, about, acts, seen, contents } = record;
  const turns = turnsOfLines(seen.spans).map(({ line, standstill }) => [line, standstill.toFixed(0)]);
  return writePage(`${path.basename(of, ".test.ts")}.md`, [
    `# ${title}`,
    "",
    ...origin(of),
    "",
    ...about,
    "",
    ...tableLines(
      ["what was done", "seconds"],
      acts.map(({ what, seconds }) => [what, seconds.toFixed(0)]),
    ),
    "",
    "Which lines the JobManagers and TaskManagers of all nodes ran, one after the other, and for how long before each none ran",
    `anywhere. Looked at once a second on every node (${seen.samples} times at least); two lines never ran at one moment.`,
    "",
    ...tableLines(["line", "seconds without Flink before it"], turns),
    "",
    `The numbered stream over all of it: ${contents.rows} rows, ${contents.missing.length} missing, ${contents.duplicates.length} duplicated.`,
    "",
  ]);
}
