import { DATABASE, OTHER_SCHEMA, SINK, SOURCE } from "./postgresql-stacks";

/** What jobs read: so many things, by the numbers from 0 on. */
export const ITEMS = 100;
export const ORDERS = `${SOURCE.schema}.orders`;
/** What jobs write: by a primary key, each row once; whatever comes, at least once; and by a primary key what one scan read. */
export const ENRICHED = `${SINK.schema}.enriched`;
export const EVENTS = `${SINK.schema}.events`;
export const COPY = `${SINK.schema}.orders_copy`;
/** A table beside those of each kind, and a database beside theirs, with which jobs have nothing to do. */
export const OTHER_SOURCE = `${SOURCE.schema}.salaries`;
export const IN_OTHER_SCHEMA = `${OTHER_SCHEMA}.orders`;
export const OTHER_SINK = `${SINK.schema}.payments`;
export const OTHER_DATABASE = "payroll";

/** The databases. Everybody may connect to a new one, and make temporary tables there, until that is taken away. */
export const DATABASES: readonly string[] = [
  ...[DATABASE, OTHER_DATABASE].map((name) => `CREATE DATABASE ${name}`),
  ...[DATABASE, OTHER_DATABASE, "postgres", "template1"].map((name) => `REVOKE ALL ON DATABASE ${name} FROM PUBLIC`),
  `GRANT CONNECT ON DATABASE ${DATABASE} TO reader, writer`,
];

/** Schemas and tables of the database. */
export const TABLES: readonly string[] = [
  ...[SOURCE.schema, SINK.schema, OTHER_SCHEMA].map((schema) => `CREATE SCHEMA ${schema}`),
  `CREATE TABLE ${ORDERS} (id bigint PRIMARY KEY, item text NOT NULL)`,
  `INSERT INTO ${ORDERS} SELECT id, 'item-' || id FROM generate_series(0, ${ITEMS - 1}) AS id`,
  `CREATE TABLE ${OTHER_SOURCE} (id bigint PRIMARY KEY, amount bigint NOT NULL)`,
  `INSERT INTO ${OTHER_SOURCE} VALUES (1, 1)`,
  `CREATE TABLE ${IN_OTHER_SCHEMA} (id bigint PRIMARY KEY)`,
  `CREATE TABLE ${ENRICHED} (n bigint PRIMARY KEY, item text NOT NULL, noted timestamptz NOT NULL DEFAULT now())`,
  `CREATE TABLE ${EVENTS} (n bigint NOT NULL, item text NOT NULL)`,
  `CREATE TABLE ${COPY} (id bigint PRIMARY KEY, item text NOT NULL)`,
  `CREATE TABLE ${OTHER_SINK} (id bigint PRIMARY KEY, amount bigint NOT NULL)`,
];

/**
 * The least with which jobs work. A row with a primary key is written by INSERT … ON CONFLICT (key) DO UPDATE, which sets
 * all columns but those of the key to what was to be inserted; PostgreSQL takes that for reading them, and the key.
 */
export const GRANTS: readonly string[] = [
  `GRANT USAGE ON SCHEMA ${SOURCE.schema} TO reader`,
  `GRANT SELECT ON ${ORDERS} TO reader`,
  `GRANT USAGE ON SCHEMA ${SINK.schema} TO writer`,
  `GRANT INSERT (n, item), SELECT (n, item), UPDATE (item) ON ${ENRICHED} TO writer`,
  `GRANT INSERT ON ${EVENTS} TO writer`,
  `GRANT INSERT, SELECT, UPDATE (item) ON ${COPY} TO writer`,
];
