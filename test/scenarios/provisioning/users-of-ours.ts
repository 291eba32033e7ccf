import type { PostgreSqlUser } from "../postgresql/postgresql-attempts";
import { SCHEMA } from "./provisioning-stacks";

export const TABLE = `${SCHEMA}.revenue`;

const WRITES = [
  { name: "delete rows", statement: `DELETE FROM ${TABLE}` },
  { name: "empty the table", statement: `TRUNCATE ${TABLE}` },
];

function ofNobody(user: string, other: string): PostgreSqlUser["mayNot"] {
  return [
    { name: "alter the table", statement: `ALTER TABLE ${TABLE} ADD COLUMN more int` },
    { name: "delete the table", statement: `DROP TABLE ${TABLE}` },
    { name: "make a table beside it", statement: `CREATE TABLE ${SCHEMA}.attempt (n int)` },
    { name: "make a table that everybody finds", statement: "CREATE TABLE public.attempt (n int)" },
    { name: "delete the schema", statement: `DROP SCHEMA ${SCHEMA} CASCADE` },
    { name: "make a schema", statement: "CREATE SCHEMA attempt" },
    { name: "make a user", statement: "CREATE ROLE attempt LOGIN" },
    { name: "become a superuser", statement: `ALTER ROLE ${user} SUPERUSER` },
    { name: "act as the administrator", statement: "SET ROLE dbowner" },
    { name: "act as the other user", statement: `SET ROLE ${other}` },
    { name: "see everybody's passwords", statement: "SELECT count(*) FROM pg_authid" },
  ];
}

/** What the users may that the deploy makes, and what not. */
export const USERS_OF_OURS: Readonly<Record<"reader" | "writer", PostgreSqlUser>> = {
  writer: {
    name: "writer",
    may: `INSERT INTO ${TABLE} VALUES ('NL', 1) ON CONFLICT (country) DO UPDATE SET revenue = excluded.revenue`,
    gives: "1",
    mayNot: [...WRITES, ...ofNobody("writer", "reader")],
  },
  reader: {
    name: "reader",
    may: `SELECT revenue::int FROM ${TABLE} WHERE country = 'NL'`,
    gives: "1",
    mayNot: [
      { name: "add rows", statement: `INSERT INTO ${TABLE} VALUES ('BE', 1)` },
      { name: "change rows", statement: `UPDATE ${TABLE} SET revenue = 2` },
      ...WRITES,
      ...ofNobody("reader", "writer"),
    ],
  },
};
