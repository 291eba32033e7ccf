import { execFileSync } from "child_process";
import * as fs from "fs";
import * as os from "os";
import * as path from "path";
import { Examination } from "./certificates-by-port/certificates-by-port";
import type { JudgeFigures } from "../lab/judge/figures";
import { FaultRecord } from "./faults";
import { AttemptOutcome } from "./job-is-not-machine";
import { attemptLines, judgeLines } from "./judge-record";
import { StreamContents } from "./numbered-stream";
import { WireTable } from "./packet-capture/wire-table";
import type { SearchOutcome } from "./secret-search";
import { usesEveryPort, Variant } from "./variant";

/** What one variant showed; written to docs/records/ by the long form. */
export interface VariantRecord {
  readonly variant: Variant;
  readonly faults: readonly FaultRecord[];
  /** The numbered stream after the faults. */
  readonly stream: StreamContents;
  /** The numbered stream of the first cluster and the one built anew beside the same bucket. */
  readonly afterRebuild?: StreamContents;
  /** What passed the machines' links while the job ran and failed over, and while each port was used. */
  readonly wire: WireTable;
  /** What each port of each node answered to whose certificate. */
  readonly examinations?: readonly Examination[];
  /** Where the secrets of the cluster were looked for. */
  readonly search?: SearchOutcome;
  /** What was tried that must be refused. */
  readonly attempts: readonly AttemptOutcome[];
  /** What the front's judge decided over the whole session. */
  readonly judge: JudgeFigures;
}

const FOLDER = path.resolve(__dirname, "..", "..", "docs", "records");

/** Writes the page of a variant. It tells of one run, with the commit and the machine that it ran on. */
export function writeRecord(record: VariantRecord): string {
  const { flinkVersion, nodeCount } = record.variant;
  const stream = (title: string, contents: StreamContents) =>
    `| ${title} | ${contents.rows} | ${contents.files} | ${contents.missing.length} | ${contents.duplicates.length} |`;
  const lines = [
    `# Flink ${flinkVersion} on ${nodeCount} ${nodeCount === 1 ? "node" : "nodes"}`,
    "",
    ...origin("the lab session"),
    "",
    "Seconds from the fault until every task of the job ran again from its checkpoint (where no task noticed: until the",
    "next checkpoint was complete). Checkpoints every 5 seconds.",
    "",
    "| fault | node | seconds | restored from checkpoint |",
    "| --- | --- | --- | --- |",
    ...record.faults.map(
      (fault) => `| ${fault.fault} | ${fault.node} | ${fault.seconds.toFixed(1)} | ${fault.restoredFrom ?? "-"} |`,
    ),
    "",
    "What the job wrote, exactly once, through an s3a file sink:",
    "",
    "| numbered stream | rows | files | missing | duplicated |",
    "| --- | --- | --- | --- | --- |",
    stream("after the faults", record.stream),
    ...(record.afterRebuild ? [stream("with the cluster built anew", record.afterRebuild)] : []),
    "",
    `What passed the machines' links, captured whole, during the faults${usesEveryPort(record.variant) ? " and while each port was used" : ""}:`,
    "",
    "| service | port | between | protocol | cipher suite | caller's certificate | conversations | bytes | not judged |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ...record.wire.rows.map(
      (row) =>
        `| ${row.service} | ${row.port} | ${row.between} | ${row.protocol} | ${row.cipher} | ${row.callerCertificate} | ` +
        `${row.conversations} | ${row.bytes} | ${row.unjudged} |`,
    ),
    "",
    ...(record.examinations ? certificateLines(record.examinations) : []),
    ...(record.search ? searchLines(record.search) : []),
    ...attemptLines(record.attempts),
    ...judgeLines(record.judge),
  ];
  return writePage(`flink-${flinkVersion}-${nodeCount}-${nodeCount === 1 ? "node" : "nodes"}.md`, lines);
}

/** What a reader has to know of any figure. */
export function origin(of: string): string[] {
  const commit = execFileSync("git", ["rev-parse", "--short=12", "HEAD"], { cwd: __dirname, encoding: "utf8" }).trim();
  return [
    `One run of ${of}, ${new Date().toISOString().slice(0, 10)}, commit ${commit}, on ${os.cpus().length} processors with`,
    `${Math.round(os.totalmem() / 1024 ** 3)} GiB, shared by all machines of the cluster: seconds are upper bounds, not promises.`,
  ];
}

/** A table of a page. */
export function tableLines(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

/** Writes a page of docs/records/; gives its path. */
export function writePage(name: string, lines: readonly string[]): string {
  fs.mkdirSync(FOLDER, { recursive: true });
  const file = path.join(FOLDER, name);
  fs.writeFileSync(file, lines.join("\n"));
  return file;
}

/** Nodes that answered the same are one line. */
function certificateLines(examinations: readonly Examination[]): string[] {
  const lines = examinations.map(({ port, name, listens, answers }) => {
    return `| ${port} | ${name} | ${listens ? "yes" : "no"} | ${answers.accepts.join(", ") || "nobody"} | ${answers.plain} |`;
  });
  return [
    "What each port answered a node that showed no certificate, a foreign one, an operator's and a node's:",
    "",
    "| port | name | listens | takes the certificate of | answers plain HTTP with |",
    "| --- | --- | --- | --- | --- |",
    ...new Set(lines),
    "",
  ];
}

function searchLines({ secrets, rows, findings }: SearchOutcome): string[] {
  return [
    `Where ${secrets} secrets of the cluster were looked for, after planted ones had been found in each of these places`,
    `and taken away; found where they must not be: ${findings.length}.`,
    "",
    "| place | machines | things | MiB | found where they belong | findings |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows.map(
      (row) =>
        `| ${row.place} | ${row.machines} | ${row.things} | ${row.MiB} | ${row["where they belong"]} | ${row.findings} |`,
    ),
    "",
  ];
}
