import { FRESH_REPORT_SECONDS, type NodeReport } from "../../report";
import type { ClusterBefore } from "../../roll";
import { type FlinkView, hasEnded, type JobOverview, runsWhole } from "./flink-view";
import { shownJobName } from "./job-name";
import type { PeerReports } from "./peers";
import type { RecoveryVerdict } from "./recovery-verdict";

/** The first node that keeps the others from going down, one sentence without a full stop; nothing when all are well. */
export function unhealthyNode(nodes: readonly string[], reports: PeerReports): string | undefined {
  for (const node of nodes) {
    const found = reports.get(node);
    if (!found) return `${node} has not reported yet`;
    const { report, ageSeconds } = found;
    if (ageSeconds > FRESH_REPORT_SECONDS) return `the last report of ${node} is older than ${FRESH_REPORT_SECONDS} s`;
    if (report.status !== "healthy") return `${node} is ${report.status}`;
  }
  return undefined;
}

/** What in Flink would not survive the loss of a node, one sentence without a full stop; or nothing. */
export function unreadyFlink({ taskManagers, jobs }: FlinkView, nodeCount: number): string | undefined {
  // Flink misses a machine that lost its power sooner than its report grows old.
  if (taskManagers < nodeCount) return `${taskManagers} of ${nodeCount} TaskManagers are registered`;
  const job = jobs.find((each) => !hasEnded(each) && !runsWhole(each));
  return job && notWhole(job);
}

/**
 * The node that is ill and that the change may mend: the first by name, before all that are healthy, whoever else is
 * ill. One that is silent is left out: nobody may be there to begin.
 */
export function nodeToMend(
  nodes: readonly string[],
  reports: PeerReports,
  isDoneBy: (report: NodeReport) => boolean,
): string | undefined {
  const ill = nodes.filter((node) => {
    const found = reports.get(node);
    if (!found || found.ageSeconds > FRESH_REPORT_SECONDS) return false;
    return found.report.status !== "healthy" && !isDoneBy(found.report);
  });
  return ill.sort(byName)[0];
}

/**
 * Whose turn it is: standbys first, the leader last, so that the leadership moves once; ZooKeeper's leader after its
 * followers; else by name. Every node works it out for itself, and the lock decides where they differ.
 */
export function nextNode(
  nodes: readonly string[],
  reports: PeerReports,
  isDoneBy: (report: NodeReport) => boolean,
): string | undefined {
  const left = nodes.flatMap((node) => {
    const report = reports.get(node)?.report;
    return report && isDoneBy(report) ? [] : [{ node, rank: report ? rankOf(report) : 0 }];
  });
  left.sort((a, b) => a.rank - b.rank || byName(a.node, b.node));
  return left[0]?.node;
}

function byName(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

function rankOf(report: NodeReport): number {
  if (report.leads) return 2;
  return report.units.some(({ name, health }) => name.startsWith("zookeeper") && health === "leader") ? 1 : 0;
}

/**
 * Compares Flink with what it was. `ended` are ids of jobs that were seen finished or cancelled since. Another job
 * that is not listed is missing: a new leader lists what it recovers, and neither a job that it could not recover nor
 * one that ended under the leader before it, so that only having seen the end tells the two apart.
 */
export function recoveryOf(before: ClusterBefore, now: FlinkView, ended: ReadonlySet<string>): RecoveryVerdict {
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

function notWhole({ name, jid, state }: JobOverview): string {
  return `not all tasks of the job ${shownJobName(name)} (${jid}) run: it is ${state}`;
}
