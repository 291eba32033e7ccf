import * as path from "path";
import type { StreamContents } from "../numbered-stream";
import { origin, tableLines, writePage } from "../record";
import { median, STEPS } from "./breakdown";
import type { Failover } from "./failovers";

/** Failovers of one kind, with one set of waiting times. */
export interface Series {
  /** `stop` or `machine`. */
  readonly kind: "asked to end" | "machine gone";
  readonly times: "upstream's" | "ours";
  readonly failovers: readonly Failover[];
}

/** Writes the page of failovers. */
export function writeFailoverRecord(record: {
  readonly title: string;
  /** The test that did it, a path; the page has its name. */
  readonly of: string;
  /** What a reader has to know of the cluster and its jobs, a line each. */
  readonly about: readonly string[];
  readonly series: readonly Series[];
  readonly contents: StreamContents;
}): string {
  const { title, of, about, series, contents } = record;
  return writePage(`${path.basename(of, ".test.ts")}.md`, [
    `# ${title}`,
    "",
    ...origin(of),
    "",
    ...about,
    "",
    "Seconds from when the leader was asked to end, or its machine was gone, until every task of every job ran under another",
    "leader. Where ZooKeeper's own leader was on the same machine the seconds are marked with Z: the other servers first",
    "have to miss it, and begin every session anew.",
    "",
    ...tableLines(["the leader is", "waiting times", "median", "each", "handed over"], series.map(tellSeries)),
    "",
    "Where the seconds go: medians, from the same moment on, until the new leader had come so far.",
    "",
    ...tableLines(["the leader is", "waiting times", ...STEPS], series.map(tellSteps)),
    "",
    `The numbered stream over all of it: ${contents.rows} rows, ${contents.missing.length} missing, ${contents.duplicates.length} duplicated.`,
    "",
  ]);
}

/** One line of the table of failovers. */
export function tellSeries({ kind, times, failovers }: Series): string[] {
  const seconds = failovers.map((each) => each.seconds);
  const each = failovers.map((one) => `${one.seconds.toFixed(1)}${one.tookZooKeeperLeader ? " Z" : ""}`);
  const asked = failovers.filter(({ handsOver }) => handsOver !== undefined);
  const handedOver = asked.filter(({ handsOver }) => handsOver).length;
  return [
    kind,
    times,
    median(seconds).toFixed(1),
    each.join(", "),
    asked.length === 0 ? "-" : `${handedOver} of ${asked.length}`,
  ];
}

function tellSteps({ kind, times, failovers }: Series): string[] {
  const steps = STEPS.map((_, index) => median(failovers.map(({ steps: taken }) => taken[index].seconds)).toFixed(1));
  return [kind, times, ...steps];
}
