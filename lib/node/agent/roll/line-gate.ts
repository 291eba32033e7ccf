import { reportedLine } from "../../flink-line";
import { FRESH_REPORT_SECONDS, type LineChangeReport, type NodeReport } from "../../report";
import type { LineChange } from "../../roll";
import { shownJobName } from "./job-name";
import type { JobOverview } from "./flink-view";
import type { PeerReport, PeerReports } from "./peers";

/** So many jobs are named in a sentence. */
const MOST_NAMED_JOBS = 3;
const JOB_ID = /^[0-9a-f]{32}$/;

/** Whether a node has said of this very lock that it is so far; what it says of another one is of no account. */
export function stands(report: NodeReport, lock: string, standings: readonly LineChangeReport["standing"][]): boolean {
  const { lineChange } = report;
  return lineChange?.lock === lock && standings.includes(lineChange.standing);
}

/** Whether it is a node of the new line that waits for the others, as a machine that was made meanwhile does. */
export function waitsOnLine({ report, ageSeconds }: PeerReport, { to }: LineChange): boolean {
  return (
    ageSeconds <= FRESH_REPORT_SECONDS &&
    report.lineChange?.standing === "stopped" &&
    (reportedLine(report) ?? to) === to
  );
}

/**
 * Why the nodes may not take over another line of Flink now, one sentence without a full stop; nothing where they may.
 *
 * @param sha256 of the desired state that all run, but for those that wait on the new line already; absent: whichever
 */
export function unfitForLine(
  nodes: readonly string[],
  reports: PeerReports,
  line: LineChange,
  sha256: string | undefined,
): string | undefined {
  for (const node of nodes) {
    const found = reports.get(node);
    if (!found) return `${node} has not reported yet`;
    const { report, ageSeconds } = found;
    if (ageSeconds > FRESH_REPORT_SECONDS) return `the last report of ${node} is older than ${FRESH_REPORT_SECONDS} s`;
    if (waitsOnLine(found, line)) continue;
    if (report.status !== "healthy") return `${node} is ${report.status}`;
    if (sha256 !== undefined && report.running?.sha256 !== sha256) return `${node} runs another desired state`;
  }
  return undefined;
}

/** The first node that is not well on a line, one sentence without a full stop; nothing when all are. */
export function notWellOn(line: string, nodes: readonly string[], reports: PeerReports): string | undefined {
  for (const node of nodes) {
    const found = reports.get(node);
    if (!found || found.ageSeconds > FRESH_REPORT_SECONDS) return `${node} is silent`;
    const { status } = found.report;
    if (reportedLine(found.report) !== line) return `${node} does not run Flink ${line} yet`;
    if (status !== "healthy") return `${node} is ${status}`;
  }
  return undefined;
}

/**
 * A node that may run another line of Flink than the given one, one sentence without a full stop; nothing where none does.
 * Where a node is well on the given line, that is what runs: whoever is on another one waits. One that is silent may run on,
 * for however long: it may only not reach the bucket.
 */
export function runsOtherLine(line: string, reports: PeerReports): string | undefined {
  const isFresh = ({ ageSeconds }: PeerReport): boolean => ageSeconds <= FRESH_REPORT_SECONDS;
  const isRunning = [...reports.values()].some(
    (found) => isFresh(found) && found.report.status === "healthy" && reportedLine(found.report) === line,
  );
  if (isRunning) return undefined;
  for (const [node, found] of reports) {
    const other = reportedLine(found.report);
    if (other === undefined || other === line) continue;
    if (isFresh(found)) return `${node} runs Flink ${other}, and there are never two lines at once`;
    return `${node} is silent and may run Flink ${other}, and there are never two lines at once: replace it`;
  }
  return undefined;
}

/** What ZooKeeper keeps of jobs, for people: what is not as Flink names a job is anybody's, and may be of any length. */
export function namedPlans(plans: readonly string[]): string {
  const named = plans.slice(0, MOST_NAMED_JOBS).map((name) => (JOB_ID.test(name) ? name : "a job of another name"));
  const more = plans.length - named.length;
  return `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** Jobs that have not ended, for people. */
export function namedJobs(jobs: readonly Pick<JobOverview, "jid" | "name">[]): string {
  const named = jobs.slice(0, MOST_NAMED_JOBS).map(({ jid, name }) => `${shownJobName(name)} (${jid})`);
  const more = jobs.length - named.length;
  return `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
