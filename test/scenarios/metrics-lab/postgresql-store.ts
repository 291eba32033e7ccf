import { createAuthority, Issuer, KeyAndCertificate } from "../../lab/authority";
import type { Machine } from "../../lab/machine";
import { waitFor } from "../../lab/wait-for";
import { newPassword } from "../others/passwords";
import { quoted } from "../postgresql/postgresql-client";
import { PostgreSqlServer } from "../postgresql/postgresql-server";
import { ensurePostgreSql, POSTGRESQL_VERSION } from "../postgresql/postgresql-software";
import {
  METRICS_DATABASE,
  METRICS_HOST,
  METRICS_PORTS,
  METRICS_READER,
  METRICS_SCHEMA,
  RETENTION_DAYS,
} from "./metrics-stacks";
import { LABELS, MetricsStore, RetentionRecord, StoredValue, ValueName } from "./metrics-store";

const WRITER = "metrics_writer";
const MINUTE = 60_000;
/** SQL's names of what is not there yet: a table, a column. */
const NOT_THERE = ["42P01", "42703"];
/** A table that each node writes at each look. */
const TABLE = `${METRICS_SCHEMA}.flink_jobmanager`;
/** Rows of each age, fewer than one statement deletes. */
const ROWS = 500;

/** Tables of somebody else's PostgreSQL, prepared as docs/metrics.md tells its administrator, and read by Grafana's user. */
export class PostgreSqlStore implements MetricsStore {
  public readonly kind = "postgresql";
  public readonly title = `PostgreSQL ${POSTGRESQL_VERSION}`;
  public readonly password = newPassword();
  public readonly secret = { username: WRITER, password: this.password };
  public readonly wrongSecret = { username: WRITER, password: newPassword() };
  public readonly keepsWithAnotherLogin = false;
  private readonly readerPassword = newPassword();
  private server?: PostgreSqlServer;

  public constructor(
    private readonly machine: () => Machine,
    private readonly authority: KeyAndCertificate,
    private readonly flinkVersion: string,
  ) {}

  public async start(): Promise<void> {
    const [software, certificate] = await Promise.all([
      ensurePostgreSql(),
      new Issuer(this.authority).certificateFor(METRICS_HOST),
    ]);
    this.server = await PostgreSqlServer.start({
      ...{ machine: this.machine(), host: METRICS_HOST, port: METRICS_PORTS.postgresql },
      ...{ certificate, authority: this.authority.certificate, software, flinkVersion: this.flinkVersion },
    });
    const role = (name: string, password: string) => `CREATE ROLE ${name} LOGIN PASSWORD ${quoted(password)}`;
    await this.server
      .administrator("postgres")
      .run(
        role(WRITER, this.password),
        role(METRICS_READER, this.readerPassword),
        `CREATE DATABASE ${METRICS_DATABASE}`,
      );
    await this.ask(
      `CREATE SCHEMA ${METRICS_SCHEMA} AUTHORIZATION ${WRITER}`,
      `GRANT USAGE ON SCHEMA ${METRICS_SCHEMA} TO ${METRICS_READER}`,
    );
  }

  public stop(): Promise<void> {
    return this.started().stop();
  }

  public resume(): Promise<void> {
    return this.started().resume();
  }

  public async showCertificate(whose: "a stranger's" | "its own"): Promise<void> {
    const authority = whose === "its own" ? this.authority : await createAuthority();
    const certificate = await new Issuer(authority).certificateFor(METRICS_HOST);
    await this.started().showCertificate(certificate, authority.certificate);
  }

  public async read(name: ValueName, since: number): Promise<readonly StoredValue[]> {
    const reader = { username: METRICS_READER, password: this.readerPassword };
    const client = await this.started().clientOf(reader, METRICS_DATABASE);
    const [answer] = await client.tell(selectValues(name, since));
    if (answer.error === undefined) return JSON.parse(answer.said) as StoredValue[];
    if (NOT_THERE.includes(answer.error)) return [];
    throw new Error(`PostgreSQL: ${answer.error} ${answer.said}`);
  }

  /** Its administrator, whose session says no number of days, adds rows for which nothing is deleted; the node's next ones do it. */
  public async showRetention(): Promise<RetentionRecord> {
    const add = (node: string, age: string) =>
      `INSERT INTO ${TABLE} (time, node) SELECT now() - interval '${age}', '${node}' FROM generate_series(1, ${ROWS})`;
    const count = async (node: string) =>
      Number(await this.ask(`SELECT count(*) FROM ${TABLE} WHERE node = '${node}'`));
    await this.ask(add("young", "1 hour"));
    // Both at once: the node may write between two statements.
    const added = await this.ask(
      `WITH added AS (${add("old", `${RETENTION_DAYS + 2} days`)} RETURNING 1) SELECT count(*) FROM added`,
    );
    await waitFor(async () => (await count("old")) === 0, {
      ...{ timeout: 5 * MINUTE, interval: 1000, what: "the end of old rows" },
    });
    return {
      what: `rows that are older than ${RETENTION_DAYS} day, as the node writes others`,
      ...{ oldBefore: Number(added), oldAfter: 0, youngKept: await count("young") },
    };
  }

  /** As its administrator; gives what the last statement was answered. */
  private ask(...statements: readonly string[]): Promise<string> {
    return this.started()
      .administrator(METRICS_DATABASE)
      .run(...statements);
  }

  private started(): PostgreSqlServer {
    if (!this.server) throw new Error("PostgreSQL is not started");
    return this.server;
  }
}

/** One field with all values of a name since then, as JSON. A table has those labels as columns that its values have. */
export function selectValues({ kind, name }: ValueName, since: number): string {
  const labels = LABELS.map((label) => `'${label}', to_jsonb(t) ->> '${label}'`).join(", ");
  const found =
    `SELECT time, "${name}"::float8 AS value, jsonb_strip_nulls(jsonb_build_object(${labels})) AS labels ` +
    `FROM ${METRICS_SCHEMA}."${kind}" AS t WHERE "${name}" IS NOT NULL AND time >= to_timestamp(${since / 1000})`;
  const one = "jsonb_build_object('at', round(extract(epoch FROM time) * 1000), 'value', value, 'labels', labels)";
  return `SELECT coalesce(jsonb_agg(${one} ORDER BY time), '[]') AS found FROM (${found}) AS found`;
}
