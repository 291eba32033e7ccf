import fc from "fast-check";
import { LONGEST_RECOVERY_MILLIS } from "../../../lib/node/agent/roll/recovery";
import { ClusterModel, type ModelNode } from "./cluster-model";

jest.spyOn(process.stdout, "write").mockImplementation(() => true);
const PATIENCE = LONGEST_RECOVERY_MILLIS / 5_000 + 100;
const NODES = [0, 1, 2];
const MOST_ROUNDS = 200;

/** How much a node does to the world in a roll that nothing disturbs. */
async function effectsOf(node: number, change: "second" | "bad"): Promise<number> {
  const cluster = new ClusterModel();
  cluster.want(change);
  await cluster.turn(PATIENCE, () => cluster.settledOn("second") || cluster.lock?.phase === "failed");
  return cluster.nodes[node].effects;
}

// The model throws as soon as a second node goes down.
describe("an agent that is killed", () => {
  test.each(NODES)("before any of its steps goes on where it was: node %i", async (node) => {
    const steps = await effectsOf(node, "second");
    expect(steps).toBeGreaterThanOrEqual(8);
    for (let step = 1; step <= steps; step++) {
      const cluster = new ClusterModel();
      cluster.nodes[node].killAt = step;
      cluster.want("second");
      await cluster.turn(PATIENCE, () => cluster.settledOn("second"));
      expect([step, cluster.settledOn("second"), cluster.downs]).toEqual([
        step,
        true,
        ["orders-node-2", "orders-node-3", "orders-node-1"],
      ]);
    }
  });

  test("before any of its steps stops the roll all the same, when the change breaks", async () => {
    const steps = await effectsOf(1, "bad");
    expect(steps).toBeGreaterThanOrEqual(8);
    for (let step = 1; step <= steps; step++) {
      const cluster = new ClusterModel();
      cluster.nodes[1].killAt = step;
      cluster.want("bad");
      await cluster.turn(2 * PATIENCE, () => cluster.lock?.phase === "failed");
      expect([step, cluster.runs, cluster.lock?.phase]).toEqual([step, ["first", "first", "first"], "failed"]);
      expect(cluster.downs).toEqual(["orders-node-2", "orders-node-2"]);
    }
  });
});

describe("an agent that is killed while certificates are renewed", () => {
  const due = (cluster: ClusterModel) => (cluster.now = cluster.dueOf({ first: 0, others: 0 }));

  test.each(NODES)("before any of its steps goes on where it was: node %i", async (node) => {
    const undisturbed = new ClusterModel();
    due(undisturbed);
    await undisturbed.turn(PATIENCE, () => undisturbed.isRenewed);
    const steps = undisturbed.nodes[node].effects;
    expect(steps).toBeGreaterThanOrEqual(9);
    const again: number[] = [];
    for (let step = 1; step <= steps; step++) {
      const cluster = new ClusterModel();
      cluster.nodes[node].killAt = step;
      due(cluster);
      await cluster.turn(PATIENCE, () => cluster.isRenewed);
      expect([step, cluster.isRenewed, cluster.lock!.owner]).toEqual([step, true, null]);
      const downs = cluster.nodes.map(({ name }) => cluster.downs.filter((each) => each === name).length);
      expect(downs.filter((count) => count === 1).length).toBeGreaterThanOrEqual(2);
      if (downs[node] > 1) again.push(step);
    }
    // Killed between the first certificate and the next, it shows the one and still has to renew the other.
    expect(again).toHaveLength(1);
  });
});

test("however the calls of the nodes interleave, whenever agents are killed and answers lost, one node is down at most", async () => {
  const disturbance = fc.record({
    kills: fc.array(fc.record({ node: fc.constantFrom(...NODES), step: fc.integer({ min: 1, max: 12 }) }), {
      maxLength: 3,
    }),
    renewalAfter: fc.integer({ min: 0, max: 40 }),
    secondChangeAfter: fc.integer({ min: 0, max: 40 }),
    ill: fc.subarray(NODES),
    lostAnswers: fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 5 }),
    // So that nodes differ in whose turn it is, and only the lock decides.
    leaders: fc.array(fc.constantFrom(...NODES), { minLength: 7, maxLength: 7 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      disturbance,
      async (scheduler, { kills, renewalAfter, secondChangeAfter, ill, lostAnswers, leaders }) => {
        const cluster = new ClusterModel();
        // Every call to the bucket takes as long as the scheduler likes.
        cluster.objects.before = () => scheduler.schedule(Promise.resolve());
        cluster.objects.loses = (write) => lostAnswers.includes(write);
        for (const { node, step } of kills) cluster.nodes[node].killAt = step;
        for (const node of ill) cluster.nodes[node].illUnder = "first";
        cluster.want("second");
        let looks = 0;
        const lookTwice = async (node: ModelNode) => {
          for (let time = 0; time < 2; time++) {
            cluster.leader = cluster.nodes[leaders[looks++ % leaders.length]].name;
            await node.look();
          }
        };
        const rolling = async () => {
          for (
            let round = 0;
            round < MOST_ROUNDS &&
            !(round > Math.max(renewalAfter, secondChangeAfter) && cluster.settledOn("third") && cluster.isRenewed);
            round++
          ) {
            if (round === renewalAfter) cluster.now = cluster.dueOf({ first: 0, others: 0 });
            if (round === secondChangeAfter) cluster.want("third");
            await Promise.all(cluster.nodes.map(lookTwice));
          }
        };
        await scheduler.waitFor(rolling());
        expect(cluster.runs).toEqual(["third", "third", "third"]);
        expect(cluster.isRenewed).toBe(true);
        expect(cluster.lock!.owner).toBeNull();
      },
    ),
    { numRuns: 40, endOnFailure: true },
  );
});
