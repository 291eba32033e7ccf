import type { JudgeFigures } from "../../lab/judge/figures";
import type { FaultRecord } from "../faults";
import type { AttemptOutcome } from "../job-is-not-machine";
import { judgeLines } from "../judge-record";
import type { StreamContents } from "../numbered-stream";
import { faultLines, refusedLines } from "../others/record-lines";
import { origin, writePage } from "../record";
import type { IndexContents, LatestContents } from "./documents";
import { OPENSEARCH_VERSION } from "./opensearch-software";

/** What a job showed that writes documents into indices of OpenSearch. */
export interface OpenSearchRecord {
  readonly flinkVersion: string;
  readonly faults: readonly FaultRecord[];
  /** A document per number, over the faults: in one index, and in two by a field. */
  readonly numbers: IndexContents;
  readonly byKind: IndexContents;
  readonly latest: LatestContents;
  /** The same numbers, exactly once. */
  readonly files: StreamContents;
  readonly attempts: readonly AttemptOutcome[];
  readonly judge: JudgeFigures;
}

/** Writes the page; gives its path. */
export function writeOpenSearchRecord(record: OpenSearchRecord): string {
  const { flinkVersion, faults, numbers, byKind, latest, files, attempts, judge } = record;
  return writePage("opensearch.md", [
    "# A job that writes documents to OpenSearch",
    "",
    ...origin("test/lab/long/opensearch.test.ts"),
    "",
    `Flink ${flinkVersion} on one node, and OpenSearch ${OPENSEARCH_VERSION} with its security plugin on a machine that others keep: TLS by an`,
    "authority that only `certificateAuthorities` names, and a user with a password who may write documents of indices named",
    "`orders-*` and do nothing else. A job writes numbers as documents by their primary key, with checkpoints every 5 seconds:",
    "into one index, into two indices by a field, and into one whose documents are written over and deleted all the time; and",
    "the same numbers into files, exactly once.",
    "",
    "Seconds from the fault until every task of the job ran again from its checkpoint; of the rotation and of the server that",
    "was away, until the next documents came, the minute that it was away included:",
    "",
    ...faultLines(faults),
    "Over all of it:",
    "",
    "| index | documents | missing | duplicated | wrong | written more than once |",
    "| --- | --- | --- | --- | --- | --- |",
    row("one", numbers),
    row("two, by a field", byKind),
    "",
    `The ${files.files} files hold the same ${files.rows} numbers, ${files.missing.length} missing and ${files.duplicates.length} duplicated.`,
    "",
    `The index of documents that come and go: ${latest.documents} documents after at least ${latest.writes} writes, ${latest.wrong.length} of them other than`,
    "the numbers say.",
    "",
    ...refusedLines(attempts),
    ...judgeLines(judge),
  ]);
}

function row(what: string, { rows, missing, duplicates, wrong, writtenAgain }: IndexContents): string {
  return `| ${what} | ${rows} | ${missing.length} | ${duplicates.length} | ${wrong.length} | ${writtenAgain} |`;
}
