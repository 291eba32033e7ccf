import { type SeenLines, turnsOfLines } from "./line-watch";
import { tableLines } from "./record";
import { type StreamPage, writeStreamPage } from "./stream-page";

/** One act on the way to another line, and how long it took. */
export interface LineAct {
  readonly what: string;
  readonly seconds: number;
}

/** Writes the page of a change of Flink's line; gives its path. */
export function writeLineRecord(
  record: StreamPage & {
    readonly acts: readonly LineAct[];
    readonly seen: SeenLines;
  },
): string {
  const { acts, seen } = record;
  const turns = turnsOfLines(seen.spans).map(({ line, standstill }) => [line, standstill.toFixed(0)]);
  return writeStreamPage(record, [
    ...tableLines(
      ["what was done", "seconds"],
      acts.map(({ what, seconds }) => [what, seconds.toFixed(0)]),
    ),
    "",
    "Which lines the JobManagers and TaskManagers of all nodes ran, one after the other, and for how long before each none ran",
    `anywhere. Looked at once a second on every node (${seen.samples} times at least); two lines never ran at one moment.`,
    "",
    ...tableLines(["line", "seconds without Flink before it"], turns),
  ]);
}
