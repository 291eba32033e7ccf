import type { RollLockRecord } from "../../roll";
import { describeError } from "../log";
import type { Afterwards, Change } from "./change";
import type { RollEvents } from "./events";
import type { RollLock, SeenLock } from "./lock";
import type { Others } from "./others";
import { RecoveryWatch } from "./recovery";
import type { Outcome, RollProps } from "./rolling-node";
import type { RollTeller } from "./teller";

/** A change that cannot be prepared, or taken over, so often in a row stops the roll: its software may be missing. */
export const MOST_ATTEMPTS = 5;

/** The lock, held by this node, and what it is held for. */
export interface Held {
  readonly seen: SeenLock;
  readonly record: RollLockRecord;
  readonly change: Change;
}

/** How a roll stops. */
interface Stop {
  /** Whether there is an event of it already. */
  readonly isTold?: boolean;
  /** Whether what was taken over is still here, with what may yet go back from it. */
  readonly staysOnTrial?: boolean;
}

/** What a node does with the lock in its hand: from the preparation to the release, or back. */
export class TakenChange {
  private failedPreparations = 0;
  /** Why the change could not be taken over, each time in a row. */
  private failedApplications: readonly string[] = [];
  /** How often going back failed, each time in a row. */
  private failedReturns = 0;
  private watch?: { readonly of: string; readonly recovery: RecoveryWatch };

  public constructor(
    private readonly props: RollProps,
    private readonly lock: RollLock,
    private readonly events: RollEvents,
    private readonly others: Others,
    private readonly teller: RollTeller,
    private readonly clock: () => number,
  ) {}

  /** Another change is taken: what failed before is of no account. */
  public begin(): void {
    this.failedPreparations = 0;
    this.failedApplications = [];
    this.failedReturns = 0;
  }

  public async prepare(held: Held): Promise<Outcome> {
    const { change, seen, record } = held;
    if (this.failedApplications.length >= MOST_ATTEMPTS) {
      return this.stop(held, `it cannot be taken over: ${this.failedApplications.at(-1)}`);
    }
    try {
      await change.prepare();
      this.failedPreparations = 0;
    } catch (error) {
      this.failedPreparations++;
      this.teller.tell("preparing", change, describeError(error));
      if (this.failedPreparations < MOST_ATTEMPTS) return "soon";
      return this.stop(held, `nothing was stopped, as it cannot be prepared: ${describeError(error)}`);
    }
    const obstacle = await this.others.obstacle(change);
    if (obstacle?.lets !== undefined) return this.release(held, `${obstacle.lets} is to be mended first`);
    // People may take days, and what else has to be done needs the lock.
    if (obstacle?.waitsFor !== undefined) return this.release(held, obstacle.reason);
    if (obstacle !== undefined) return this.teller.wait("preparing", change, obstacle.reason);
    const before = await this.others.clusterNow(change);
    // From here on the lock says that things are stopped here; before, it must be sure that it is ours.
    if (!(await this.lock.keep(seen, { phase: "applying", change: change.about, before }))) return "soon";
    this.teller.tell("applying", change);
    let afterwards: Afterwards;
    try {
      afterwards = await change.apply();
    } catch (error) {
      this.failedApplications = [...this.failedApplications, describeError(error)];
      return this.teller.wait("applying", change, describeError(error));
    }
    await this.events.write("applied", record.generation, change.about);
    return afterwards === "start anew" ? "start anew" : "soon";
  }

  public async check(held: Held): Promise<Outcome> {
    const { change, record } = held;
    const verdict = await this.recovery(held).judge(this.props.node.report(), () => this.props.node.askFlink());
    if (verdict.kind === "not yet") {
      this.teller.tell("applying", change, verdict.reason);
      return "soon";
    }
    if (verdict.kind === "well") {
      await this.events.write("healthy", record.generation, change.about);
      return this.release(held);
    }
    await this.events.write("failed", record.generation, change.about, verdict.reason);
    const { reason } = verdict;
    if (!record.before || !change.undo) return this.stop(held, `${reason}; there is no way back`, { isTold: true });
    await this.lock.keep(held.seen, { phase: "going-back", change: change.about, reason, before: record.before });
    this.teller.tell("going-back", change, reason);
    return "soon";
  }

  /** The way back is gone already, by what watched over the trial; from here on it is as any other. */
  public async admitFallBack({ seen, record, change }: Held): Promise<Outcome> {
    const reason = (await change.fellBack?.()) ?? "the machine went back by itself";
    await this.events.write("failed", record.generation, change.about, reason);
    const { before } = record;
    await this.lock.keep(seen, { phase: "going-back", change: change.about, reason, ...(before ? { before } : {}) });
    this.teller.tell("going-back", change, reason);
    return "soon";
  }

  /** Nothing that this machine took over is on trial any more. */
  public async settle(): Promise<void> {
    for (const source of this.props.sources) await source.settle?.();
  }

  public async goBack(held: Held): Promise<Outcome> {
    const { change, record } = held;
    this.teller.tell("going-back", change, record.reason);
    try {
      return (await change.undo!(record.before!.sha256)) === "start anew" ? "start anew" : "soon";
    } catch (error) {
      const reason = `${record.reason}; going back failed: ${describeError(error)}`;
      if (++this.failedReturns < MOST_ATTEMPTS) return this.teller.wait("going-back", change, reason);
      // What watches over the trial may still succeed.
      return this.stop(held, reason, { isTold: true, staysOnTrial: true });
    }
  }

  public async checkAfterGoingBack(held: Held): Promise<Outcome> {
    const { change, record } = held;
    const verdict = await this.recovery(held).judge(this.props.node.report(), () => this.props.node.askFlink());
    if (verdict.kind === "not yet") {
      this.teller.tell("going-back", change, record.reason);
      return "soon";
    }
    const reason =
      verdict.kind === "well" ? record.reason! : `${record.reason}; it went back and is ill: ${verdict.reason}`;
    await this.events.write("rolled-back", record.generation, change.about, reason);
    return this.stop(held, reason, { isTold: true });
  }

  /** The roll has failed here. The lock is kept: no other node tries. */
  private async stop({ seen, record, change }: Held, reason: string, how: Stop = {}): Promise<Outcome> {
    const { before } = record;
    if (!how.staysOnTrial) await this.settle();
    if (!how.isTold) await this.events.write("failed", record.generation, change.about, reason);
    const held = { phase: "failed", change: change.about, reason, ...(before ? { before } : {}) } as const;
    await this.lock.keep(seen, held);
    this.begin();
    this.teller.tell("failed", change, reason);
    return "later";
  }

  public async release({ seen, record, change }: Held, reason?: string): Promise<Outcome> {
    // First, so that no machine goes back from what the cluster counts on.
    await this.settle();
    if (await this.lock.release(seen)) {
      this.teller.nothing();
      await this.events.write("released", record.generation, change.about, reason);
    }
    return "soon";
  }

  /** One for each phase of each roll, begun anew with the process. */
  private recovery({ record }: Held): RecoveryWatch {
    const of = `${record.generation} ${record.phase}`;
    if (this.watch?.of !== of) this.watch = { of, recovery: new RecoveryWatch(this.clock, record.before) };
    return this.watch.recovery;
  }
}
