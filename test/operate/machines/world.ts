import { createHash } from "node:crypto";
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { desiredStateKey, reportKey, rollLockKey } from "../../../lib/core/bucket-layout";
import type { FoundMachine, MachineService } from "../../../lib/operate/machines/machine-service";
import type { NodeMachine } from "../../../lib/operate/machines/turns";
import type { FlinkReport, NodeReport } from "../../../lib/node/report";
import type { RollLockRecord, RollReport } from "../../../lib/node/roll";
import type { ClusterBucket } from "../../../lib/software/node-status";

const GIB = 1 << 30;
const MEMORY: Readonly<Record<string, number>> = {
  "m7i.large": 8192,
  "c7i.xlarge": 8192,
  "m7i.xlarge": 16384,
  "r7i.large": 16384,
};

const ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];

interface NodeOfWorld extends NodeMachine {
  instanceType: string;
  state: "running" | "stopped";
  boots: number;
  /** Looks at its report after a start until it is well again; Infinity: never. */
  looksUntilWell: number;
  gib: number;
  /** What it sees of it. */
  usedGib: number;
  /** SHA-256 of what it runs. */
  runs: string;
  leads: boolean;
  /** When the maintenance window opens that it waits for. */
  opensAt?: string;
  /** Whether it ever told of itself. */
  reports: boolean;
  /** Types with which its machine does not start. */
  noCapacityFor: readonly string[];
  /** Types with which it does not become well. */
  illAs: readonly string[];
}

/** A cluster with its bucket and its machines, which notes what is done to them, and that never two are away at once. */
export class World implements MachineService {
  public readonly done: string[] = [];
  public readonly nodes: NodeOfWorld[];
  public desired: string;
  /** What Flink says of its jobs; nothing: no node tells of it. */
  public jobs?: readonly { readonly name: string; state: string }[];
  /** Why nodes cannot use what their volumes have. */
  public growthProblem: { readonly problem?: string } = {};
  public onStop: () => void = () => undefined;
  /** The type that a zone lacks, by the zone. */
  public readonly zonesWithout = new Map<string, string>();
  /** Seconds since anybody wrote the lock, where it is not the run itself. */
  public lockAge = 0;
  /** Seconds since nodes reported. */
  public reportAge = 0;
  private readonly objects = new Map<string, { text: string; etag: string }>();
  private writes = 0;

  public constructor(instanceType = "m7i.large", count = 3) {
    const names = Array.from({ length: count }, (_, index) => `orders-node-${index + 1}`);
    this.desired = JSON.stringify({ nodes: names.map((name) => ({ name })) });
    this.nodes = names.map((node, index) => ({
      ...{ node, instanceId: `i-${index + 1}`, volumeId: `vol-${index + 1}`, instanceType, state: "running", boots: 1 },
      ...{ looksUntilWell: 0, gib: 20, usedGib: 20, runs: sha256(this.desired), leads: false, reports: true },
      ...{ noCapacityFor: [], illAs: [] },
    }));
  }

  public get from(): ClusterBucket {
    const send = async (command: GetObjectCommand | PutObjectCommand): Promise<unknown> =>
      command instanceof GetObjectCommand ? this.get(command.input.Key!) : this.put(command.input);
    return { client: { send } as unknown as S3Client, bucket: "some-bucket", cluster: "orders" };
  }

  public node(number: number): NodeOfWorld {
    return this.nodes[number - 1];
  }

  public get types(): readonly string[] {
    return this.nodes.map(({ instanceType }) => instanceType);
  }

  public get lock(): RollLockRecord | undefined {
    const found = this.objects.get(rollLockKey("orders"));
    return found && (JSON.parse(found.text) as RollLockRecord);
  }

  public set lock(record: Partial<RollLockRecord>) {
    this.store(rollLockKey("orders"), JSON.stringify({ schemaVersion: 1, generation: 1, since: "x", ...record }));
  }

  /** Another desired state, which nobody runs yet. */
  public tell(state: string): void {
    this.desired = JSON.stringify({ ...(JSON.parse(this.desired) as object), state });
  }

  public async machines(ids: readonly string[]): Promise<ReadonlyMap<string, FoundMachine>> {
    return new Map(
      this.nodes
        .map((one, index) => ({ ...one, zone: ZONES[index % ZONES.length] }))
        .filter(({ instanceId }) => ids.includes(instanceId))
        .map((one) => [one.instanceId, one]),
    );
  }

  public async memoryOf(types: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return new Map(types.map((type) => [type, MEMORY[type]]));
  }

  public async zonesWith(type: string): Promise<ReadonlySet<string>> {
    return new Set(ZONES.filter((zone) => this.zonesWithout.get(zone) !== type));
  }

  public async stop(id: string): Promise<void> {
    const node = this.byId(id);
    const away = this.nodes.filter((other) => other !== node && !this.isWell(other) && other.reports);
    if (away.length > 0) this.done.push(`${node.node} is stopped while ${away[0].node} is away`);
    this.done.push(`stop ${id}`);
    node.state = "stopped";
    this.onStop();
    if (!node.leads) return;
    node.leads = false;
    this.nodes.find((other) => other.state === "running")!.leads = true;
  }

  public async start(id: string): Promise<void> {
    const node = this.byId(id);
    if (node.noCapacityFor.includes(node.instanceType)) {
      throw Object.assign(new Error("We currently do not have sufficient capacity"), {
        name: "InsufficientInstanceCapacity",
      });
    }
    this.done.push(`start ${id} as ${node.instanceType}`);
    node.state = "running";
    node.boots++;
    node.looksUntilWell = node.illAs.includes(node.instanceType) ? Infinity : 2;
  }

  public async changeType(id: string, instanceType: string): Promise<void> {
    this.byId(id).instanceType = instanceType;
  }

  public async volumeSizes(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return new Map(
      this.nodes.filter(({ volumeId }) => ids.includes(volumeId)).map(({ volumeId, gib }) => [volumeId, gib]),
    );
  }

  public async growVolume(id: string, gib: number): Promise<void> {
    this.done.push(`grow ${id} to ${gib}`);
    this.nodes.find(({ volumeId }) => volumeId === id)!.gib = gib;
  }

  private byId(id: string): NodeOfWorld {
    return this.nodes.find(({ instanceId }) => instanceId === id)!;
  }

  private isWell({ state, looksUntilWell }: NodeOfWorld): boolean {
    return state === "running" && looksUntilWell <= 0;
  }

  private get(key: string): unknown {
    const node = this.nodes.find((one) => key === reportKey("orders", one.node));
    const text =
      key === desiredStateKey("orders") ? this.desired : node ? this.report(node) : this.objects.get(key)?.text;
    if (text === undefined || text === "") throw httpError("NoSuchKey", 404);
    const ETag = this.objects.get(key)?.etag ?? "x";
    const age = key === rollLockKey("orders") ? this.lockAge : node ? this.reportAge : 0;
    const LastModified = new Date(Date.now() - age * 1000);
    return { Body: { transformToByteArray: async () => Buffer.from(text) }, LastModified, ETag };
  }

  private report(node: NodeOfWorld): string | undefined {
    if (!node.reports) return undefined;
    const healthy = this.isWell(node);
    if (node.state === "running") node.looksUntilWell--;
    const report: Partial<NodeReport> = {
      schemaVersion: 1,
      reportedAt: "2026-01-01T00:00:00.000Z",
      bootId: String(node.boots),
      status: healthy ? "healthy" : "starting",
      reasons: healthy ? [] : ["the units start"],
      running: { versionId: "v", sha256: node.runs, since: "2026-01-01T00:00:00Z" },
      leads: node.leads,
      ...(node.opensAt === undefined ? {} : { roll: waitsUntil(node.opensAt) }),
      ...(node.leads && this.jobs ? { flink: this.flink() } : {}),
      dataVolume: {
        sizeBytes: node.usedGib * GIB,
        fileSystemBytes: Math.floor(node.usedGib * GIB * 0.98),
        ...this.growthProblem,
      },
    };
    return JSON.stringify(report);
  }

  private flink(): FlinkReport {
    const since = "2026-01-01T00:00:00.000Z";
    return {
      ...{ lookedAt: since, version: "2.2.1", taskManagers: this.nodes.filter((node) => this.isWell(node)).length },
      ...{ slotsTotal: 3, slotsFree: 0 },
      jobs: this.jobs!.map((job) => ({ id: "0".repeat(32), since, ...job })),
    };
  }

  private put({ Key, Body, IfMatch, IfNoneMatch }: PutObjectCommand["input"]): unknown {
    const found = this.objects.get(Key!);
    if ((IfNoneMatch && found) || (IfMatch && found?.etag !== IfMatch)) throw httpError("PreconditionFailed", 412);
    this.lockAge = 0;
    return { ETag: this.store(Key!, Body as string) };
  }

  private store(key: string, text: string): string {
    const etag = `"${++this.writes}"`;
    this.objects.set(key, { text, etag });
    return etag;
  }
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function waitsUntil(opensAt: string): RollReport {
  const reason = `the maintenance window opens at ${opensAt}`;
  return { phase: "waiting", sha256: "", since: "2026-01-01T00:00:00.000Z", reason, opensAt };
}

function httpError(name: string, httpStatusCode: number): Error {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });
}
