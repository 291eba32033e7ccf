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

/**
 * Moments at which somebody who is asked each time may have given no answer: a count of failures is higher than before, and that
 * of a moment may have been taken before the failure of the same one.
 */
export function unansweredMoments(
  failures: readonly { readonly at: number; readonly value: number }[],
  intervalSeconds: number,
): readonly number[] {
  return failures.flatMap(({ at, value }, n) =>
    n > 0 && value > failures[n - 1].value ? [at - intervalSeconds * 1000, at] : [],
  );
}

/** Whether moments follow each other without a gap, as they do where the oldest of what waits are given up. */
export function isOneRun(moments: readonly number[], intervalSeconds: number): boolean {
  return moments.every((moment, n) => moment === moments[0] + n * intervalSeconds * 1000);
}
