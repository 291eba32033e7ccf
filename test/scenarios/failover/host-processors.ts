import os from "node:os";

/** Milliseconds of all processors of this host since it started. */
export interface ProcessorTime {
  readonly busy: number;
  readonly all: number;
}

export function processorTime(): ProcessorTime {
  const times = os.cpus().map((processor) => processor.times);
  const all = times.flatMap((each) => Object.values(each)).reduce((sum, each) => sum + each, 0);
  const idle = times.reduce((sum, each) => sum + each.idle, 0);
  return { busy: all - idle, all };
}

/** How much of the host's processors was taken between two moments, from 0 to 1. */
export function busyShare(before: ProcessorTime, after: ProcessorTime): number {
  const all = after.all - before.all;
  if (all <= 0) throw new Error("no time of a processor has passed");
  return (after.busy - before.busy) / all;
}
