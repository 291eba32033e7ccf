import * as fs from "fs";
import * as path from "path";
import { inputsOfUnits, StartedUnits } from "../../lib/node/agent/unit-inputs";
import { sha256Of, StateStore } from "../../lib/node/agent/state-store";
import { clusterDesiredState, type ClusterLayoutInput } from "../../lib/node/node-layout";
import { clusterInput, part } from "./support/cluster-input";
import { temporaryFolder } from "./support/software";

const [ZOOKEEPER, JOB_MANAGER, TASK_MANAGER] = [
  "zookeeper.service",
  "flink-jobmanager.service",
  "flink-taskmanager.service",
];

function inputs(changes: Partial<ClusterLayoutInput> = {}, node = 0): ReadonlyMap<string, string> {
  const state = clusterDesiredState(clusterInput(changes));
  return inputsOfUnits(state, state.nodes[node]);
}

describe("what a unit starts with", () => {
  const { software, nodes, connections } = clusterInput();
  const changed = (changes: Partial<ClusterLayoutInput>): string[] => {
    const [before, after] = [inputs(), inputs(changes)];
    return [...after].filter(([unit, hash]) => before.get(unit) !== hash).map(([unit]) => unit);
  };
  const flink = [JOB_MANAGER, TASK_MANAGER];

  test.each<[string, Partial<ClusterLayoutInput>, string[]]>([
    ["nothing", {}, []],
    ["the agent", { software: { ...software, agent: part("agent", "file", "1") } }, []],
    ["Java", { software: { ...software, java: part("java", "tar.gz", "1") } }, [ZOOKEEPER, ...flink]],
    ["Flink", { software: { ...software, flink: part("flink", "tar.gz", "1") } }, flink],
    ["a plugin", { software: { ...software, plugins: [part("flink-s3-fs-presto", "file", "1")] } }, flink],
    ["a connector", { software: { ...software, connectors: [part("flink-connector-kafka", "tar.gz", "1")] } }, flink],
    // Jobs read of them as they start, and the agent keeps their credentials.
    ["a connection", { connections: [{ ...connections[0], description: { kind: "kafka", topics: {} } }] }, []],
    ["a connection's secret", { connections: [{ ...connections[0], credential: undefined }] }, []],
    ["all connections", { connections: [] }, []],
    ["ZooKeeper", { software: { ...software, zooKeeper: part("zookeeper", "tar.gz", "1") } }, [ZOOKEEPER]],
    // Flink reads it again by itself.
    ["a log level", { flinkFiles: { "log4j-console.properties": "rootLogger.level = WARN\n" } }, []],
    ["zoo.cfg", { zooKeeperFiles: { "zoo.cfg": "tickTime=3000\n" } }, [ZOOKEEPER]],
    ["config.yaml", { nodes: nodes.map((node) => ({ ...node, flinkConfiguration: "a: b\n" })) }, flink],
    ["another node", { nodes: nodes.map((node, n) => (n > 0 ? { ...node, flinkConfiguration: "a: b\n" } : node)) }, []],
    ["settings of the TaskManager", { taskManagerSettings: { a: "b" } }, [TASK_MANAGER]],
  ])("a change of %s", (_, changes, units) => {
    expect(changed(changes)).toEqual(units);
  });

  test("its certificates, and nobody else's", () => {
    const state = clusterDesiredState(clusterInput());
    const withCertificate = (hash: string) => inputsOfUnits(state, state.nodes[0], new Map([[JOB_MANAGER, hash]]));
    const [before, after] = [withCertificate("one"), withCertificate("two")];
    expect([...after].filter(([unit, hash]) => before.get(unit) !== hash).map(([unit]) => unit)).toEqual([JOB_MANAGER]);
  });

  test("where a unit does not say what it reads, everything counts", () => {
    const state = clusterDesiredState(clusterInput());
    const silent = { ...state, units: state.units.map((unit) => ({ ...unit, reads: undefined })) };
    const other = { ...silent, files: silent.files.map((file) => ({ ...file, content: "other" })) };
    const [one, two] = [silent, other].map((each) => inputsOfUnits(each, each.nodes[0]));
    for (const unit of one.keys()) expect(one.get(unit)).not.toBe(two.get(unit));
  });
});

describe("on the machine's own disk", () => {
  let folder: string;

  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  test("units that were started with something else are stopped in reverse order, and those that are unknown", async () => {
    const started = new StartedUnits(folder);
    const wanted = inputs();
    const notAsked = () => Promise.reject(new Error("the file can be read"));
    expect(await started.outdated(wanted, notAsked)).toEqual([TASK_MANAGER, JOB_MANAGER, ZOOKEEPER]);
    for (const [unit, hash] of wanted) await started.record(unit, hash);
    expect(await new StartedUnits(folder).outdated(wanted, notAsked)).toEqual([]);
    await started.record(JOB_MANAGER, "other");
    await started.record("gone.service", "x");
    expect(await started.outdated(wanted, notAsked)).toEqual(["gone.service", JOB_MANAGER]);
    await started.forget(["gone.service", JOB_MANAGER]);
    expect(await started.outdated(wanted, notAsked)).toEqual([JOB_MANAGER]);
  });

  test("where it is not known what units were started with, they are stopped in the middle of a change only", async () => {
    const started = new StartedUnits(folder);
    const wanted = inputs();
    const damage = () => fs.writeFileSync(path.join(folder, "started-units.json"), "{ cut");
    damage();
    expect(await started.outdated(wanted, () => Promise.resolve(true))).toHaveLength(3);
    damage();
    await expect(started.outdated(wanted, () => Promise.reject(new Error("AccessDenied")))).rejects.toThrow();
    expect(await started.outdated(wanted, () => Promise.resolve(false))).toEqual([]);
    // An agent that is killed then and begins anew does not stop them either.
    expect(await new StartedUnits(folder).outdated(wanted, () => Promise.resolve(true))).toEqual([]);
  });

  test("the state before is gone back to, and is never the only one that is lost", async () => {
    const stored = (text: string) => {
      const bytes = Buffer.from(text);
      return { bytes, reference: { versionId: text, sha256: sha256Of(bytes), since: "2026-01-01T00:00:00.000Z" } };
    };
    const [one, two] = [stored("one"), stored("two")];
    const store = new StateStore(folder);
    await store.recordApplied(one);
    await store.recordApplied(two);
    expect(await store.goBack("f".repeat(64), new Date())).toBe(false);
    expect((await store.applied())!.reference.versionId).toBe("two");
    const now = new Date("2026-02-01T00:00:00.000Z");
    for (let time = 0; time < 2; time++) {
      expect(await store.goBack(one.reference.sha256, now)).toBe(true);
      expect(await new StateStore(folder).applied()).toEqual({
        ...one,
        reference: { ...one.reference, since: now.toISOString() },
      });
      expect(await store.previous()).toEqual(one);
      expect(await store.wasHealthy()).toBe(true);
    }
  });
});
