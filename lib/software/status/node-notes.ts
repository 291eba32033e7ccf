import type { HostFirewallReport, LogsReport, MetricsReport, NodeReport } from "../../node/report";
import type { NodeStatus } from "../node-status";

/** What there is to know of a node beside its row, one line each: why it is not well, and what does not make it ill. */
export function nodeNotes({ reasons, report }: NodeStatus): readonly string[] {
  return [
    ...reasons,
    ...renewalNote(report),
    ...hostFirewallNote(report?.hostFirewall),
    ...(report?.connectionProblems ?? []),
    ...volumeNote(report),
    ...logsNote(report?.logs),
    ...metricsNote(report?.metrics),
  ];
}

function renewalNote(report: NodeReport | undefined): readonly string[] {
  const problem = report?.certificates?.renewalProblem;
  return problem === undefined ? [] : [`its certificates are not renewed: ${problem}`];
}

function volumeNote(report: NodeReport | undefined): readonly string[] {
  const problem = report?.dataVolume?.problem;
  return problem === undefined ? [] : [`its data volume is not used whole: ${problem}`];
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
