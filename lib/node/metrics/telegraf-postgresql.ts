import { METRICS_AUTHORITIES_FILE } from "../paths";
import { loginReference } from "./metrics-login";
import type { PostgreSqlMetricsDestinationSpec } from "./metrics-shipping";

/** Setting of a session that says how many days rows stay: so another number holds for tables that are there already. */
const RETENTION_SETTING = "cdktf_flink.retention_days";
/** The function that deletes, one for a schema. */
const RETENTION_FUNCTION = "cdktf_flink_retention";
/** Rows that one statement deletes at most; one that inserts brings far fewer. */
const LARGEST_PORTION = 10_000;

/** A table for each measurement, with a column for each tag and each field. */
export function postgreSqlOutput(destination: PostgreSqlMetricsDestinationSpec): object {
  return {
    connection: connectionString(destination),
    schema: destination.schema,
    timestamp_column_type: "timestamp with time zone",
    create_templates: statementsOfNewTable(destination),
    // A server that is away when it starts is waited for.
    startup_error_behavior: "retry",
  };
}

/** @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE */
function connectionString(destination: PostgreSqlMetricsDestinationSpec): string {
  const { host, port, database, certificateAuthorities, timeoutSeconds, retentionDays } = destination;
  const parameters = {
    host: quoted(host),
    port: String(port),
    dbname: quoted(database),
    // In the form that stands between quotes.
    user: `'${loginReference("username")}'`,
    password: `'${loginReference("password")}'`,
    sslmode: "verify-full",
    ...(certificateAuthorities === undefined ? {} : { sslrootcert: METRICS_AUTHORITIES_FILE }),
    connect_timeout: String(timeoutSeconds),
    [RETENTION_SETTING]: String(retentionDays),
  };
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

/** As a value of a connection string. */
function quoted(value: string): string {
  return `'${value.replace(/[\\']/g, "\\$&")}'`;
}

/**
 * Each table has an index by time, and a trigger that deletes the oldest rows when new ones come: no other program has to be
 * run for it. Rows that another session deletes just now are passed over, so that none waits for another.
 */
function statementsOfNewTable({ schema, reader }: PostgreSqlMetricsDestinationSpec): readonly string[] {
  const name = `${identifier(schema)}.${RETENTION_FUNCTION}`;
  const body = [
    "DECLARE",
    `  days integer := current_setting('${RETENTION_SETTING}', true);`,
    "BEGIN",
    "  IF days > 0 THEN",
    "    EXECUTE format(",
    "      'DELETE FROM %1$I.%2$I WHERE ctid = ANY (ARRAY('",
    "        'SELECT ctid FROM %1$I.%2$I WHERE time < now() - make_interval(days => $1) '",
    `        'ORDER BY time LIMIT ${LARGEST_PORTION} FOR UPDATE SKIP LOCKED))',`,
    "      TG_TABLE_SCHEMA, TG_TABLE_NAME) USING days;",
    "  END IF;",
    "  RETURN NULL;",
    "END",
  ].join("\n");
  return [
    "CREATE TABLE {{ .table }} ({{ .columns }})",
    "CREATE INDEX ON {{ .table }} (time)",
    // Telegraf holds a lock for all that change tables: nobody else makes it meanwhile.
    [
      "DO $make$ BEGIN",
      `IF to_regprocedure('${name}()') IS NULL THEN`,
      `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $retention$\n${body}\n$retention$;`,
      "END IF; END $make$",
    ].join("\n"),
    `CREATE TRIGGER ${RETENTION_FUNCTION} AFTER INSERT ON {{ .table }} FOR EACH STATEMENT EXECUTE FUNCTION ${name}()`,
    ...(reader === undefined ? [] : [`GRANT SELECT ON {{ .table }} TO ${identifier(reader)}`]),
  ];
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
