import { createHash } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import type { S3Client } from "@aws-sdk/client-s3";
import { desiredStateKey, reportKey, rollLockKey } from "../../../lib/core/bucket-layout";
import type { NodeReport } from "../../../lib/node/report";
import type { RollPhase } from "../../../lib/node/roll";
import { ClusterWatch, type Held } from "../../../lib/operate/replace/cluster-watch";
import type { MachineAccount } from "../../../lib/operate/replace/machine-account";
import type { ProgramNode } from "../../../lib/operate/replace/nodes-of-program";
import { Replacer } from "../../../lib/operate/replace/replace";
import type { PlanOptions } from "../../../lib/operate/terraform";
import { NO_PROGRESS, type Progress } from "../../../lib/software/progress";
import { shownPlan } from "../../plan-guard/shown-plan";
import { bucketOf } from "../../software/bucket-of-texts";

const OLD = "ami-00000000000000001";
const NEW = "ami-00000000000000002";
const NAMES = ["orders-node-1", "orders-node-2", "orders-node-3"];
const NODES = NAMES.map((name, index): ProgramNode => {
  const id = `flink_Node${index + 1}`;
  const dependents = [`aws_volume_attachment.${id}_DataVolumeAttachment_00000000`];
  return { cluster: "orders", name, address: `aws_instance.${id}_0000000${index}`, dependents };
});
const DESIRED = JSON.stringify({ nodes: NAMES.map((name) => ({ name })) });
const SHA256 = createHash("sha256").update(DESIRED).digest("hex");

/** A cluster of three machines that Terraform replaces, and each of which reports when it is made. */
class Cluster implements MachineAccount {
  public readonly said: string[] = [];
  public readonly machines = new Map(NAMES.map((name) => [name, { imageId: OLD, boot: 1, isProtected: true }]));
  private readonly reports: Record<string, string> = { [desiredStateKey("orders")]: DESIRED };
  private plan?: PlanOptions;
  private leader = "orders-node-1";
  /** Whether AWS lets nobody protect a machine any more. */
  public refusesProtection = false;
  /** What a person still sees at the end. */
  public readonly warned: string[] = [];
  /** Whether a node holds the lock of the rolling change for itself. */
  public isRolling = false;
  /** Nodes whose last reports are of long ago. */
  public readonly silent = new Set<string>();
  /** Whether all nodes hold the lock, to change Flink's line. */
  private changesLine = false;
  /** In whose name it is held for a machine. */
  public holder?: string;
  /** What goes wrong with a machine that is made. */
  public failure?: { readonly node: string; readonly what: "apply" | "boot" | "health" };

  public constructor() {
    NAMES.forEach((name) => this.report(name));
  }

  public replacer({
    isForced,
    isNamed,
    ...props
  }: { down?: readonly string[]; isForced?: boolean; isNamed?: boolean } = {}): Replacer {
    const age = (key: string): number => ([...this.silent].some((name) => key === reportKey("orders", name)) ? 91 : 0);
    const { client } = bucketOf(this.reports, undefined, age) as { client: S3Client };
    const watch = new ClusterWatch({
      from: { client, bucket: "some-bucket", cluster: "orders" },
      takeLock: (node) => Promise.resolve(this.takeLock(node)),
      ...{ nodes: NAMES, timeoutMillis: 50, pollMillis: 1, ...props },
    });
    const warn = (text: string): void => void this.warned.push(text);
    const progress: Progress = { ...NO_PROGRESS, task: (name) => ({ ...NO_PROGRESS.task(name), warn }) };
    return new Replacer({ terraform: this.terraform, account: this, watch, progress, isForced, isNamed });
  }

  public report(name: string, difference: Partial<NodeReport> = {}): void {
    const { imageId, boot } = this.machines.get(name)!;
    this.reports[reportKey("orders", name)] = JSON.stringify({
      ...{ schemaVersion: 1, status: "healthy", bootId: `${name}, boot ${boot}`, imageId },
      ...{ running: { versionId: "v", sha256: SHA256, since: "" }, leads: name === this.leader },
      ...difference,
    });
  }

  /** All nodes are so far with another line of Flink. */
  public changeLine(phase: RollPhase, reason?: string): void {
    this.changesLine = phase !== "failed";
    const change = { kind: "desired-state", sha256: "0123456789abcdef", line: { from: "2.2", to: "2.3" } };
    this.reports[rollLockKey("orders")] = JSON.stringify({
      ...{ schemaVersion: 1, owner: "orders-node-1", generation: 1, since: "2026-01-01T00:00:00.000Z", phase, reason },
      change: { ...change, reason: "Flink 2.3 in place of 2.2" },
    });
  }

  private takeLock(node: string): Held | undefined {
    if (this.isRolling || this.changesLine) return undefined;
    this.holder = node;
    return {
      release: () => {
        this.holder = undefined;
        return Promise.resolve();
      },
    };
  }

  public requireImage(imageId: string): Promise<void> {
    return imageId === NEW ? Promise.resolve() : Promise.reject(new Error(`no image ${imageId}`));
  }

  public protect(instanceId: string, isProtected: boolean): Promise<void> {
    this.said.push(`${isProtected ? "protects" : "lifts"} ${instanceId}`);
    const machine = this.machines.get(instanceId.slice(2));
    if (machine) machine.isProtected = isProtected;
    return Promise.resolve();
  }

  public protectAgain(instanceId: string): Promise<void> {
    return this.refusesProtection ? Promise.reject(new Error("access denied")) : this.protect(instanceId, true);
  }

  private readonly terraform = {
    plan: (options: PlanOptions): Promise<void> => {
      this.plan = options;
      writeFileSync(options.out, "the plan");
      return Promise.resolve();
    },
    showPlan: (): Promise<string> =>
      Promise.resolve(
        shownPlan(
          this.planned().flatMap(({ address, name, dependents: [attachment] }) => [
            {
              address,
              actions: ["delete", "create"],
              before: {
                ...{ id: `i-${name}`, ami: this.machines.get(name)!.imageId, tags: { Name: name } },
                disable_api_termination: this.machines.get(name)!.isProtected,
              },
              after: { ami: NEW, tags: { Name: name } },
            },
            {
              address: attachment,
              actions: ["delete", "create"],
              before: { instance_id: `i-${name}` },
              after: {},
            },
          ]),
        ),
      ),
    apply: (): Promise<void> => {
      const [{ name }] = this.planned();
      const machine = this.machines.get(name)!;
      if (machine.isProtected) return Promise.reject(new Error(`${name} is protected`));
      if (this.holder !== name && !this.changesLine)
        return Promise.reject(new Error("nobody keeps the other nodes from rolling"));
      this.said.push(`replaces ${name}`);
      const failure = this.failure?.node === name ? this.failure.what : undefined;
      if (failure === "apply") return Promise.reject(new Error("no capacity"));
      this.machines.set(name, { imageId: NEW, boot: machine.boot + 1, isProtected: true });
      if (this.leader === name) this.leader = "orders-node-2";
      if (failure !== "boot") this.silent.delete(name);
      if (failure !== "boot")
        this.report(name, failure === "health" ? { status: "starting", reasons: ["no disk"] } : {});
      return Promise.resolve();
    },
  };

  private planned(): readonly ProgramNode[] {
    return NODES.filter(({ address }) => this.plan!.replace.includes(address));
  }

  public get planIsLeft(): boolean {
    return existsSync(this.plan!.out);
  }
}

test("machines are replaced one after the other, the leader last, each without its protection for just that", async () => {
  const cluster = new Cluster();
  await cluster.replacer().replace(NODES);
  expect(cluster.said).toEqual([
    ...["lifts i-orders-node-2", "replaces orders-node-2"],
    ...["lifts i-orders-node-3", "replaces orders-node-3"],
    ...["lifts i-orders-node-1", "replaces orders-node-1"],
  ]);
  expect([...cluster.machines.values()].every(({ isProtected }) => isProtected)).toBe(true);
  expect(cluster.planIsLeft).toBe(false);
  expect(cluster.holder).toBeUndefined();
});

test("what is behind is told by the machines, so that it goes on after a failure", async () => {
  const cluster = new Cluster();
  cluster.failure = { node: "orders-node-3", what: "apply" };
  const first = cluster.replacer();
  await expect(first.replace(NODES)).rejects.toThrow("no capacity");
  expect(first.whereItIs).toBe(
    "Replaced: orders-node-2. The machine of orders-node-3 is being replaced. The same command again goes on with what is left.",
  );
  expect(cluster.said.at(-1)).toBe("protects i-orders-node-3");
  expect(cluster.holder).toBeUndefined();

  cluster.failure = undefined;
  const second = cluster.replacer();
  const left = (await second.survey(NODES)).filter(({ why }) => why !== "current").map(({ node }) => node);
  expect(left.map(({ name }) => name)).toEqual(["orders-node-1", "orders-node-3"]);
  cluster.said.length = 0;
  await second.replace(left);
  expect(cluster.said.filter((line) => line.startsWith("replaces"))).toEqual([
    "replaces orders-node-3",
    "replaces orders-node-1",
  ]);
});

test("a machine that stays without its protection is told", async () => {
  const cluster = new Cluster();
  cluster.failure = { node: "orders-node-2", what: "apply" };
  cluster.refusesProtection = true;
  await expect(cluster.replacer().replace(NODES)).rejects.toThrow("no capacity");
  expect(cluster.warned).toEqual([
    "i-orders-node-2 is without its termination protection, which the next deploy restores: access denied",
  ]);
});

test("none is touched while another is ill, unless that is said to be away", async () => {
  const cluster = new Cluster();
  cluster.report("orders-node-3", { status: "unhealthy", reasons: ["no disk"] });
  const replacer = cluster.replacer();
  await expect(replacer.replace([NODES[1]])).rejects.toThrow(/orders-node-3 is unhealthy: no disk/);
  expect(cluster.said).toEqual([]);
  expect(replacer.whereItIs).toMatch(/^No machine was touched\./);

  await cluster.replacer({ down: ["orders-node-3"] }).replace([NODES[1]]);
  expect(cluster.said).toContain("replaces orders-node-2");
});

test("a job whose tasks wait for slots is waited for, unless they may be those of a node that is away anyway", async () => {
  const cluster = new Cluster();
  const [lookedAt, since] = ["2026-01-01T00:10:00.000Z", "2026-01-01T00:09:00.000Z"];
  const tasks = { total: 2, running: 0, finished: 0, waiting: 2 };
  cluster.report("orders-node-1", {
    flink: {
      ...{ lookedAt, version: "2.2.1", taskManagers: 3, slotsTotal: 3, slotsFree: 0 },
      jobs: [{ id: "a", name: "enrichment", state: "RUNNING", since, tasks }],
    },
  });
  await expect(cluster.replacer().replace([NODES[1]])).rejects.toThrow(
    "nobody could take a machine from the jobs now within 0 s: the job enrichment (a) is RUNNING, 0 of 2 tasks run " +
      "(mend or cancel that job, or come again when it has ended)",
  );
  expect(cluster.said).toEqual([]);
  await cluster.replacer({ down: ["orders-node-3"] }).replace([NODES[1]]);
  expect(cluster.said).toContain("replaces orders-node-2");
});

test("where all are made anew whatever they are, nothing tells which were, and so those that are left are named", async () => {
  const cluster = new Cluster();
  cluster.failure = { node: "orders-node-3", what: "apply" };
  const first = cluster.replacer({ isForced: true });
  await expect(first.replace(NODES)).rejects.toThrow("no capacity");
  expect(first.whereItIs).toBe(
    "Replaced: orders-node-2. The machine of orders-node-3 is being replaced. " +
      "Left: orders-node-1, orders-node-3; name each of them, as --force begins with all of them again.",
  );
});

test("one that is ill is replaced first, and then waited for like any other", async () => {
  const cluster = new Cluster();
  cluster.report("orders-node-3", { status: "unhealthy", reasons: ["no disk"] });
  await cluster.replacer().replace(NODES);
  expect(cluster.said.filter((line) => line.startsWith("replaces"))).toEqual([
    ...["replaces orders-node-3", "replaces orders-node-2", "replaces orders-node-1"],
  ]);
});

test.each([
  ["boot", /nobody could call orders-node-2 well within 0 s: the new machine has not reported yet/],
  ["health", /nobody could call orders-node-2 well within 0 s: it is starting: no disk/],
] as const)("it stops where a new machine fails: %s", async (what, why) => {
  const cluster = new Cluster();
  cluster.failure = { node: "orders-node-2", what };
  const replacer = cluster.replacer();
  await expect(replacer.replace(NODES)).rejects.toThrow(why);
  expect(cluster.said).toEqual(["lifts i-orders-node-2", "replaces orders-node-2"]);
  expect(replacer.whereItIs).toMatch(/^The machine of orders-node-2 is new, and not all nodes are well yet\./);
});

test("none is touched while a node takes a change over", async () => {
  const cluster = new Cluster();
  cluster.isRolling = true;
  await expect(cluster.replacer().replace(NODES)).rejects.toThrow(
    "nobody could replace orders-node-2 within 0 s: another machine or node is being changed",
  );
  expect(cluster.said).toEqual([]);
});

test("an image that is not there is found out before anything is lifted", async () => {
  const cluster = new Cluster();
  const refuse = (): Promise<void> => Promise.reject(new Error("there is no image"));
  jest.spyOn(cluster, "requireImage").mockImplementation(refuse);
  await expect(cluster.replacer().replace(NODES)).rejects.toThrow("there is no image");
  expect(cluster.said).toEqual([]);
});

describe("while all nodes change Flink's line", () => {
  const told =
    "all nodes stop Flink for Flink 2.3 in place of 2.2 (0123456789ab) since 2026-01-01T00:00:00.000Z: no disk";

  function changing(phase: RollPhase): Cluster {
    const cluster = new Cluster();
    for (const name of NAMES.slice(0, 2)) cluster.report(name, { status: "unhealthy", reasons: ["Flink is stopped"] });
    cluster.silent.add("orders-node-3");
    cluster.changeLine(phase, "no disk");
    return cluster;
  }

  test.each<RollPhase>(["stopping", "applying", "going-back"])(
    "a silent node that is named is replaced without the lock, and nobody has to be well: %s",
    async (phase) => {
      const cluster = changing(phase);
      cluster.failure = { node: "orders-node-3", what: "health" };
      expect(await cluster.replacer({ isNamed: true }).replace([NODES[2]])).toMatch(/^All nodes go on with the change/);
      expect(cluster.said).toEqual(["lifts i-orders-node-3", "replaces orders-node-3"]);
      expect(cluster.machines.get("orders-node-3")!.isProtected).toBe(true);
    },
  );

  test("its new machine is waited for until it has reported", async () => {
    const cluster = changing("stopping");
    cluster.failure = { node: "orders-node-3", what: "boot" };
    await expect(cluster.replacer({ isNamed: true }).replace([NODES[2]])).rejects.toThrow(
      /nobody could hear of orders-node-3 within 0 s: the new machine has not reported yet/,
    );
  });

  test("one that is not silent is not touched, and the sentence names the change and who is silent", async () => {
    const cluster = changing("stopping");
    await expect(cluster.replacer({ isNamed: true }).replace([NODES[1]])).rejects.toThrow(
      `nobody could replace orders-node-2 within 0 s: ${told}; orders-node-3 is silent: \`npx cdktf-flink replace orders-node-3\` goes on all the same`,
    );
    expect(cluster.said).toEqual([]);
  });

  test("none is touched that was not named", async () => {
    const cluster = changing("stopping");
    await expect(cluster.replacer().replace([NODES[2]])).rejects.toThrow(told);
    expect(cluster.said).toEqual([]);
  });

  test("nor one while nothing is stopped yet, as the nodes then give the lock back", async () => {
    const cluster = changing("preparing");
    await expect(cluster.replacer({ isNamed: true }).replace([NODES[2]])).rejects.toThrow(/orders-node-1 is rolling/);
    expect(cluster.said).toEqual([]);
  });
});
