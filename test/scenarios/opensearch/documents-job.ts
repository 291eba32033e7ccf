import { KEYS, NUMBERS } from "./documents";

/** What a job reads of a connection to OpenSearch: the file of JSON that nodes have of it. */
export interface OpenSearchConnectionFile {
  readonly kind: "opensearch";
  readonly url: string;
  readonly authentication: "basic" | "iam";
  readonly credentialsFile?: string;
  readonly certificateAuthoritiesFile?: string;
  readonly indices: { readonly write: readonly string[] };
}

/** A job that writes numbers as documents, in each of the ways that the connector has, and into files beside them. */
export interface DocumentsJob {
  readonly connection: string;
  /** Bucket and prefix of the files. */
  readonly bucket: string;
  readonly prefix: string;
  readonly numbersPerSecond: number;
  readonly lastNumber: number;
  readonly parallelism: number;
  readonly checkpointIntervalSeconds: number;
}

/**
 * The SQL script that submits the job: into one index; into one whose name comes from a field; into one whose documents
 * are written over and deleted all the time; and into files, exactly once, which tell what numbers there were.
 */
export function documentsJobSql(job: DocumentsJob): string {
  const sink = (name: string, columns: string, index: string) => {
    const options = {
      ...{ connector: "opensearch", connection: job.connection, index },
      // Little room, so that a server that is away makes the job wait; soon sent, so that faults find what is written again.
      ...{ "sink.batch.max-size": "50", "sink.requests.max-buffered": "500", "sink.flush-buffer.timeout": "500" },
    };
    const quoted = Object.entries(options).map(([key, value]) => `  '${key}'='${value}'`);
    return `CREATE TABLE ${name} (${columns}) WITH (\n${quoted.join(",\n")});`;
  };
  return [
    "SET 'pipeline.name' = 'documents-job';",
    `SET 'parallelism.default' = '${job.parallelism}';`,
    `SET 'execution.checkpointing.interval' = '${job.checkpointIntervalSeconds} s';`,
    `CREATE TABLE numbers (n BIGINT) WITH ('connector'='datagen', 'rows-per-second'='${job.numbersPerSecond}',`,
    `  'fields.n.kind'='sequence', 'fields.n.start'='1', 'fields.n.end'='${job.lastNumber}');`,
    "CREATE VIEW kinds AS SELECT n, CASE MOD(n, 2) WHEN 0 THEN 'even' ELSE 'odd' END AS kind FROM numbers;",
    sink("every_number", "n BIGINT, kind STRING, PRIMARY KEY (n) NOT ENFORCED", NUMBERS),
    sink("by_kind", "n BIGINT, kind STRING, PRIMARY KEY (n) NOT ENFORCED", "orders-{kind}"),
    sink("latest", "id BIGINT, n BIGINT, PRIMARY KEY (id) NOT ENFORCED", "orders-latest"),
    `CREATE TABLE files (n BIGINT) WITH ('connector'='filesystem', 'path'='s3a://${job.bucket}/${job.prefix}',`,
    `  'format'='json', 'sink.rolling-policy.rollover-interval'='10 s', 'sink.rolling-policy.check-interval'='1 s');`,
    "EXECUTE STATEMENT SET BEGIN",
    "INSERT INTO files SELECT n FROM numbers;",
    "INSERT INTO every_number SELECT n, kind FROM kinds;",
    "INSERT INTO by_kind SELECT n, kind FROM kinds;",
    `INSERT INTO latest SELECT MOD(n, ${KEYS}) AS id, MAX(n) AS n FROM numbers GROUP BY MOD(n, ${KEYS})`,
    `  HAVING MOD(MAX(n), ${2 * KEYS}) < ${KEYS};`,
    "END;",
    "",
  ].join("\n");
}
