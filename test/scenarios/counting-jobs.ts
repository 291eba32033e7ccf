/** Small jobs with state that never end: company for the numbered stream. */
export function countingJobsSql(count: number): string {
  return countingSql(countingJobNames(count));
}

/** Names of so many of them. */
export function countingJobNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `counting-${index + 1}`);
}

/** The script of those of some names. */
export function countingSql(names: readonly string[]): string {
  return [
    "SET 'parallelism.default' = '1';",
    "SET 'execution.checkpointing.interval' = '5 s';",
    "CREATE TABLE events (k INT) WITH ('connector'='datagen', 'rows-per-second'='50',",
    "  'fields.k.min'='1', 'fields.k.max'='20');",
    "CREATE TABLE counts (k INT, n BIGINT) WITH ('connector'='blackhole');",
    ...names.flatMap((name) => [
      `SET 'pipeline.name' = '${name}';`,
      "INSERT INTO counts SELECT k, COUNT(*) FROM events GROUP BY k;",
    ]),
    "",
  ].join("\n");
}
