import fc from "fast-check";
import { LONGEST_RECOVERY_MILLIS } from "../../../lib/node/agent/roll/recovery";
import { ClusterModel, type ModelNode, type StateName } from "./cluster-model";

jest.spyOn(process.stdout, "write").mockImplementation(() => true);
const PATIENCE = 2 * (LONGEST_RECOVERY_MILLIS / 5_000) + 100;
const NODES = [0, 1, 2];

function changing(name: StateName): ClusterModel {
  const cluster = new ClusterModel();
  cluster.hasJobs = false;
  cluster.want(name);
  return cluster;
}

/** Whether the change has come to the end that it has where nothing disturbs it. */
function isOver(cluster: ClusterModel, name: StateName): boolean {
  if (name !== "fallingNextLine") return cluster.settledOn(name);
  return cluster.lock?.phase === "failed" && cluster.nodes.every(({ isUp, isHeld }) => isUp && !isHeld);
}

// The model throws as soon as two lines run at once.
describe("an agent that is killed, or a machine that loses its power, before any of its steps", () => {
  test.each([
    ["nextLine", 0],
    ["nextLine", 2],
    ["otherMajor", 1],
    ["fallingNextLine", 1],
  ] as const)("of a change to %s: node %i", async (name, node) => {
    const undisturbed = changing(name);
    await undisturbed.turn(PATIENCE, () => isOver(undisturbed, name));
    const steps = undisturbed.nodes[node].effects;
    expect(steps).toBeGreaterThanOrEqual(5);
    for (const reboots of [false, true]) {
      for (let step = 1; step <= steps; step++) {
        const cluster = changing(name);
        cluster.nodes[node].killAt = step;
        cluster.nodes[node].rebootsAtKill = reboots;
        await cluster.turn(PATIENCE, () => isOver(cluster, name));
        const end = name === "fallingNextLine" ? "first" : name;
        expect([step, reboots, isOver(cluster, name), cluster.runs]).toEqual([step, reboots, true, [end, end, end]]);
      }
    }
  });
});

test("however the calls of the nodes interleave, whatever is killed, boots or is made anew, one line runs at a time", async () => {
  const disturbance = fc.record({
    kills: fc.array(
      fc.record({
        node: fc.constantFrom(...NODES),
        step: fc.integer({ min: 1, max: 15 }),
        reboots: fc.boolean(),
      }),
      { maxLength: 3 },
    ),
    replaced: fc.option(fc.record({ node: fc.constantFrom(...NODES), after: fc.integer({ min: 0, max: 15 }) })),
    wanted: fc.constantFrom<StateName>("nextLine", "badNextLine", "unfetchableNextLine"),
    undoneAfter: fc.integer({ min: 0, max: 30 }),
    // A job that somebody begins, on whichever line, and that ends.
    job: fc.option(fc.record({ after: fc.integer({ min: 0, max: 30 }), rounds: fc.integer({ min: 1, max: 40 }) })),
    lostAnswers: fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      disturbance,
      async (scheduler, { kills, replaced, wanted, undoneAfter, job, lostAnswers }) => {
        const cluster = changing(wanted);
        // Every call to the bucket takes as long as the scheduler likes.
        cluster.objects.before = () => scheduler.schedule(Promise.resolve());
        cluster.objects.loses = (write) => lostAnswers.includes(write);
        for (const { node, step, reboots } of kills) {
          cluster.nodes[node].killAt = step;
          cluster.nodes[node].rebootsAtKill = reboots;
        }
        const lookTwice = async (node: ModelNode) => {
          for (let time = 0; time < 2; time++) {
            await node.look();
            if (node.triesAtOnce) node.replaceMachine();
          }
        };
        // The second one undoes the first, or mends it where the nodes run the new line for good. One of them may be of a
        // machine that was made anew of what the others refuse: it waits.
        let isMended = false;
        const mend = () => {
          isMended = true;
          cluster.want("otherNextLine");
          // That rolls as any other change, in which a machine that dies meanwhile is a second one that is down.
          for (const node of cluster.nodes) node.killAt = Infinity;
        };
        const isSettled = () => cluster.settledOn("first") || cluster.settledOn("otherNextLine");
        const rolling = async () => {
          const lastRound = Math.max(undoneAfter, replaced?.after ?? 0, job ? job.after + job.rounds : 0);
          for (let round = 0; round < 400 && !(round > lastRound && isSettled()); round++) {
            if (round === job?.after) cluster.beginJob();
            if (job && round === job.after + job.rounds) cluster.endJobs();
            if (round === undoneAfter) cluster.want("first");
            if (round > lastRound && !isMended && !cluster.lock?.owner && cluster.runs.includes("nextLine")) mend();
            if (round === replaced?.after) cluster.nodes[replaced.node].replaceMachine();
            await Promise.all(cluster.nodes.map(lookTwice));
          }
        };
        await scheduler.waitFor(rolling());
        expect([isSettled(), cluster.lock?.owner ?? null]).toEqual([true, null]);
      },
    ),
    { numRuns: 25, endOnFailure: true },
  );
});
