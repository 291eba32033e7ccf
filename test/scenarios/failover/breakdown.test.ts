import { breakdown, LINES_OF_TAKEOVER, median, timeOf } from "./breakdown";

const line = (time: string, text: string) => `2026-11-30 ${time} INFO  org.apache.flink.x [] - ${text}`;
const LOG = [
  line("12:00:00,500", "DefaultDispatcherRunner was granted leadership with leader id 1. Creating new one."),
  line("12:00:10,900", "DefaultDispatcherRunner was granted leadership with leader id 2. Creating new one."),
  line("12:00:11,500", "Successfully recovered 3 persisted job graphs."),
  line("12:00:12,100", "Restoring job a885f4 from Checkpoint 27 @ 1796043522339 for a885f4 located at s3p://b/c."),
  line("12:00:12,300", "Restoring job 4f746f from Checkpoint 28 @ 1796043522339 for 4f746f located at s3p://b/c."),
  line("12:00:12,400", "count (1/2) (a_0_0) switched from SCHEDULED to DEPLOYING."),
  line("12:00:12,700", "count (1/2) (a_0_0) switched from INITIALIZING to RUNNING."),
  line("12:00:13,250", "count (2/2) (a_1_0) switched from INITIALIZING to RUNNING."),
  "\tat a.b.C.d(C.java:1)",
  line("12:05:00,000", "count (2/2) (a_1_0) switched from INITIALIZING to RUNNING."),
].join("\n");
const at = (time: string) => Date.parse(`2026-11-30T${time}Z`);

test("a takeover is told by the last line of each kind in its time", () => {
  const { steps, seconds } = breakdown(LOG, at("12:00:10.000"), at("12:00:14.000"));
  expect(steps.map((step) => step.seconds)).toEqual([0.9, 1.5, 2.3, 2.4, 3.25]);
  expect(seconds).toBe(3.25);
});

test("a log that tells of none is no takeover", () => {
  expect(() => breakdown(LOG, at("12:00:11.000"), at("12:00:14.000"))).toThrow("says that another leads");
});

test("grep finds the same lines", () => {
  const posix = new RegExp(LINES_OF_TAKEOVER);
  expect(LOG.split("\n").filter((each) => posix.test(each))).toHaveLength(9);
});

test("the time of a line is in UTC", () => {
  expect(timeOf(line("12:00:11,500", "x"))).toBe(at("12:00:11.500"));
  expect(timeOf("\tat a.b.C")).toBeNaN();
});

test("the median", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([1, 2])).toBe(2);
  expect(() => median([])).toThrow("nothing");
});
