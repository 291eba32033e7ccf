import { tableLines } from "../record";
import { type StreamPage, writeStreamPage } from "../stream-page";
import type { Soak } from "./soak";

/** Writes the page of pauses; gives its path. */
export function writeSoakRecord(
  record: StreamPage & {
    readonly soak: Soak;
  },
): string {
  const { soak } = record;
  return writeStreamPage(record, [
    `${soak.minutes} minutes with all processors busy, in which ${soak.pauses} times a process of Flink or ZooKeeper, chosen at`,
    `random (seed ${soak.seed}), stood still for 2 s:`,
    "",
    ...tableLines(["what must not be", "times"], Object.entries(soak.falseFailovers)),
    "",
    ...Object.entries(soak.reconnections).map(([what, times]) => `Also ${times} ${what}.`),
  ]);
}
