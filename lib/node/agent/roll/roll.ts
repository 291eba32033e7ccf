import { FRESH_REPORT_SECONDS, type NodeReport } from "../../report";
import type { ClusterBefore, RollLockRecord, RollReport, StoppedRoll } from "../../roll";
import { describeError } from "../log";
import type { SharedObjects } from "../object-store";
import type { Afterwards, AtOnce, Change, ChangeSource } from "./change";
import { RollEvents } from "./events";
import { type FlinkView, runsWhole } from "./flink-view";
import { nextNode, nodeToMend, unhealthyNode, unreadyFlink } from "./gate";
import { IllnessWatch } from "./illness";
import { RollLock, type SeenLock } from "./lock";
import { nextStep } from "./next-step";
import { type PeerReports, readPeers } from "./peers";
import { RecoveryWatch } from "./recovery";

/** A change that cannot be prepared, or taken over, so often in a row stops the roll: its software may be missing. */
export const MOST_ATTEMPTS = 5;

/** What the roll asks of the node that it is part of. */
export interface RollingNode {
  readonly name: string;
  /** As it stands, by its own knowledge. */
  report(): NodeReport;
  /** Whether what it runs was ever healthy here. */
  wasHealthy(): boolean;
  askFlink(): Promise<FlinkView>;
  /** How it stands to the roll, for its report. */
  tell(roll: Omit<RollReport, "since"> | undefined): void;
}

export interface RollProps {
  readonly place: { readonly bucket: string; readonly cluster: string };
  readonly objects: SharedObjects;
  readonly node: RollingNode;
  /** In the order of their importance. */
  readonly sources: readonly ChangeSource[];
  /** Milliseconds that only grow. */
  readonly clock?: () => number;
}

/**
 * How the agent goes on: `soon` and `later` look again; `start anew` as a new process, with what was applied;
 * `try at once` with what is wanted, outside of a roll.
 */
export type Outcome = "soon" | "later" | AtOnce;

/** The lock, held by this node. */
interface Held {
  readonly seen: SeenLock;
  readonly record: RollLockRecord;
  readonly change: Change;
}

/** Why a node that is healthy may not be stopped now. */
interface Obstacle {
  /** One sentence without a full stop. */
  readonly reason: string;
  /** Name of the ill node that the change may mend: while this one keeps the lock, neither would ever go on. */
  readonly lets?: string;
  /** SHA-256 of the desired state that the ill node lacks; absent where it lacks none. */
  readonly letsTake?: string;
}

/**
 * One node's part in the rolling changes of its cluster. Each node decides for itself, from the lock, the reports of
 * all nodes and its own knowledge. What it has begun stands in the lock and on its disk, so that it goes on after a
 * crash at any point; `look` does one step.
 */
export class Roll {
  private readonly lock: RollLock;
  private readonly events: RollEvents;
  private readonly clock: () => number;
  /** Not known before the first look. */
  private mayBeMine = true;
  private failedPreparations = 0;
  /** Why the change could not be taken over, each time in a row. */
  private failedApplications: readonly string[] = [];
  private readonly illness: IllnessWatch;
  private told?: Omit<RollReport, "since">;
  private watch?: { readonly of: string; readonly recovery: RecoveryWatch };

  public constructor(private readonly props: RollProps) {
    const place = { ...props.place, node: props.node.name };
    this.lock = new RollLock(props.objects, place);
    this.events = new RollEvents(props.objects, place);
    this.clock = props.clock ?? (() => performance.now());
    this.illness = new IllnessWatch(this.clock);
  }

  /** Does one step. Fails when the bucket cannot be reached; then nothing is decided, and the report says why. */
  public async look(): Promise<Outcome> {
    this.illness.saw(this.props.node.report().status === "healthy");
    try {
      return await this.step();
    } catch (error) {
      this.tellFailure(error);
      throw error;
    }
  }

  private async step(): Promise<Outcome> {
    const wanted = await this.wanted();
    // A node that lacks nothing and holds nothing need not read the lock.
    if (!wanted && !this.mayBeMine) return this.rest();
    const seen = await this.lock.read();
    const { record } = seen;
    const { node } = this.props;
    const isMine = record?.owner === node.name;
    // One that another node gives back to this one is this node's again.
    this.mayBeMine = isMine || record?.stopped?.owner === node.name;
    const change = isMine ? this.changeOf(record, wanted) : undefined;
    const step = nextStep({
      node: node.name,
      lock: record,
      wanted: wanted?.about.sha256,
      isApplied: (await change?.isApplied()) ?? false,
      isHealthy: node.report().status === "healthy",
      wasHealthy: node.wasHealthy(),
      isOverdue: wanted?.isOverdue ?? false,
    });
    if (step === "rest") return this.rest();
    if (step === "try at once") return wanted!.applyAtOnce();
    if (step === "wait for its turn") return this.waitForTurn(seen, wanted!);
    const held: Held = { seen, record: record!, change: change! };
    switch (step) {
      case "prepare":
        return this.prepare(held);
      case "check":
        return this.check(held);
      case "go back":
        return this.goBack(held);
      case "check after going back":
        return this.checkAfterGoingBack(held);
      case "stay stopped":
        this.tell("failed", held.change, held.record.reason);
        return "later";
      case "begin anew":
        return this.beginAnew(seen, wanted!);
      case "release":
        return this.release(held, wanted ? "another change is wanted" : "nothing is left to be done");
    }
  }

  private async wanted(): Promise<Change | undefined> {
    let first: Change | undefined;
    for (const source of this.props.sources) {
      const change = await source.wanted();
      // Where this node is ill, one that may wait comes after one that may mend it.
      if (change && (!this.illness.isIll || change.isOverdue || change.mayMend)) return change;
      first ??= change;
    }
    return first;
  }

  private changeOf(record: RollLockRecord | undefined, wanted: Change | undefined): Change {
    const about = record!.change!;
    if (wanted?.about.kind === about.kind && wanted.about.sha256 === about.sha256) return wanted;
    const source = this.props.sources.find(({ kind }) => kind === about.kind);
    if (!source) throw new Error(`this agent knows no change of the kind ${about.kind}`);
    return source.resume(about);
  }

  /** As what was last known; before that, as waiting. The next look that succeeds says something else. */
  private tellFailure(error: unknown): void {
    const { node } = this.props;
    const { pending, running } = node.report();
    const sha256 = this.told?.sha256 ?? pending?.sha256 ?? running?.sha256 ?? "";
    const reason = `the last look failed: ${describeError(error)}`;
    node.tell({ phase: this.told?.phase ?? "waiting", sha256, reason });
  }

  private rest(): Outcome {
    this.tellNothing();
    return "later";
  }

  private async waitForTurn(seen: SeenLock, change: Change): Promise<Outcome> {
    if (change.refusal !== undefined) return this.wait("refused", change, change.refusal, "later");
    const { owner, phase, reason } = seen.record ?? {};
    const reports = await this.reports(owner == null ? change.nodes : [...change.nodes, owner]);
    if (owner != null && !passesFailure(seen.record, change) && !isGone(owner, change, reports)) {
      if (phase === "failed") return this.wait("waiting", change, `the roll stopped at ${owner}: ${reason}`, "later");
      return this.wait("waiting", change, `${owner} is changed just now`);
    }
    const ill = change.mayMend ? nodeToMend(change.nodes, reports, (report) => change.isDoneBy(report)) : undefined;
    // Where this node is ill already, its jobs may wait for the very change.
    if (ill === this.props.node.name && this.illness.isIll) return this.begin(seen, change);
    const unhealthy = unhealthyNode(change.nodes, reports);
    if (unhealthy !== undefined) return this.wait("waiting", change, unhealthy);
    const next = nextNode(change.nodes, reports, (report) => change.isDoneBy(report));
    if (next !== this.props.node.name) return this.wait("waiting", change, `${next} comes first`);
    const unready = await this.unreadyFlink(change);
    if (unready !== undefined) return this.wait("waiting", change, unready);
    return this.begin(seen, change);
  }

  /** The node at which a roll failed is the first to try another change: where it is ill it shall be mended. */
  private async beginAnew(seen: SeenLock, change: Change): Promise<Outcome> {
    if (change.refusal !== undefined) return this.wait("refused", change, change.refusal, "later");
    const obstacle = await this.obstacleOfOthers(change);
    if (obstacle === undefined) return this.begin(seen, change);
    const record = seen.record!;
    // What failed is forgotten for another desired state only.
    const isForgotten = !passesFailure(record, change) || isAnother(obstacle.letsTake, record);
    if (obstacle.lets === undefined || !isForgotten) return this.wait("waiting", change, obstacle.reason);
    return this.release({ seen, record, change }, `${obstacle.lets} is to be mended first`);
  }

  private async begin(seen: SeenLock, change: Change): Promise<Outcome> {
    // Whoever was faster, or the reason why we were: the next look tells.
    this.mayBeMine = true;
    this.failedPreparations = 0;
    this.failedApplications = [];
    if (!(await this.lock.take(seen, change.about, stoppedBefore(seen.record, change)))) return "soon";
    await this.events.write("started", (seen.record?.generation ?? 0) + 1, change.about);
    this.tell("preparing", change);
    return "soon";
  }

  private async prepare(held: Held): Promise<Outcome> {
    const { change, seen, record } = held;
    if (this.failedApplications.length >= MOST_ATTEMPTS) {
      return this.stop(held, `it cannot be taken over: ${this.failedApplications.at(-1)}`);
    }
    try {
      await change.prepare();
      this.failedPreparations = 0;
    } catch (error) {
      this.failedPreparations++;
      this.tell("preparing", change, describeError(error));
      if (this.failedPreparations < MOST_ATTEMPTS) return "soon";
      return this.stop(held, `nothing was stopped, as it cannot be prepared: ${describeError(error)}`);
    }
    const obstacle = await this.obstacleOfOthers(change);
    if (obstacle?.lets !== undefined) return this.release(held, `${obstacle.lets} is to be mended first`);
    if (obstacle !== undefined) return this.wait("preparing", change, obstacle.reason);
    const before = await this.clusterNow(change);
    // From here on the lock says that things are stopped here; before, it must be sure that it is ours.
    if (!(await this.lock.keep(seen, { phase: "applying", change: change.about, before }))) return "soon";
    this.tell("applying", change);
    let afterwards: Afterwards;
    try {
      afterwards = await change.apply();
    } catch (error) {
      this.failedApplications = [...this.failedApplications, describeError(error)];
      return this.wait("applying", change, describeError(error));
    }
    await this.events.write("applied", record.generation, change.about);
    return afterwards === "start anew" ? "start anew" : "soon";
  }

  private async check(held: Held): Promise<Outcome> {
    const { change, record } = held;
    const verdict = await this.recovery(held).judge(this.props.node.report(), () => this.props.node.askFlink());
    if (verdict.kind === "not yet") {
      this.tell("applying", change, verdict.reason);
      return "soon";
    }
    if (verdict.kind === "well") {
      await this.events.write("healthy", record.generation, change.about);
      return this.release(held);
    }
    await this.events.write("failed", record.generation, change.about, verdict.reason);
    const { reason } = verdict;
    if (!record.before || !change.undo) return this.stop(held, `${reason}; there is no way back`, "told");
    await this.lock.keep(held.seen, { phase: "going-back", change: change.about, reason, before: record.before });
    this.tell("going-back", change, reason);
    return "soon";
  }

  private async goBack(held: Held): Promise<Outcome> {
    const { change, record } = held;
    this.tell("going-back", change, record.reason);
    try {
      return (await change.undo!(record.before!.sha256)) === "start anew" ? "start anew" : "soon";
    } catch (error) {
      return this.stop(held, `${record.reason}; going back failed: ${describeError(error)}`, "told");
    }
  }

  private async checkAfterGoingBack(held: Held): Promise<Outcome> {
    const { change, record } = held;
    const verdict = await this.recovery(held).judge(this.props.node.report(), () => this.props.node.askFlink());
    if (verdict.kind === "not yet") {
      this.tell("going-back", change, record.reason);
      return "soon";
    }
    const reason =
      verdict.kind === "well" ? record.reason! : `${record.reason}; it went back and is ill: ${verdict.reason}`;
    await this.events.write("rolled-back", record.generation, change.about, reason);
    return this.stop(held, reason, "told");
  }

  /** The roll has failed here. The lock is kept: no other node tries. */
  private async stop({ seen, record, change }: Held, reason: string, isTold?: "told"): Promise<Outcome> {
    const { before } = record;
    if (isTold === undefined) await this.events.write("failed", record.generation, change.about, reason);
    const held = { phase: "failed", change: change.about, reason, ...(before ? { before } : {}) } as const;
    await this.lock.keep(seen, held);
    this.failedPreparations = 0;
    this.failedApplications = [];
    this.tell("failed", change, reason);
    return "later";
  }

  private async release({ seen, record, change }: Held, reason?: string): Promise<Outcome> {
    if (await this.lock.release(seen)) {
      this.tellNothing();
      await this.events.write("released", record.generation, change.about, reason);
    }
    return "soon";
  }

  /** Why this node may not be stopped, or nothing. One that is ill already may, and its jobs may wait for just that. */
  private async obstacleOfOthers(change: Change): Promise<Obstacle | undefined> {
    const { node } = this.props;
    if (this.illness.isIll && change.mayMend) return undefined;
    const reports = await this.reports(change.nodes);
    const unhealthy = unhealthyNode(change.nodes, reports);
    if (unhealthy !== undefined) {
      // It may wait for a change of another kind than this one.
      const isToBeMended = (report: NodeReport): boolean =>
        report.roll?.phase === "waiting" || (change.mayMend === true && !change.isDoneBy(report));
      const lets = nodeToMend(change.nodes, reports, (report) => !isToBeMended(report));
      const mayLet = node.report().status === "healthy" || !change.mayMend;
      if (lets === undefined || !mayLet) return { reason: unhealthy };
      return { reason: unhealthy, lets, letsTake: reports.get(lets)?.report.pending?.sha256 };
    }
    const unready = await this.unreadyFlink(change);
    return unready === undefined ? undefined : { reason: unready };
  }

  private async unreadyFlink(change: Change): Promise<string | undefined> {
    try {
      return unreadyFlink(await this.props.node.askFlink(), change.nodes.length);
    } catch (error) {
      return `Flink cannot be asked: ${describeError(error)}`;
    }
  }

  private async clusterNow(change: Change): Promise<ClusterBefore> {
    const { node } = this.props;
    const report = node.report();
    const sha256 = report.running?.sha256 ?? "";
    // A node that is ill, and changed to be mended, may have no Flink to ask: then there is nothing to compare with.
    const nothing: FlinkView = { taskManagers: 0, jobs: [] };
    const now = report.status === "healthy" ? await node.askFlink() : await node.askFlink().catch(() => nothing);
    // Where the cluster gets smaller, the TaskManagers of nodes that are taken away do not come back.
    const taskManagers = Math.min(now.taskManagers, change.nodes.length);
    return { sha256, taskManagers, jobs: now.jobs.filter(runsWhole).map(({ jid }) => jid) };
  }

  /** Of itself a node knows more than its last report in the bucket. */
  private async reports(nodes: readonly string[]): Promise<PeerReports> {
    const { node, objects, place } = this.props;
    const peers = await readPeers(
      objects,
      place,
      nodes.filter((name) => name !== node.name),
    );
    return new Map([...peers, [node.name, { report: node.report(), ageSeconds: 0 }]]);
  }

  /** One for each phase of each roll, begun anew with the process. */
  private recovery({ record }: Held): RecoveryWatch {
    const of = `${record.generation} ${record.phase}`;
    if (this.watch?.of !== of) this.watch = { of, recovery: new RecoveryWatch(this.clock, record.before) };
    return this.watch.recovery;
  }

  private wait(phase: RollReport["phase"], change: Change, reason: string, outcome: Outcome = "soon"): Outcome {
    this.tell(phase, change, reason);
    return outcome;
  }

  private tell(phase: RollReport["phase"], change: Change, reason?: string): void {
    this.told = { phase, sha256: change.about.sha256, ...(reason === undefined ? {} : { reason }) };
    this.props.node.tell(this.told);
  }

  private tellNothing(): void {
    this.told = undefined;
    this.props.node.tell(undefined);
  }
}

/** Whether a change goes on although another one has failed; never beside one of its own kind. */
function passesFailure(record: RollLockRecord | undefined, wanted: Change): record is RollLockRecord & StoppedRoll {
  if (wanted.passesFailure !== true || !record?.change || record.owner === null) return false;
  return record.phase === "failed" && record.change.kind !== wanted.about.kind;
}

function isAnother(sha256: string | undefined, { change }: RollLockRecord): boolean {
  return sha256 !== undefined && sha256 !== change?.sha256;
}

/** What has failed and stays so while the change goes on. */
function stoppedBefore(record: RollLockRecord | undefined, wanted: Change): StoppedRoll | undefined {
  if (record?.stopped && wanted.passesFailure) return record.stopped;
  if (!passesFailure(record, wanted)) return undefined;
  const { owner, since, change, reason, before } = record;
  return { owner, since, change, ...(reason === undefined ? {} : { reason }), ...(before ? { before } : {}) };
}

/** A node that the cluster has no more, and that is silent, gives its lock to the others. */
function isGone(owner: string, change: Change, reports: PeerReports): boolean {
  return !change.nodes.includes(owner) && (reports.get(owner)?.ageSeconds ?? Infinity) > FRESH_REPORT_SECONDS;
}
