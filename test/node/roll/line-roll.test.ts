import { reportKey, ROLL_EVENTS_PREFIX } from "../../../lib/core/bucket-layout";
import { LONGEST_RECOVERY_MILLIS } from "../../../lib/node/agent/roll/recovery";
import type { RollLockRecord } from "../../../lib/node/roll";
import { ClusterModel, type StateName } from "./cluster-model";

jest.spyOn(process.stdout, "write").mockImplementation(() => true);
const MANY = 120;
const PATIENCE = LONGEST_RECOVERY_MILLIS / 5_000 + 100;

/** Without jobs, and told to take over what has another line. */
function changing(name: StateName = "nextLine"): ClusterModel {
  const cluster = new ClusterModel();
  cluster.hasJobs = false;
  cluster.want(name);
  return cluster;
}

const inPhase = (cluster: ClusterModel, phase: string) => () => cluster.lock?.phase === phase;
const all = (name: StateName) => [name, name, name];

// The model throws as soon as two lines run at once.
describe("another line of Flink", () => {
  test("is taken over by all nodes together, and nothing is held afterwards", async () => {
    const cluster = changing();
    await cluster.turn(MANY, () => cluster.settledOn("nextLine"));
    await cluster.turn(3);
    expect(cluster.settledOn("nextLine")).toBe(true);
    expect(cluster.nodes.map(({ isHeld, says }) => [isHeld, says])).toEqual([1, 2, 3].map(() => [false, undefined]));
    expect(cluster.nodes.map((node) => node.trial.current)).toEqual([undefined, undefined, undefined]);
    expect(cluster.events).toEqual([
      "1 started nextLine",
      "1 applied nextLine",
      "1 healthy nextLine",
      "1 released nextLine",
    ]);
  });

  test("is not begun while a job has not ended, which is said in one sentence; then by itself", async () => {
    const cluster = changing();
    cluster.hasJobs = true;
    await cluster.turn(10);
    expect(cluster.lock).toBeUndefined();
    for (const { says } of cluster.nodes) {
      expect(says).toMatchObject({
        phase: "waiting",
        waitsFor: "jobs",
        reason:
          "Flink 1.1 takes over no job of 1.0, and 2 have not ended: a (a), b (b); stop them with npx cdktf-flink jobs stop --cluster orders --out jobs.json, and the nodes go on",
      });
    }
    cluster.hasJobs = false;
    await cluster.turn(MANY, () => cluster.settledOn("nextLine"));
    expect(cluster.settledOn("nextLine")).toBe(true);
  });

  test.each([
    ["nextLineAndAgent", "the program of the nodes (the release of cdktf-flink)"],
    ["nextLineAndZooKeeper", "ZooKeeper"],
    ["nextLineAndFewer", "the number of nodes"],
  ] as const)("is refused with what carries it over: %s", async (name, what) => {
    const cluster = changing(name);
    await cluster.turn(5);
    expect(cluster.lock).toBeUndefined();
    expect(cluster.nodes[0].says).toMatchObject({
      phase: "refused",
      reason: `it has Flink 1.1.0 and the cluster runs 1.0.0, and it changes ${what} too: deploy all but the version first, and the version when the nodes run that`,
    });
  });

  test("and back is refused, when all nodes run it", async () => {
    const cluster = changing();
    await cluster.turn(MANY, () => cluster.settledOn("nextLine"));
    cluster.want("first");
    await cluster.turn(5);
    for (const { says } of cluster.nodes) {
      expect(says).toMatchObject({
        phase: "refused",
        reason:
          "it has Flink 1.0.0 and the cluster runs 1.1.0: Flink 1.0 reads no savepoint of 1.1; undo the change, make a cluster of Flink 1.0 beside this one, or set allowStateLoss, with which all jobs begin anew",
      });
    }
    expect(cluster.runs).toEqual(all("nextLine"));
  });

  test("is not begun while a node is ill or silent", async () => {
    const cluster = new ClusterModel();
    cluster.hasJobs = false;
    cluster.nodes[2].illUnder = "first";
    await cluster.turn(1);
    cluster.want("nextLine");
    await cluster.turn(10);
    expect(cluster.lock).toBeUndefined();
    expect(cluster.nodes[0].says?.reason).toBe("orders-node-3 is starting");
    cluster.destroy("orders-node-3");
    await cluster.turn(10);
    expect(cluster.lock).toBeUndefined();
    expect(cluster.nodes[0].says?.reason).toBe("orders-node-3 has not reported yet");
  });

  test("of which a part is not there stops the roll with nothing stopped, and the undone change releases it", async () => {
    const cluster = changing("unfetchableNextLine");
    await cluster.turn(MANY, inPhase(cluster, "failed"));
    expect(cluster.lock?.reason).toMatch(
      /^nothing was stopped, as it cannot be prepared on orders-node-\d: there is no nowhere$/,
    );
    expect([cluster.downs, cluster.nodes.some(({ flinkIsStopped }) => flinkIsStopped)]).toEqual([[], false]);
    await cluster.turn(3);
    expect(cluster.nodes.some(({ isHeld }) => isHeld)).toBe(false);
    cluster.want("first");
    await cluster.turn(MANY, () => cluster.settledOn("first"));
    expect(cluster.settledOn("first")).toBe(true);
    cluster.want("nextLine");
    await cluster.turn(MANY, () => cluster.settledOn("nextLine"));
    expect(cluster.settledOn("nextLine")).toBe(true);
  });

  test("in which Flink does not become well: all go back together, and another change goes on", async () => {
    const cluster = changing("badNextLine");
    await cluster.turn(2 * PATIENCE, inPhase(cluster, "failed"));
    await cluster.turn(3);
    expect(cluster.runs).toEqual(all("first"));
    expect(cluster.nodes.map(({ isUp, isHeld }) => [isUp, isHeld])).toEqual([1, 2, 3].map(() => [true, false]));
    expect(cluster.nodes.map((node) => node.trial.current)).toEqual([undefined, undefined, undefined]);
    expect(cluster.lock?.reason).toMatch(/^orders-node-\d: not well again after 10 minutes: /);
    expect(cluster.nodes[1].says?.reason).toMatch(/^the roll stopped at orders-node-1: /);
    cluster.want("nextLine");
    await cluster.turn(MANY, () => cluster.settledOn("nextLine"));
    expect(cluster.settledOn("nextLine")).toBe(true);
  });

  test("whose agent falls on one node: all go back together", async () => {
    const cluster = changing("fallingNextLine");
    await cluster.turn(PATIENCE, inPhase(cluster, "failed"));
    await cluster.turn(3);
    expect(cluster.runs).toEqual(all("first"));
    expect(cluster.nodes.every(({ isUp }) => isUp)).toBe(true);
    expect(cluster.lock?.reason).toMatch(/: its agent ended 5 times$/);
  });

  test("is undone in the middle: all go back together, and the lock is free", async () => {
    const cluster = changing("badNextLine");
    await cluster.turn(MANY, inPhase(cluster, "applying"));
    await cluster.turn(4);
    cluster.want("first");
    await cluster.turn(2 * PATIENCE, () => cluster.settledOn("first"));
    expect(cluster.settledOn("first")).toBe(true);
  });

  test.each(["first", "second", "otherNextLine"] as const)(
    "in whose middle %s is wanted ends with that",
    async (name) => {
      for (const phase of ["preparing", "stopping", "applying"]) {
        const cluster = changing();
        await cluster.turn(MANY, inPhase(cluster, phase));
        cluster.want(name);
        // Where all run the new line already, the old one is not taken over any more.
        await cluster.turn(2 * PATIENCE, () => cluster.settledOn(name));
        expect([phase, cluster.runs]).toEqual([phase, all(name)]);
      }
    },
  );

  test("before which a job began at the last moment: all go back, and it runs on", async () => {
    const cluster = changing();
    await cluster.turn(MANY, inPhase(cluster, "stopping"));
    const id = "a".repeat(32);
    // The names are of whoever may write them.
    cluster.beginJob([id, "<b>".repeat(1000)]);
    await cluster.turn(MANY, inPhase(cluster, "failed"));
    expect(cluster.runs).toEqual(all("first"));
    expect(cluster.lock?.reason).toBe(`a job began while the nodes stopped (${id}, a job of another name): it runs on`);
  });

  test("of which certificates are over is renewed at once, with Flink stopped as before", async () => {
    const cluster = changing("badNextLine");
    cluster.validitySeconds = 1440;
    await cluster.turn(MANY, inPhase(cluster, "applying"));
    cluster.destroy("orders-node-3");
    await cluster.turn(300);
    expect(cluster.lock?.phase).toBe("stopping");
    expect(cluster.nodes.map(({ isOver, flinkIsStopped }) => [isOver, flinkIsStopped])).toEqual([
      [false, true],
      [false, true],
    ]);
  });

  test("that one node does not prepare in ten minutes gives the lock back, and is begun anew", async () => {
    const cluster = changing();
    await cluster.turn(MANY, inPhase(cluster, "preparing"));
    const slow = cluster.nodes[2];
    cluster.nodes = cluster.nodes.slice(0, 2);
    for (let round = 0; round < 125; round++) {
      cluster.objects.put(reportKey("orders", slow.name), JSON.stringify({ ...slow.report(), lineChange: undefined }));
      await cluster.turn(1);
    }
    expect(cluster.lock?.generation).toBe(2);
    const events = cluster.objects.keys(ROLL_EVENTS_PREFIX).map((key) => cluster.objects.get(key)!);
    expect(events.some((event) => event.includes(`"${slow.name} is not prepared in time"`))).toBe(true);
    cluster.nodes = [...cluster.nodes, slow];
    await cluster.turn(MANY, () => cluster.settledOn("nextLine"));
    expect(cluster.settledOn("nextLine")).toBe(true);
  });

  test("from which one turns back while another lets go: that one has its way back yet", async () => {
    const cluster = changing();
    await cluster.turn(MANY, inPhase(cluster, "applying"));
    const { objects } = cluster;
    const replace = objects.replace.bind(objects);
    let loser: string | undefined;
    jest.spyOn(objects, "replace").mockImplementation((bucket, key, content, etag) => {
      if (loser === undefined && (JSON.parse(content) as RollLockRecord).owner === null) {
        loser = "the one that lets go";
        objects.put(
          key,
          JSON.stringify({ ...cluster.lock, phase: "stopping", reason: "orders-node-3: its disk fell" }),
        );
      }
      return replace(bucket, key, content, etag);
    });
    await cluster.turn(PATIENCE, inPhase(cluster, "failed"));
    await cluster.turn(3);
    expect(loser).toBeDefined();
    expect(cluster.lock?.reason).toBe("orders-node-3: its disk fell");
    expect([cluster.runs, cluster.nodes.every(({ isUp }) => isUp)]).toEqual([all("first"), true]);
  });

  test("in which no node has a way back has failed, and the undone change mends it", async () => {
    const cluster = changing("badNextLine");
    await cluster.turn(MANY, inPhase(cluster, "applying"));
    for (const node of cluster.nodes) node.replaceMachine();
    await cluster.turn(2 * PATIENCE, inPhase(cluster, "failed"));
    expect(cluster.lock?.reason).toMatch(
      /; orders-node-1, orders-node-2, orders-node-3 have nothing to go back to: undo the change$/,
    );
    cluster.want("first");
    await cluster.turnAtOnce(MANY, () => cluster.settledOn("first"));
    expect(cluster.settledOn("first")).toBe(true);
  });
});

describe("a line that reads no savepoint of the one that runs, where state may be lost", () => {
  /** Without jobs, on the given line. */
  async function running(name: StateName): Promise<ClusterModel> {
    const cluster = changing(name);
    await cluster.turn(MANY, () => cluster.settledOn(name));
    return cluster;
  }

  const ways = [
    ["nextLine", "olderLine", "badOlderLine", "first"],
    ["first", "otherMajor", "badOtherMajor", "otherLine"],
    ["otherMajor", "olderLine", "badOlderLine", "first"],
  ] as const;

  test.each(ways)("from %s to %s is taken over together, and the word can go afterwards", async (from, to, _, bare) => {
    const cluster = await running(from);
    cluster.want(to);
    await cluster.turn(MANY, () => cluster.settledOn(to));
    expect(cluster.settledOn(to)).toBe(true);
    const { length } = cluster.events;
    cluster.want(bare);
    await cluster.turn(MANY, () => cluster.settledOn(bare));
    expect(cluster.settledOn(bare)).toBe(true);
    // One after the other, as what is of one line.
    expect(cluster.events.slice(length).filter((event) => event.includes("started"))).toHaveLength(3);
  });

  test.each(ways)("from %s to %s: all go back where it (%s) does not become well", async (from, _, bad) => {
    const cluster = await running(from);
    cluster.want(bad);
    await cluster.turn(2 * PATIENCE, inPhase(cluster, "failed"));
    await cluster.turn(3);
    expect(cluster.runs).toEqual(all(from));
    expect(cluster.nodes.map(({ isUp, isHeld }) => [isUp, isHeld])).toEqual([1, 2, 3].map(() => [true, false]));
    cluster.want(from);
    await cluster.turn(MANY, () => cluster.settledOn(from));
    expect(cluster.settledOn(from)).toBe(true);
  });

  test("is not begun while a job has not ended, and not with another program of the nodes", async () => {
    const cluster = await running("nextLine");
    cluster.hasJobs = true;
    cluster.want("otherMajor");
    await cluster.turn(10);
    expect(cluster.nodes[0].says).toMatchObject({ phase: "waiting", waitsFor: "jobs" });
    cluster.want("otherMajorAndAgent");
    await cluster.turn(5);
    expect(cluster.nodes[0].says).toMatchObject({ phase: "refused" });
    expect(cluster.nodes[0].says?.reason).toContain("and it changes the program of the nodes");
    expect(cluster.runs).toEqual(all("nextLine"));
  });

  test("is refused as ever without the word, though what runs has it", async () => {
    const cluster = await running("otherMajor");
    cluster.want("nextLine");
    await cluster.turn(5);
    expect(cluster.nodes.map(({ says }) => says?.phase)).toEqual(["refused", "refused", "refused"]);
  });
});

/** Looks of more than the 40 minutes after which a machine goes back by itself. */
const LONGER_THAN_A_TRIAL = 500;

describe("a job that begins on the new line", () => {
  const isFree = (cluster: ClusterModel) => () => cluster.lock?.owner === null;

  async function withJob(name: StateName, prepare: (cluster: ClusterModel) => void = () => undefined) {
    const cluster = changing(name);
    prepare(cluster);
    await cluster.turn(MANY, inPhase(cluster, "applying"));
    await cluster.turn(4);
    cluster.beginJob();
    return cluster;
  }

  test("holds it where it does not become well, for ever, and until that has ended an undone change is refused", async () => {
    const cluster = await withJob("badNextLine");
    await cluster.turn(PATIENCE, isFree(cluster));
    await cluster.turn(LONGER_THAN_A_TRIAL);
    expect([cluster.lock?.owner, cluster.runs]).toEqual([null, all("badNextLine")]);
    expect(cluster.nodes.map(({ isHeld, trial }) => [isHeld, trial.current])).toEqual(
      [1, 2, 3].map(() => [false, undefined]),
    );
    expect(cluster.events.slice(2)).toEqual([expect.stringMatching(/^\d released badNextLine$/)]);
    cluster.want("first");
    await cluster.turnAtOnce(10);
    expect(cluster.runs).toEqual(all("badNextLine"));
    expect(cluster.nodes.map(({ says }) => says?.phase)).toEqual(["refused", "refused", "refused"]);
    cluster.endJobs();
    await cluster.turnAtOnce(MANY, () => cluster.settledOn("first"));
    expect(cluster.settledOn("first")).toBe(true);
  });

  test("is taken on by what mends it on the same line", async () => {
    const cluster = await withJob("badNextLine");
    await cluster.turn(PATIENCE, isFree(cluster));
    cluster.want("otherNextLine");
    await cluster.turnAtOnce(MANY, () => cluster.settledOn("otherNextLine"));
    expect(cluster.settledOn("otherNextLine")).toBe(true);
  });

  test("runs on where one node is ill, as in any cluster with an ill node", async () => {
    const cluster = await withJob("nextLine", ({ nodes }) => (nodes[2].illUnder = "nextLine"));
    await cluster.turn(PATIENCE, isFree(cluster));
    await cluster.turn(LONGER_THAN_A_TRIAL);
    expect([cluster.lock?.owner, cluster.runs]).toEqual([null, all("nextLine")]);
    expect(cluster.nodes.map(({ isUp }) => isUp)).toEqual([true, true, false]);
    expect(cluster.nodes.map(({ trial }) => trial.current)).toEqual([undefined, undefined, undefined]);
  });

  test("runs on where the agent of one node falls, which takes the new line over again", async () => {
    const cluster = await withJob("nextLine");
    const node = cluster.nodes[2];
    node.kill();
    for (let fall = 0; fall < 5; fall++) await node.trial.agentFell();
    await cluster.turnAtOnce(MANY, () => cluster.settledOn("nextLine"));
    expect(cluster.settledOn("nextLine")).toBe(true);
    expect(cluster.nodes.filter(({ name }) => name !== node.name).every(({ trial }) => !trial.current)).toBe(true);
  });

  test("does so where one is silent meanwhile, and has gone back by itself before it is seen again", async () => {
    const cluster = await withJob("nextLine");
    const node = cluster.nodes[2];
    cluster.nodes = cluster.nodes.slice(0, 2);
    await cluster.turn(PATIENCE, isFree(cluster));
    expect([cluster.lock?.owner, cluster.runs]).toEqual([null, ["nextLine", "nextLine"]]);
    node.kill();
    for (let fall = 0; fall < 5; fall++) await node.trial.agentFell();
    cluster.nodes = [...cluster.nodes, node];
    await cluster.turnAtOnce(MANY, () => cluster.settledOn("nextLine"));
    expect(cluster.settledOn("nextLine")).toBe(true);
  });

  test.each<StateName>(["nextLine", "first"])(
    "is left where all trials run out while a silent node holds up the way back: %s is in the bucket then",
    async (name) => {
      const cluster = changing();
      await cluster.turn(MANY, inPhase(cluster, "applying"));
      await cluster.turn(4);
      const gone = cluster.nodes[2];
      cluster.destroy(gone.name);
      await cluster.turn(PATIENCE, inPhase(cluster, "stopping"));
      // Before the last of them has stopped.
      cluster.beginJob();
      expect(cluster.plans).toHaveLength(1);
      await cluster.turn(LONGER_THAN_A_TRIAL);
      expect([cluster.lock?.phase, cluster.runs]).toEqual(["stopping", ["first", "first"]]);
      expect(cluster.nodes[0].says?.reason).toMatch(/; orders-node-3 has not stopped Flink, or is silent: replace it$/);
      cluster.want(name);
      cluster.remake(gone);
      await cluster.turn(20);
      if (name === "first") {
        expect(cluster.nodes.map(({ flinkIsStopped }) => flinkIsStopped)).toEqual([true, true, true]);
        expect(cluster.nodes[0].says?.reason).toMatch(/, as jobs of Flink 1\.1 are left: deploy Flink 1\.1 again$/);
        cluster.want("nextLine");
      }
      await cluster.turn(MANY, () => cluster.settledOn("nextLine"));
      expect(cluster.settledOn("nextLine")).toBe(true);
      await cluster.turn(LONGER_THAN_A_TRIAL);
      expect(cluster.settledOn("nextLine")).toBe(true);
    },
  );
});

describe("a machine that is made anew", () => {
  test("while jobs run starts no Flink of the new line, and the nodes go on with it when they have ended", async () => {
    const cluster = changing();
    cluster.hasJobs = true;
    await cluster.turn(3);
    cluster.nodes[1].replaceMachine();
    await cluster.turn(20);
    expect(cluster.nodes.map(({ flinkIsStopped }) => flinkIsStopped)).toEqual([false, true, false]);
    expect(cluster.nodes[1].says?.reason).toBe("orders-node-1 runs Flink 1.0, and there are never two lines at once");
    cluster.hasJobs = false;
    await cluster.turn(MANY, () => cluster.settledOn("nextLine"));
    expect(cluster.settledOn("nextLine")).toBe(true);
  });

  test("while jobs run goes back with the undone change", async () => {
    const cluster = changing();
    cluster.hasJobs = true;
    cluster.nodes[1].replaceMachine();
    await cluster.turn(20);
    cluster.want("first");
    await cluster.turnAtOnce(20);
    expect(cluster.settledOn("first")).toBe(true);
  });

  test("while the others run on and cannot say so starts nothing, however long", async () => {
    const cluster = changing();
    cluster.hasJobs = true;
    await cluster.turn(3);
    cluster.nodes[1].replaceMachine();
    await cluster.turn(5);
    cluster.elapsed += 86_400_000;
    await cluster.nodes[1].look();
    expect(cluster.nodes[1].says?.reason).toBe(
      "orders-node-1 is silent and may run Flink 1.0, and there are never two lines at once: replace it",
    );
    // Those of which nothing was ever told are being made.
    for (const name of ["orders-node-1", "orders-node-3"]) cluster.destroy(name);
    await cluster.turn(3);
    expect(cluster.nodes.map(({ flinkIsStopped }) => flinkIsStopped)).toEqual([false]);
  });

  test.each(["preparing", "stopping", "applying"])("in the middle of it (%s) waits for the others", async (phase) => {
    const cluster = changing();
    await cluster.turn(MANY, inPhase(cluster, phase));
    cluster.nodes[1].replaceMachine();
    await cluster.turn(MANY, () => cluster.settledOn("nextLine"));
    expect(cluster.settledOn("nextLine")).toBe(true);
  });

  test("in the middle of what fails starts nothing, and the others go back", async () => {
    const cluster = changing("badNextLine");
    await cluster.turn(MANY, inPhase(cluster, "applying"));
    cluster.nodes[1].replaceMachine();
    await cluster.turn(3 * PATIENCE, inPhase(cluster, "failed"));
    await cluster.turn(3);
    expect(cluster.nodes.map(({ flinkIsStopped }) => flinkIsStopped)).toEqual([false, true, false]);
    expect(cluster.lock?.reason).toContain("orders-node-2 has nothing to go back to");
    cluster.want("first");
    await cluster.turnAtOnce(20);
    expect(cluster.settledOn("first")).toBe(true);
  });
});

describe("a machine that is silent", () => {
  test.each(["preparing", "stopping"])("in the middle of it (%s): the others run what they ran", async (phase) => {
    const cluster = changing();
    await cluster.turn(MANY, inPhase(cluster, phase));
    cluster.destroy("orders-node-3");
    await cluster.turn(3 * PATIENCE);
    expect(cluster.runs).toEqual(["first", "first"]);
    expect(cluster.nodes.map(({ flinkIsStopped }) => flinkIsStopped)).toEqual([false, false]);
  });

  test("while all stop to go back is told of, and a new one in its place lets them", async () => {
    const cluster = changing("badNextLine");
    await cluster.turn(MANY, inPhase(cluster, "applying"));
    await cluster.turn(3);
    const gone = cluster.nodes[2];
    cluster.destroy(gone.name);
    await cluster.turn(3 * PATIENCE);
    expect(cluster.lock?.phase).toBe("stopping");
    expect(cluster.nodes[0].says?.reason).toMatch(/; orders-node-3 has not stopped Flink, or is silent: replace it$/);
    cluster.remake(gone);
    await cluster.turn(PATIENCE, inPhase(cluster, "failed"));
    await cluster.turn(3);
    expect(cluster.runs).toEqual(["first", "first", "badNextLine"]);
    expect(cluster.nodes.map(({ isUp, flinkIsStopped }) => [isUp, flinkIsStopped])).toEqual([
      ...[1, 2].map(() => [true, false]),
      [false, true],
    ]);
  });

  test("that boots in the middle of it runs no other line than the rest", async () => {
    for (const phase of ["preparing", "stopping", "applying"]) {
      for (const after of [0, 1, 4]) {
        const cluster = changing(after === 1 ? "nextLine" : "badNextLine");
        await cluster.turn(MANY, inPhase(cluster, phase));
        await cluster.turn(after);
        for (const node of cluster.nodes) node.reboot();
        const end: StateName = after === 1 ? "nextLine" : "first";
        const isOver = () => cluster.runs.every((name) => name === end) && cluster.lock?.phase !== "applying";
        await cluster.turn(3 * PATIENCE, () => isOver() && cluster.nodes.every(({ isUp }) => isUp));
        expect([phase, after, cluster.runs]).toEqual([phase, after, all(end)]);
      }
    }
  });
});
