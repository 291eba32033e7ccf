import { LONGEST_RECOVERY_MILLIS } from "../../../lib/node/agent/roll/recovery";
import { lackOfSlots, slotsOfEach } from "../../../lib/node/agent/roll/task-slots";
import type { DesiredState } from "../../../lib/node/desired-state";
import { desiredState, cluster as flinkCluster } from "../../cluster/support";
import { synthesize } from "../../support/synth";
import { ClusterModel, STATES } from "./cluster-model";

jest.spyOn(process.stdout, "write").mockImplementation(() => true);

const MANY = 60;
const PATIENCE = LONGEST_RECOVERY_MILLIS / 5_000 + MANY;
const LACK = {
  ...{ phase: "waiting", waitsFor: "slots" },
  reason:
    "the jobs have 6 slots, and the 3 nodes would have 3 (numberOfTaskSlots 1): stop a job or lower its parallelism, and the nodes go on, or deploy a larger numberOfTaskSlots",
};

/** Three nodes with two slots each, of which jobs have so many. */
async function running(usedSlots?: number): Promise<ClusterModel> {
  const cluster = new ClusterModel();
  cluster.want("twoSlotsEach");
  await cluster.turn(MANY, () => cluster.settledOn("twoSlotsEach"));
  cluster.downs.length = 0;
  cluster.usedSlots = usedSlots;
  return cluster;
}

/** Of one state. */
function said(cluster: ClusterModel): readonly object[] {
  return cluster.nodes.map(({ says }) => ({ ...says, sha256: undefined }));
}

describe("fewer slots of each TaskManager", () => {
  test("than the jobs have touch no node, until the jobs have fewer", async () => {
    const cluster = await running(6);
    const { lock } = cluster;
    cluster.want("oneSlotEach");
    await cluster.turn(10);
    expect(said(cluster)).toContainEqual(LACK);
    expect(cluster.downs).toEqual([]);
    expect(cluster.lock).toEqual(lock);
    cluster.usedSlots = 3;
    await cluster.turn(MANY, () => cluster.settledOn("oneSlotEach"));
    expect(cluster.settledOn("oneSlotEach")).toBe(true);
  });

  test("are undone by the number before", async () => {
    const cluster = await running(6);
    cluster.want("oneSlotEach");
    await cluster.turn(5);
    cluster.want("twoSlotsEach");
    await cluster.turn(2);
    expect(cluster.nodes.map(({ says }) => says)).toEqual([undefined, undefined, undefined]);
    expect(cluster.downs).toEqual([]);
  });

  test("are taken over where nobody says how many the jobs have, and where jobs take as many as there are", async () => {
    for (const [used, wanted] of [
      [undefined, "oneSlotEach"],
      [6, "oneSlotEachAdaptive"],
    ] as const) {
      const cluster = await running(used);
      cluster.want(wanted);
      await cluster.turn(MANY, () => cluster.settledOn(wanted));
      expect(cluster.settledOn(wanted)).toBe(true);
    }
  });

  test("stop nothing where a job took slots after the node had begun, which gives the lock back", async () => {
    const cluster = await running(3);
    cluster.want("oneSlotEach");
    await cluster.turn(MANY, () => cluster.lock?.phase === "preparing");
    cluster.usedSlots = 6;
    await cluster.turn(5);
    expect(cluster.downs).toEqual([]);
    expect(cluster.lock?.owner).toBeNull();
    expect(said(cluster)).toContainEqual(LACK);
    cluster.want("twoSlotsEach");
    await cluster.turn(5, () => cluster.settledOn("twoSlotsEach"));
    expect(cluster.settledOn("twoSlotsEach")).toBe(true);
    expect(cluster.downs).toEqual([]);
  });

  test("touch no node while a TaskManager that was killed is counted beside the one after it", async () => {
    const cluster = await running(6);
    cluster.want("oneSlotEach");
    await cluster.turn(5);
    cluster.lingering = 1;
    await cluster.turn(10);
    expect(cluster.downs).toEqual([]);
    const reason = expect.stringMatching(/^4 TaskManagers are registered, and there are 3 nodes/) as string;
    expect(said(cluster)).toContainEqual({ phase: "waiting", reason });
    cluster.lingering = 0;
    await cluster.turn(5);
    expect(said(cluster)).toContainEqual(LACK);
  });

  test.each([
    ["beside Flink", true],
    ["without its TaskManager", false],
  ])(
    "touch no node that is ill %s, either, while all jobs run; else they may wait for the very change",
    async (_, beside) => {
      const cluster = await running(6);
      const [, ill] = cluster.nodes;
      ill.illUnder = "twoSlotsEach";
      ill.illBesideFlink = beside;
      cluster.jobsDoWithFewer = !beside;
      cluster.want("oneSlotEach");
      await cluster.turn(MANY, () => ill.says?.waitsFor !== undefined || cluster.downs.length > 0);
      expect(cluster.downs).toEqual([]);
      expect(said(cluster)).toContainEqual(LACK);
      cluster.otherJobIsReady = false;
      await cluster.turn(MANY, () => cluster.downs.length > 0);
      expect(cluster.downs).toEqual([ill.name]);
    },
  );

  test("are no way on from a change that has failed", async () => {
    const cluster = await running(6);
    cluster.want("bad");
    await cluster.turn(PATIENCE, () => cluster.lock?.phase === "failed");
    cluster.downs.length = 0;
    cluster.want("oneSlotEach");
    await cluster.turn(10);
    expect(said(cluster)).toContainEqual(LACK);
    expect(cluster.downs).toEqual([]);
    cluster.want("twoSlotsEach");
    await cluster.turn(MANY, () => cluster.settledOn("twoSlotsEach"));
    expect(cluster.settledOn("twoSlotsEach")).toBe(true);
  });
});

test("slots of each are those that the desired state of a cluster says", () => {
  const slots = (props: object) =>
    slotsOfEach(desiredState(synthesize((stack) => flinkCluster(stack, { nodeCount: 1, ...props }))));
  expect(slots({})).toBe(1);
  expect(slots({ numberOfTaskSlots: 4 })).toBe(4);
  const scheduled = (scheduler: string) => ({ flinkConfiguration: { "jobmanager.scheduler": scheduler } });
  expect(slots(scheduled("adaptive"))).toBeUndefined();
  expect(slots(scheduled("Default"))).toBe(1);
  expect(slotsOfEach(JSON.parse(STATES.first.toString()) as DesiredState)).toBeUndefined();
});

test("jobs have their room while they do not need more, or while nobody can say", () => {
  const view = (taskManagers: number, usedSlots?: number) => ({ taskManagers, usedSlots, jobs: [] });
  expect(lackOfSlots(view(3, 6), 3, 2)).toBeUndefined();
  const waitsFor = "slots";
  const reasonWith = (text: string) => expect.stringContaining(text) as string;
  expect(lackOfSlots(view(3, 7), 3, 2)).toEqual({
    ...{ waitsFor, reason: reasonWith("the jobs have 7 slots, and the 3 nodes would have 6") },
  });
  expect(lackOfSlots(view(1, 2), 1, 1)).toEqual({
    ...{ waitsFor, reason: reasonWith("and the node would have 1 (numberOfTaskSlots 1)") },
  });
  expect(lackOfSlots(view(3), 3, 1)).toBeUndefined();
  // A TaskManager that was killed is listed beside the one after it.
  expect(lackOfSlots(view(4, 6), 3, 2)).toBeUndefined();
  expect(lackOfSlots(view(4, 7), 3, 2)).toEqual({ reason: reasonWith("4 TaskManagers are registered") });
  expect(lackOfSlots(view(3, 7), 3)).toBeUndefined();
});
