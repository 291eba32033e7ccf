import { flinkSummary, FlinkSummaryWatch } from "../../lib/node/agent/flink-summary";
import type { FlinkReport } from "../../lib/node/report";
import { asFlinkReport } from "../../lib/node/flink-report-form";

const NOW = new Date("2026-03-01T10:00:00.000Z");
const at = (secondsAgo: number): number => NOW.getTime() - secondsAgo * 1000;
const id = (digit: string): string => digit.repeat(32);

/** As the REST API of Flink 2.2 lists it. */
const job = (digit: string, state = "RUNNING", secondsAgo = 60, name = `job ${digit}`, running = 2) => ({
  ...{ jid: id(digit), name, "start-time": at(3600), duration: 3_600_000, state },
  "end-time": ["FINISHED", "CANCELED", "FAILED"].includes(state) ? at(secondsAgo) : -1,
  "last-modification": at(secondsAgo),
  tasks: { running, canceling: 0, canceled: 0, total: 2, created: 0, scheduled: 2 - running, finished: 0 },
  "pending-operators": 0,
});

const OVERVIEW = {
  ...{ taskmanagers: 3, "taskmanagers-blocked": 0, "slots-total": 6, "slots-available": 2, "jobs-running": 2 },
  ...{ "jobs-finished": 0, "jobs-cancelled": 0, "jobs-failed": 0, "flink-version": "2.2.1", "flink-commit": "abc" },
};
const CHECKPOINTS = {
  counts: { restored: 0, total: 9, in_progress: 0, completed: 9, failed: 0 },
  latest: {
    completed: {
      ...{ "@class": "completed", id: 9, status: "COMPLETED", is_savepoint: false, trigger_timestamp: at(8) },
      ...{ latest_ack_timestamp: at(7), checkpointed_size: 100, state_size: 4096, end_to_end_duration: 850 },
    },
    savepoint: null,
    failed: null,
    restored: null,
  },
};

function flink(answers: Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  const ask = async (path: string) => {
    asked.push(path);
    return path in answers ? { status: 200, body: answers[path] } : { status: 404 };
  };
  return { ask, asked };
}

test("tells of slots, jobs and their newest checkpoints", async () => {
  const { ask, asked } = flink({
    "/overview": OVERVIEW,
    "/jobs/overview": { jobs: [job("c", "FAILED", 30), job("a"), job("b", "RUNNING", 5, "job b", 0)] },
    [`/jobs/${id("a")}/metrics?get=numRestarts`]: [{ id: "numRestarts", value: "3" }],
    [`/jobs/${id("b")}/metrics?get=numRestarts`]: [],
    [`/jobs/${id("a")}/checkpoints`]: CHECKPOINTS,
    [`/jobs/${id("b")}/checkpoints`]: { ...CHECKPOINTS, latest: { ...CHECKPOINTS.latest, completed: null } },
  });
  const summary = await flinkSummary(ask, NOW);
  expect(summary).toEqual({
    ...{ lookedAt: "2026-03-01T10:00:00.000Z", version: "2.2.1", taskManagers: 3, slotsTotal: 6, slotsFree: 2 },
    jobs: [
      {
        ...{ id: id("b"), name: "job b", state: "RUNNING", since: "2026-03-01T09:59:55.000Z" },
        tasks: { total: 2, running: 0, finished: 0, waiting: 2 },
      },
      {
        ...{ id: id("a"), name: "job a", state: "RUNNING", since: "2026-03-01T09:59:00.000Z", restarts: 3 },
        tasks: { total: 2, running: 2, finished: 0, waiting: 0 },
        checkpoint: { completedAt: "2026-03-01T09:59:53.000Z", durationMillis: 850, sizeBytes: 4096 },
      },
      { id: id("c"), name: "job c", state: "FAILED", since: "2026-03-01T09:59:30.000Z" },
    ],
  });
  expect(asFlinkReport(summary)).toEqual(summary);
  // Of one that has ended nothing is asked.
  expect(asked.filter((path) => path.includes(id("c")))).toEqual([]);
});

test("stays small, however many jobs there are and whatever they are called", async () => {
  const many = Array.from({ length: 300 }, (_, index) => ({
    ...job("a", index < 15 ? "RUNNING" : "FINISHED", index, "\u001b[31m".repeat(10_000)),
    jid: index.toString(16).padStart(32, "0"),
  }));
  const { ask, asked } = flink({ "/overview": OVERVIEW, "/jobs/overview": { jobs: many } });
  const summary = await flinkSummary(ask, NOW);
  expect(summary.jobs.map(({ state }) => state)).toEqual([
    ...Array.from({ length: 15 }, () => "RUNNING"),
    ...Array.from({ length: 5 }, () => "FINISHED"),
  ]);
  expect(summary.moreJobs).toBe(280);
  expect(JSON.stringify(summary).length).toBeLessThan(10_000);
  expect(JSON.stringify(summary)).not.toContain("\\u001b");
  expect(asked).toHaveLength(2 + 15 * 2);
});

test("passes over what is of a form that is not known", async () => {
  const odd = { jid: "../etc", name: 1, state: "<b>", tasks: null };
  const { ask } = flink({
    "/overview": { taskmanagers: "3", "slots-total": -1, "flink-version": "x".repeat(500) },
    "/jobs/overview": { jobs: [odd, { ...job("a"), "last-modification": "soon", tasks: { total: 2, running: -1 } }] },
    [`/jobs/${id("a")}/metrics?get=numRestarts`]: [{ id: "numRestarts", value: "NaN" }],
    [`/jobs/${id("a")}/checkpoints`]: { latest: { completed: { latest_ack_timestamp: 8.64e18, state_size: "1" } } },
  });
  const summary = await flinkSummary(ask, NOW);
  expect(summary).toEqual({
    ...{ lookedAt: NOW.toISOString(), version: "x".repeat(40), taskManagers: 0, slotsTotal: 0, slotsFree: 0 },
    jobs: [{ id: id("a"), name: "job a", state: "RUNNING", since: NOW.toISOString() }],
  });
  await expect(flinkSummary(flink({}).ask, NOW)).rejects.toThrow("the REST API answers 404");
  const without = flink({ "/overview": OVERVIEW, "/jobs/overview": {} });
  await expect(flinkSummary(without.ask, NOW)).rejects.toThrow("the REST API lists no jobs");
});

describe("the watch", () => {
  const SUMMARY = { version: "2.2.1" } as FlinkReport;
  let now: number;
  let told: (FlinkReport | undefined)[];
  let asked: number;
  let answers: () => Promise<FlinkReport>;
  let watch: FlinkSummaryWatch;

  beforeEach(() => {
    now = 0;
    told = [];
    asked = 0;
    answers = async () => SUMMARY;
    watch = new FlinkSummaryWatch(
      () => ((asked += 1), answers()),
      (summary) => void told.push(summary),
      () => now,
    );
  });

  test("asks on the leader alone, and no more often than a report is made", async () => {
    for (const leads of [undefined, false]) await watch.look(leads);
    expect({ asked, told }).toEqual({ asked: 0, told: [undefined] });
    for (const time of [1, 3_000, 24_999, 25_001]) {
      now = time;
      await watch.look(true);
    }
    expect(asked).toBe(2);
    expect(told.slice(1)).toEqual([SUMMARY, SUMMARY]);
  });

  test("a node that leads no more tells nothing, and one that leads again asks at once", async () => {
    await watch.look(true);
    await watch.look(false);
    expect(told).toEqual([SUMMARY, undefined]);
    await watch.look(true);
    expect(asked).toBe(2);
  });

  test("is asked once at a time, and goes on after a failure without a word", async () => {
    let end: (failure: Error) => void = () => undefined;
    answers = () => new Promise((_, reject) => (end = reject));
    const first = watch.look(true);
    now = 60_000;
    await watch.look(true);
    expect(asked).toBe(1);
    end(new Error("no answer"));
    await first;
    expect(told).toEqual([]);
    answers = async () => SUMMARY;
    await watch.look(true);
    expect(told).toEqual([SUMMARY]);
  });
});
