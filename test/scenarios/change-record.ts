import type { DownTime } from "./down-watch";
import type { WatchedJobs } from "./job-watch";
import type { SeenNodes } from "./node-watch";
import { tableLines } from "./record";
import { type StreamPage, writeStreamPage } from "./stream-page";

/** What a change of the cluster took from nodes and jobs. */
export interface ChangeRecord {
  readonly what: string;
  /** From when it was ordered until it was done. */
  readonly seconds: number;
  /** Seconds of each time that it was down, by node. */
  readonly nodes: readonly { readonly node: string; readonly down: readonly number[] }[];
  /** Seconds of each time that not all of its tasks ran, or nobody could tell, by job; and how often it was restored. */
  readonly jobs: readonly { readonly job: string; readonly away: readonly number[]; readonly restores: number }[];
  /** Of the node that was looked at the least often. */
  readonly samples: number;
  readonly mostDown: number;
}

export const lengths = (times: readonly DownTime[]): readonly number[] => times.map(([from, to]) => to - from);

/** Jobs as people count them: the tenth comes after the ninth. */
export const byName = (one: string, other: string): number => one.localeCompare(other, "en", { numeric: true });

/** What two watches saw of one change. */
export function changeRecord(seen: {
  readonly what: string;
  readonly seconds: number;
  readonly nodes: SeenNodes;
  readonly jobs: WatchedJobs;
}): ChangeRecord {
  const { what, seconds, nodes, jobs } = seen;
  return {
    ...{ what, seconds },
    nodes: [...nodes.down].map(([node, down]) => ({ node, down: lengths(down) })),
    jobs: jobs.jobs
      .map(({ name, away, restores }) => ({ job: name, away: lengths(away), restores }))
      .sort((one, other) => byName(one.job, other.job)),
    samples: nodes.samples,
    mostDown: nodes.mostDown,
  };
}

/** One row of a table for people. */
export function tellChange(change: ChangeRecord): Record<string, string | number> {
  const { what, seconds, nodes, jobs, samples, mostDown } = change;
  const longest = Math.max(0, ...jobs.flatMap(({ away }) => away));
  const most = Math.max(0, ...jobs.map(({ away }) => away.reduce((sum, one) => sum + one, 0)));
  const restores = jobs.map((job) => job.restores);
  return {
    change: what,
    seconds: Math.round(seconds),
    "seconds of each node": nodes.map(({ node, down }) => `${shortName(node)}: ${tellTimes(down)}`).join(", "),
    "longest of a job": longest.toFixed(0),
    "most of a job, in all": most.toFixed(0),
    "restores of a job": `${Math.min(...restores)} to ${Math.max(...restores)}`,
    samples,
    "most nodes down at once": mostDown,
  };
}

/** Writes the page of all changes. */
export function writeChangesRecord(
  record: StreamPage & {
    readonly changes: readonly ChangeRecord[];
  },
): string {
  return writeStreamPage(record, changeLines(record.changes));
}

/** Their part of a page. */
export function changeLines(changes: readonly ChangeRecord[]): readonly string[] {
  const rows = changes.map(tellChange);
  const jobs = [...new Set(changes.flatMap((change) => change.jobs.map(({ job }) => job)))];
  return [
    "A node is down from when its machine is off or gone, or one of its processes ended, until all serve: looked at once a",
    "second, from outside. A job is away while not all of its tasks run, or nobody could tell. `+` parts one time from the next.",
    "",
    ...tableLines(Object.keys(rows[0]), rows.map(Object.values)),
    "",
    "Seconds that each job was away, by the changes above in their order:",
    "",
    ...tableLines(
      ["job", ...changes.map((_, index) => String(index + 1))],
      jobs.map((name) => [name, ...changes.map((change) => tellTimes(timesOf(name, change)))]),
    ),
  ];
}

function timesOf(name: string, { jobs }: ChangeRecord): readonly number[] {
  return jobs.find(({ job }) => job === name)?.away ?? [];
}

/** Seconds of each time, one after the other. */
export function tellTimes(seconds: readonly number[]): string {
  return seconds.length === 0 ? "0" : seconds.map((one) => one.toFixed(0)).join(" + ");
}

function shortName(node: string): string {
  return node.replace(/^.*-node-/, "");
}
