/** One thing that a JobManager which takes over does, and the line by which its log tells of it. */
interface Mark {
  readonly what: string;
  readonly line: RegExp;
}

/** In their order. Where several lines are alike the last one counts, as for the last of all jobs or tasks. */
const MARKS: readonly Mark[] = [
  { what: "another leads", line: /DefaultDispatcherRunner was granted leadership/ },
  { what: "it has read the jobs", line: /Successfully recovered \d+ persisted/ },
  { what: "and their checkpoints", line: /Restoring job \S+ from Checkpoint/ },
  { what: "it has slots for all tasks", line: /switched from SCHEDULED to DEPLOYING/ },
  { what: "all tasks run", line: /switched from INITIALIZING to RUNNING/ },
];

/** What is to be searched for in logs: one expression for `grep -E`. */
export const LINES_OF_TAKEOVER = MARKS.map(({ line }) =>
  line.source.replace(/\\d/g, "[0-9]").replace(/\\S/g, "[^ ]"),
).join("|");

/** Seconds from the end of the leader until the new one had come so far. */
export interface Breakdown {
  readonly steps: readonly { readonly what: string; readonly seconds: number }[];
  /** Until all tasks ran: the last of them. */
  readonly seconds: number;
}

/** Names of the steps of every breakdown, in their order. */
export const STEPS = MARKS.map(({ what }) => what);

/** What is the middle one; of two in the middle the larger. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error("there is nothing to be measured");
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/**
 * Reads what the logs of JobManagers tell of one takeover.
 *
 * @param since when the leader ended, in milliseconds; all machines of the lab have one clock
 * @param until when all tasks were seen running
 */
export function breakdown(log: string, since: number, until: number): Breakdown {
  const lines = log
    .split("\n")
    .map((line) => ({ line, at: timeOf(line) }))
    .filter(({ at }) => at >= since && at <= until);
  const steps = MARKS.map(({ what, line }) => {
    const last = Math.max(...lines.filter((each) => line.test(each.line)).map(({ at }) => at));
    if (last === -Infinity) throw new Error(`no log of a JobManager says that ${what}`);
    return { what, seconds: (last - since) / 1000 };
  });
  return { steps, seconds: steps.at(-1)!.seconds };
}

/** Of a line of Flink's log, in milliseconds; NaN where none begins it. */
export function timeOf(line: string): number {
  const found = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d),(\d{3}) /.exec(line);
  return found ? Date.parse(`${found[1]}T${found[2]}.${found[3]}Z`) : NaN;
}
