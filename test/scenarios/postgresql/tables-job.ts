import { COPY, ENRICHED, EVENTS, ITEMS, ORDERS } from "./database-layout";

/** What a job reads of a connection to PostgreSQL: the file of JSON that nodes have of it. */
export interface PostgreSqlConnectionFile {
  readonly kind: "postgresql";
  /** JDBC's. */
  readonly url: string;
  readonly schemas: { readonly read: readonly string[]; readonly write: readonly string[] };
}

/** The connections of a job: what it reads by, and what it writes by. */
export interface TableConnections {
  readonly source: PostgreSqlConnectionFile;
  readonly sink: PostgreSqlConnectionFile;
}

/** A job that looks each number's item up and writes both, and the numbers into files as well. */
export interface TablesJob extends TableConnections {
  /** Bucket and prefix of the files. */
  readonly bucket: string;
  readonly prefix: string;
  readonly numbersPerSecond: number;
  readonly lastNumber: number;
  readonly parallelism: number;
  readonly checkpointIntervalSeconds: number;
}

/** The SQL script that submits a job which reads a table as it is, in two parts, and ends. */
export function copyJobSql({ source, sink }: TableConnections): string {
  const parts = {
    ...{ "scan.partition.column": "id", "scan.partition.num": "2" },
    ...{ "scan.partition.lower-bound": "0", "scan.partition.upper-bound": String(ITEMS - 1) },
  };
  return [
    "SET 'pipeline.name' = 'copy-job';",
    "SET 'parallelism.default' = '1';",
    table("orders", "id BIGINT, item STRING", source, ORDERS, parts),
    table("orders_copy", "id BIGINT, item STRING, PRIMARY KEY (id) NOT ENFORCED", sink, COPY),
    "INSERT INTO orders_copy SELECT id, item FROM orders;",
    "",
  ].join("\n");
}

/** The SQL script that submits a job which asks a table all the time, and writes rows by their key and without one. */
export function tablesJobSql({ source, sink, ...job }: TablesJob): string {
  return [
    "SET 'pipeline.name' = 'tables-job';",
    `SET 'parallelism.default' = '${job.parallelism}';`,
    `SET 'execution.checkpointing.interval' = '${job.checkpointIntervalSeconds} s';`,
    `CREATE TABLE numbers (n BIGINT, id AS MOD(n, ${ITEMS}), asked_at AS PROCTIME()) WITH ('connector'='datagen',`,
    `  'rows-per-second'='${job.numbersPerSecond}',`,
    `  'fields.n.kind'='sequence', 'fields.n.start'='1', 'fields.n.end'='${job.lastNumber}');`,
    table("orders", "id BIGINT, item STRING", source, ORDERS),
    table("enriched", "n BIGINT, item STRING, PRIMARY KEY (n) NOT ENFORCED", sink, ENRICHED),
    table("events", "n BIGINT, item STRING", sink, EVENTS),
    `CREATE TABLE files (n BIGINT) WITH ('connector'='filesystem', 'path'='s3a://${job.bucket}/${job.prefix}',`,
    "  'format'='json', 'sink.rolling-policy.rollover-interval'='20 s', 'sink.rolling-policy.check-interval'='1 s');",
    "CREATE VIEW items AS SELECT numbers.n, orders.item",
    "  FROM numbers JOIN orders FOR SYSTEM_TIME AS OF numbers.asked_at ON orders.id = numbers.id;",
    "EXECUTE STATEMENT SET BEGIN",
    "INSERT INTO enriched SELECT n, item FROM items;",
    "INSERT INTO events SELECT n, item FROM items;",
    "INSERT INTO files SELECT n FROM items;",
    "END;",
    "",
  ].join("\n");
}

function table(
  name: string,
  columns: string,
  { url }: PostgreSqlConnectionFile,
  of: string,
  more: Readonly<Record<string, string>> = {},
): string {
  const options = Object.entries({ connector: "jdbc", url, "table-name": of, ...more });
  const texts = options.map(([key, value]) => `  '${key}'='${value.replace(/'/g, "''")}'`);
  return `CREATE TABLE ${name} (${columns}) WITH (\n${texts.join(",\n")});`;
}
