import { nextNode, unhealthyNode, unreadyFlink } from "../../../lib/node/agent/roll/gate";
import type { FlinkView } from "../../../lib/node/agent/roll/flink-view";
import {
  LONGEST_RECOVERY_MILLIS,
  MANY_RESTARTS,
  RecoveryWatch,
  STEADY_MILLIS,
} from "../../../lib/node/agent/roll/recovery";
import type { NodeReport, UnitReport } from "../../../lib/node/report";

function report(change: Partial<NodeReport> = {}): NodeReport {
  return {
    schemaVersion: 1,
    cluster: "orders",
    node: "orders-node-1",
    reportedAt: "2026-01-01T00:00:00.000Z",
    bootId: "boot",
    status: "healthy",
    reasons: [],
    units: [],
    software: [],
    ...change,
  };
}

function unit(name: string, restarts: number, health?: string): UnitReport {
  return { name, active: true, state: "active (running)", restarts, ...(health ? { health } : {}) };
}

const job = (state: string, tasks: Record<string, number>) => ({ jid: "1", name: "orders", state, tasks });
const RUNNING = job("RUNNING", { running: 2, finished: 1, total: 3 });
const flink = (jobs: FlinkView["jobs"], taskManagers = 3): FlinkView => ({ taskManagers, jobs });

describe("a node that was changed is well again", () => {
  let now = 0;
  const before = { sha256: "a", taskManagers: 3, jobs: ["1"] };
  const watch = () => new RecoveryWatch(() => now, before);
  const answer = (view: FlinkView) => () => Promise.resolve(view);

  test("when all has been well for some time", async () => {
    const recovery = watch();
    const judge = async (view: FlinkView) => (await recovery.judge(report(), answer(view))).kind;
    expect(await judge(flink([RUNNING]))).toBe("not yet");
    now += STEADY_MILLIS - 1;
    expect(await judge(flink([RUNNING], 2))).toBe("not yet");
    now += 1;
    expect(await judge(flink([RUNNING]))).toBe("not yet");
    now += STEADY_MILLIS;
    expect(await judge(flink([RUNNING]))).toBe("well");
  });

  test.each<[string, FlinkView, string]>([
    ["a job restarts", flink([job("RESTARTING", { total: 3 })]), "not yet"],
    ["a task is scheduled", flink([job("RUNNING", { running: 2, scheduled: 1, total: 3 })]), "not yet"],
    ["a TaskManager is missing", flink([RUNNING], 2), "not yet"],
    ["a job failed", flink([job("FAILED", { total: 3 })]), "hopeless"],
    ["a job was cancelled meanwhile", flink([job("CANCELED", { total: 3 })]), "well"],
    ["a job is missing", flink([]), "not yet"],
    ["a job that is new starts", flink([RUNNING, { ...job("CREATED", { total: 1 }), jid: "2" }]), "well"],
  ])("%s", async (_, view, kind) => {
    const recovery = watch();
    await recovery.judge(report(), answer(view));
    now += STEADY_MILLIS;
    expect((await recovery.judge(report(), answer(view))).kind).toBe(kind);
  });

  test.each([
    ["FINISHED", "well"],
    ["CANCELED", "well"],
    ["RUNNING", "not yet"],
  ])("when a job that was last seen %s is not listed by the next leader: %s", async (state, kind) => {
    const recovery = watch();
    await recovery.judge(report(), answer(flink([job(state, { running: 3, total: 3 })], 2)));
    await recovery.judge(report(), answer(flink([])));
    now += STEADY_MILLIS;
    expect((await recovery.judge(report(), answer(flink([])))).kind).toBe(kind);
  });

  test("or never, when a job does not come back: it is named", async () => {
    const recovery = watch();
    await recovery.judge(report(), answer(flink([])));
    now += LONGEST_RECOVERY_MILLIS;
    expect(await recovery.judge(report(), answer(flink([])))).toEqual({
      kind: "hopeless",
      reason: "not well again after 10 minutes: the job 1, which ran before, is not listed",
    });
  });

  test("or never, when it takes too long; and why", async () => {
    const recovery = watch();
    const silent = () => Promise.reject(new Error("ECONNREFUSED"));
    expect(await recovery.judge(report(), silent)).toMatchObject({ kind: "not yet" });
    now += LONGEST_RECOVERY_MILLIS;
    expect(await recovery.judge(report(), silent)).toEqual({
      kind: "hopeless",
      reason: "not well again after 10 minutes: Flink cannot be asked: ECONNREFUSED",
    });
  });

  test("or never, when a unit ends again and again; what was counted before does not count", async () => {
    const recovery = watch();
    const judge = async (restarts: number) =>
      recovery.judge(report({ status: "starting", units: [unit("a.service", restarts), unit("b.service", 40)] }), () =>
        Promise.reject(new Error("not asked")),
      );
    for (const restarts of [20, 0, MANY_RESTARTS - 1]) expect((await judge(restarts)).kind).toBe("not yet");
    expect(await judge(MANY_RESTARTS)).toEqual({
      kind: "hopeless",
      reason: `a.service ended ${MANY_RESTARTS} times: it is active (running)`,
    });
  });
});

describe("the gate", () => {
  const peers = (...reports: [Partial<NodeReport>, number?][]) =>
    new Map(reports.map(([change, ageSeconds = 1], n) => [`n${n + 1}`, { report: report(change), ageSeconds }]));

  test.each([
    [peers([{}], [{}]), undefined],
    [peers([{}]), "n2 has not reported yet"],
    [peers([{}], [{}, 91]), "the last report of n2 is older than 90 s"],
    [peers([{}], [{ status: "unhealthy" }]), "n2 is unhealthy"],
  ])("%#", (reports, expected) => {
    expect(unhealthyNode(["n1", "n2"], reports)).toBe(expected);
  });

  test("is shut by a job that is not whole and by a TaskManager that is away, not by jobs that ended", () => {
    const ended = ["FINISHED", "CANCELED", "FAILED"].map((state) => job(state, { total: 3 }));
    expect(unreadyFlink(flink([RUNNING, ...ended]), 3)).toBeUndefined();
    expect(unreadyFlink(flink([RUNNING], 2), 3)).toBe("2 of 3 TaskManagers are registered");
    expect(unreadyFlink(flink([job("RESTARTING", { total: 3 })]), 3)).toBe(
      "not all tasks of the job orders (1) run: it is RESTARTING",
    );
  });

  test("shows the name of a job in one short line that no terminal acts on", () => {
    const hostile = { ...job("RESTARTING", { total: 3 }), name: `\u001b[2J\n${"x".repeat(200)}` };
    const reason = `not all tasks of the job [2J ${"x".repeat(75)}… (1) run: it is RESTARTING`;
    expect(unreadyFlink(flink([hostile]), 3)).toBe(reason);
  });

  test("lets standbys through first, ZooKeeper's leader after its followers, Flink's leader last", () => {
    const nodes = ["n1", "n2", "n3", "n10"];
    const zooKeeperLeads = { units: [unit("zookeeper.service", 0, "leader")] };
    const reports = peers([{ leads: true }], [{ leads: false, ...zooKeeperLeads }], [{ leads: false }]);
    reports.set("n10", { report: report({ leads: false }), ageSeconds: 1 });
    const done = new Set<NodeReport>();
    const order: string[] = [];
    for (let next; (next = nextNode(nodes, reports, (each) => done.has(each))); order.push(next)) {
      done.add(reports.get(next)!.report);
    }
    expect(order).toEqual(["n3", "n10", "n2", "n1"]);
  });
});
