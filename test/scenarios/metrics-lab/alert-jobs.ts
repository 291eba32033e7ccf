/** Jobs of one table that is read and one that is written, each with a name of its own. */
export interface AlertJobs {
  readonly names: readonly string[];
  /** Flink's keys, beside a parallelism of 1 and a checkpoint every 5 seconds. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly rowsPerSecond?: number;
  /** What is read of `k`, an INT from 1 to 20, into an INT and a BIGINT. */
  readonly select?: string;
}

const COUNTING = "k, COUNT(*) FROM events GROUP BY k";

/** As a script of SQL. */
export function alertJobsSql({ names, settings = {}, rowsPerSecond = 50, select = COUNTING }: AlertJobs): string {
  const all = { "parallelism.default": "1", "execution.checkpointing.interval": "5 s", ...settings };
  return [
    ...Object.entries(all).map(([key, value]) => `SET '${key}' = '${value}';`),
    `CREATE TABLE events (k INT) WITH ('connector'='datagen', 'rows-per-second'='${rowsPerSecond}',`,
    "  'fields.k.min'='1', 'fields.k.max'='20');",
    "CREATE TABLE counts (k INT, n BIGINT) WITH ('connector'='blackhole');",
    ...names.flatMap((name) => [`SET 'pipeline.name' = '${name}';`, `INSERT INTO counts SELECT ${select};`]),
    "",
  ].join("\n");
}

/** Fails with the first row of each attempt. */
export const FAILING = "CAST(CONCAT('no number ', CAST(k AS STRING)) AS INT), CAST(1 AS BIGINT) FROM events";
