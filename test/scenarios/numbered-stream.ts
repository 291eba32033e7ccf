import type { S3Client } from "@aws-sdk/client-s3";
import { committedFiles } from "./committed-files";

/**
 * A job that writes the numbers 1, 2, 3 … into files, exactly once: what is lost or written twice over any fault
 * shows as a gap or a duplicate.
 */
export interface NumberedStream {
  readonly name: string;
  /** Bucket and prefix of the files. */
  readonly bucket: string;
  readonly prefix: string;
  readonly numbersPerSecond: number;
  readonly lastNumber: number;
  readonly parallelism: number;
  readonly checkpointIntervalSeconds: number;
  /** Checkpoint or savepoint to go on from. */
  readonly restoreFrom?: string;
}

/** The SQL script that submits the job. */
export function numberedStreamSql(stream: NumberedStream): string {
  return numberedFilesSql(stream, `s3a://${stream.bucket}/${stream.prefix}`);
}

/** The same for any folder that Flink can write to. */
export function numberedFilesSql(stream: Omit<NumberedStream, "bucket" | "prefix">, folder: string): string {
  const settings: [string, string][] = [
    ["pipeline.name", stream.name],
    ["parallelism.default", String(stream.parallelism)],
    ["execution.checkpointing.interval", `${stream.checkpointIntervalSeconds} s`],
  ];
  if (stream.restoreFrom) settings.push(["execution.state-recovery.path", stream.restoreFrom]);
  return [
    ...settings.map(([key, value]) => `SET '${key}' = '${value}';`),
    `CREATE TABLE numbers (n BIGINT) WITH ('connector'='datagen', 'rows-per-second'='${stream.numbersPerSecond}',`,
    `  'fields.n.kind'='sequence', 'fields.n.start'='1', 'fields.n.end'='${stream.lastNumber}');`,
    `CREATE TABLE files (n BIGINT) WITH ('connector'='filesystem', 'path'='${folder}',`,
    `  'format'='json', 'sink.rolling-policy.rollover-interval'='2 s', 'sink.rolling-policy.check-interval'='1 s');`,
    `INSERT INTO files SELECT n FROM numbers;`,
    "",
  ].join("\n");
}

/** What the files hold. */
export interface StreamContents {
  readonly files: number;
  readonly rows: number;
  readonly largest: number;
  /** The last number of the subtask that is furthest behind; 0 while one of them has written nothing. */
  readonly smallestLast: number;
  readonly duplicates: readonly number[];
  readonly missing: readonly number[];
}

/** Reads every committed file of the stream. */
export async function readNumberedStream(
  s3: S3Client,
  stream: Pick<NumberedStream, "bucket" | "prefix" | "parallelism">,
): Promise<StreamContents> {
  let files = 0;
  const numbers: number[] = [];
  for await (const text of committedFiles(s3, stream.bucket, `${stream.prefix}/`)) {
    files += 1;
    for (const line of text.split("\n")) if (line) numbers.push((JSON.parse(line) as { n: number }).n);
  }
  return { files, ...examineNumbers(numbers, stream.parallelism) };
}

/**
 * Finds gaps and duplicates. Flink's sequence source deals the numbers out in turn: subtask i of p takes those
 * that leave the remainder i when divided by p. While the job runs the subtasks stand at different places, so
 * what counts as a gap is a missing number below one of the same subtask.
 */
export function examineNumbers(numbers: readonly number[], parallelism: number): Omit<StreamContents, "files"> {
  const seen = new Set<number>();
  const duplicates: number[] = [];
  const largestOf = new Array<number>(parallelism).fill(0);
  let largest = 0;
  for (const n of numbers) {
    if (seen.has(n)) duplicates.push(n);
    seen.add(n);
    largest = Math.max(largest, n);
    largestOf[n % parallelism] = Math.max(largestOf[n % parallelism], n);
  }
  const missing: number[] = [];
  for (let n = 1; n <= largest; n++) {
    if (!seen.has(n) && n < largestOf[n % parallelism]) missing.push(n);
  }
  return { rows: numbers.length, largest, smallestLast: Math.min(...largestOf), duplicates, missing };
}
