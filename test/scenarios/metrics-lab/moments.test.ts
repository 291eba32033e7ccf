import { isOneRun, missingMoments, unansweredMoments } from "./moments";

const EVERY_10 = { intervalSeconds: 10 };

test("moments between two times that have no value are told, those outside of them are not", () => {
  const times = [90_000, 110_000, 130_000];
  expect(missingMoments(times, { from: 95_000, to: 149_999, ...EVERY_10 })).toEqual([100_000, 120_000, 140_000]);
  expect(missingMoments(times, { from: 110_000, to: 110_000, ...EVERY_10 })).toEqual([]);
  expect(missingMoments([], { from: 111_000, to: 119_000, ...EVERY_10 })).toEqual([]);
});

test("a run has no gap", () => {
  expect(isOneRun([], 10)).toBe(true);
  expect(isOneRun([100_000, 110_000, 120_000], 10)).toBe(true);
  expect(isOneRun([100_000, 120_000], 10)).toBe(false);
});

test("a moment had no answer where the count of failures rises, or the one before it had none; not where it begins anew", () => {
  const failures = [4, 4, 5, 5, 0, 1].map((value, n) => ({ at: n * 10_000, value }));
  expect(unansweredMoments(failures, 10)).toEqual([10_000, 20_000, 40_000, 50_000]);
});
