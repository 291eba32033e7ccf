import { Conditions, Reading, throughput } from "./throughput";

const FIRST: Reading = { records: 1000, processorSeconds: 10, at: 5000, attempts: [0, 0, 1], restores: 0 };
const LAST: Reading = { ...FIRST, records: 4000, processorSeconds: 14, at: 7000 };

const given = (givenPerSecond: number): Conditions => ({ givenPerSecond, idleProcessorSeconds: 0 });

test("counts the records that came in between, by time and by processor time", () => {
  const passed = { recordsPerSecond: 1500, recordsPerProcessorSecond: 750 };
  expect(throughput(FIRST, LAST, given(1500))).toEqual({ ...passed, isAtRate: true });
  expect(throughput(FIRST, LAST, given(1430))).toEqual({ ...passed, isAtRate: true });
  // One of the two seconds that it took is for nothing.
  const idle = { givenPerSecond: 1500, idleProcessorSeconds: 1 };
  expect(throughput(FIRST, LAST, idle).recordsPerProcessorSecond).toBe(1500);
});

test.each([1400, 1600])("a job that was given %i a second was not at that rate", (records) => {
  expect(throughput(FIRST, LAST, given(records)).isAtRate).toBe(false);
});

test.each<[string, Partial<Reading>, RegExp]>([
  ["a task that was started anew", { attempts: [0, 1, 1] }, /restarted while it was measured/],
  ["a job that was restored", { restores: 1 }, /restarted while it was measured/],
  ["no record", { records: 1000 }, /nothing was measured/],
  ["fewer records than before", { records: 900 }, /nothing was measured/],
  ["no processor time", { processorSeconds: 10 }, /nothing was measured/],
  ["no time", { at: 5000 }, /nothing was measured/],
])("%s is no measurement", (_, change, message) => {
  expect(() => throughput(FIRST, { ...LAST, ...change }, given(1500))).toThrow(message);
});
