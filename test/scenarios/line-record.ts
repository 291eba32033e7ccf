import { byName, lengths, tellTimes } from "./change-record";
import type { DownTime } from "./down-watch";
import { type SeenLines, turnsOfLines } from "./line-watch";
import { tableLines } from "./record";
import { type StreamPage, writeStreamPage } from "./stream-page";

/** One act on the way to another line, and how long it took. */
export interface LineAct {
  readonly what: string;
  readonly seconds: number;
}

/** What a change took from the jobs that were there, by their names. */
export interface LineChange {
  readonly what: string;
  /** From when to when a job did not run whole. */
  readonly away: ReadonlyMap<string, readonly DownTime[]>;
}

/** Writes the page of a change of Flink's line; gives its path. */
export function writeLineRecord(
  record: StreamPage & {
    readonly acts: readonly LineAct[];
    readonly changes: readonly LineChange[];
    readonly seen: SeenLines;
  },
): string {
  const { acts, changes, seen } = record;
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
    "",
    "Seconds that each job was away: from its stop until all tasks of the job that goes on in its place run. Looked at once a",
    "second, from outside. `+` parts one time from the next. Jobs go on one after the other, so that the last waits the longest.",
    "",
    ...tableLines(["job", ...changes.map(({ what }) => what)], rowsOfJobs(changes)),
  ]);
}

function rowsOfJobs(changes: readonly LineChange[]): readonly (readonly string[])[] {
  const names = [...new Set(changes.flatMap(({ away }) => [...away.keys()]))].sort(byName);
  return names.map((name) => [
    name,
    ...changes.map(({ away }) => (away.has(name) ? tellTimes(lengths(away.get(name)!)) : "not there")),
  ]);
}
