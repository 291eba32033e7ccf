import type { LogsReport } from "../../../lib/node/report";
import type { JudgeFigures } from "../../lab/judge/figures";
import type { AttemptOutcome } from "../job-is-not-machine";
import { judgeLines } from "../judge-record";
import { OPENSEARCH_VERSION } from "../opensearch/opensearch-software";
import { refusedLines } from "../others/record-lines";
import { origin, writePage } from "../record";
import type { NumberLogContents } from "./log-documents";

/** What the way of a node's logs into OpenSearch showed. */
export interface LogsRecord {
  readonly flinkVersion: string;
  readonly awaySeconds: number;
  readonly contents: NumberLogContents;
  readonly report: LogsReport;
  readonly attempts: readonly AttemptOutcome[];
  readonly judge: JudgeFigures;
}

/** Writes the page; gives its path. */
export function writeLogsRecord({ flinkVersion, awaySeconds, contents, report, attempts, judge }: LogsRecord): string {
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
    ...refusedLines(attempts),
    ...judgeLines(judge),
  ]);
}
