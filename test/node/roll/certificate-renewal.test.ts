import { leastCertificateValidity } from "../../../lib/cluster/certificate-validity";
import { ILL_AFTER_MILLIS } from "../../../lib/node/agent/roll/illness";
import { LONGEST_RECOVERY_MILLIS } from "../../../lib/node/agent/roll/recovery";
import { ClusterModel, type ModelNode } from "./cluster-model";

jest.spyOn(process.stdout, "write").mockImplementation(() => true);

const MANY = 80;
const PATIENCE = LONGEST_RECOVERY_MILLIS / 5_000 + MANY;
const IN_ORDER = ["orders-node-2", "orders-node-3", "orders-node-1"];
const FIRST = { first: 0, others: 0 };

/** One whose certificates are due now. */
function dueCluster(): ClusterModel {
  const cluster = new ClusterModel();
  cluster.now = cluster.dueOf(FIRST);
  return cluster;
}

// The model throws as soon as a second node is taken down.
describe("certificates", () => {
  test("are left alone until they are due", async () => {
    const cluster = new ClusterModel();
    cluster.now = cluster.dueOf(FIRST) - 1_000_000;
    await cluster.turn(10);
    expect(cluster.lock).toBeUndefined();
    expect(cluster.nodes.map(({ certificates }) => certificates)).toEqual([FIRST, FIRST, FIRST]);
  });

  test("are renewed by one node after the other, the leader last, with one hand-over", async () => {
    const cluster = dueCluster();
    await cluster.turn(MANY, () => cluster.isRenewed);
    expect(cluster.isRenewed).toBe(true);
    expect(cluster.downs).toEqual(IN_ORDER);
    expect(cluster.handOvers).toBe(1);
    expect(cluster.lock).toMatchObject({ owner: null, generation: 3 });
    const ofNode = (node: number) =>
      ["started", "applied", "healthy", "released"].map((what) => `${node} ${what} certificates`);
    expect(cluster.events.sort()).toEqual([...ofNode(1), ...ofNode(2), ...ofNode(3)].sort());
    await cluster.turn(MANY);
    expect(cluster.downs).toHaveLength(3);
  });

  test.each([1, 3, 10])(
    "of the shortest life that %i nodes may give them never end before their turn",
    async (count) => {
      const cluster = new ClusterModel(Array.from({ length: count }, (_, index) => `orders-node-${index + 1}`));
      const life = leastCertificateValidity(count).toSeconds() * 1000;
      cluster.validitySeconds = life / 1000;
      // A turn takes two minutes, some of them before the node is stopped.
      cluster.looksToStart = 20;
      // The worst case: the leader, which is the last in every round, is due first, and all others as late as in its round.
      const later = { first: life / 12 - 5_000, others: life / 12 - 5_000 };
      for (const node of cluster.nodes.slice(1)) node.shows = node.certificates = later;
      let overAt: number | undefined;
      await cluster.turn((3 * life) / 5_000, () => {
        if (cluster.nodes.some(({ isOver }) => isOver)) overAt = cluster.now;
        return overAt !== undefined;
      });
      expect(overAt).toBeUndefined();
      for (const { name } of cluster.nodes) {
        // Each time two thirds of them are over, and not more often.
        const renewals = cluster.downs.filter((node) => node === name).length;
        expect([3, 4]).toContain(renewals);
      }
    },
  );

  test("that are due a little apart are renewed in one round, the leader last", async () => {
    const cluster = new ClusterModel();
    const later = { first: 300_000, others: 300_000 };
    for (const node of cluster.nodes.slice(1)) node.shows = node.certificates = later;
    cluster.now = cluster.dueOf(FIRST);
    await cluster.turn(10);
    expect(cluster.nodes[0].says).toMatchObject({ phase: "waiting", reason: "orders-node-2 comes first" });
    await cluster.turn(MANY * 2, () => cluster.isRenewed);
    expect(cluster.downs).toEqual(IN_ORDER);
  });

  test("that cannot be had stop nothing, are told of and tried again; others do not wait for that node", async () => {
    const cluster = dueCluster();
    const [, second] = cluster.nodes;
    second.kmsIsAway = true;
    await cluster.turn(MANY);
    expect(second.renewalProblem).toBe("KMS is away");
    expect(second.isUp).toBe(true);
    expect(cluster.downs).toEqual(["orders-node-3", "orders-node-1"]);
    expect(cluster.lock!.owner).toBeNull();
    cluster.want("second");
    await cluster.turn(MANY, () => cluster.settledOn("second"));
    expect(cluster.settledOn("second")).toBe(true);
    second.kmsIsAway = false;
    await cluster.turn(MANY, () => cluster.isRenewed);
    expect([cluster.isRenewed, second.renewalProblem]).toEqual([true, undefined]);
  });

  test("that cannot be laid down keep no lock from the others, and are tried again in a while", async () => {
    const cluster = dueCluster();
    const [, second] = cluster.nodes;
    second.diskIsFull = true;
    await cluster.turn(MANY);
    expect(second.renewalProblem).toBe("ENOSPC");
    expect(cluster.downs).toEqual(["orders-node-3", "orders-node-1"]);
    expect(cluster.lock!.owner).toBeNull();
    expect(cluster.events.filter((event) => event === "2 started certificates")).toHaveLength(1);
    second.diskIsFull = false;
    await cluster.turn(3 * MANY, () => cluster.isRenewed);
    expect([cluster.isRenewed, second.renewalProblem]).toEqual([true, undefined]);
  });

  test("that lack a name which the resolver gives since are renewed in their turn", async () => {
    const cluster = new ClusterModel();
    cluster.now = 1_000_000;
    await cluster.turn(2);
    cluster.nodes[1].lacksNameSince = cluster.now;
    await cluster.turn(MANY, () => cluster.downs.length > 0);
    expect(cluster.downs).toEqual(["orders-node-2"]);
    await cluster.turn(MANY, () => !cluster.lock!.owner);
    cluster.want("second");
    await cluster.turn(MANY, () => cluster.settledOn("second"));
    expect(cluster.settledOn("second")).toBe(true);
    expect(cluster.downs).toHaveLength(4);
  });

  test("do not wait for a node that the cluster shall have no more", async () => {
    const cluster = dueCluster();
    cluster.destroy("orders-node-3");
    await cluster.turn(10);
    expect(cluster.downs).toEqual([]);
    expect(cluster.nodes[0].says!.reason).toBe("orders-node-3 has not reported yet");
    cluster.want("smaller");
    await cluster.turn(2 * MANY, () => cluster.isRenewed && cluster.settledOn("smaller"));
    expect([cluster.isRenewed, cluster.settledOn("smaller")]).toEqual([true, true]);
  });

  test("wait while another node is ill", async () => {
    const cluster = dueCluster();
    jest.spyOn(cluster.nodes[2], "isUp", "get").mockReturnValue(false);
    await cluster.turn(10);
    expect(cluster.downs).toEqual([]);
    expect(cluster.nodes[1].says).toMatchObject({ phase: "waiting", reason: "orders-node-3 is starting" });
  });

  test("that are over everywhere are renewed at once: nobody could become healthy before", async () => {
    const cluster = new ClusterModel();
    for (const node of cluster.nodes) node.kmsIsAway = true;
    cluster.now = cluster.endOf(FIRST);
    await cluster.turn(10);
    expect(cluster.nodes.some(({ isUp }) => isUp)).toBe(false);
    expect(cluster.downs).toEqual([]);
    for (const node of cluster.nodes) node.kmsIsAway = false;
    // Each of them begins anew before the next one does.
    const wentDown = jest.spyOn(cluster, "wentDown").mockImplementation(() => undefined);
    await cluster.turn(10, () => cluster.isRenewed);
    expect(cluster.isRenewed).toBe(true);
    expect(wentDown).toHaveBeenCalledTimes(3);
  });

  test("are renewed without a roll where a node was never healthy, once", async () => {
    const cluster = dueCluster();
    const ill: ModelNode = cluster.nodes[1];
    ill.wasHealthy = false;
    jest.spyOn(ill, "isUp", "get").mockReturnValue(false);
    expect(await ill.look()).toBe("start anew");
    for (let look = 0; look < 5; look++) await ill.look();
    expect(cluster.downs).toEqual(["orders-node-2"]);
    expect(cluster.lock).toBeUndefined();
  });
});

describe("renewal and a desired state", () => {
  test("that come together are both taken over, one after the other", async () => {
    const cluster = dueCluster();
    cluster.want("second");
    await cluster.turn(2 * MANY, () => cluster.isRenewed && cluster.settledOn("second"));
    expect([cluster.isRenewed, cluster.settledOn("second")]).toEqual([true, true]);
    expect(cluster.downs).toHaveLength(6);
  });

  test("that is refused: certificates are renewed all the same", async () => {
    const cluster = dueCluster();
    cluster.want("otherLine");
    await cluster.turn(MANY, () => cluster.isRenewed);
    expect(cluster.isRenewed).toBe(true);
    expect(cluster.downs).toEqual(IN_ORDER);
  });

  test("that has failed: certificates are renewed, the roll stays stopped, and another state goes on", async () => {
    const cluster = new ClusterModel();
    cluster.want("bad");
    await cluster.turn(PATIENCE, () => cluster.lock?.phase === "failed");
    const { change, reason } = cluster.lock!;
    const downs = cluster.downs.length;
    cluster.now = cluster.dueOf(FIRST);
    await cluster.turn(MANY, () => cluster.isRenewed);
    await cluster.turn(MANY);
    expect(cluster.isRenewed).toBe(true);
    expect(cluster.downs).toHaveLength(downs + 3);
    expect(cluster.lock).toMatchObject({ owner: "orders-node-2", phase: "failed", change, reason });
    expect(cluster.lock).not.toHaveProperty("stopped");
    cluster.want("third");
    await cluster.turn(MANY, () => cluster.settledOn("third"));
    expect(cluster.settledOn("third")).toBe(true);
  });

  test("that goes back while certificates are renewed: the lock that was kept for it becomes free", async () => {
    const cluster = new ClusterModel();
    cluster.want("bad");
    await cluster.turn(PATIENCE, () => cluster.lock?.phase === "failed");
    cluster.now = cluster.dueOf(FIRST);
    await cluster.turn(MANY, () => cluster.lock?.owner === "orders-node-3");
    expect(cluster.lock!.stopped).toMatchObject({ owner: "orders-node-2" });
    cluster.want("first");
    await cluster.turn(MANY, () => cluster.isRenewed && cluster.lock!.owner === null);
    expect([cluster.isRenewed, cluster.lock!.owner]).toEqual([true, null]);
  });

  test("that has failed is not tried again by a node whose renewal fails too", async () => {
    const cluster = new ClusterModel();
    cluster.want("bad");
    await cluster.turn(PATIENCE, () => cluster.lock?.phase === "failed");
    cluster.now = cluster.dueOf(FIRST);
    const downs = cluster.downs.length;
    await cluster.turn(MANY, () => cluster.downs.length > downs);
    cluster.jobFailed = true;
    await cluster.turn(MANY, () => cluster.isRenewed);
    await cluster.turn(MANY);
    expect(cluster.isRenewed).toBe(true);
    expect(cluster.events.filter((event) => event.endsWith("failed certificates"))).toHaveLength(1);
    expect(cluster.events.filter((event) => event.endsWith("started bad"))).toHaveLength(1);
    expect(cluster.lock).toMatchObject({ owner: "orders-node-2", phase: "failed" });
  });

  test("a renewal after which a job has failed is told of and holds nothing up", async () => {
    const cluster = dueCluster();
    await cluster.turn(MANY, () => cluster.downs.length === 1);
    cluster.jobFailed = true;
    let wasLent = false;
    await cluster.turn(MANY, () => {
      wasLent ||= cluster.lock?.stopped !== undefined;
      return cluster.isRenewed;
    });
    expect(wasLent).toBe(false);
    expect(cluster.events).toContain("2 failed certificates");
    expect(cluster.isRenewed).toBe(true);
    cluster.want("second");
    await cluster.turn(MANY, () => cluster.settledOn("second"));
    expect(cluster.settledOn("second")).toBe(true);
  });
});

describe("renewal and a node that is ill until another desired state", () => {
  const MANY_WITH_ILLNESS = ILL_AFTER_MILLIS / 5_000 + 3 * MANY;

  /** The third is ill, and its certificates are not due. */
  function cluster(isDueToo: boolean): ClusterModel {
    const model = dueCluster();
    const [, , third] = model.nodes;
    if (!isDueToo) third.shows = third.certificates = { first: model.now, others: model.now };
    third.illUnder = "first";
    return model;
  }

  test.each([true, false])(
    "it is mended first, then certificates are renewed (its own are due: %s)",
    async (isDueToo) => {
      const model = cluster(isDueToo);
      model.want("second");
      await model.turn(MANY_WITH_ILLNESS, () => model.isRenewed && model.settledOn("second"));
      expect([model.isRenewed, model.settledOn("second")]).toEqual([true, true]);
      expect(model.downs[0]).toBe("orders-node-3");
      expect(model.events.filter((event) => event.includes("failed"))).toEqual([]);
    },
  );

  test("a certificate that is good mends nothing: it waits", async () => {
    const model = cluster(true);
    await model.turn(MANY_WITH_ILLNESS);
    expect([model.downs, model.lock]).toEqual([[], undefined]);
  });

  test("one that is over is renewed at once, ill or not", async () => {
    const model = cluster(true);
    model.now = model.endOf(FIRST);
    jest.spyOn(model, "wentDown").mockImplementation(() => undefined);
    await model.turn(MANY);
    expect(model.nodes.every(({ certificates }) => certificates.first > 0 && certificates.others > 0)).toBe(true);
    expect(model.lock).toBeUndefined();
  });

  test("a renewal that is prepared gives the lock to it", async () => {
    const model = cluster(false);
    const [, , third] = model.nodes;
    third.illUnder = undefined;
    await model.turn(MANY, () => model.lock?.phase === "preparing");
    expect(model.lock!.change!.kind).toBe("certificates");
    third.illUnder = "first";
    model.want("second");
    await model.turn(MANY_WITH_ILLNESS, () => model.isRenewed && model.settledOn("second"));
    expect(model.downs[0]).toBe("orders-node-3");
    expect([model.isRenewed, model.settledOn("second")]).toEqual([true, true]);
  });

  test("a roll that has failed stays stopped meanwhile, but for another state", async () => {
    const model = new ClusterModel();
    model.want("bad");
    await model.turn(PATIENCE, () => model.lock?.phase === "failed");
    const { change, generation } = model.lock!;
    const downs = model.downs.length;
    model.now = model.dueOf(FIRST);
    model.nodes[2].illUnder = "first";
    await model.turn(MANY_WITH_ILLNESS);
    expect(model.lock).toMatchObject({ owner: "orders-node-2", phase: "failed", change, generation });
    expect(model.downs).toHaveLength(downs);
    model.want("third");
    await model.turn(MANY_WITH_ILLNESS, () => model.isRenewed && model.settledOn("third"));
    expect([model.isRenewed, model.settledOn("third")]).toEqual([true, true]);
    expect(model.downs[downs]).toBe("orders-node-3");
  });
});
