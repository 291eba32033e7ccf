import { Readable } from "stream";
import { NewerStateWatch } from "../../lib/node/agent/newer-state";
import type { ObjectStore, OpenObject } from "../../lib/node/agent/object-store";
import { Reporter } from "../../lib/node/agent/reporter";
import { sha256Of } from "../../lib/node/agent/state-store";
import type { NodeReport, StateReference, UnitReport } from "../../lib/node/report";

const identity = {
  cluster: "orders",
  node: "orders-node-1",
  bucket: "bucket",
  softwareBucket: "bucket",
  region: "eu-west-1",
  dnsSuffix: "amazonaws.com",
  dataVolumeId: "vol-1",
};

const write = jest.spyOn(process.stdout, "write").mockImplementation(() => true);

class MemoryStore implements ObjectStore {
  public readonly written: { key: string; report: NodeReport }[] = [];
  public onWrite: () => void = () => undefined;
  public failures = 0;
  public versionId = "v1";
  public state = "one";
  public reads = 0;

  public currentVersion(): Promise<string> {
    if (this.failures-- > 0) return Promise.reject(new Error("away"));
    return Promise.resolve(this.versionId);
  }

  public open(): Promise<OpenObject> {
    this.reads++;
    return Promise.resolve({
      body: Readable.from([Buffer.from(this.state)]),
      resumed: false,
      versionId: this.versionId,
    });
  }

  public write(bucket: string, key: string, content: string): Promise<void> {
    if (this.failures-- > 0) return Promise.reject(new Error("away"));
    this.written.push({ key: `${bucket}/${key}`, report: JSON.parse(content) as NodeReport });
    this.onWrite();
    return Promise.resolve();
  }
}

const well: UnitReport = { name: "a.service", active: true, state: "active (running)", restarts: 0, healthy: true };

describe("reports", () => {
  test("a node is starting until all is well for the first time, then healthy or not", () => {
    const reporter = new Reporter(identity, "boot", new MemoryStore());
    const status = () => reporter.report(new Date()).status;
    expect(status()).toBe("starting");
    reporter.setUnits([well], false);
    expect(status()).toBe("starting");
    reporter.setProblem("volume", "the volume is not attached");
    reporter.setUnits([well], true);
    expect(status()).toBe("starting");
    reporter.solve("volume");
    expect(status()).toBe("healthy");
    reporter.setUnits([{ ...well, healthy: false, health: "no leader", restarts: 2 }], true);
    expect(reporter.report(new Date())).toMatchObject({
      status: "unhealthy",
      reasons: ["a.service: no leader, started anew 2 times so far"],
    });
    reporter.setUnits([{ name: "a.service", active: false, state: "failed (Result: signal)", restarts: 0 }], true);
    expect(reporter.report(new Date()).reasons).toEqual(["a.service is failed (Result: signal)"]);
  });

  test("are written at once, on change and at the end, also when the bucket was away", async () => {
    const store = new MemoryStore();
    store.failures = 1;
    const reporter = new Reporter(identity, "boot", store);
    const written = () => new Promise<void>((resolve) => (store.onWrite = resolve));
    const running = reporter.run();
    const next = written();
    reporter.setRunning({ versionId: "v1", sha256: "x", since: "now" });
    await next;
    expect(store.written.at(-1)!.key).toBe("bucket/reports/orders/orders-node-1.json");
    expect(store.written.at(-1)!.report).toMatchObject({ bootId: "boot", running: { versionId: "v1" } });
    reporter.addSoftware("flink 2.3.0");
    reporter.stop();
    await running;
    expect(store.written.at(-1)!.report.software).toEqual(["flink 2.3.0"]);
  });
});

describe("certificates that cannot be renewed", () => {
  test("are told of, and the node is no less healthy", () => {
    const reporter = new Reporter(identity, "boot", new MemoryStore());
    reporter.setUnits([well], true);
    reporter.setCertificates({ nodeAuthority: "", issued: [], renewalDueAt: "2026-01-01T00:00:00.000Z" });
    const said = () => reporter.report(new Date());
    expect(said().certificates).not.toHaveProperty("renewalProblem");
    reporter.setRenewalProblem("KMS is away");
    expect(said()).toMatchObject({ status: "healthy", certificates: { renewalProblem: "KMS is away" } });
    reporter.setRenewalProblem(undefined);
    expect(said().certificates).not.toHaveProperty("renewalProblem");
  });
});

describe("credentials of connections that cannot be had", () => {
  test("are told of, each until it is there, and the node is no less healthy", () => {
    write.mockClear();
    const reporter = new Reporter(identity, "boot", new MemoryStore());
    reporter.setUnits([well], true);
    const said = () => reporter.report(new Date());
    expect(said()).not.toHaveProperty("connectionProblems");
    for (let time = 0; time < 2; time++) reporter.setConnectionProblem("orders", "no credential of orders");
    reporter.setConnectionProblem("bills", "no credential of bills");
    expect(said()).toMatchObject({
      ...{ status: "healthy", reasons: [] },
      connectionProblems: ["no credential of bills", "no credential of orders"],
    });
    reporter.setConnectionProblem("orders", undefined);
    expect(said().connectionProblems).toEqual(["no credential of bills"]);
    reporter.setConnectionProblem("bills", undefined);
    expect(said()).not.toHaveProperty("connectionProblems");
    expect(write.mock.calls).toEqual([["agent: no credential of orders\n"], ["agent: no credential of bills\n"]]);
  });
});

describe("logs that are shipped", () => {
  test("are told of when something is wrong or lost, with the next report when not, and the node is no less healthy", async () => {
    const store = new MemoryStore();
    const reporter = new Reporter(identity, "boot", store);
    reporter.setUnits([well], true);
    const said = () => reporter.report(new Date());
    expect(said()).not.toHaveProperty("logs");
    const running = reporter.run();
    const nextWrite = () => new Promise<void>((resolve) => (store.onWrite = resolve));
    const logs = { delivered: 1, lost: 0, rejected: 0 };
    let next = nextWrite();
    reporter.setLogs(logs);
    await next;
    expect(said()).toMatchObject({ status: "healthy", reasons: [], logs });
    const changes = [{ delivered: 2 }, { lost: 1 }, { rejected: 1 }, { problem: "no way" }].map((change) => {
      const touch = jest.spyOn(reporter as unknown as { touch: () => void }, "touch");
      reporter.setLogs({ ...logs, ...change });
      const isNews = touch.mock.calls.length > 0;
      touch.mockRestore();
      reporter.setLogs(logs);
      return isNews;
    });
    expect(changes).toEqual([false, true, true, true]);
    next = nextWrite();
    reporter.setLogs({ ...logs, delivered: 5, problem: "no way" });
    await next;
    expect(store.written.at(-1)!.report).toMatchObject({
      status: "healthy",
      logs: { delivered: 5, problem: "no way" },
    });
    reporter.stop();
    await running;
  });
});

describe("a newer desired state", () => {
  const known: StateReference = { versionId: "v1", sha256: sha256Of(Buffer.from("one")), since: "then" };

  test("is told until the bucket is back at what is known, and read once per version", async () => {
    const store = new MemoryStore();
    const watch = new NewerStateWatch(identity, store, known);
    expect(await watch.pending()).toBeUndefined();
    expect(store.reads).toBe(0);
    Object.assign(store, { versionId: "v2", state: "two" });
    for (let look = 0; look < 3; look++) {
      const pending = await watch.pending();
      expect([pending!.reference.versionId, pending!.reference.sha256]).toEqual(["v2", sha256Of(Buffer.from("two"))]);
      expect(String(pending!.bytes)).toBe("two");
    }
    expect(store.reads).toBe(1);
    Object.assign(store, { versionId: "v3", state: "one" });
    expect(await watch.pending()).toBeUndefined();
    Object.assign(store, { versionId: "v4", state: "three", failures: 1 });
    await expect(watch.pending()).rejects.toThrow("away");
    expect((await watch.pending())!.reference.versionId).toBe("v4");
  });
});
