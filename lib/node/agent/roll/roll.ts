import { FRESH_REPORT_SECONDS } from "../../report";
import { MACHINE_CHANGE, MACHINE_LEASE_SECONDS, type RollLockRecord, type StoppedRoll } from "../../roll";
import type { Change } from "./change";
import { RollEvents } from "./events";
import { nextNode, nodeToMend, unhealthyNode } from "./gate";
import { IllnessWatch } from "./illness";
import { LineRoll } from "./line-roll";
import { RollLock, type SeenLock } from "./lock";
import { nextStep } from "./next-step";
import { Others } from "./others";
import type { PeerReports } from "./peers";
import type { Outcome, RollProps } from "./rolling-node";
import { type Held, TakenChange } from "./taken-change";
import { RollTeller } from "./teller";

/**
 * One node's part in the rolling changes of its cluster. Each node decides for itself, from the lock, the reports of
 * all nodes and its own knowledge. What it has begun stands in the lock and on its disk, so that it goes on after a
 * crash at any point; `look` does one step.
 */
export class Roll {
  private readonly lock: RollLock;
  private readonly events: RollEvents;
  private readonly illness: IllnessWatch;
  private readonly others: Others;
  private readonly teller: RollTeller;
  private readonly taken: TakenChange;
  private readonly line: LineRoll;
  /** Not known before the first look. */
  private mayBeMine = true;

  public constructor(private readonly props: RollProps) {
    const place = { ...props.place, node: props.node.name };
    this.lock = new RollLock(props.objects, place);
    this.events = new RollEvents(props.objects, place);
    const clock = props.clock ?? (() => performance.now());
    this.illness = new IllnessWatch(clock);
    this.others = new Others(props, this.illness);
    this.teller = new RollTeller(props.node);
    this.taken = new TakenChange(props, this.lock, this.events, this.others, this.teller, clock);
    this.line = new LineRoll(props, this.lock, this.events, this.others, this.teller, clock, () => this.taken.settle());
  }

  /** Does one step. Fails when the bucket cannot be reached; then nothing is decided, and the report says why. */
  public async look(): Promise<Outcome> {
    this.illness.saw(this.props.node.report().status === "healthy");
    try {
      return await this.step();
    } catch (error) {
      this.teller.failure(error);
      throw error;
    }
  }

  private async step(): Promise<Outcome> {
    const wanted = await this.wanted();
    // What is over is of no use, whatever is on; new ones start no Flink that is held.
    if (wanted?.isOverdue) return wanted.applyAtOnce();
    // A node that lacks nothing and holds nothing need not read the lock.
    if (!wanted && !this.mayBeMine && !this.line.isWaiting) return this.rest();
    const seen = await this.lock.read();
    const { record } = seen;
    // Before all else: it says whether Flink may be started here.
    const together = await this.line.look(seen);
    if (together) return together;
    const { node } = this.props;
    const isMine = record?.owner === node.name;
    // One that another node gives back to this one is this node's again.
    this.mayBeMine = isMine || record?.stopped?.owner === node.name;
    if (!isMine) await this.taken.settle();
    if (record?.owner != null && record.change?.kind === MACHINE_CHANGE) {
      if ((seen.ageSeconds ?? 0) > MACHINE_LEASE_SECONDS) return this.giveBackFor(seen);
      if (isMine) return this.letMachineBeChanged(record.change.sha256);
    }
    const change = isMine ? this.changeOf(record, wanted) : undefined;
    const step = nextStep({
      node: node.name,
      lock: record,
      wanted: wanted?.about.sha256,
      isApplied: (await change?.isApplied()) ?? false,
      hasFallenBack: (await change?.fellBack?.()) !== undefined,
      isHealthy: node.report().status === "healthy",
      wasHealthy: node.wasHealthy(),
    });
    if (step === "rest") return this.rest();
    if (step === "try at once") return (await this.line.waitForJobs(wanted!)) ?? wanted!.applyAtOnce();
    if (step === "wait for its turn") return this.waitForTurn(seen, wanted!);
    const held: Held = { seen, record: record!, change: change! };
    switch (step) {
      case "prepare":
        return this.isTooLate(held) ? this.taken.release(held, "the window has closed") : this.taken.prepare(held);
      case "admit the fall back":
        return this.taken.admitFallBack(held);
      case "check":
        return this.taken.check(held);
      case "go back":
        return this.taken.goBack(held);
      case "check after going back":
        return this.taken.checkAfterGoingBack(held);
      case "stay stopped":
        this.teller.tell("failed", held.change, held.record.reason);
        return "later";
      case "begin anew":
        return this.beginAnew(seen, wanted!);
      case "release":
        return this.taken.release(held, wanted ? "another change is wanted" : "nothing is left to be done");
    }
  }

  private async wanted(): Promise<Change | undefined> {
    let first: Change | undefined;
    for (const source of this.props.sources) {
      const change = await source.wanted();
      // Where this node is ill, one that may wait comes after one that may mend it; else after one whose time it is.
      const maySoon = this.illness.isIll ? change?.mayMend : change && this.closedUntil(change) === undefined;
      if (change && (change.isOverdue || maySoon)) return change;
      first ??= change;
    }
    return first;
  }

  private closedUntil(change: Change): Date | undefined {
    return change.opensAt?.(this.props.now?.() ?? new Date());
  }

  /** Whether the window has closed before anything was stopped: what it was waited for may last until any hour. */
  private isTooLate({ record, change }: Held): boolean {
    if (record.phase !== "preparing" || (this.illness.isIll && change.mayMend)) return false;
    return this.closedUntil(change) !== undefined;
  }

  private changeOf(record: RollLockRecord | undefined, wanted: Change | undefined): Change {
    const about = record!.change!;
    if (wanted?.about.kind === about.kind && wanted.about.sha256 === about.sha256) return wanted;
    const source = this.props.sources.find(({ kind }) => kind === about.kind);
    if (!source) throw new Error(`this agent knows no change of the kind ${about.kind}`);
    return source.resume(about);
  }

  /**
   * Whoever changes a machine keeps the lock young, and gives it back; one that does not is gone. Any node that wants
   * something does it then: the machine's own one may want nothing, and not look, or be away.
   */
  private async giveBackFor(seen: SeenLock): Promise<Outcome> {
    await this.lock.release(seen);
    return "soon";
  }

  private letMachineBeChanged(sha256: string): Outcome {
    this.props.node.tell({ phase: "waiting", sha256, reason: "its machine is changed just now" });
    return "soon";
  }

  private rest(): Outcome {
    this.teller.nothing();
    return "later";
  }

  private async waitForTurn(seen: SeenLock, change: Change): Promise<Outcome> {
    if (change.refusal !== undefined) return this.teller.wait("refused", change, change.refusal, "later");
    const { owner, phase, reason } = seen.record ?? {};
    const reports = await this.others.reports(owner == null ? change.nodes : [...change.nodes, owner]);
    if (owner != null && !passesFailure(seen.record, change) && !isGone(owner, change, reports)) {
      if (phase === "failed")
        return this.teller.wait("waiting", change, `the roll stopped at ${owner}: ${reason}`, "later");
      return this.teller.wait("waiting", change, `${owner} is changed just now`);
    }
    const toStart = this.props.node.obstacleToStart(change);
    if (toStart !== undefined) return this.teller.wait("waiting", change, toStart);
    if (change.about.line) return this.beginTogether(seen, change);
    const ill = change.mayMend ? nodeToMend(change.nodes, reports, (report) => change.isDoneBy(report)) : undefined;
    // Where this node is ill already, its jobs may wait for the very change.
    if (ill === this.props.node.name && this.illness.isIll) {
      const lack = await this.others.lackOfSlotsWhileJobsRun(change);
      return lack ? this.teller.waitForPeople(change, lack) : this.begin(seen, change);
    }
    const opensAt = this.closedUntil(change);
    if (opensAt) return this.teller.waitForWindow(change, opensAt);
    const unhealthy = unhealthyNode(change.nodes, reports);
    if (unhealthy !== undefined) return this.teller.wait("waiting", change, unhealthy);
    const next = nextNode(change.nodes, reports, (report) => change.isDoneBy(report));
    if (next !== this.props.node.name) return this.teller.wait("waiting", change, `${next} comes first`);
    const inFlink = await this.others.obstacleInFlink(change);
    if (inFlink) return this.teller.waitForPeople(change, inFlink);
    return this.begin(seen, change);
  }

  /** The node at which a roll failed is the first to try another change: where it is ill it shall be mended. */
  private async beginAnew(seen: SeenLock, change: Change): Promise<Outcome> {
    if (change.refusal !== undefined) return this.teller.wait("refused", change, change.refusal, "later");
    if (change.about.line) return this.beginTogether(seen, change);
    const obstacle = await this.others.obstacle(change);
    if (obstacle === undefined) {
      const opensAt = this.illness.isIll && change.mayMend ? undefined : this.closedUntil(change);
      return opensAt ? this.teller.waitForWindow(change, opensAt) : this.begin(seen, change);
    }
    const record = seen.record!;
    // What failed is forgotten for another desired state only.
    const isForgotten = !passesFailure(record, change) || isAnother(obstacle.letsTake, record);
    if (obstacle.lets === undefined || !isForgotten) return this.teller.waitForPeople(change, obstacle);
    return this.taken.release({ seen, record, change }, `${obstacle.lets} is to be mended first`);
  }

  /** With another line of Flink, which all nodes take over together. */
  private async beginTogether(seen: SeenLock, change: Change): Promise<Outcome> {
    const obstacle = await this.line.obstacle(change);
    return obstacle ? this.teller.waitForPeople(change, obstacle) : this.begin(seen, change);
  }

  private async begin(seen: SeenLock, change: Change): Promise<Outcome> {
    // Whoever was faster, or the reason why we were: the next look tells.
    this.mayBeMine = true;
    this.taken.begin();
    if (!(await this.lock.take(seen, change.about, stoppedBefore(seen.record, change)))) return "soon";
    await this.events.write("started", (seen.record?.generation ?? 0) + 1, change.about);
    this.teller.tell("preparing", change);
    return "soon";
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
