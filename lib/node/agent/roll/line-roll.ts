import type { LineChangeReport } from "../../report";
import type { LineChange, RollEventName, RollLockRecord, RollPhase } from "../../roll";
import { describeError } from "../log";
import type { Change, ChangeSource } from "./change";
import type { RollEvents } from "./events";
import { hasEnded, type JobOverview } from "./flink-view";
import { namedJobs, namedPlans, notWellOn, runsOtherLine, stands, unfitForLine } from "./line-gate";
import type { RollLock, SeenLock } from "./lock";
import type { Obstacle, Others } from "./others";
import { RecoveryWatch } from "./recovery";
import type { Outcome, RolledFlink, RollProps } from "./rolling-node";
import { DESIRED_STATE } from "./state-change";
import { MOST_ATTEMPTS } from "./taken-change";
import type { RollTeller } from "./teller";

/** What fetches and verifies in a minute or two has not by then. */
const LONGEST_PREPARATION_SECONDS = 600;
/** What stops within half a minute has not, or is not told of, by then. */
const LONGEST_STOP_SECONDS = 600;
/** More than the ten minutes after which a node says itself that it is not well again. */
const LONGEST_RETURN_SECONDS = 900;

/** The lock, held by all nodes together, as one of them looks at it. */
interface SharedLock {
  readonly seen: SeenLock;
  readonly record: RollLockRecord;
  readonly line: LineChange;
  /** By which this node's standing is told from what it said of an older lock. */
  readonly etag: string;
  readonly flink: RolledFlink;
  /** What the lock names, as far as this node needs it. */
  readonly change: Change;
  /** The desired state that this node wants and does not run. */
  readonly wanted?: Change;
}

/**
 * One node's part in a change of Flink's line. All nodes take it over together, so that never two lines run at once: they
 * prepare, then all stop Flink, and only when all have said so does one of them start the new line; the same again, back,
 * where one does not become well. There are no jobs meanwhile, as what Flink keeps of one can be read by its own line only.
 *
 * How far they are stands in the lock, which each of them writes on when it sees that the condition is met. Whoever is held
 * (`RolledFlink`) starts nothing that the lock does not let run, whatever ends or boots in between.
 */
export class LineRoll {
  /** ETag of the lock for which this node has all that it needs. */
  private preparedFor?: string;
  private readonly failures = new Map<string, number>();
  private watch?: { readonly of: string; readonly recovery: RecoveryWatch };

  public constructor(
    private readonly props: RollProps,
    private readonly lock: RollLock,
    private readonly events: RollEvents,
    private readonly others: Others,
    private readonly teller: RollTeller,
    private readonly clock: () => number,
    private readonly settle: () => Promise<void>,
  ) {}

  /** Whether the lock has to be looked at even where this node wants nothing. */
  public get isWaiting(): boolean {
    const { flink } = this.props;
    return flink !== undefined && (!flink.isOpen || flink.isHeld);
  }

  /** Why the nodes may not begin now; nothing where they may. */
  public async obstacle(change: Change): Promise<Obstacle | undefined> {
    const { node, place } = this.props;
    const { line } = change.about;
    const report = node.report();
    const reports = await this.others.reports(change.nodes);
    const unfit = unfitForLine(change.nodes, reports, line!, report.running?.sha256);
    if (unfit !== undefined) return { reason: unfit };
    let jobs: readonly JobOverview[];
    try {
      jobs = await this.jobs();
    } catch (error) {
      return { reason: `Flink cannot be asked: ${describeError(error)}` };
    }
    if (jobs.length === 0) return undefined;
    return {
      waitsFor: "jobs",
      reason:
        `Flink ${line!.to} takes over no job of ${line!.from}, and ${jobs.length === 1 ? "one has" : `${jobs.length} have`} not ended: ` +
        `${namedJobs(jobs)}; stop them with npx cdktf-flink jobs stop --cluster ${place.cluster} --out jobs.json, and the nodes go on`,
    };
  }

  /**
   * Where nothing was ever well here, as where the new line holds for its jobs and is ill, another line is not tried at once
   * beside jobs that it cannot run. Nothing where none are known of.
   */
  public async waitForJobs(change: Change): Promise<Outcome | undefined> {
    const { flink } = this.props;
    const { line } = change.about;
    if (!line || !flink?.isOpen) return undefined;
    // A cluster that is being formed may have no ZooKeeper to ask.
    const plans = await flink.plans(line.from).catch(() => []);
    if (plans.length === 0) return undefined;
    if (change.refusal !== undefined) return this.teller.wait("refused", change, change.refusal);
    const reason = `Flink ${line.to} takes over no job of ${line.from}, and these have not ended: ${namedPlans(plans)}; mend Flink ${line.from} first`;
    return this.teller.wait("waiting", change, reason);
  }

  /** Does this node's part. Nothing: the roll goes on as any other. */
  public async look(seen: SeenLock): Promise<Outcome | undefined> {
    const { record } = seen;
    const { flink } = this.props;
    const line = record?.owner == null ? undefined : record.change?.line;
    if (!flink) {
      if (!line || record?.phase === "failed") return undefined;
      return this.wait(record!.change!.sha256, "what is to run here cannot be read");
    }
    const source = this.props.sources.find(({ kind }) => kind === DESIRED_STATE)!;
    if (!line) return this.withoutLock(flink, seen, source);
    const wanted = await source.wanted();
    const about = record!.change!;
    const change = wanted?.about.sha256 === about.sha256 ? wanted : source.resume(about);
    const shared: SharedLock = { seen, record: record!, line, etag: seen.etag ?? "", flink, change, wanted };
    switch (record!.phase) {
      case "preparing":
        return this.prepare(shared);
      case "stopping":
        return this.stop(shared);
      case "applying":
        return this.takeOver(shared);
      case "going-back":
        return this.goBack(shared);
      default:
        return this.afterFailure(shared);
    }
  }

  private async withoutLock(flink: RolledFlink, seen: SeenLock, source: ChangeSource): Promise<Outcome | undefined> {
    if (!flink.isOpen) {
      const reports = await this.others.reports(flink.nodes);
      reports.delete(this.props.node.name);
      const other = runsOtherLine(flink.line, reports);
      if (other === undefined) return this.run(flink);
      // What is to run here was never healthy, or is not what the others went on to.
      const wanted = await source.wanted();
      if (wanted) {
        const isTheirs = runsOtherLine(wanted.flinkLine ?? "", reports) === undefined;
        if (isTheirs || !this.props.node.wasHealthy()) return wanted.applyAtOnce();
      }
      flink.tell({ lock: seen.etag ?? "", standing: "stopped" });
      return this.wait(this.runningSha256(), other);
    }
    if (flink.isHeld) await flink.letGo();
    flink.tell(undefined);
    return undefined;
  }

  private async prepare(shared: SharedLock): Promise<Outcome> {
    const { flink, line, etag, seen, wanted, change } = shared;
    const { name } = this.props.node;
    // Nobody renews a certificate meanwhile.
    const isTooLate = (seen.ageSeconds ?? 0) >= LONGEST_PREPARATION_SECONDS;
    const wait = (reason: string): Promise<Outcome> | Outcome =>
      isTooLate ? this.release(shared, `${reason} in time`) : this.teller.wait("preparing", change, `${reason} yet`);
    if (flink.line === line.from) {
      if (wanted?.about.sha256 !== change.about.sha256) return this.release(shared, "another change is wanted");
      if (wanted.refusal !== undefined) return this.release(shared, wanted.refusal);
      if (!flink.isOpen) {
        // Nothing was stopped for this one.
        const outcome = this.run(flink);
        if (outcome) return outcome;
      }
      if (this.preparedFor !== etag) {
        try {
          // Before it says that it is ready, as from then on any of the others may go on.
          await flink.hold();
          await wanted.prepare();
          this.preparedFor = etag;
          this.failures.clear();
        } catch (error) {
          const why = describeError(error);
          this.teller.tell("preparing", change, why);
          if (!this.isTooOften("prepare")) return "soon";
          return this.fail(shared, `nothing was stopped, as it cannot be prepared on ${name}: ${why}`);
        }
      }
      const toStart = this.props.node.obstacleToStart(change);
      if (toStart !== undefined) {
        if (isTooLate) return this.release(shared, `${name} is not prepared in time: ${toStart}`);
        return this.teller.wait("preparing", change, toStart);
      }
      this.tellStanding(shared, "prepared");
    } else {
      this.tellStanding(shared, "stopped");
    }
    const reports = await this.others.reports(flink.nodes);
    const own = flink.line === line.from ? this.runningSha256() : undefined;
    const unfit = unfitForLine(flink.nodes, reports, line, own);
    if (unfit !== undefined) return this.release(shared, unfit);
    const slow = flink.nodes.find((node) => !stands(reports.get(node)!.report, etag, ["prepared", "stopped"]));
    if (slow !== undefined) return wait(`${slow} is not prepared`);
    // Only who is well can tell.
    if (flink.line !== line.from) return wait("the others have not stopped Flink");
    const jobs = await this.jobs();
    if (jobs.length > 0) return this.release(shared, `${namedJobs(jobs)} began meanwhile`);
    const before = await this.others.clusterNow(change);
    return this.advance(shared, { phase: "stopping", before });
  }

  private async stop(shared: SharedLock): Promise<Outcome> {
    const { flink, line, record, etag, seen, change } = shared;
    await flink.stop();
    this.tellStanding(shared, "stopped");
    // As long as nothing of the new line was started, there is a way back that needs nobody.
    const isForward = record.reason === undefined;
    const isTooLate = isForward && (seen.ageSeconds ?? 0) >= LONGEST_STOP_SECONDS;
    const reports = await this.others.reports(flink.nodes);
    const slow = flink.nodes.find((node) => {
      const found = reports.get(node);
      return !found || !stands(found.report, etag, ["stopped"]);
    });
    if (slow !== undefined) {
      const reason = `${slow} has not stopped Flink`;
      if (isTooLate) return this.advance(shared, { phase: "going-back", reason: `${reason} in time` });
      // Whoever is silent may run the new line: nobody starts the old one before that is sure.
      const back = record.reason && `${record.reason}; ${reason}, or is silent: replace it`;
      return this.teller.wait("stopping", change, back ?? `${reason} yet`);
    }
    let plans: readonly string[];
    try {
      plans = await flink.plans(line.from);
    } catch (error) {
      const reason = `ZooKeeper cannot be asked whether a job is left: ${describeError(error)}`;
      if (isTooLate) return this.advance(shared, { phase: "going-back", reason });
      return this.teller.wait("stopping", change, reason);
    }
    if (plans.length === 0) {
      if (isForward) return this.advance(shared, { phase: "applying" }, "applied");
      return this.advance(shared, { phase: "going-back", reason: record.reason });
    }
    const left = `a job began while the nodes stopped (${namedPlans(plans)})`;
    if (isForward) return this.advance(shared, { phase: "going-back", reason: `${left}: it runs on` }, "failed");
    // Flink of the old line would end at it.
    return this.advance(shared, { phase: "applying", reason: `${record.reason}${jobsLeftOf(line)}` });
  }

  private async takeOver(shared: SharedLock): Promise<Outcome> {
    const { flink, line, record, seen, change } = shared;
    const { node } = this.props;
    if (flink.line !== line.to) return this.become(shared);
    const outcome = this.run(flink);
    if (outcome) return outcome;
    const wasToGoBack = record.reason !== undefined && node.report().status === "healthy";
    // Its jobs wait for nobody who may not come.
    if (wasToGoBack && (await this.jobsAreLeft(shared))) return this.release(shared, record.reason);
    const verdict = await this.recovery(shared).judge(node.report(), () => node.askFlink());
    if (verdict.kind === "hopeless") return this.giveUp(shared, `${node.name}: ${verdict.reason}`);
    if (verdict.kind === "not yet") return this.teller.wait("applying", change, record.reason ?? verdict.reason);
    const ill = notWellOn(line.to, flink.nodes, await this.others.reports(flink.nodes));
    if (ill === undefined) {
      await this.events.write("healthy", record.generation, record.change!);
      return this.release(shared);
    }
    // Those for which it did not go back may have ended.
    if (record.reason !== undefined) return this.giveUp(shared, record.reason);
    if ((seen.ageSeconds ?? 0) >= LONGEST_RETURN_SECONDS) return this.giveUp(shared, ill);
    return this.teller.wait("applying", change, ill);
  }

  /** Takes the new line over, on a node that runs the one before. */
  private async become(shared: SharedLock): Promise<Outcome> {
    const { line, change, wanted, record } = shared;
    const { name } = this.props.node;
    const isForward = record.reason === undefined;
    if (isForward) {
      const fell = await change.fellBack?.();
      if (fell !== undefined) return this.giveUp(shared, `${name}: ${fell}`);
      if (wanted?.about.sha256 !== change.about.sha256) return this.giveUp(shared, "another change is wanted");
    }
    if (wanted?.flinkLine !== line.to) {
      return this.teller.wait("applying", change, `${record.reason}: deploy Flink ${line.to} again`);
    }
    try {
      // Long ago, where this machine went back by itself.
      if (!isForward) await wanted.prepare();
      return (await wanted.apply()) === "start anew" ? "start anew" : "soon";
    } catch (error) {
      const why = describeError(error);
      if (isForward && this.isTooOften("apply")) {
        return this.giveUp(shared, `${name}: it cannot be taken over: ${why}`);
      }
      return this.teller.wait(
        "applying",
        change,
        isForward ? why : `${record.reason}; it cannot be taken over: ${why}`,
      );
    }
  }

  /**
   * All go back, unless there are jobs of the new line, which no other one can run. Then it holds: whoever is ill is an ill
   * node of a cluster that runs, and may be mended as such.
   */
  private async giveUp(shared: SharedLock, reason: string): Promise<Outcome> {
    const left = jobsLeftOf(shared.line);
    const why = reason.endsWith(left) ? reason.slice(0, -left.length) : reason;
    return (await this.jobsAreLeft(shared)) ? this.release(shared, `${why}${left}`) : this.turnBack(shared, why);
  }

  /** Whether ZooKeeper keeps a job; where it cannot be asked all stop first, and ask then. */
  private async jobsAreLeft({ flink, line }: SharedLock): Promise<boolean> {
    return (await flink.plans(line.from).catch(() => [])).length > 0;
  }

  /** All stop again, and only then does the old line start. */
  private turnBack(shared: SharedLock, reason: string): Promise<Outcome> {
    return this.advance(shared, { phase: "stopping", reason }, "failed");
  }

  private async goBack(shared: SharedLock): Promise<Outcome> {
    const { flink, line, record, seen, change, etag } = shared;
    const outcome = await this.runOldLine(shared);
    const { name } = this.props.node;
    const isTooLate = (seen.ageSeconds ?? 0) >= LONGEST_RETURN_SECONDS;
    const reports = await this.others.reports(flink.nodes);
    const [left, staying] = split(flink.nodes, (node) => {
      const found = reports.get(node);
      return found !== undefined && stands(found.report, etag, ["stopped"]);
    });
    const without =
      left.length === 0 ? "" : `; ${left.join(", ")} ${left.length === 1 ? "has" : "have"} nothing to go back to`;
    if (outcome) {
      // Nobody else may be there to say so.
      const isLast = left.includes(name) && (staying.length === 0 || isTooLate);
      return isLast ? this.fail(shared, `${record.reason}${without}: undo the change`) : outcome;
    }
    const verdict = await this.recovery(shared).judge(this.props.node.report(), () => this.props.node.askFlink());
    if (verdict.kind === "not yet" && !isTooLate) return this.teller.wait("going-back", change, record.reason!);
    const ill = verdict.kind === "well" ? notWellOn(line.from, staying, reports) : `${name}: ${verdict.reason}`;
    if (ill !== undefined && verdict.kind !== "hopeless" && !isTooLate) {
      return this.teller.wait("going-back", change, record.reason!);
    }
    const problem = ill === undefined ? "" : `; the nodes went back, and ${ill}`;
    return this.fail(shared, `${record.reason}${without}${problem}`);
  }

  private async afterFailure(shared: SharedLock): Promise<Outcome | undefined> {
    const { flink, line, wanted } = shared;
    // A machine that is new, and has nothing to go back to, goes where the others are.
    if (flink.line !== line.from && !flink.isOpen && wanted?.flinkLine === line.from) return wanted.applyAtOnce();
    const outcome = await this.runOldLine(shared);
    if (outcome) return outcome;
    await this.settle();
    if (flink.isHeld) await flink.letGo();
    flink.tell(undefined);
    return undefined;
  }

  /** This node's way back to the old line; nothing where it may run it. */
  private async runOldLine(shared: SharedLock): Promise<Outcome | undefined> {
    const { flink, line, record, change } = shared;
    if (flink.line === line.from) return this.run(flink);
    await flink.stop();
    try {
      if (!record.before || !change.undo) throw new Error("it does not say what ran before");
      return (await change.undo(record.before.sha256)) === "start anew" ? "start anew" : "soon";
    } catch (error) {
      // Others need not wait for it: it starts nothing.
      if (this.isTooOften("undo")) this.tellStanding(shared, "stopped");
      return this.teller.wait("going-back", change, `${record.reason}; going back failed: ${describeError(error)}`);
    }
  }

  /** Flink may run here: what was stopped by this process is started by the next one. */
  private run(flink: RolledFlink): Outcome | undefined {
    if (flink.isOpen) return undefined;
    if (flink.wasStopped) return "start anew";
    flink.open();
    return undefined;
  }

  private async advance(
    { seen, record, change }: SharedLock,
    next: Pick<RollLockRecord, "reason" | "before"> & { readonly phase: RollPhase },
    event?: RollEventName,
  ): Promise<Outcome> {
    if (!(await this.lock.advance(seen, next))) return "soon";
    this.teller.tell(next.phase, change, next.reason);
    if (event) await this.events.write(event, record.generation, record.change!, next.reason);
    return "soon";
  }

  private async fail(shared: SharedLock, reason: string): Promise<Outcome> {
    const event = shared.record.phase === "preparing" ? "failed" : "rolled-back";
    this.failures.clear();
    return this.advance(shared, { phase: "failed", reason }, event);
  }

  private async release({ seen, record }: SharedLock, reason?: string): Promise<Outcome> {
    if (!(await this.lock.release(seen))) return "soon";
    // Not before: whoever loses to one that turns back keeps its own way back.
    if (record.phase === "applying") await this.settle();
    this.teller.nothing();
    await this.events.write("released", record.generation, record.change!, reason);
    return "soon";
  }

  private async jobs(): Promise<readonly JobOverview[]> {
    return (await this.props.node.askFlink()).jobs.filter((job) => !hasEnded(job));
  }

  private tellStanding({ etag, flink }: SharedLock, standing: LineChangeReport["standing"]): void {
    flink.tell({ lock: etag, standing });
  }

  private wait(sha256: string, reason: string): Outcome {
    this.props.node.tell({ phase: "waiting", sha256, reason });
    return "soon";
  }

  private runningSha256(): string {
    return this.props.node.report().running?.sha256 ?? "";
  }

  private isTooOften(what: string): boolean {
    const count = (this.failures.get(what) ?? 0) + 1;
    this.failures.set(what, count);
    return count >= MOST_ATTEMPTS;
  }

  /** One for each phase, begun anew with the process. */
  private recovery({ etag, record }: SharedLock): RecoveryWatch {
    if (this.watch?.of !== etag) this.watch = { of: etag, recovery: new RecoveryWatch(this.clock, record.before) };
    return this.watch.recovery;
  }
}

function split(nodes: readonly string[], isLeft: (node: string) => boolean): [string[], string[]] {
  return [nodes.filter(isLeft), nodes.filter((node) => !isLeft(node))];
}

function jobsLeftOf({ to }: LineChange): string {
  return `; not gone back, as jobs of Flink ${to} are left`;
}
