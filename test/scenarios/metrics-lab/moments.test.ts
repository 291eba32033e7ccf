import { isOneRun, missingMoments } from "./moments";

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
