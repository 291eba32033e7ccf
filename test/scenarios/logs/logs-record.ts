import type { LogsReport } from "../../../lib/node/report";
import type { JudgeFigures } from "../../lab/judge/figures";
import type { AttemptOutcome } from "../job-is-not-machine";
import { judgeLines } from "../judge-record";
import { OPENSEARCH_VERSION } from "../opensearch/opensearch-software";
import { refusedLines } from "../others/record-lines";
import type { CommandRun } from "../operators/command-line";
import { commandLines } from "../operators/commands-record";
import { origin, writePage } from "../record";
import type { NumberLogContents } from "./log-documents";
import type { LogFaultRecord } from "./play-log-fault";
import type { UnitCost } from "./shipping-cost";

/** What the way of a node's logs into OpenSearch showed. */
export interface LogsRecord {
  readonly flinkVersion: string;
  readonly awaySeconds: number;
  readonly contents: NumberLogContents;
  readonly report: LogsReport;
  readonly cost: ShippingCost;
  readonly faults: readonly LogFaultRecord[];
  readonly attempts: readonly AttemptOutcome[];
  readonly judge: JudgeFigures;
  /** The command line of who looks at these lines. */
  readonly commands: readonly CommandRun[];
}

/** What the shipping costs a node with some small jobs. */
export interface ShippingCost {
  readonly jobs: number;
  readonly seconds: number;
  /** Documents that came meanwhile. */
  readonly linesPerSecond: number;
  readonly units: readonly UnitCost[];
}

/** Writes the page; gives its path. */
export function writeLogsRecord(record: LogsRecord): string {
  const { flinkVersion, awaySeconds, contents, report, cost, faults, attempts, judge, commands } = record;
  const { lines, traces, missing, duplicates, wrong } = contents;
  return writePage("logs.md", [
    "# Logs on their way into OpenSearch",
    "",
    ...origin("test/lab/logs.test.ts"),
    "",
    `Flink ${flinkVersion} on one node, and OpenSearch ${OPENSEARCH_VERSION} with its security plugin on a machine that others keep: TLS by an`,
    "authority that only `certificateAuthorities` names, and a user with a password who may write documents of indices named",
    `\`logs-*\` and do nothing else. A job wrote numbers to its log while OpenSearch was away for ${awaySeconds} seconds; meanwhile the`,
    "log exporter and the collector were killed (-9), files were full and the node rebooted.",
    "",
    "| lines | stack traces | missing | twice | other than written |",
    "| --- | --- | --- | --- | --- |",
    `| ${lines} | ${traces} | ${missing.length} | ${duplicates.length} | ${wrong.length} |`,
    "",
    `The node itself told of ${report.delivered} lines delivered, ${report.lost} lost and ${report.rejected} rejected.`,
    "",
    "![The overview of these lines](log-overview.png)",
    "",
    "What the panels of the overview answered, drawn by the tests and not by OpenSearch Dashboards, before what is told below.",
    "",
    ...costLines(cost),
    ...faultLines(faults),
    ...refusedLines(attempts),
    ...judgeLines(judge),
    "## The command line, as people ran it",
    "",
    "Through a tunnel, by users of OpenSearch with the permissions that docs/logs.md names. This OpenSearch has no Index State Management,",
    "as no package registry has it.",
    "",
    ...commands.flatMap(commandLines),
  ]);
}

function costLines({ jobs, seconds, linesPerSecond, units }: ShippingCost): string[] {
  const sum = (part: keyof Omit<UnitCost, "unit">) =>
    (Math.round(units.reduce((total, unit) => total + unit[part], 0) * 10) / 10).toFixed(1);
  return [
    `What the shipping took of the node with ${jobs} small jobs that never end, each with a checkpoint every 5 seconds: over`,
    `${seconds} seconds, in which ${linesPerSecond} lines a second were delivered. MB are 1,000,000 bytes; anonymous memory is the`,
    "unit's alone, and what is resident beyond it are files that the kernel can read again.",
    "",
    "| unit | % of one core | MB anonymous | MB with its part of what is shared | MB resident |",
    "| --- | --- | --- | --- | --- |",
    ...units.map(
      ({ unit, corePercent, anonymous, proportional, resident }) =>
        `| ${unit} | ${corePercent.toFixed(1)} | ${anonymous} | ${proportional} | ${resident} |`,
    ),
    `| both | ${sum("corePercent")} | ${sum("anonymous")} | ${sum("proportional")} | ${sum("resident")} |`,
    "",
  ];
}

function faultLines(faults: readonly LogFaultRecord[]): string[] {
  return [
    "What went wrong between the node and its destination, one after the other. Nobody touched the node, which was healthy all",
    "the time: what was wrong was mended where it was wrong. No process of Flink ended, no job began anew, and each completed",
    "checkpoints meanwhile. Seconds are from the beginning of the act until the node told of it, and from the beginning of the",
    "act that mended it until the node told of nothing and all lines were there; both with what the acts themselves take.",
    "",
    "| fault | what `status` says behind `logs:` | seconds to tell | seconds to recover | lines that never arrived |",
    "| --- | --- | --- | --- | --- |",
    ...faults.map(
      ({ what, said, secondsToTell, secondsToRecover, lines }) =>
        `| ${what} | ${said.replaceAll("|", "\\|")} | ${secondsToTell} | ${secondsToRecover} | ${lines} |`,
    ),
    "",
  ];
}
