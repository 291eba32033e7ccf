import type { JudgeFigures } from "../../lab/judge/figures";
import type { FaultRecord } from "../faults";
import type { AttemptOutcome } from "../job-is-not-machine";
import { judgeLines } from "../judge-record";
import { faultLines, refusedLines } from "../others/record-lines";
import type { StreamContents } from "../numbered-stream";
import { origin, writePage } from "../record";
import { POSTGRESQL_VERSION } from "./postgresql-software";
import type { TableContents } from "./rows";

/** What jobs showed that read and write tables of PostgreSQL. */
export interface PostgreSqlRecord {
  readonly flinkVersion: string;
  readonly faults: readonly FaultRecord[];
  /** Rows that were written by their primary key, over the faults. */
  readonly enriched: TableContents;
  /** How often such a row was there and was written again. */
  readonly writtenAgain: number;
  /** The same rows, written without a key. */
  readonly events: TableContents;
  /** The same numbers in files, exactly once. */
  readonly files: StreamContents;
  /** How many rows a job read as they were, and wrote. */
  readonly copied: number;
  readonly attempts: readonly AttemptOutcome[];
  readonly judge: JudgeFigures;
}

/** Writes the page; gives its path. */
export function writePostgreSqlRecord(record: PostgreSqlRecord): string {
  const { flinkVersion, faults, enriched, writtenAgain, events, files, copied, attempts, judge } = record;
  return writePage("postgresql.md", [
    "# Jobs that read and write tables of PostgreSQL",
    "",
    ...origin("test/lab/long/postgresql.test.ts"),
    "",
    `Flink ${flinkVersion} on one node, and PostgreSQL ${POSTGRESQL_VERSION} on a machine that others keep: TLS and SCRAM-SHA-256, one user`,
    "who may read one table and another who may write some, with no more privileges than their statements need. The reader's",
    "connection has the server's authority by `certificateAuthorities`, the writer's by the machines' operating system.",
    "",
    "A job looks each of its numbers up in a table that the reader may read, and writes what it found into one table by a",
    "primary key, into another without one, and into files, with checkpoints every 5 seconds. Another copied a table of",
    `${copied} rows and ended.`,
    "",
    "Seconds from the fault until every task of the job ran again from its checkpoint; of the rotation, until the next row came:",
    "",
    ...faultLines(faults),
    "Over all of it:",
    "",
    "| written | rows | missing | duplicated | wrong |",
    "| --- | --- | --- | --- | --- |",
    row("table with a primary key", enriched),
    row("table without one: at least once", events),
    row(`${files.files} files`, { ...files, wrong: [] }),
    "",
    `Of the first table, rows that were there were written again ${writtenAgain} times.`,
    "",
    ...refusedLines(attempts),
    ...judgeLines(judge),
  ]);
}

function row(
  what: string,
  { rows, missing, duplicates, wrong }: Omit<TableContents, "smallestLast" | "largest">,
): string {
  return `| ${what} | ${rows} | ${missing.length} | ${duplicates.length} | ${wrong.length} |`;
}
