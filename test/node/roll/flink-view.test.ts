import { isJobOverview, usedSlotsOf } from "../../../lib/node/agent/roll/flink-view";

const JOB = { jid: "0".repeat(32), name: "orders", state: "RUNNING", tasks: { running: 1, total: 1 } };

describe("a job that Flink lists", () => {
  test.each(["RUNNING", "FAILED", "SUSPENDED", "CANCELLING", "CREATED"])("may be %s", (state) => {
    expect(isJobOverview({ ...JOB, state, "start-time": 1 })).toBe(true);
  });

  test.each<[string, unknown]>([
    ["is nothing", null],
    ["has no id", { ...JOB, jid: undefined }],
    ["has an id that is a page", { ...JOB, jid: "x".repeat(10_000) }],
    ["has a state that moves the cursor", { ...JOB, state: "\u001b[2J" }],
    ["has a state that is a page", { ...JOB, state: "R".repeat(33) }],
    ["has no name", { ...JOB, name: 3 }],
    ["has no tasks", { ...JOB, tasks: null }],
    ["has tasks that are no numbers", { ...JOB, tasks: { running: "all" } }],
  ])("is none when it %s", (_, job) => expect(isJobOverview(job)).toBe(false));
});

test("slots that jobs have are counted where each TaskManager tells of its own", () => {
  const manager = (slotsNumber: unknown, freeSlots: unknown) => ({ id: "127.0.0.1:1-a", slotsNumber, freeSlots });
  expect(usedSlotsOf([manager(4, 1), manager(4, 4), manager(2, 0)])).toBe(5);
  expect(usedSlotsOf([])).toBe(0);
  for (const other of [null, {}, manager("4", 1), manager(4, 0.5)]) {
    expect(usedSlotsOf([manager(4, 1), other])).toBeUndefined();
  }
});
