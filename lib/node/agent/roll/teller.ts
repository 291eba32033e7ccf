import type { RollReport } from "../../roll";
import { describeError } from "../log";
import type { Change } from "./change";
import type { Outcome, RollingNode } from "./rolling-node";

/** Tells how a node stands to the roll, for its report. */
export class RollTeller {
  private told?: Omit<RollReport, "since">;

  public constructor(private readonly node: RollingNode) {}

  public wait(phase: RollReport["phase"], change: Change, reason: string, outcome: Outcome = "soon"): Outcome {
    this.tell(phase, change, reason);
    return outcome;
  }

  /** Until the maintenance window opens. */
  public waitForWindow(change: Change, opensAt: Date): Outcome {
    const time = opensAt.toISOString();
    this.tell("waiting", change, `the maintenance window opens at ${time}`, time);
    return "later";
  }

  /** Until people have ended what it waits for, where it is such. */
  public waitForPeople(change: Change, { reason, waitsFor }: Pick<RollReport, "reason" | "waitsFor">): Outcome {
    this.told = { phase: "waiting", sha256: change.about.sha256, reason, ...(waitsFor ? { waitsFor } : {}) };
    this.node.tell(this.told);
    return "soon";
  }

  public tell(phase: RollReport["phase"], change: Change, reason?: string, opensAt?: string): void {
    const why = { ...(reason === undefined ? {} : { reason }), ...(opensAt === undefined ? {} : { opensAt }) };
    this.told = { phase, sha256: change.about.sha256, ...why };
    this.node.tell(this.told);
  }

  public nothing(): void {
    this.told = undefined;
    this.node.tell(undefined);
  }

  /** As what was last known; before that, as waiting. The next look that succeeds says something else. */
  public failure(error: unknown): void {
    const { pending, running } = this.node.report();
    const sha256 = this.told?.sha256 ?? pending?.sha256 ?? running?.sha256 ?? "";
    const reason = `the last look failed: ${describeError(error)}`;
    this.node.tell({ phase: this.told?.phase ?? "waiting", sha256, reason });
  }
}
