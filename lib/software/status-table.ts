import Table from "cli-table3";
import type { CertificatesReport, HostFirewallReport, LogsReport, MetricsReport } from "../node/report";
import { describeRoll, nodesBehind, type ClusterStatus } from "./node-status";

/** As much of a SHA-256 as a person compares. */
const SHORT_HASH = 12;

/** A cluster as a person reads it: a row for each node, and a line about the rolling change. */
export function renderStatus(status: ClusterStatus): string {
  const { nodes, desiredSha256, desiredProblem, roll } = status;
  const table = new Table({
    head: ["node", "status", "leads", "since", "runs", "pending", "reported", "certificates until", "reasons"],
    style: { head: [], border: [] },
    wordWrap: true,
  });
  for (const { node, verdict, since, reportAgeSeconds, reasons, report } of nodes) {
    const reported = reportAgeSeconds === undefined ? "never" : `${reportAgeSeconds} s ago`;
    table.push([
      node,
      verdict,
      report?.leads ? "yes" : "",
      since ?? "",
      short(report?.running?.sha256),
      short(report?.pending?.sha256),
      reported,
      certificatesUntil(report?.certificates),
      [
        ...reasons,
        ...hostFirewallNote(report?.hostFirewall),
        ...(report?.connectionProblems ?? []),
        ...logsNote(report?.logs),
        ...metricsNote(report?.metrics),
      ].join("\n"),
    ]);
  }
  const problem = desiredProblem === undefined ? "" : ` (${desiredProblem})`;
  const desired =
    desiredSha256 === undefined ? "There is no desired state." : `Desired: ${short(desiredSha256)}${problem}.`;
  const rolling = roll ? `Rolling change: ${describeRoll(roll)}.` : "There was no rolling change yet.";
  return [table.toString(), desired, rolling, ...imageNote(status)].join("\n");
}

/** What no roll brings to a machine. */
function imageNote(status: ClusterStatus): readonly string[] {
  const behind = nodesBehind(status);
  if (behind.length === 0) return [];
  return [
    `Made of another image than ${status.desiredImageId}: ${behind.join(", ")}. \`npx cdktf-flink replace --all\` makes them anew, one at a time.`,
  ];
}

/** No reason to call it ill, and one to look who does that. */
function hostFirewallNote(hostFirewall: HostFirewallReport | undefined): readonly string[] {
  if (!hostFirewall) return [];
  const { restored, lastRestoredAt, overtaken = [] } = hostFirewall;
  return [
    `its host firewall was changed and loaded anew, last at ${lastRestoredAt} (${restored} times)`,
    ...(overtaken.length > 0 ? [`another program keeps its rules before it: ${overtaken.join(", ")}`] : []),
  ];
}

/** One line, where something is wrong or was lost. */
function logsNote(logs: LogsReport | undefined): readonly string[] {
  if (!logs) return [];
  const { problem, lost, rejected } = logs;
  return shippingNote("logs", [
    ...(problem === undefined ? [] : [problem]),
    ...(lost > 0 ? [`lines lost so far: ${lost}`] : []),
    ...(rejected > 0 ? [`refused by their destination so far: ${rejected}`] : []),
  ]);
}

/** The same of metrics. */
function metricsNote(metrics: MetricsReport | undefined): readonly string[] {
  if (!metrics) return [];
  const { problem, lost } = metrics;
  return shippingNote("metrics", [
    ...(problem === undefined ? [] : [problem]),
    ...(lost > 0 ? [`lost so far: ${lost}`] : []),
  ]);
}

function shippingNote(what: string, told: readonly string[]): readonly string[] {
  return told.length > 0 ? [`${what}: ${told.join("; ")}`] : [];
}

/** When the first of them ends, and what keeps it from being renewed. */
function certificatesUntil(certificates: CertificatesReport | undefined): string {
  const [first = ""] = (certificates?.issued ?? []).map(({ notAfter }) => notAfter).sort();
  const problem = certificates?.renewalProblem;
  return problem === undefined ? first : `${first}\nnot renewed: ${problem}`;
}

function short(sha256: string | undefined): string {
  return sha256?.slice(0, SHORT_HASH) ?? "";
}
