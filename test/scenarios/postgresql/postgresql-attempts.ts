import type { AttemptOutcome } from "../job-is-not-machine";
import type { ProgramAnswer } from "../others/java-program";
import { COPY, ENRICHED, EVENTS, IN_OTHER_SCHEMA, ITEMS, ORDERS, OTHER_SINK, OTHER_SOURCE } from "./database-layout";
import { PostgreSqlClient } from "./postgresql-client";
import { DATABASE, SINK, SOURCE } from "./postgresql-stacks";

/** SQL's name of what privileges do not allow. */
const NO_PRIVILEGE = /^42501$/;

/** Something that the user of a connection must not be able to do. */
interface PostgreSqlAttempt {
  readonly name: string;
  readonly statement: string;
}

/** What one of jobs' users may do, and what not. */
export interface PostgreSqlUser {
  readonly name: string;
  /** Must work, and give this, or the attempts prove nothing. */
  readonly may: string;
  readonly gives: string;
  readonly mayNot: readonly PostgreSqlAttempt[];
}

/** What neither of them may, whatever it reads or writes. */
function ofNobody(user: string): PostgreSqlAttempt[] {
  return [
    { name: "make a schema", statement: "CREATE SCHEMA attempt" },
    { name: "make a table that everybody finds", statement: "CREATE TABLE public.attempt (n int)" },
    { name: "make a temporary table", statement: "CREATE TEMPORARY TABLE attempt (n int)" },
    { name: "make a database", statement: "CREATE DATABASE attempt" },
    { name: "delete the database", statement: "DROP DATABASE payroll" },
    { name: "make a user", statement: "CREATE ROLE attempt LOGIN" },
    { name: "become a superuser", statement: `ALTER ROLE ${user} SUPERUSER` },
    { name: "act as the administrator", statement: "SET ROLE administrator" },
    { name: "join the administrator", statement: `GRANT administrator TO ${user}` },
    { name: "see everybody's passwords", statement: "SELECT count(*) FROM pg_authid" },
    { name: "read a file of the server", statement: "SELECT pg_read_file('/etc/passwd')" },
    { name: "run a program on the server", statement: "COPY (SELECT 1) TO PROGRAM 'cat'" },
    { name: "change the server's settings", statement: "ALTER SYSTEM SET log_statement = 'all'" },
    { name: "take an extension away", statement: "DROP EXTENSION plpgsql" },
    {
      name: "end the server's own sessions",
      statement: "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IS NULL",
    },
  ];
}

export const READER: PostgreSqlUser = {
  name: "reader",
  may: `SELECT count(*) FROM ${ORDERS}`,
  gives: String(ITEMS),
  mayNot: [
    { name: "add to what it may read", statement: `INSERT INTO ${ORDERS} VALUES (-1, 'x')` },
    { name: "change what it may read", statement: `UPDATE ${ORDERS} SET item = 'x'` },
    { name: "delete what it may read", statement: `DELETE FROM ${ORDERS}` },
    { name: "empty what it may read", statement: `TRUNCATE ${ORDERS}` },
    { name: "lock out who writes it", statement: `BEGIN; LOCK TABLE ${ORDERS} IN EXCLUSIVE MODE` },
    { name: "alter the table", statement: `ALTER TABLE ${ORDERS} ADD COLUMN more int` },
    { name: "delete the table", statement: `DROP TABLE ${ORDERS}` },
    { name: "make a table beside it", statement: `CREATE TABLE ${SOURCE.schema}.attempt (n int)` },
    { name: "read another table of the schema", statement: `SELECT * FROM ${OTHER_SOURCE}` },
    { name: "read another schema", statement: `SELECT * FROM ${IN_OTHER_SCHEMA}` },
    { name: "read what the writer writes", statement: `SELECT * FROM ${ENRICHED}` },
    { name: "write it", statement: `INSERT INTO ${ENRICHED} VALUES (-1, 'x')` },
    { name: "let the writer read the other table", statement: `GRANT SELECT ON ${OTHER_SOURCE} TO writer` },
    ...ofNobody("reader"),
  ],
};

export const WRITER: PostgreSqlUser = {
  name: "writer",
  may: `SELECT n FROM ${ENRICHED} WHERE n = 1`,
  gives: "1",
  mayNot: [
    { name: "read a column that it does not write", statement: `SELECT noted FROM ${ENRICHED} WHERE n = 1` },
    { name: "change a key", statement: `UPDATE ${ENRICHED} SET n = -1 WHERE n = 1` },
    { name: "delete rows", statement: `DELETE FROM ${ENRICHED}` },
    { name: "delete rows of the copy", statement: `DELETE FROM ${COPY}` },
    { name: "empty the table", statement: `TRUNCATE ${ENRICHED}` },
    { name: "read the table that it may add to", statement: `SELECT * FROM ${EVENTS}` },
    { name: "change rows of it", statement: `UPDATE ${EVENTS} SET item = 'x'` },
    { name: "delete rows of it", statement: `DELETE FROM ${EVENTS}` },
    { name: "alter the table", statement: `ALTER TABLE ${ENRICHED} ADD COLUMN more int` },
    { name: "delete the table", statement: `DROP TABLE ${ENRICHED}` },
    { name: "make an index", statement: `CREATE INDEX ON ${ENRICHED} (item)` },
    { name: "make a table beside it", statement: `CREATE TABLE ${SINK.schema}.attempt (n int)` },
    { name: "delete the schema", statement: `DROP SCHEMA ${SINK.schema} CASCADE` },
    { name: "read another table of the schema", statement: `SELECT * FROM ${OTHER_SINK}` },
    { name: "write another table of the schema", statement: `INSERT INTO ${OTHER_SINK} VALUES (1, 1)` },
    { name: "read what the reader reads", statement: `SELECT * FROM ${ORDERS}` },
    { name: "write it", statement: `INSERT INTO ${ORDERS} VALUES (-1, 'x')` },
    ...ofNobody("writer"),
  ],
};

/** Tries all that a user must not be able to do, as that user. */
export async function tryOnPostgreSql(
  client: PostgreSqlClient,
  { name: user, may, gives, mayNot }: PostgreSqlUser,
): Promise<AttemptOutcome[]> {
  const [done, ...answers] = await client.tell(may, ...mayNot.map(({ statement }) => statement));
  if (done.error !== undefined || done.said !== gives) {
    throw new Error(`${may}, as the ${user}: must give ${gives}, but: ${done.error ?? ""} ${done.said}`);
  }
  return mayNot.map(({ name }, index) => outcomeOf(`as the ${user}: ${name}`, answers[index], NO_PRIVILEGE));
}

/** Tries to come in where, as whom or how nobody is let in. */
export async function tryToComeIn(clients: {
  readonly withOldPassword: PostgreSqlClient;
  readonly withoutTls: PostgreSqlClient;
  readonly asAdministrator: PostgreSqlClient;
  readonly inOtherDatabase: PostgreSqlClient;
}): Promise<AttemptOutcome[]> {
  const answer = async (client: PostgreSqlClient) => (await client.tell("SELECT 1"))[0];
  return [
    outcomeOf("come in with the password of before the rotation", await answer(clients.withOldPassword), /^28P01$/),
    outcomeOf("come in without TLS", await answer(clients.withoutTls), /^28000$/),
    outcomeOf("come in as the administrator", await answer(clients.asAdministrator), /^28000$/),
    outcomeOf(`come into a database beside ${DATABASE}`, await answer(clients.inOtherDatabase), NO_PRIVILEGE),
  ];
}

function outcomeOf(attempt: string, { error, said }: ProgramAnswer, refusedBy: RegExp): AttemptOutcome {
  const isRefused = error !== undefined && refusedBy.test(error);
  const text = `${error ?? ""} ${said}`.trim().slice(0, 300);
  return { attempt, layer: "PostgreSQL", outcome: isRefused ? "refused" : "done", said: text };
}
