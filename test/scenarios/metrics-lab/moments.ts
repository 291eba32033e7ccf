/**
 * All nodes look at the same moments, multiples of the interval: those from a time to another of which there is no value.
 *
 * @param times of the values that there are, in milliseconds since 1970
 */
export function missingMoments(
  times: readonly number[],
  { from, to, intervalSeconds }: { readonly from: number; readonly to: number; readonly intervalSeconds: number },
): readonly number[] {
  const interval = intervalSeconds * 1000;
  const there = new Set(times);
  const first = Math.ceil(from / interval) * interval;
  const count = Math.max(0, Math.floor((to - first) / interval) + 1);
  return Array.from({ length: count }, (_, n) => first + n * interval).filter((moment) => !there.has(moment));
}

/** Whether moments follow each other without a gap, as they do where the oldest of what waits are given up. */
export function isOneRun(moments: readonly number[], intervalSeconds: number): boolean {
  return moments.every((moment, n) => moment === moments[0] + n * intervalSeconds * 1000);
}
