import type { JudgeFigures } from "../../lab/judge/figures";
import type { FaultRecord } from "../faults";
import type { AttemptOutcome } from "../job-is-not-machine";
import { judgeLines } from "../judge-record";
import { faultLines, refusedLines } from "../others/record-lines";
import { origin, writePage } from "../record";
import type { SinkContents } from "./orders";

/** What the job of examples/orders-enrichment showed over all its systems at once. */
export interface OrdersRecord {
  readonly flinkVersion: string;
  readonly orders: number;
  readonly seconds: number;
  readonly faults: readonly FaultRecord[];
  readonly sinks: Readonly<Record<string, SinkContents>>;
  readonly countries: number;
  readonly attempts: readonly AttemptOutcome[];
  readonly judge: JudgeFigures;
}

/** Writes the page; gives its path. */
export function writeOrdersRecord(record: OrdersRecord): string {
  const { flinkVersion, orders, seconds, faults, sinks, countries, attempts, judge } = record;
  return writePage("orders-enrichment.md", [
    "# The job of examples/orders-enrichment",
    "",
    ...origin("test/lab/long/orders-enrichment.test.ts"),
    "",
    `Flink ${flinkVersion} on one node, and four machines that others keep, each in a security group of its own: a broker of Kafka`,
    "3.9.1 to read from (TLS, SCRAM-SHA-512, ACLs), another to write to (TLS, client certificates, ACLs), PostgreSQL, and",
    "OpenSearch with its security plugin. The job is the example's own job.sql, with the output `connection_tables`.",
    "",
    `${orders} orders, joined with 1000 customers; all were in every sink ${seconds.toFixed(0)} s after the job was submitted, faults`,
    "and rotations among it. Seconds from the fault until every task of the job ran again from its checkpoint; of the rotation,",
    "until the restore after which it went on:",
    "",
    ...faultLines(faults),
    "At the end:",
    "",
    "| sink | rows | missing | duplicated | wrong |",
    "| --- | --- | --- | --- | --- |",
    ...Object.entries(sinks).map(
      ([sink, { rows, missing, duplicates, wrong }]) => `| ${sink} | ${rows} | ${missing} | ${duplicates} | ${wrong} |`,
    ),
    `| PostgreSQL: sums of ${countries} countries | ${countries} | 0 | 0 | 0 |`,
    "",
    ...refusedLines(attempts),
    ...judgeLines(judge),
  ]);
}
