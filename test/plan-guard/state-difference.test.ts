import fc from "fast-check";
import { Duration, FlinkVersion, LogLevel } from "../../lib";
import type { DesiredState } from "../../lib/node/desired-state";
import { rollForecast } from "../../lib/plan-guard/roll-forecast";
import { stateDifferences } from "../../lib/plan-guard/state-difference";
import { cluster, desiredState } from "../cluster/support";
import { synthesize } from "../support/synth";

const NODES = ["orders-node-1", "orders-node-2", "orders-node-3"];

function stateOf(props: Parameters<typeof cluster>[1] = {}): DesiredState {
  return desiredState(synthesize((stack) => cluster(stack, props)));
}

const BEFORE = stateOf();

function differences(after: DesiredState, hides = false): readonly string[] {
  return stateDifferences(BEFORE, after, hides).map(
    ({ of, what, nodes }) => `${of} ${what}${nodes ? ` (${nodes.join(", ")})` : ""}`,
  );
}

test("what is the same differs in nothing, and starts nothing anew", () => {
  expect(differences(stateOf())).toEqual([]);
  expect(rollForecast(BEFORE, stateOf())).toMatchObject({ startedAnew: {}, jobRestarts: 0 });
});

test("another setting of Flink is told once of all nodes, and starts Flink anew on each", () => {
  const after = stateOf({ numberOfTaskSlots: 4 });
  expect(differences(after)).toEqual(expect.arrayContaining(["config.yaml taskmanager.numberOfTaskSlots: 1 -> 4"]));
  expect(rollForecast(BEFORE, after)).toEqual({
    startedAnew: { "flink-jobmanager.service": NODES, "flink-taskmanager.service": NODES },
    jobRestarts: 4,
    meaning: expect.stringContaining("at most 4 times") as string,
  });
});

test("another line of Flink is taken over by all nodes at once, without jobs", () => {
  const after = stateOf({ version: FlinkVersion.V2_3 });
  const { startedAnew, meaning, ...rest } = rollForecast(BEFORE, after);
  expect(startedAnew).toEqual({ "flink-jobmanager.service": NODES, "flink-taskmanager.service": NODES });
  expect(rest).toEqual({ jobRestarts: 0, isTogether: true });
  expect(meaning).toMatch(
    /^Flink 2\.3 takes the place of 2\.2 on all nodes at once, and for some minutes no Flink runs\./,
  );
  expect(meaning).toContain("npx cdktf-flink jobs stop --cluster orders --out jobs.json");
  expect(rollForecast(after, BEFORE).meaning).toBe(
    "The nodes refuse it, and the apply fails: it has Flink 2.2.1 and the cluster runs 2.3.0: Flink 2.2 reads no savepoint of 2.3; undo the change, make a cluster of Flink 2.2 beside this one, or set allowStateLoss, with which all jobs begin anew.",
  );
});

test.each([
  ["2.2", stateOf({ version: FlinkVersion.V2_3 }), stateOf({ allowStateLoss: true })],
  ["1.20", BEFORE, stateOf({ version: FlinkVersion.V1_20, allowStateLoss: true })],
])("a line that reads no savepoint, %s, is told with what that costs, where it is allowed", (to, before, after) => {
  const { meaning, jobRestarts, isTogether } = rollForecast(before, after);
  expect({ jobRestarts, isTogether }).toEqual({ jobRestarts: 0, isTogether: true });
  expect(meaning).toContain("stop all jobs first, with npx cdktf-flink jobs stop --cluster orders --out jobs.json");
  expect(meaning).toMatch(
    new RegExp(
      `Flink ${to} reads no savepoint of 2\\.[23]: all jobs begin anew, without their state, so that what they have read, counted and not yet written is gone \\(jobs resume --without-state\\); the savepoints that jobs stop writes are kept for the way back\\.$`,
    ),
  );
});

test("that state may be lost is told, and costs nothing where no line changes or the new one reads savepoints", () => {
  const allowing = stateOf({ allowStateLoss: true });
  expect(differences(allowing)).toEqual([expect.stringMatching(/^allowStateLoss /)]);
  expect(rollForecast(BEFORE, allowing)).toMatchObject({ startedAnew: {}, jobRestarts: 0 });
  expect(rollForecast(BEFORE, stateOf({ version: FlinkVersion.V2_3, allowStateLoss: true })).meaning).toBe(
    rollForecast(BEFORE, stateOf({ version: FlinkVersion.V2_3 })).meaning,
  );
});

test("another level of logs starts nothing anew", () => {
  const after = stateOf({ logLevel: LogLevel.WARN });
  const loggers = ["logger.hadoop", "logger.kafka", "logger.pekko", "logger.zookeeper", "rootLogger"];
  expect(differences(after)).toEqual(loggers.map((name) => `log4j-console.properties ${name}.level: INFO -> WARN`));
  expect(rollForecast(BEFORE, after)).toEqual({
    startedAnew: {},
    jobRestarts: 0,
    meaning: "No process of Flink starts anew, and no job restarts.",
  });
});

test("another validity of certificates is told, and starts nothing anew by itself", () => {
  const after = stateOf({ certificateValidity: Duration.days(10) });
  expect(differences(after)).toEqual(["certificates validitySeconds: 7776000 -> 864000"]);
});

test("another build of a part is told, and what runs by it starts anew", () => {
  const newer = (sha256: string, name: string): DesiredState => {
    const text = JSON.stringify(BEFORE);
    const part = [BEFORE.agent, ...BEFORE.software].find((each) => each.name === name)!;
    return JSON.parse(
      text.replaceAll(part.sha256, sha256).replaceAll(part.sha256.slice(0, 12), sha256.slice(0, 12)),
    ) as DesiredState;
  };
  const sha256 = "f".repeat(64);
  const agent = newer(sha256, BEFORE.agent.name);
  expect(differences(agent)).toEqual([`software ${BEFORE.agent.name} ${BEFORE.agent.version}: another build`]);
  expect(rollForecast(BEFORE, agent).jobRestarts).toBe(0);
  const flink = newer(sha256, "flink");
  expect(differences(flink)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^software flink .*: another build$/)]),
  );
  expect(rollForecast(BEFORE, flink).jobRestarts).toBe(4);
});

test("of a long value the words are told that differ", () => {
  const units = BEFORE.units.map((unit) =>
    unit.name === "zookeeper.service" ? { ...unit, content: unit.content.replace(/-Xmx\d+m/, "-Xmx999m") } : unit,
  );
  expect(differences({ ...BEFORE, units })).toEqual(["zookeeper.service ExecStart: … -Xmx384m … -> … -Xmx999m …"]);
});

test("what differs on one node is told of that one", () => {
  const [first, ...others] = BEFORE.nodes;
  const files = first.files.map((file) =>
    file.path.endsWith("config.yaml") ? { ...file, content: `${file.content}rest.port: 9\n` } : file,
  );
  const after = { ...BEFORE, nodes: [{ ...first, files }, ...others] };
  expect(differences(after)).toEqual([expect.stringMatching(/^config\.yaml rest\.port: .*-> 9 \(orders-node-1\)$/)]);
  expect(rollForecast(BEFORE, after)).toMatchObject({ jobRestarts: 2 });
});

test("nodes that come and go are told, and start nothing anew by themselves", () => {
  const after = { ...BEFORE, nodes: BEFORE.nodes.slice(1) };
  expect(differences(after)).toEqual(["nodes orders-node-1 goes"]);
  expect(rollForecast(BEFORE, after).startedAnew).toEqual({});
  expect(rollForecast(after, BEFORE).startedAnew).toEqual({});
  const changed = stateOf({ numberOfTaskSlots: 4 });
  expect(rollForecast(after, changed).startedAnew["flink-taskmanager.service"]).toEqual(NODES.slice(1));
});

test("on one node a job restarts once, as all of it starts anew at once", () => {
  const [before, after] = [2, 4].map((numberOfTaskSlots) => stateOf({ nodeCount: 1, numberOfTaskSlots }));
  expect(rollForecast(before, after)).toMatchObject({ jobRestarts: 1 });
});

test("what its name says is a secret stays hidden, and with a sensitive state all that it holds", () => {
  const withKey = (value: string): DesiredState => ({
    ...BEFORE,
    nodes: BEFORE.nodes.map((node) => ({
      ...node,
      files: node.files.map((file) =>
        file.path.endsWith("config.yaml") ? { ...file, content: `${file.content}some.secret-key: ${value}\n` } : file,
      ),
    })),
  });
  expect(differences(withKey("hush"))).toEqual(["config.yaml some.secret-key: none -> …"]);
  const slots = stateOf({ numberOfTaskSlots: 4 });
  expect(differences(slots, true)).toContain("config.yaml taskmanager.numberOfTaskSlots: (sensitive) -> (sensitive)");
});

/** Every place of a value in a state, as the keys that lead to it. */
function placesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...path, key]));
}

test("whatever differs is told: no change of a state is passed over", () => {
  fc.assert(
    fc.property(fc.constantFrom(...placesOf(BEFORE)), (place) => {
      const after = JSON.parse(JSON.stringify(BEFORE)) as Record<string, unknown>;
      const holder = place.slice(0, -1).reduce((inner, key) => inner[key] as Record<string, unknown>, after);
      const last = place.at(-1)!;
      const value = holder[last];
      holder[last] = typeof value === "number" ? value + 1 : typeof value === "boolean" ? !value : `${String(value)}x`;
      expect(stateDifferences(BEFORE, after as unknown as DesiredState, false)).not.toEqual([]);
    }),
    { numRuns: 100 },
  );
});
