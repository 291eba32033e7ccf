import { asNodeReport } from "../../lib/node/report-form";

const REPORT = {
  ...{ schemaVersion: 1, cluster: "orders", node: "orders-node-1", reportedAt: "now", bootId: "b", status: "healthy" },
  ...{ reasons: [], software: ["java 17"], units: [{ name: "zookeeper.service", active: true, restarts: 0 }] },
  running: { versionId: "v", sha256: "s", since: "then" },
  certificates: { nodeAuthority: "pem", issued: [{ process: "jobmanager" }], renewalDueAt: "later" },
};

describe("a report that is found in the bucket", () => {
  test("is taken as it is", () => expect(asNodeReport(REPORT)).toEqual(REPORT));

  test("may tell of connections", () => {
    const found = { ...REPORT, connectionProblems: ["no credential of orders"] };
    expect(asNodeReport(found)).toEqual(found);
  });

  test("may tell of logs", () => {
    const logs = { delivered: 7, lost: 0, rejected: 0, lastDeliveredAt: "then", problem: "no way" };
    for (const told of [logs, { delivered: 0, lost: 0, rejected: 0 }]) {
      expect(asNodeReport({ ...REPORT, logs: told })).toEqual({ ...REPORT, logs: told });
    }
  });

  test("may tell of metrics", () => {
    const metrics = { written: 7, lost: 0, waiting: 3, problem: "no way" };
    expect(asNodeReport({ ...REPORT, metrics })).toEqual({ ...REPORT, metrics });
  });

  test("may tell of the whole cluster, which is left out where it is of another form", () => {
    const job = {
      id: "a".repeat(32),
      name: "orders",
      state: "RUNNING",
      since: "2026-01-01T00:00:00.000Z",
      restarts: 1,
    };
    const checkpoint = { completedAt: "2026-01-01T00:00:00.000Z", durationMillis: 1, sizeBytes: 2 };
    const flink = {
      ...{ lookedAt: "2026-01-01T00:00:00.000Z", version: "2.2.1", taskManagers: 3, slotsTotal: 6, slotsFree: 1 },
      jobs: [job, { ...job, checkpoint, tasks: { total: 4, running: 0, finished: 1, waiting: 2 } }],
    };
    const taken = (told: unknown) => asNodeReport({ ...REPORT, flink: told });
    expect(taken(flink)).toEqual({ ...REPORT, flink });
    expect(taken({ ...flink, later: "more" })).toEqual({ ...REPORT, flink: { ...flink, later: "more" } });
    expect(taken({ ...flink, jobs: Array.from({ length: 9999 }, () => job) })?.flink?.jobs).toHaveLength(20);
    for (const told of [
      "x",
      [],
      { ...flink, jobs: {} },
      { ...flink, jobs: [null] },
      { ...flink, jobs: [{ ...job, since: "then" }] },
      { ...flink, jobs: [{ ...job, restarts: "1" }] },
      { ...flink, jobs: [{ ...job, checkpoint: { ...checkpoint, sizeBytes: -1 } }] },
      { ...flink, jobs: [{ ...job, tasks: { total: 4, running: 0, finished: 0 } }] },
      { ...flink, jobs: [{ ...job, tasks: 4 }] },
      { ...flink, lookedAt: "now" },
      { ...flink, slotsFree: 0.5 },
      { ...flink, moreJobs: "2" },
    ]) {
      expect(taken(told)).toEqual(REPORT);
    }
  });

  test("may lack lists: they are empty", () => {
    expect(asNodeReport({ schemaVersion: 1, status: "starting" })).toEqual({
      ...{ schemaVersion: 1, status: "starting", reasons: [], units: [], software: [] },
    });
  });

  test.each<[string, unknown]>([
    ["nothing", null],
    ["a text", "healthy"],
    ["a list", [REPORT]],
    ["a newer version", { ...REPORT, schemaVersion: 2 }],
    ["a status that there is not", { ...REPORT, status: "fine" }],
    ["no status", { ...REPORT, status: undefined }],
    ["reasons that are no list", { ...REPORT, reasons: "ill" }],
    ["reasons that are no texts", { ...REPORT, reasons: [{}] }],
    ["units that are no list", { ...REPORT, units: {} }],
    ["a unit that is nothing", { ...REPORT, units: [null] }],
    ["a unit without a name", { ...REPORT, units: [{ active: true }] }],
    ["a state without a hash", { ...REPORT, running: { versionId: "v" } }],
    ["a pending state that is a text", { ...REPORT, pending: "x" }],
    ["a roll that is a list", { ...REPORT, roll: [] }],
    ["an image that is a number", { ...REPORT, imageId: 1 }],
    ["a roll whose window opens at no time", { ...REPORT, roll: { sha256: "s", opensAt: 0 } }],
    ["certificates without a date", { ...REPORT, certificates: { nodeAuthority: "pem", issued: [] } }],
    ["certificates that are no list", { ...REPORT, certificates: { ...REPORT.certificates, issued: "x" } }],
    ["connections whose problems are no list", { ...REPORT, connectionProblems: "ill" }],
    ["connections whose problems are no texts", { ...REPORT, connectionProblems: [{}] }],
    ["logs that are a list", { ...REPORT, logs: [] }],
    ["logs without a count", { ...REPORT, logs: { delivered: 1, lost: 0 } }],
    ["logs that lost a part of a line", { ...REPORT, logs: { delivered: 1, lost: 0.5, rejected: 0 } }],
    ["logs that lost less than nothing", { ...REPORT, logs: { delivered: 1, lost: -1, rejected: 0 } }],
    ["logs whose problem is none", { ...REPORT, logs: { delivered: 1, lost: 0, rejected: 0, problem: {} } }],
    ["metrics that are a text", { ...REPORT, metrics: "ill" }],
    ["metrics without a count", { ...REPORT, metrics: { written: 1, lost: 0 } }],
    ["metrics whose problem is none", { ...REPORT, metrics: { written: 1, lost: 0, waiting: 0, problem: 7 } }],
    ["a firewall that is a number", { ...REPORT, hostFirewall: 3 }],
  ])("of %s is none", (_, found) => expect(asNodeReport(found)).toBeUndefined());
});
