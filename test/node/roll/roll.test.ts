import { LONGEST_RECOVERY_MILLIS } from "../../../lib/node/agent/roll/recovery";
import { ILL_AFTER_MILLIS } from "../../../lib/node/agent/roll/illness";
import { sha256Of } from "../../../lib/node/agent/state-store";
import { part } from "../support/cluster-input";
import { ClusterModel, STATES, type StateName } from "./cluster-model";

jest.spyOn(process.stdout, "write").mockImplementation(() => true);

const MANY = 60;
/** As many, where a node must first be known to be ill. */
const MANY_WITH_ILLNESS = ILL_AFTER_MILLIS / 5_000 + MANY;
/** Looks, five seconds apart, until a node that does not become healthy is given up. */
const PATIENCE = LONGEST_RECOVERY_MILLIS / 5_000 + MANY;

describe("a new desired state", () => {
  test("is taken over by one node after the other, the leader last, with one hand-over", async () => {
    const cluster = new ClusterModel();
    cluster.want("second");
    await cluster.turn(MANY, () => cluster.settledOn("second"));
    expect(cluster.settledOn("second")).toBe(true);
    expect(cluster.downs).toEqual(["orders-node-2", "orders-node-3", "orders-node-1"]);
    expect(cluster.handOvers).toBe(1);
    expect(cluster.lock).toMatchObject({ owner: null, generation: 3 });
    const ofNode = (node: number) =>
      ["started", "applied", "healthy", "released"].map((what) => `${node} ${what} second`);
    expect(cluster.events.sort()).toEqual([...ofNode(1), ...ofNode(2), ...ofNode(3)].sort());
    await cluster.turn(2);
    expect(cluster.nodes.map(({ says }) => says)).toEqual([undefined, undefined, undefined]);
  });

  test("waits for a node that has not reported yet", async () => {
    const cluster = new ClusterModel(["orders-node-1", "orders-node-2"]);
    cluster.want("second");
    await cluster.turn(5);
    expect(cluster.lock).toBeUndefined();
    expect(cluster.nodes[1].says).toMatchObject({ phase: "waiting", reason: "orders-node-3 has not reported yet" });
  });

  test("waits while a node is ill or a job is not whole", async () => {
    const cluster = new ClusterModel();
    cluster.otherJobIsReady = false;
    cluster.want("second");
    await cluster.turn(10);
    expect(cluster.lock).toBeUndefined();
    const waiting = (reason: string) => ({ phase: "waiting", reason });
    expect(cluster.nodes.map(({ says }) => says)).toMatchObject([
      waiting("orders-node-2 comes first"),
      waiting("not all tasks of the job b (b) run: it is RUNNING"),
      waiting("orders-node-2 comes first"),
    ]);
    cluster.otherJobIsReady = true;
    await cluster.turn(MANY, () => cluster.settledOn("second"));
    expect(cluster.settledOn("second")).toBe(true);
  });

  test("of another Flink line is refused, and the next one is not", async () => {
    const cluster = new ClusterModel();
    cluster.want("otherLine");
    await cluster.turn(5);
    expect(cluster.lock).toBeUndefined();
    for (const { says } of cluster.nodes) {
      expect(says).toMatchObject({
        phase: "refused",
        reason:
          "it has Flink 2.0.0 and the cluster runs 1.0.0: Flink 2.0 reads no savepoint of 1.0; undo the change, make a cluster of Flink 2.0 beside this one, or set allowStateLoss, with which all jobs begin anew",
      });
    }
    cluster.want("second");
    await cluster.turn(MANY, () => cluster.settledOn("second"));
    expect(cluster.settledOn("second")).toBe(true);
  });

  test("is tried at once where what runs was never healthy", async () => {
    const cluster = new ClusterModel();
    cluster.nodes[1].wasHealthy = false;
    jest.spyOn(cluster.nodes[1], "isUp", "get").mockReturnValue(false);
    cluster.want("second");
    expect(await cluster.nodes[1].look()).toBe("try at once");
    expect(await cluster.nodes[0].look()).toBe("soon");
    expect(cluster.lock).toBeUndefined();
  });
});

test("a smaller cluster does not wait for the TaskManager of a node that was taken away", async () => {
  const cluster = new ClusterModel([1, 2, 3, 4].map((number) => `orders-node-${number}`));
  cluster.want("second");
  await cluster.turn(MANY, () => cluster.downs.length === 1);
  expect(cluster.lock!.before!.taskManagers).toBe(3);
  cluster.destroy("orders-node-4");
  await cluster.turn(PATIENCE, () => cluster.settledOn("second"));
  expect(cluster.events.filter((event) => /failed|rolled-back/.test(event))).toEqual([]);
  expect(cluster.downs).toEqual(["orders-node-2", "orders-node-3", "orders-node-1"]);
});

describe("a cluster that has become ill is mended by another desired state", () => {
  test.each([
    ["one node", [3], [3, 2, 1]],
    ["the leader", [1], [1, 3, 2]],
    ["two nodes", [3, 1], [1, 3, 2]],
    ["all", [1, 2, 3], [1, 2, 3]],
  ])("%s: the ill ones first", async (_, ill, order) => {
    const cluster = new ClusterModel();
    for (const number of ill) cluster.nodes[number - 1].illUnder = "first";
    cluster.want("second");
    await cluster.turn(MANY_WITH_ILLNESS, () => cluster.settledOn("second"));
    expect(cluster.settledOn("second")).toBe(true);
    expect(cluster.downs).toEqual(order.map((number) => `orders-node-${number}`));
  });

  test("not before it is known to be ill: its agent may be new", async () => {
    const cluster = new ClusterModel();
    cluster.nodes[0].illUnder = "first";
    cluster.want("second");
    await cluster.turn(ILL_AFTER_MILLIS / 5_000);
    expect(cluster.lock).toBeUndefined();
    cluster.nodes[0].illUnder = undefined;
    await cluster.turn(MANY, () => cluster.settledOn("second"));
    expect(cluster.downs).toEqual(["orders-node-2", "orders-node-3", "orders-node-1"]);
  });

  test("a healthy node that has prepared lets the ill one go first", async () => {
    const cluster = new ClusterModel();
    cluster.want("second");
    await cluster.turn(MANY, () => cluster.lock?.phase === "preparing");
    cluster.nodes[2].illUnder = "first";
    await cluster.turn(MANY_WITH_ILLNESS, () => cluster.settledOn("second"));
    expect(cluster.downs).toEqual(["orders-node-3", "orders-node-2", "orders-node-1"]);
  });

  test("so does one at which an earlier change has failed", async () => {
    const cluster = new ClusterModel();
    cluster.want("bad");
    await cluster.turn(PATIENCE, () => cluster.lock?.phase === "failed");
    cluster.nodes[2].illUnder = "first";
    cluster.want("third");
    await cluster.turn(MANY_WITH_ILLNESS, () => cluster.settledOn("third"));
    expect(cluster.downs.slice(2)).toEqual(["orders-node-3", "orders-node-2", "orders-node-1"]);
  });

  test("healthy nodes wait where the change does not mend the ill one", async () => {
    const cluster = new ClusterModel();
    cluster.nodes[2].illUnder = "first";
    cluster.want("bad");
    await cluster.turn(2 * PATIENCE, () => cluster.lock?.phase === "failed");
    expect(cluster.downs).toEqual(["orders-node-3", "orders-node-3"]);
    expect(cluster.runs).toEqual(["first", "first", "first"]);
  });
});

describe("a look that fails", () => {
  test("is told with its reason, until one succeeds", async () => {
    const cluster = new ClusterModel();
    cluster.want("second");
    cluster.objects.before = () => Promise.reject(new Error("AccessDenied"));
    await expect(cluster.nodes[0].look()).rejects.toThrow("AccessDenied");
    expect(cluster.nodes[0].says).toMatchObject({ phase: "waiting", reason: "the last look failed: AccessDenied" });
    cluster.objects.before = () => Promise.resolve();
    await cluster.nodes[0].look();
    expect(cluster.nodes[0].says).toMatchObject({ phase: "waiting", reason: "orders-node-2 comes first" });
  });

  test("is told by the holder of a lock whose change this agent does not know", async () => {
    const cluster = new ClusterModel();
    const change = { kind: "other", sha256: "a", versionId: "b", reason: "c" };
    const lock = { schemaVersion: 1, owner: "orders-node-1", generation: 7, since: "then", phase: "applying", change };
    cluster.objects.put("rolls/orders/lock.json", JSON.stringify(lock));
    await expect(cluster.nodes[0].look()).rejects.toThrow("knows no change of the kind other");
    expect(cluster.nodes[0].says!.reason).toBe("the last look failed: this agent knows no change of the kind other");
  });

  test("to take the change over stops the roll after some times", async () => {
    const cluster = new ClusterModel();
    cluster.nodes[1].diskIsFull = true;
    cluster.want("second");
    await cluster.turn(MANY, () => cluster.nodes[1].says?.phase === "applying");
    await cluster.nodes[1].look();
    expect(cluster.nodes[1].says).toMatchObject({ phase: "applying", reason: "ENOSPC" });
    await cluster.turn(MANY, () => cluster.lock?.phase === "failed");
    expect(cluster.lock).toMatchObject({ phase: "failed", reason: "it cannot be taken over: ENOSPC" });
    expect(cluster.downs).toEqual([]);
    cluster.nodes[1].diskIsFull = false;
    cluster.want("third");
    await cluster.turn(MANY, () => cluster.settledOn("third"));
    expect(cluster.settledOn("third")).toBe(true);
  });
});

describe("credentials of jobs that nobody gives anew", () => {
  test("keep a node from starting its processes again: they would get none", async () => {
    const cluster = new ClusterModel();
    cluster.stsFailure = "STS is away";
    cluster.want("second");
    await cluster.turn(MANY_WITH_ILLNESS);
    expect([cluster.downs, cluster.lock]).toEqual([[], undefined]);
    expect(cluster.nodes[0].says).toMatchObject({ phase: "waiting", reason: "STS is away" });
    cluster.stsFailure = undefined;
    await cluster.turn(MANY, () => cluster.lock?.phase === "preparing");
    cluster.stsFailure = "STS is away";
    await cluster.turn(MANY);
    expect([cluster.downs, cluster.lock!.phase]).toEqual([[], "preparing"]);
    cluster.stsFailure = undefined;
    await cluster.turn(MANY, () => cluster.settledOn("second"));
    expect(cluster.settledOn("second")).toBe(true);
  });

  test("are no reason to refuse another role", async () => {
    const cluster = new ClusterModel();
    cluster.stsFailure = "nobody may take it";
    cluster.want("otherJobRole");
    await cluster.turn(MANY, () => cluster.settledOn("otherJobRole"));
    expect(cluster.settledOn("otherJobRole")).toBe(true);
  });
});

describe("a second desired state in the middle", () => {
  test("lets the node that is changed finish, and then counts alone", async () => {
    const cluster = new ClusterModel();
    cluster.want("second");
    await cluster.turn(MANY, () => cluster.downs.length === 1);
    cluster.want("third");
    await cluster.turn(MANY, () => cluster.settledOn("third"));
    expect(cluster.settledOn("third")).toBe(true);
    expect(cluster.events).toContain("2 healthy second");
    // The others never ran the second, and the leadership moved once.
    expect(cluster.downs).toHaveLength(4);
    expect(cluster.handOvers).toBe(1);
  });

  test("gives up one of which nothing was touched yet", async () => {
    const cluster = new ClusterModel();
    cluster.want("second");
    await cluster.turn(MANY, () => cluster.lock?.phase === "preparing");
    cluster.want("third");
    await cluster.turn(MANY, () => cluster.settledOn("third"));
    expect(cluster.downs).toHaveLength(3);
    expect(cluster.events).not.toContain("2 applied second");
  });
});

describe("a change that breaks", () => {
  async function broken(): Promise<ClusterModel> {
    const cluster = new ClusterModel();
    cluster.want("bad");
    await cluster.turn(PATIENCE, () => cluster.lock?.phase === "failed");
    expect(cluster.lock).toMatchObject({ owner: "orders-node-2", phase: "failed" });
    return cluster;
  }

  test("stops at the first node, which goes back by itself; the others never go down", async () => {
    const cluster = await broken();
    expect(cluster.runs).toEqual(["first", "first", "first"]);
    expect(cluster.downs).toEqual(["orders-node-2", "orders-node-2"]);
    expect(cluster.lock!.reason).toMatch(/^not well again after 10 minutes: the units of orders-node-2/);
    expect(cluster.nodes.every(({ isUp }) => isUp)).toBe(true);
    await cluster.turn(MANY);
    expect(cluster.downs).toHaveLength(2);
    expect(cluster.events.sort()).toEqual(
      ["2 applied bad", "2 failed bad", "2 rolled-back bad", "2 started bad"].sort(),
    );
    expect(cluster.nodes[0].says).toMatchObject({
      phase: "waiting",
      reason: expect.stringMatching(/^the roll stopped at orders-node-2: not well again/),
    });
    expect(cluster.nodes[1].says).toMatchObject({ phase: "failed" });
  });

  test("and fills the disk is gone back from all the same", async () => {
    const cluster = new ClusterModel();
    cluster.want("bad");
    await cluster.turn(PATIENCE, () => cluster.downs.length === 1);
    cluster.nodes[1].diskIsFull = true;
    await cluster.turn(PATIENCE, () => cluster.lock?.phase === "failed");
    expect(cluster.runs).toEqual(["first", "first", "first"]);
    expect(cluster.lock!.reason).not.toContain("ENOSPC");
  });

  test("is forgotten when the desired state goes back", async () => {
    const cluster = await broken();
    cluster.want("first");
    await cluster.turn(MANY, () => cluster.settledOn("first"));
    expect(cluster.settledOn("first")).toBe(true);
    expect(cluster.downs).toHaveLength(2);
  });

  test("is tried again, when it was mended, by the same node first", async () => {
    const cluster = await broken();
    cluster.want("third");
    await cluster.turn(MANY, () => cluster.settledOn("third"));
    expect(cluster.settledOn("third")).toBe(true);
    expect(cluster.downs.slice(2)).toEqual(["orders-node-2", "orders-node-3", "orders-node-1"]);
  });

  test("leaves the software of what ran before on the disk, and nothing else but its own", async () => {
    const cluster = new ClusterModel();
    cluster.want("otherPlugin");
    await cluster.turn(MANY, () => cluster.settledOn("otherPlugin"));
    cluster.want("third");
    await cluster.turn(MANY, () => cluster.settledOn("third"));
    const pluginOf = (digit: string) => part("flink-s3-fs-presto", "file", digit).key;
    expect(cluster.nodes[0].keptParts).toEqual(expect.arrayContaining([pluginOf("f"), pluginOf("8")]));
    cluster.want("second");
    await cluster.turn(MANY, () => cluster.settledOn("second"));
    expect(cluster.nodes[0].keptParts).toContain(pluginOf("8"));
    cluster.want("first");
    await cluster.turn(MANY, () => cluster.settledOn("first"));
    expect(cluster.nodes[0].keptParts).not.toContain(pluginOf("8"));
  });

  test("stops with nothing touched when a part cannot be fetched", async () => {
    const cluster = new ClusterModel();
    cluster.want("unfetchable");
    await cluster.turn(MANY, () => cluster.lock?.phase === "failed");
    expect(cluster.lock!.reason).toBe("nothing was stopped, as it cannot be prepared: there is no nowhere");
    expect(cluster.downs).toEqual([]);
    cluster.want("first");
    await cluster.turn(MANY, () => cluster.settledOn("first"));
    expect(cluster.downs).toEqual([]);
    expect(cluster.lock!.owner).toBeNull();
  });

  test("is one after which a job has failed", async () => {
    const cluster = new ClusterModel();
    cluster.want("second");
    await cluster.turn(MANY, () => cluster.downs.length === 1);
    cluster.jobFailed = true;
    await cluster.turn(MANY, () => cluster.lock?.phase === "failed");
    expect(cluster.lock!.reason).toMatch(/^the job a \(a\) failed/);
    expect(cluster.runs).toEqual(["first", "first", "first"]);
  });
});

describe("an agent that starts and falls", () => {
  test("stops the roll at the first node: its machine goes back by itself, and the lock says why", async () => {
    const cluster = new ClusterModel();
    cluster.want("falling");
    await cluster.turn(PATIENCE, () => cluster.lock?.phase === "failed");
    expect(cluster.lock).toMatchObject({ owner: "orders-node-2", phase: "failed", reason: "its agent ended 5 times" });
    expect(cluster.runs).toEqual(["first", "first", "first"]);
    expect(cluster.downs).toEqual(["orders-node-2", "orders-node-2"]);
    expect(cluster.events.sort()).toEqual([
      "2 applied falling",
      "2 failed falling",
      "2 rolled-back falling",
      "2 started falling",
    ]);
    await cluster.turn(MANY);
    expect(cluster.lock?.phase).toBe("failed");
    expect(cluster.nodes[1].says).toMatchObject({ phase: "failed", reason: "its agent ended 5 times" });
  });

  test("is mended by another desired state, and may be tried again after that", async () => {
    const cluster = new ClusterModel();
    cluster.want("falling");
    await cluster.turn(PATIENCE, () => cluster.lock?.phase === "failed");
    cluster.want("second");
    await cluster.turn(MANY, () => cluster.settledOn("second"));
    expect(cluster.settledOn("second")).toBe(true);
    cluster.want("falling");
    await cluster.turn(PATIENCE, () => cluster.lock?.phase === "failed");
    expect(cluster.runs).toEqual(["second", "second", "second"]);
  });

  test("is tried anew where it failed once, also when the agent is killed on the way there", async () => {
    const cluster = new ClusterModel();
    const [, node] = cluster.nodes;
    cluster.want("falling");
    await cluster.turn(PATIENCE, () => cluster.lock?.phase === "failed");
    cluster.want("first");
    await cluster.turn(MANY, () => cluster.settledOn("first"));
    cluster.leader = "orders-node-1";
    cluster.want("falling");
    await cluster.turn(MANY, () => cluster.lock?.phase === "preparing");
    expect(cluster.lock!.owner).toBe(node.name);
    // The lock says that it is applied, and nothing is.
    node.killAt = node.effects + 2;
    await cluster.turn(1);
    expect([cluster.lock?.phase, cluster.runs]).toEqual(["applying", ["first", "first", "first"]]);
    const before = cluster.downs.length;
    await cluster.turn(PATIENCE, () => cluster.lock?.phase === "failed");
    expect(cluster.downs.slice(before)).toEqual([node.name, node.name]);
  });

  test("nothing is on trial any more when a roll is through, has stopped, or its lock is gone", async () => {
    const cluster = new ClusterModel();
    const onTrial = () => cluster.nodes.filter(({ trial }) => trial.current).map(({ name }) => name);
    cluster.want("second");
    await cluster.turn(MANY, () => onTrial().length > 0);
    expect(onTrial()).toEqual(["orders-node-2"]);
    await cluster.turn(MANY, () => cluster.settledOn("second"));
    expect(onTrial()).toEqual([]);
    cluster.want("bad");
    await cluster.turn(PATIENCE, () => cluster.lock?.phase === "failed");
    expect(onTrial()).toEqual([]);
    cluster.want("third");
    await cluster.turn(MANY, () => onTrial().length > 0);
    cluster.objects.put("rolls/orders/lock.json", JSON.stringify({ schemaVersion: 1, owner: null, generation: 9 }));
    await cluster.turn(1);
    expect(onTrial()).toEqual([]);
  });
});

describe("the lock", () => {
  test("of a node that is gone for good is taken, of one that is only silent it is not", async () => {
    const cluster = new ClusterModel();
    cluster.want("second");
    const hold = (owner: string) =>
      cluster.objects.put(
        "rolls/orders/lock.json",
        JSON.stringify({ schemaVersion: 1, owner, generation: 7, since: "then", phase: "applying", change: {} }),
      );
    hold("orders-node-3");
    for (let look = 0; look < 5; look++) for (const node of cluster.nodes.slice(0, 2)) await node.look();
    expect(cluster.lock!.generation).toBe(7);
    hold("orders-node-4");
    await cluster.turn(MANY, () => cluster.settledOn("second"));
    expect(cluster.settledOn("second")).toBe(true);
    expect(cluster.lock!.generation).toBe(10);
  });

  test("of a machine that was replaced is kept until the new one is well and the jobs run", async () => {
    const cluster = new ClusterModel();
    cluster.want("second");
    await cluster.turn(MANY, () => cluster.downs.length === 1);
    cluster.looksToStart = 20;
    cluster.nodes[1].replaceMachine();
    await cluster.turn(10);
    expect(cluster.lock).toMatchObject({ owner: "orders-node-2", phase: "applying" });
    await cluster.turn(PATIENCE, () => cluster.settledOn("second"));
    expect(cluster.downs).toEqual(["orders-node-2", "orders-node-3", "orders-node-1"]);
    expect(cluster.events).toContain("2 healthy second");
  });

  test("makes no node go back from what it has not taken over itself", async () => {
    const cluster = new ClusterModel();
    cluster.want("second");
    await cluster.turn(MANY, () => cluster.settledOn("second"));
    const [first, second] = ["first", "second"].map((name) => sha256Of(STATES[name as StateName]));
    const forged = {
      ...{ schemaVersion: 1, owner: "orders-node-3", generation: 99, since: "then", phase: "going-back", reason: "x" },
      change: { kind: "desired-state", sha256: second, versionId: "v", reason: "a new desired state" },
      before: { sha256: first, taskManagers: 0, jobs: [] },
    };
    cluster.objects.put("rolls/orders/lock.json", JSON.stringify(forged));
    cluster.nodes[2].kill();
    await cluster.turn(MANY, () => cluster.lock?.phase === "failed");
    expect(cluster.lock!.reason).toContain("this machine has not taken it over in place of what the lock names");
    expect(cluster.runs).toEqual(["second", "second", "second"]);
    cluster.want("third");
    await cluster.turn(MANY, () => cluster.settledOn("third"));
    expect(cluster.settledOn("third")).toBe(true);
  });

  test("in a format of a newer release stops this one", async () => {
    const cluster = new ClusterModel();
    cluster.want("second");
    cluster.objects.put("rolls/orders/lock.json", JSON.stringify({ schemaVersion: 2, owner: null }));
    await expect(cluster.nodes[1].look()).rejects.toThrow("has a format that this agent does not know");
  });
});
