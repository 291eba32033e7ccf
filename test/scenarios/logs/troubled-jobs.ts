import { LOG_FUNCTIONS_JAR } from "./log-functions";

/**
 * The SQL script that submits two jobs that cannot get on. The first asks for more memory than there is: its process ends
 * with it, and it is not started again. The second is busy for longer than its checkpoints may take: it fails by the first
 * of them, begins anew, and fails for good in the end, whether or not the first one's end has cost it a start.
 */
export const TROUBLED_JOBS_SQL = [
  "CREATE TABLE nowhere (n BIGINT) WITH ('connector'='blackhole');",
  "SET 'parallelism.default' = '1';",

  "CREATE TABLE sizes (n INT) WITH ('connector'='datagen', 'rows-per-second'='1',",
  "  'fields.n.min'='2000000000', 'fields.n.max'='2000000001');",
  "SET 'pipeline.name' = 'out-of-memory';",
  "SET 'restart-strategy.type' = 'none';",
  "INSERT INTO nowhere SELECT CAST(CHAR_LENGTH(REPEAT('x', n)) AS BIGINT) FROM sizes;",

  `CREATE TEMPORARY FUNCTION slow_number AS 'SlowNumber' LANGUAGE JAVA USING JAR '${LOG_FUNCTIONS_JAR}';`,
  "CREATE TABLE numbers (n BIGINT) WITH ('connector'='datagen', 'rows-per-second'='1');",
  "SET 'pipeline.name' = 'slow-checkpoints';",
  "SET 'restart-strategy.type' = 'fixed-delay';",
  "SET 'restart-strategy.fixed-delay.attempts' = '3';",
  "SET 'restart-strategy.fixed-delay.delay' = '1 s';",
  "SET 'execution.checkpointing.interval' = '1 s';",
  "SET 'execution.checkpointing.timeout' = '500 ms';",
  "SET 'execution.checkpointing.tolerable-failed-checkpoints' = '0';",
  "INSERT INTO nowhere SELECT slow_number(n) FROM numbers;",
  "",
].join("\n");
