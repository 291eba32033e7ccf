import type { NodeReport } from "../../report";
import type { ClusterBefore } from "../../roll";
import { endedInPeace, type FlinkView, hasEnded, notWhole, runsWhole } from "./flink-view";
import { shownJobName } from "./job-name";

/**
 * A node that is not well again by then goes back. Ten minutes are far more than a start takes: a ZooKeeper session
 * that has to time out, a TaskManager that fetches a large state, a machine that is busy.
 */
export const LONGEST_RECOVERY_MILLIS = 600_000;
/** All must be well for so long in every look: the leader misses a lost TaskManager a while later only. */
export const STEADY_MILLIS = 10_000;
/** A unit that ended so often while we waited will not become healthy by more waiting. */
export const MANY_RESTARTS = 5;

export type RecoveryVerdict =
  | { readonly kind: "well" }
  | { readonly kind: "not yet"; readonly reason: string }
  | { readonly kind: "hopeless"; readonly reason: string };

/** Waits, with a bound, until a node that was stopped is healthy again and the cluster is what it was before. */
export class RecoveryWatch {
  private readonly begun: number;
  private wellSince: number | undefined;
  private readonly fewestRestarts = new Map<string, number>();
  /** Ids of jobs: the next leader does not list them any more. */
  private readonly ended = new Set<string>();

  public constructor(
    private readonly clock: () => number,
    private readonly before: ClusterBefore | undefined,
  ) {
    this.begun = clock();
  }

  public async judge(report: NodeReport, askFlink: () => Promise<FlinkView>): Promise<RecoveryVerdict> {
    const found = await this.look(report, askFlink);
    if (found.kind === "hopeless") return found;
    if (found.kind === "well") {
      this.wellSince ??= this.clock();
      const isSteady = this.clock() - this.wellSince >= STEADY_MILLIS;
      return isSteady ? found : { kind: "not yet", reason: "all is well, if it stays so" };
    }
    this.wellSince = undefined;
    if (this.clock() - this.begun < LONGEST_RECOVERY_MILLIS) return found;
    const minutes = LONGEST_RECOVERY_MILLIS / 60_000;
    return { kind: "hopeless", reason: `not well again after ${minutes} minutes: ${found.reason}` };
  }

  private async look(report: NodeReport, askFlink: () => Promise<FlinkView>): Promise<RecoveryVerdict> {
    const fallen = this.unitThatDoesNotStay(report);
    if (fallen !== undefined) return { kind: "hopeless", reason: fallen };
    if (report.status !== "healthy") {
      return { kind: "not yet", reason: report.reasons[0] ?? `${report.node} is ${report.status}` };
    }
    if (!this.before) return { kind: "well" };
    try {
      const now = await askFlink();
      for (const job of now.jobs) if (endedInPeace(job)) this.ended.add(job.jid);
      return recoveryOf(this.before, now, this.ended);
    } catch (error) {
      return { kind: "not yet", reason: `Flink cannot be asked: ${(error as Error).message}` };
    }
  }

  /** systemd counts from the last start on, so that what was counted before the change is no sign. */
  private unitThatDoesNotStay({ units }: NodeReport): string | undefined {
    for (const { name, restarts, state } of units) {
      const fewest = Math.min(restarts, this.fewestRestarts.get(name) ?? restarts);
      this.fewestRestarts.set(name, fewest);
      if (restarts - fewest >= MANY_RESTARTS) return `${name} ended ${restarts - fewest} times: it is ${state}`;
    }
    return undefined;
  }
}

/**
 * Compares Flink with what it was. `ended` are ids of jobs that were seen finished or cancelled since. Another job
 * that is not listed is missing: a new leader lists what it recovers, and neither a job that it could not recover nor
 * one that ended under the leader before it, so that only having seen the end tells the two apart.
 */
function recoveryOf(before: ClusterBefore, now: FlinkView, ended: ReadonlySet<string>): RecoveryVerdict {
  if (now.taskManagers < before.taskManagers) {
    return { kind: "not yet", reason: `${now.taskManagers} of ${before.taskManagers} TaskManagers are registered` };
  }
  for (const jid of before.jobs) {
    const job = now.jobs.find((each) => each.jid === jid);
    if (job?.state === "FAILED")
      return { kind: "hopeless", reason: `the job ${shownJobName(job.name)} (${jid}) failed` };
    if (!job && !ended.has(jid)) return { kind: "not yet", reason: `the job ${jid}, which ran before, is not listed` };
    if (job && !hasEnded(job) && !runsWhole(job)) {
      return { kind: "not yet", reason: notWhole(job) };
    }
  }
  return { kind: "well" };
}
