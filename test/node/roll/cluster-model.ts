import { desiredStateKey, reportKey, ROLL_EVENTS_PREFIX, rollLockKey } from "../../../lib/core/bucket-layout";
import type { NewCertificates } from "../../../lib/node/agent/certificates/certificates";
import { NewerStateWatch } from "../../../lib/node/agent/newer-state";
import { CertificateRenewal } from "../../../lib/node/agent/roll/certificate-renewal";
import type { FlinkView } from "../../../lib/node/agent/roll/flink-view";
import { Roll } from "../../../lib/node/agent/roll/roll";
import type { Outcome, RolledFlink } from "../../../lib/node/agent/roll/rolling-node";
import { lineOfState, parseState, StateChanges } from "../../../lib/node/agent/roll/state-change";
import { sha256Of, type StoredState } from "../../../lib/node/agent/state-store";
import type { DesiredState } from "../../../lib/node/desired-state";
import { clusterDesiredState, type ClusterLayoutInput } from "../../../lib/node/node-layout";
import type { LineChangeReport, NodeReport } from "../../../lib/node/report";
import type { RollEvent, RollLockRecord, RollReport } from "../../../lib/node/roll";
import { clusterInput, part } from "../support/cluster-input";
import { LostAnswer, MemoryObjects } from "./memory-objects";
import { MemoryTrial } from "./memory-trial";

const CLUSTER = "orders";
const LOOK_MILLIS = 5_000;

const WINDOW = { startMinute: 10, durationMinutes: 30 };

const OTHER_MAJOR = { ...part("flink", "tar.gz", "7"), version: "2.0.0" };
const NEXT_FLINK = { ...part("flink", "tar.gz", "7"), version: "1.1.0" };

/** What the bucket can say that the nodes shall run. */
export const STATES = {
  first: state("INFO"),
  second: state("WARN"),
  third: state("DEBUG"),
  /** Its units start and never become healthy. */
  bad: state("BAD"),
  /** Its agent starts and falls, once it has stopped what is outdated. */
  falling: state("FALL"),
  /** One of its parts is nowhere. */
  unfetchable: state("INFO", { plugins: [{ ...part("flink-s3-fs-presto", "file", "9"), key: "nowhere" }] }),
  otherLine: state("INFO", { flink: OTHER_MAJOR }),
  nextLine: state("INFO", { flink: NEXT_FLINK }),
  /** Of it: Flink starts and never becomes healthy. */
  badNextLine: state("BAD", { flink: NEXT_FLINK }),
  /** Its agent starts and falls. */
  fallingNextLine: state("FALL", { flink: NEXT_FLINK }),
  unfetchableNextLine: state("INFO", { flink: { ...NEXT_FLINK, key: "nowhere" } }),
  /** What runs first, of an older line than `nextLine`, with the word that state may be lost. */
  olderLine: state("INFO", {}, { allowStateLoss: true }),
  badOlderLine: state("BAD", {}, { allowStateLoss: true }),
  /** Of another major version. */
  otherMajor: state("INFO", { flink: OTHER_MAJOR }, { allowStateLoss: true }),
  badOtherMajor: state("BAD", { flink: OTHER_MAJOR }, { allowStateLoss: true }),
  otherMajorAndAgent: state(
    "INFO",
    { flink: OTHER_MAJOR, agent: part("agent", "file", "6") },
    { allowStateLoss: true },
  ),
  nextLineAndAgent: state("INFO", { flink: NEXT_FLINK, agent: part("agent", "file", "6") }),
  nextLineAndZooKeeper: state("INFO", { flink: NEXT_FLINK, zooKeeper: part("zookeeper", "tar.gz", "6") }),
  nextLineAndFewer: state("INFO", { flink: NEXT_FLINK }, { nodes: clusterInput().nodes.slice(0, 2) }),
  otherNextLine: state("DEBUG", { flink: NEXT_FLINK }),
  otherPlugin: state("INFO", { plugins: [part("flink-s3-fs-presto", "file", "8")] }),
  otherJobRole: state("INFO", {}, { jobRoleArn: "arn:aws:iam::123456789012:role/orders-job-2" }),
  /** `first` and `second`, to be taken over from ten minutes to forty minutes past midnight. */
  firstInWindow: state("INFO", {}, { maintenanceWindow: WINDOW }),
  secondInWindow: state("WARN", {}, { maintenanceWindow: WINDOW }),
  badInWindow: state("BAD", {}, { maintenanceWindow: WINDOW }),
  /** One slot of each TaskManager, and two; of the others nobody knows. */
  oneSlotEach: state("INFO", {}, { nodes: withSlots(1) }),
  twoSlotsEach: state("INFO", {}, { nodes: withSlots(2) }),
  /** Jobs take as many as there are. */
  oneSlotEachAdaptive: state("INFO", {}, { nodes: withSlots(1, 'jobmanager.scheduler: "Adaptive"\n') }),
  /** Without the third node. */
  smaller: state("INFO", {}, { nodes: clusterInput().nodes.slice(0, 2) }),
} as const;

export type StateName = keyof typeof STATES;

function state(level: string, software: object = {}, more: Partial<ClusterLayoutInput> = {}): Buffer {
  const input = clusterInput({ flinkFiles: { "log4j-console.properties": level }, ...more });
  return Buffer.from(JSON.stringify(clusterDesiredState({ ...input, software: { ...input.software, ...software } })));
}

function withSlots(slots: number, more = ""): ClusterLayoutInput["nodes"] {
  return clusterInput().nodes.map((node) => ({
    ...node,
    flinkConfiguration: `${node.flinkConfiguration}taskmanager.numberOfTaskSlots: "${slots}"\n${more}`,
  }));
}

/** Made once: a node asks for the name of what it runs many thousand times. */
const NAMES = new Map(Object.entries(STATES).map(([name, bytes]) => [sha256Of(bytes), name as StateName]));

function nameOf(sha256: string): StateName {
  const name = NAMES.get(sha256);
  if (name === undefined) throw new Error(`no state has the hash ${sha256}`);
  return name;
}

const LINES = new Map(
  Object.values(STATES).map((bytes) => [sha256Of(bytes), lineOfState(JSON.parse(bytes.toString()) as DesiredState)!]),
);

/** Of Flink, that a state names. */
function lineIn(sha256: string): string {
  return LINES.get(sha256)!;
}

/** The agent's process was killed. */
class Killed extends Error {}

/** The states on a machine's own disk. */
class MemoryStates {
  public current: StoredState;
  private before?: StoredState;

  /** @param isApplied whether it was applied, or only fetched by a new machine */
  public constructor(
    bytes: Buffer,
    public isApplied = true,
  ) {
    this.current = stored(bytes);
  }

  public applied(): Promise<StoredState | undefined> {
    return Promise.resolve(this.isApplied ? this.current : undefined);
  }

  public previous(): Promise<StoredState | undefined> {
    return Promise.resolve(this.before);
  }

  public recordApplied(next: StoredState): Promise<void> {
    if (next.reference.sha256 !== this.current.reference.sha256) this.before = this.current;
    this.current = next;
    return Promise.resolve();
  }

  public goBack(sha256: string): Promise<boolean> {
    if (this.before?.reference.sha256 !== sha256) return Promise.resolve(false);
    this.current = this.before;
    return Promise.resolve(true);
  }
}

function stored(bytes: Buffer): StoredState {
  return { bytes, reference: { versionId: "first", sha256: sha256Of(bytes), since: "2026-01-01T00:00:00.000Z" } };
}

/** When the certificates on a node's disk were issued; the first one is replaced first. */
interface ModelCertificates {
  readonly first: number;
  readonly others: number;
}

/** One node: its disk and its units outlive the agent's process. */
export class ModelNode {
  public disk: MemoryStates;
  public trial: MemoryTrial;
  /** What its units were started with. */
  public runs: string;
  public wasHealthy = true;
  /** Whether Flink is not to be started before the lock was read, as its disk says. */
  public isHeld = false;
  /** Whether its last look asked for what the bucket holds, outside of a roll. */
  public triesAtOnce = false;
  /** Whether no process of Flink runs. */
  public flinkIsStopped = false;
  private gateIsOpen = true;
  private wasStopped = false;
  private lineChange?: LineChangeReport;
  /** On its disk. */
  public certificates: ModelCertificates = { first: 0, others: 0 };
  /** Those that its units were started with. */
  public shows = this.certificates;
  /** Whether it gets no new ones. */
  public kmsIsAway = false;
  public renewalProblem?: string;
  /** Keys of the software that its disk shall hold. */
  public keptParts: readonly string[] = [];
  /** Since when the resolver calls it by a name that its certificates lack. */
  public lacksNameSince?: number;
  private knownToLackNameSince?: number;
  /** Its agent tells of its certificates as often as it is told to. */
  private reportedDueAt?: number;
  /** Counts what the agent does to the world; `killAt` is the number of the step before which it is killed. */
  public effects = 0;
  public killAt = Infinity;
  /** Whether its machine loses its power then. */
  public rebootsAtKill = false;
  private looksToHealth = 0;
  private roll?: Roll;
  private isAlive = true;
  private clock = 0;
  private told?: Omit<RollReport, "since">;
  private pending?: NodeReport["pending"];
  /** It is ill for ever while it runs that. */
  public illUnder?: StateName;
  /** What it is ill of then is none of Flink's. */
  public illBesideFlink = false;
  /** Neither what is applied nor a certificate can be written to its disk. */
  public diskIsFull = false;

  public constructor(
    public readonly name: string,
    private readonly cluster: ClusterModel,
  ) {
    this.disk = new MemoryStates(STATES.first);
    this.trial = this.newTrial();
    this.runs = this.disk.current.reference.sha256;
  }

  private newTrial(): MemoryTrial {
    return new MemoryTrial(this.disk, () => this.clock);
  }

  public get isUp(): boolean {
    return this.hasFlink && !this.isIllByItself;
  }

  /** Whether Flink has its TaskManager, and its tasks run. */
  public get hasFlink(): boolean {
    return (
      !this.flinkIsStopped &&
      this.looksToHealth <= 0 &&
      !nameOf(this.runs).startsWith("bad") &&
      (!this.isIllByItself || this.illBesideFlink) &&
      !this.isOver
    );
  }

  /** Nobody has stopped anything here. */
  public get isIllByItself(): boolean {
    return this.illUnder !== undefined && nameOf(this.runs) === this.illUnder;
  }

  private get dueAt(): number {
    const lacking = this.knownToLackNameSince;
    const { first, others } = this.certificates;
    return lacking !== undefined && Math.min(first, others) < lacking ? lacking : this.cluster.dueOf(this.certificates);
  }

  /** Its certificates are. */
  public get isOver(): boolean {
    return this.cluster.now >= this.cluster.endOf(this.shows);
  }

  public get says(): Omit<RollReport, "since"> | undefined {
    return this.told;
  }

  /** The agent's process ends, whatever it is doing; the next look is that of a new one. */
  public kill(): void {
    this.isAlive = false;
  }

  /** Another machine takes its place, whose disk is empty: it runs what the bucket holds. */
  public replaceMachine(): void {
    this.kill();
    this.roll = undefined;
    this.disk = new MemoryStates(this.cluster.wanted, false);
    this.trial = this.newTrial();
    this.wasHealthy = false;
    this.lineChange = undefined;
    this.isHeld = this.flinkIsStopped = true;
    this.runs = this.disk.current.reference.sha256;
    this.shows = this.certificates = { first: this.cluster.now, others: this.cluster.now };
    this.looksToHealth = this.cluster.looksToStart;
  }

  /** One look of the agent, which is started if it does not run. */
  public async look(): Promise<Outcome | "killed"> {
    this.clock += LOOK_MILLIS;
    if (this.looksToHealth > 0) this.looksToHealth--;
    if (await this.trial.ranOut()) {
      this.kill();
      this.roll = undefined;
    }
    this.roll ??= this.start();
    if (nameOf(this.disk.current.reference.sha256).startsWith("falling")) {
      this.roll = undefined;
      await this.trial.agentFell();
      return "killed";
    }
    if (this.isUp) this.disk.isApplied = this.wasHealthy = true;
    this.cluster.objects.put(reportKey(CLUSTER, this.name), JSON.stringify(this.report()));
    let outcome: Outcome | "killed";
    try {
      outcome = await this.roll.look();
    } catch (error) {
      if (this.isAlive && !(error instanceof LostAnswer)) throw error;
      outcome = this.isAlive ? "soon" : "killed";
    }
    // What stands in the way of the end of a process does not stop it.
    if (!this.isAlive) outcome = "killed";
    if (outcome === "killed" && this.rebootsAtKill && this.effects === this.killAt) this.reboot();
    if (outcome === "killed" || outcome === "start anew") this.roll = undefined;
    this.triesAtOnce = outcome === "try at once";
    return outcome;
  }

  /** As the agent begins: what its units were started with and no longer is what is applied, it stops. */
  private start(): Roll {
    this.isAlive = true;
    this.reportedDueAt = this.dueAt;
    const applied = this.disk.current.reference.sha256;
    const { certificates } = this;
    if (applied !== this.runs || !same(certificates, this.shows)) {
      const wasIll = this.isIllByItself;
      if (applied !== this.runs) this.wasHealthy = false;
      this.runs = applied;
      this.shows = certificates;
      if (!this.flinkIsStopped) this.cluster.wentDown(this, wasIll);
      this.flinkIsStopped = true;
    }
    this.gateIsOpen = !this.isHeld;
    this.wasStopped = false;
    if (this.gateIsOpen) this.startFlink();
    const { objects } = this.cluster;
    const alive = <T>(act: () => Promise<T>): Promise<T> => {
      if (!this.isAlive || ++this.effects === this.killAt) {
        this.kill();
        return Promise.reject(new Killed());
      }
      return act();
    };
    const identity = { cluster: CLUSTER, node: this.name, bucket: "bucket", softwareBucket: "bucket" };
    const changes = new StateChanges({
      identity: { ...identity, region: "eu-west-1", dnsSuffix: "amazonaws.com", dataVolumeId: "vol-1" },
      states: {
        applied: () => this.disk.applied(),
        previous: () => this.disk.previous(),
        recordApplied: (next) =>
          alive(() => (this.diskIsFull ? Promise.reject(new Error("ENOSPC")) : this.disk.recordApplied(next))),
        goBack: (sha256) =>
          alive(() =>
            this.diskIsFull && this.trial.hasReserve ? Promise.reject(new Error("ENOSPC")) : this.disk.goBack(sha256),
          ),
      },
      watch: new NewerStateWatch(
        { ...identity, region: "", dnsSuffix: "", dataVolumeId: "" },
        objects,
        this.disk.current.reference,
      ),
      begunWith: this.disk.current.reference,
      running: parseState(this.disk.current) as DesiredState,
      removeAllBut: (items) => {
        this.keptParts = items.map(({ key }) => key);
        return Promise.resolve();
      },
      install: ({ key }) => (key === "nowhere" ? Promise.reject(new Error(`there is no ${key}`)) : Promise.resolve()),
      tryAgent: () => Promise.resolve(),
      trial: {
        begin: (sha256, before) => alive(() => this.trial.begin(sha256, before)),
        isOf: (sha256, before) => this.trial.isOf(sha256, before),
        makeRoom: () => alive(() => this.trial.makeRoom()),
        end: () => (this.trial.current ? alive(() => this.trial.end()) : Promise.resolve()),
        fellBackFrom: (sha256) => this.trial.fellBackFrom(sha256),
        forgetFallBack: () => this.trial.forgetFallBack(),
      },
      onPending: (pending) => (this.pending = pending),
    });
    const renewal = new CertificateRenewal({
      node: this.name,
      // The states name three nodes, however many the model has.
      nodes: () => (this.cluster.names.length === 3 ? changes.stayingNodes() : Promise.resolve(this.cluster.names)),
      validitySeconds: this.cluster.validitySeconds,
      maintenanceWindow: (parseState(this.disk.current) as DesiredState).maintenanceWindow,
      certificates: {
        dueAt: () => new Date(this.dueAt),
        endsAt: () => new Date(this.cluster.endOf(this.certificates)),
        firstSerialNumber: () => Promise.resolve(String(this.certificates.first)),
        issueAnew: () => alive(() => this.issueAnew(alive)),
        lookAtNames: () => {
          this.knownToLackNameSince = this.lacksNameSince;
          return Promise.resolve();
        },
      },
      onLooked: () => (this.reportedDueAt = this.dueAt),
      onProblem: (problem) => (this.renewalProblem = problem),
      now: () => new Date(this.cluster.now),
    });
    return new Roll({
      place: identity,
      objects: {
        read: (bucket, key) => objects.read(bucket, key),
        write: (bucket, key, content) => alive(() => objects.write(bucket, key, content)),
        replace: (bucket, key, content, etag) => alive(() => objects.replace(bucket, key, content, etag)),
      },
      sources: [renewal, changes],
      flink: this.flink(alive),
      clock: () => this.clock,
      now: () => new Date(this.cluster.now),
      node: {
        name: this.name,
        report: () => this.report(),
        wasHealthy: () => this.wasHealthy,
        askFlink: () => Promise.resolve(this.cluster.flink()),
        obstacleToStart: ({ jobRoleArn }) =>
          jobRoleArn === undefined || jobRoleArn === clusterInput().jobRoleArn ? this.cluster.stsFailure : undefined,
        tell: (roll) => (this.told = roll),
      },
    });
  }

  /** Its machine loses its power: nothing runs, and what is on its disk stays. */
  public reboot(): void {
    this.kill();
    this.roll = undefined;
    this.flinkIsStopped = true;
  }

  private startFlink(): void {
    if (!this.flinkIsStopped) return;
    this.flinkIsStopped = false;
    this.looksToHealth = this.cluster.looksToStart;
    this.cluster.startedFlink(this);
  }

  private flink(alive: <T>(act: () => Promise<T>) => Promise<T>): RolledFlink {
    const nodeOf = () => this;
    return {
      line: lineIn(this.runs),
      nodes: this.cluster.names,
      get isOpen() {
        return nodeOf().gateIsOpen;
      },
      get isHeld() {
        return nodeOf().isHeld;
      },
      get wasStopped() {
        return nodeOf().wasStopped;
      },
      hold: () =>
        alive(() => {
          this.isHeld = true;
          return Promise.resolve();
        }),
      letGo: () =>
        alive(() => {
          this.isHeld = false;
          return Promise.resolve();
        }),
      open: () => {
        this.gateIsOpen = true;
        this.startFlink();
      },
      stop: () =>
        alive(() => {
          this.gateIsOpen = false;
          this.flinkIsStopped = this.wasStopped = true;
          return Promise.resolve();
        }),
      plans: () => alive(() => Promise.resolve(this.cluster.plans)),
      tell: (lineChange) => (this.lineChange = lineChange),
    };
  }

  private issueAnew(alive: <T>(act: () => Promise<T>) => Promise<T>): Promise<NewCertificates> {
    if (this.kmsIsAway) return Promise.reject(new Error("KMS is away"));
    const issued = this.cluster.now;
    const lay = (part: Partial<ModelCertificates>) =>
      alive(() => {
        if (this.diskIsFull) return Promise.reject(new Error("ENOSPC"));
        this.certificates = { ...this.certificates, ...part };
        return Promise.resolve();
      });
    return Promise.resolve({
      dueAt: new Date(this.cluster.dueOf({ first: issued, others: issued })),
      install: async () => {
        await lay({ first: issued });
        await lay({ others: issued });
      },
    });
  }

  public report(): NodeReport {
    return {
      schemaVersion: 1,
      cluster: CLUSTER,
      node: this.name,
      reportedAt: "2026-01-01T00:00:00.000Z",
      bootId: "boot",
      status: this.isUp ? "healthy" : "starting",
      reasons: this.isUp ? [] : [`the units of ${this.name} are not healthy`],
      running: this.disk.current.reference,
      ...(this.pending ? { pending: this.pending } : {}),
      ...(this.told ? { roll: { ...this.told, since: "2026-01-01T00:00:00.000Z" } } : {}),
      leads: this.cluster.leader === this.name,
      units: [],
      software: [`flink ${lineIn(this.runs)}.0`],
      ...(this.lineChange ? { lineChange: this.lineChange } : {}),
      certificates: {
        nodeAuthority: "",
        issued: [],
        renewalDueAt: new Date(this.reportedDueAt ?? this.dueAt).toISOString(),
        ...(this.renewalProblem === undefined ? {} : { renewalProblem: this.renewalProblem }),
      },
    };
  }
}

function same(one: ModelCertificates, other: ModelCertificates): boolean {
  return one.first === other.first && one.others === other.others;
}

/** Nodes around one bucket, three of them if nothing else is said, and a Flink with one job that needs all of them. */
export class ClusterModel {
  public readonly objects = new MemoryObjects();
  public nodes: readonly ModelNode[];
  public leader: string;
  /** Nodes in the order in which they went down. */
  public readonly downs: string[] = [];
  public handOvers = 0;
  /** Milliseconds of all turns. */
  public elapsed = 0;
  /** Milliseconds; the first certificates were issued at 0. */
  public now = 0;
  public validitySeconds = 90 * 86_400;
  /** Looks after which units that were started are healthy. */
  public looksToStart = 3;
  public jobFailed = false;
  public otherJobIsReady = true;
  /** Slots that its jobs have, as far as Flink says. */
  public usedSlots?: number;
  /** Whether all tasks run also where a node is away. */
  public jobsDoWithFewer = false;
  /** TaskManagers that Flink counts although they are gone. */
  public lingering = 0;
  /** Why nobody gives credentials of the jobs' role. */
  public stsFailure?: string;

  /** Whether its jobs run. */
  public hasJobs = true;
  /** What ZooKeeper keeps of jobs. */
  public plans: readonly string[] = [];
  private lineOfPlans?: string;

  public constructor(public readonly names: readonly string[] = [1, 2, 3].map((number) => `orders-node-${number}`)) {
    this.objects.clock = () => this.elapsed;
    this.nodes = names.map((name) => new ModelNode(name, this));
    this.leader = names[0];
    this.want("first");
    for (const node of this.nodes) this.objects.put(reportKey(CLUSTER, node.name), JSON.stringify(node.report()));
  }

  public want(name: StateName): void {
    this.objects.put(desiredStateKey(CLUSTER), STATES[name].toString());
  }

  public get wanted(): Buffer {
    return Buffer.from(this.objects.get(desiredStateKey(CLUSTER))!);
  }

  public get lock(): RollLockRecord | undefined {
    const text = this.objects.get(rollLockKey(CLUSTER));
    return text === undefined ? undefined : (JSON.parse(text) as RollLockRecord);
  }

  public get events(): string[] {
    return this.objects.keys(ROLL_EVENTS_PREFIX).map((key) => {
      const { node, what, change } = JSON.parse(this.objects.get(key)!) as RollEvent;
      return `${node.slice(-1)} ${what} ${change.kind === "certificates" ? "certificates" : nameOf(change.sha256)}`;
    });
  }

  public dueOf({ first, others }: ModelCertificates): number {
    return Math.min(first, others) + (this.validitySeconds * 2000) / 3;
  }

  public endOf({ first, others }: ModelCertificates): number {
    return Math.min(first, others) + this.validitySeconds * 1000;
  }

  /** What each node's units run. */
  public get runs(): StateName[] {
    return this.nodes.map((node) => nameOf(node.runs));
  }

  public flink(): FlinkView {
    const up = this.nodes.filter((node) => node.hasFlink).length;
    const taskManagers = up + this.lingering;
    const job = (jid: string, state: string, running: number) => ({
      jid,
      name: jid,
      state,
      tasks: { running, total: 3 },
    });
    const { usedSlots } = this;
    if (!this.hasJobs) return { taskManagers, jobs: [] };
    const first = this.jobFailed
      ? job("a", "FAILED", 0)
      : job("a", "RUNNING", up === this.nodes.length || this.jobsDoWithFewer ? 3 : 2);
    return { taskManagers, usedSlots, jobs: [first, job("b", "RUNNING", this.otherJobIsReady ? 3 : 1)] };
  }

  /** Its machine is gone: nobody asks it, and its report is too old to count. */
  public destroy(name: string): void {
    this.nodes = this.nodes.filter((node) => node.name !== name);
    this.objects.remove(reportKey(CLUSTER, name));
  }

  /** There are never two lines of Flink at once. */
  public startedFlink(node: ModelNode): void {
    const other = this.nodes.find((each) => !each.flinkIsStopped && lineIn(each.runs) !== lineIn(node.runs));
    if (other)
      throw new Error(`${node.name} starts ${nameOf(node.runs)} while ${other.name} runs ${nameOf(other.runs)}`);
    if (this.plans.length > 0 && this.lineOfPlans !== lineIn(node.runs))
      throw new Error(`${node.name} starts ${nameOf(node.runs)} where a job of Flink ${this.lineOfPlans} is left`);
  }

  /** Somebody begins a job, where a Flink runs that takes it. */
  public beginJob(ids: readonly string[] = ["a".repeat(32)]): void {
    const running = this.nodes.find(({ flinkIsStopped }) => !flinkIsStopped);
    if (!running) return;
    this.hasJobs = true;
    this.plans = ids;
    this.lineOfPlans = lineIn(running.runs);
  }

  public endJobs(): void {
    this.hasJobs = false;
    this.plans = [];
  }

  /** Its machine, gone before, is made anew. */
  public remake(node: ModelNode): void {
    this.nodes = [...this.nodes, node].sort((one, other) => one.name.localeCompare(other.name));
    node.replaceMachine();
  }

  /** The same as `turn`, in which an agent that asks for what the bucket holds gets it. */
  public async turnAtOnce(rounds: number, until: () => boolean = () => false): Promise<void> {
    for (let round = 0; round < rounds && !until(); round++) {
      await this.turn(1);
      for (const node of this.nodes) if (node.triesAtOnce) node.replaceMachine();
    }
  }

  /** One node's units were stopped: nobody else's may be down, but where it was ill before and the others are too. */
  public wentDown(node: ModelNode, wasIll: boolean): void {
    // One whose certificates are over was down before, and nobody took it down.
    const isTakenDown = (each: ModelNode): boolean => !each.isUp && !each.isOver && !(wasIll && each.isIllByItself);
    const down = this.nodes.filter((each) => each !== node && isTakenDown(each)).map(({ name }) => name);
    if (down.length > 0) throw new Error(`${node.name} goes down while ${down.join(", ")} is down`);
    this.downs.push(node.name);
    if (this.leader !== node.name) return;
    this.handOvers++;
    this.leader = this.nodes.find((each) => each !== node)?.name ?? node.name;
  }

  /** Lets every node look in turn, as often as it is told or until the condition holds. */
  public async turn(rounds: number, until: () => boolean = () => false): Promise<void> {
    for (let round = 0; round < rounds && !until(); round++) {
      this.now += LOOK_MILLIS;
      this.elapsed += LOOK_MILLIS;
      for (const node of this.nodes) await node.look();
    }
  }

  /** Whether every node shows certificates that are not due, and is up, and nobody takes anything over. */
  public get isRenewed(): boolean {
    const isFresh = (node: ModelNode) => same(node.shows, node.certificates) && this.now < this.dueOf(node.shows);
    return (
      this.nodes.every((node) => isFresh(node) && node.isUp) && (!this.lock?.owner || this.lock.phase === "failed")
    );
  }

  /** Whether every node runs it and nobody holds the lock. */
  public settledOn(name: StateName): boolean {
    return this.runs.every((each) => each === name) && this.nodes.every(({ isUp }) => isUp) && !this.lock?.owner;
  }
}
