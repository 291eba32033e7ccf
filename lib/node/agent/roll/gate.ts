import { FRESH_REPORT_SECONDS, type NodeReport } from "../../report";
import { type FlinkView, hasEnded, notWhole, runsWhole } from "./flink-view";
import type { PeerReports } from "./peers";

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
  return jobInPieces({ jobs });
}

/** The first job of which not all tasks run, one sentence without a full stop; nothing where there is none. */
export function jobInPieces({ jobs }: Pick<FlinkView, "jobs">): string | undefined {
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
