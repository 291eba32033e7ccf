import { tableLines } from "../record";
import { type StreamPage, writeStreamPage } from "../stream-page";
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
export function writeFailoverRecord(
  record: StreamPage & {
    readonly series: readonly Series[];
  },
): string {
  const { series } = record;
  return writeStreamPage(record, [
    "Seconds from when the leader was asked to end, or its machine was gone, until every task of every job ran under another",
    "leader. Where ZooKeeper's own leader was on the same machine the seconds are marked with Z: the other servers first",
    "have to miss it, and begin every session anew.",
    "",
    ...tableLines(["the leader is", "waiting times", "median", "each", "handed over"], series.map(tellSeries)),
    "",
    "Where the seconds go: medians, from the same moment on, until the new leader had come so far; and how much of the host's",
    "processors, which all machines and the emulator share, was taken until all tasks ran.",
    "",
    ...tableLines(["the leader is", "waiting times", ...STEPS, "processors taken"], series.map(tellSteps)),
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

/** One line of the table of steps. */
export function tellSteps({ kind, times, failovers }: Series): string[] {
  const steps = STEPS.map((_, index) => median(failovers.map(({ steps: taken }) => taken[index].seconds)).toFixed(1));
  const busy = median(failovers.map(({ processorsBusy }) => processorsBusy));
  return [kind, times, ...steps, `${Math.round(busy * 100)} %`];
}
