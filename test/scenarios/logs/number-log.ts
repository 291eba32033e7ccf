import { LOG_FUNCTIONS_JAR } from "./log-functions";

/** A job that ends by itself, after it has written its numbers to the log. */
export interface NumberLogJob {
  readonly numbers: number;
  readonly numbersPerSecond: number;
  /** Of so many numbers one comes with 10,000 characters beside it. */
  readonly paddingEvery?: number;
}

/** Of so many numbers one comes with a stack trace. */
export const NUMBERS_PER_TRACE = 100;

/** The SQL script that submits the job. */
export function numberLogSql({ numbers, numbersPerSecond, paddingEvery = 10 }: NumberLogJob): string {
  return [
    "SET 'pipeline.name' = 'number-log';",
    "SET 'parallelism.default' = '1';",
    // A source of this kind has a thread of its own, and Flink tells only its tasks' threads of which job they are.
    "SET 'pipeline.operator-chaining.enabled' = 'false';",
    `CREATE TEMPORARY FUNCTION log_number AS 'NumberLog' LANGUAGE JAVA USING JAR '${LOG_FUNCTIONS_JAR}';`,
    `CREATE TABLE numbers (n BIGINT) WITH ('connector'='datagen', 'rows-per-second'='${numbersPerSecond}',`,
    `  'fields.n.kind'='sequence', 'fields.n.start'='1', 'fields.n.end'='${numbers}');`,
    "CREATE TABLE nowhere (n BIGINT) WITH ('connector'='blackhole');",
    `INSERT INTO nowhere SELECT log_number(n, ${paddingEvery}) FROM numbers;`,
    "",
  ].join("\n");
}
