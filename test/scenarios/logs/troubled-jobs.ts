import { LOG_FUNCTIONS_JAR } from "./log-functions";

const NOWHERE = "CREATE TABLE nowhere (n BIGINT) WITH ('connector'='blackhole');";
const ONE_TASK = "SET 'parallelism.default' = '1';";

/**
 * SQL scripts that submit a job each, which cannot get on. Each is to have failed before the next one begins: the last one
 * takes the process of all tasks with it.
 */
export const TROUBLED_JOBS_SQL: readonly string[] = [
  // Busy for longer than its checkpoints may take: it begins anew by the first of them, and fails for good by the next.
  [
    NOWHERE,
    ONE_TASK,
    `CREATE TEMPORARY FUNCTION slow_number AS 'SlowNumber' LANGUAGE JAVA USING JAR '${LOG_FUNCTIONS_JAR}';`,
    "CREATE TABLE numbers (n BIGINT) WITH ('connector'='datagen', 'rows-per-second'='1');",
    "SET 'pipeline.name' = 'slow-checkpoints';",
    "SET 'restart-strategy.type' = 'fixed-delay';",
    "SET 'restart-strategy.fixed-delay.attempts' = '1';",
    "SET 'restart-strategy.fixed-delay.delay' = '1 s';",
    "SET 'execution.checkpointing.interval' = '1 s';",
    "SET 'execution.checkpointing.timeout' = '500 ms';",
    "SET 'execution.checkpointing.tolerable-failed-checkpoints' = '0';",
    "INSERT INTO nowhere SELECT slow_number(n) FROM numbers;",
    "",
  ].join("\n"),
  // Asks for more memory than there is.
  [
    NOWHERE,
    ONE_TASK,
    "CREATE TABLE sizes (n INT) WITH ('connector'='datagen', 'rows-per-second'='1',",
    "  'fields.n.min'='2000000000', 'fields.n.max'='2000000001');",
    "SET 'pipeline.name' = 'out-of-memory';",
    "SET 'restart-strategy.type' = 'none';",
    "INSERT INTO nowhere SELECT CAST(CHAR_LENGTH(REPEAT('x', n)) AS BIGINT) FROM sizes;",
    "",
  ].join("\n"),
];
