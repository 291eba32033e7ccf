import type { JudgeFigures } from "../../lab/judge/figures";
import type { FaultRecord } from "../faults";
import type { AttemptOutcome } from "../job-is-not-machine";
import { judgeLines } from "../judge-record";
import type { StreamContents } from "../numbered-stream";
import { faultLines, refusedLines } from "../others/record-lines";
import { origin, writePage } from "../record";

/** What a job showed that reads a topic of Kafka and writes files and another topic. */
export interface KafkaRecord {
  readonly flinkVersion: string;
  readonly faults: readonly FaultRecord[];
  /** All rows that the job wrote into files, over the faults. */
  readonly files: StreamContents;
  /** The same into the topic. */
  readonly topic: Omit<StreamContents, "files">;
  readonly attempts: readonly AttemptOutcome[];
  readonly judge: JudgeFigures;
}

/** Writes the page; gives its path. */
export function writeKafkaRecord({ flinkVersion, faults, files, topic, attempts, judge }: KafkaRecord): string {
  return writePage("kafka.md", [
    "# A job that reads and writes topics of Kafka",
    "",
    ...origin("test/lab/long/kafka.test.ts"),
    "",
    `Flink ${flinkVersion} on one node, and a broker of Kafka 3.9.1 on a machine that others keep: TLS and SASL/SCRAM-SHA-512,`,
    "ACLs that let one user read one topic and another write one. A job writes the rows of the first topic into files and into",
    "the second topic, each exactly once, with checkpoints every 5 seconds.",
    "",
    "Seconds from the fault until every task of the job ran again from its checkpoint; of the rotation, until the restore after",
    "which it went on:",
    "",
    ...faultLines(faults),
    "Over all of it:",
    "",
    "| written | rows | missing | duplicated |",
    "| --- | --- | --- | --- |",
    row(`${files.files} files`, files),
    row("topic", topic),
    "",
    ...refusedLines(attempts),
    ...judgeLines(judge),
  ]);
}

function row(what: string, { rows, missing, duplicates }: Omit<StreamContents, "files">): string {
  return `| ${what} | ${rows} | ${missing.length} | ${duplicates.length} |`;
}
