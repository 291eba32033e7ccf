import { examineNumberLog, LogDocument } from "./log-documents";

const JOB = "0123456789abcdef0123456789abcdef";
const LAST = 200;

const line = (n: number): LogDocument => ({
  ...{ "@timestamp": "2026-11-29T22:00:00.123Z", message: `number ${n}`, level: "INFO" },
  ...{ job_id: JOB, role: "taskmanager" },
});
const trace = (n: number): LogDocument => ({
  ...line(n),
  ...{ message: `trace of number ${n}`, level: "ERROR" },
  stack_trace: [
    `java.lang.IllegalStateException: outer of ${n}`,
    "with a second line",
    "\tat NumberLog.nested(NumberLog.java:35)",
    `Caused by: java.lang.RuntimeException: inner of ${n}`,
    "\tat NumberLog.nested(NumberLog.java:36)",
    "\t... 20 more",
    "",
  ].join("\n"),
});
const all = [...Array.from({ length: LAST }, (_, index) => line(index + 1)), trace(100), trace(200)];

test("each number once, each stack trace as one text", () => {
  expect(examineNumberLog(all, LAST, JOB)).toEqual({
    ...{ lines: 200, traces: 2, missing: [], duplicates: [], wrong: [] },
  });
});

test("shows a line and a stack trace that are missing, and those that came twice", () => {
  const without = all.filter(({ message }) => !["number 7", "trace of number 100"].includes(message));
  expect(examineNumberLog(without, LAST, JOB).missing).toEqual([7, 100]);
  expect(examineNumberLog([...all, line(3), trace(200)], LAST, JOB).duplicates).toEqual([3, 200]);
});

test.each<[string, LogDocument]>([
  ["of another job", { ...line(1), job_id: "other" }],
  ["of another process", { ...line(1), role: "jobmanager" }],
  ["without milliseconds", { ...line(1), "@timestamp": "2026-11-29T22:00:00Z" }],
  ["of a number that there is not", line(LAST + 1)],
  ["of another level", { ...line(1), level: "WARN" }],
  ["that is half a stack trace", { ...trace(100), stack_trace: trace(100).stack_trace!.split("\n")[0] }],
  ["that is a line of a stack trace", { ...line(1), message: "\tat NumberLog.nested(NumberLog.java:35)" }],
])("shows a document %s", (_, document) => {
  expect(examineNumberLog([...all, document], LAST, JOB).wrong).toEqual([document]);
});
