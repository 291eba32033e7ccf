import type { FlinkReport, JobReport } from "../../lib/node/report";
import { jobThatIsAway, runningJobs, unreadyJob } from "../../lib/operate/jobs";

const job = (id: string, state: string, running?: number): JobReport => ({
  ...{ id, name: `job ${id}`, state, since: "2026-01-01T00:00:00Z" },
  ...(running === undefined ? {} : { tasks: { total: 2, running, finished: 0, waiting: 2 - running } }),
});
const flink = (jobs: readonly JobReport[], more: Partial<FlinkReport> = {}): FlinkReport => ({
  ...{ lookedAt: "2026-01-01T00:10:00Z", version: "2.2.1", taskManagers: 3, slotsTotal: 3, slotsFree: 0 },
  jobs,
  ...more,
});
const SINCE = "2026-01-01T00:09:00Z";
const BEFORE = [job("a", "RUNNING"), job("b", "RUNNING")];

test("what runs is remembered, and what neither runs nor has ended is waited for", () => {
  const some = flink([job("a", "RUNNING"), job("b", "RESTARTING"), job("c", "FAILED")]);
  expect(runningJobs(some).map(({ id }) => id)).toEqual(["a"]);
  expect(unreadyJob(some)).toBe("the job job b (b) is RESTARTING");
  expect(unreadyJob(flink([job("a", "RUNNING"), job("c", "CANCELED")]))).toBeUndefined();
  expect([runningJobs(undefined), unreadyJob(undefined)]).toEqual([[], undefined]);
});

test("a job whose tasks wait for slots is not ready, whatever Flink calls it; it is where slots are known to be away", () => {
  const some = flink([job("a", "RUNNING", 2), job("b", "RUNNING", 1)]);
  expect(runningJobs(some).map(({ id }) => id)).toEqual(["a", "b"]);
  expect(unreadyJob(some)).toBe("the job job b (b) is RUNNING, 1 of 2 tasks run");
  expect(unreadyJob(some, true)).toBeUndefined();
  expect(unreadyJob(flink([job("b", "RESTARTING", 0)]), true)).toBe("the job job b (b) is RESTARTING");
});

test.each<[string, FlinkReport | undefined, string | undefined]>([
  ["all run", flink(BEFORE), undefined],
  [
    "one has no slots yet",
    flink([job("a", "RUNNING", 2), job("b", "RUNNING", 0)]),
    "the job job b (b) is RUNNING, 0 of 2 tasks run",
  ],
  ["one has finished", flink([BEFORE[0], job("b", "FINISHED")]), undefined],
  ["one restarts", flink([BEFORE[0], job("b", "RESTARTING")]), "the job job b (b) is RESTARTING"],
  ["one is not listed", flink([BEFORE[0]]), "the job job b (b) is not listed any more"],
  ["one is not listed among many", flink([BEFORE[0]], { moreJobs: 1 }), undefined],
  ["nobody tells", undefined, "no node has told of the jobs since"],
  ["what is told is of before", flink(BEFORE, { lookedAt: SINCE }), "no node has told of the jobs since"],
])("afterwards the jobs that ran run again: %s", (_what, now, away) => {
  expect(jobThatIsAway(BEFORE, now, SINCE)).toBe(away);
});

test("one of which not all tasks ran before need not run whole afterwards, and none where slots are known to be away", () => {
  const [before, now] = [
    [job("a", "RUNNING", 2), job("b", "RUNNING", 1)],
    flink([job("a", "RUNNING", 1), job("b", "RUNNING", 0)]),
  ];
  expect(jobThatIsAway(before, now, SINCE)).toBe("the job job a (a) is RUNNING, 1 of 2 tasks run");
  expect(jobThatIsAway(before, flink([job("a", "RUNNING", 2), job("b", "RUNNING", 0)]), SINCE)).toBeUndefined();
  expect(jobThatIsAway(before, now, SINCE, true)).toBeUndefined();
  expect(jobThatIsAway(before, flink([before[0]]), SINCE, true)).toBe("the job job b (b) is not listed any more");
});

test("where none ran, none is waited for; one that has failed ends the wait", () => {
  expect(jobThatIsAway([], undefined, SINCE)).toBeUndefined();
  expect(() => jobThatIsAway(BEFORE, flink([job("a", "FAILED")]), SINCE)).toThrow(
    "the job job a (a) has failed since the machine was replaced",
  );
});
