import { escapeIdentifier } from "pg";
import type { ReportLines } from "../function/report";
import { requireClosedSchema } from "./closed-schema";
import type { Database } from "./database";
import type { SchemaRequest } from "./database-request";

interface Column {
  readonly relation: string;
  readonly name: string;
}

/** Makes a schema, and runs its statements in it; what they made is seen by what is there afterwards. */
export async function provideSchema(
  database: Database,
  { name, statements, maker }: SchemaRequest,
  report: ReportLines,
): Promise<void> {
  const [found] = await database.ask("schemas cannot be listed", "SELECT 1 FROM pg_namespace WHERE nspname = $1", [
    name,
  ]);
  if (found) {
    report.there.push(`schema ${name}`);
  } else {
    await database.ask(`the schema ${name} cannot be made`, `CREATE SCHEMA ${escapeIdentifier(name)}`);
    report.made.push(`schema ${name}`);
  }
  await requireClosedSchema(database, name, maker);
  if (maker !== undefined) return;
  const before = await columnsOf(database, name);
  // Of what is not named, PostgreSQL looks into its own first: nothing in the schema comes before a function of the same arguments.
  await database.ask(`the schema ${name} cannot be worked in`, `SET LOCAL search_path = ${escapeIdentifier(name)}`);
  for (const [index, statement] of statements.entries()) {
    await database.ask(`statement ${index + 1} of the schema ${name} failed`, statement);
  }
  await database.ask("the search path cannot be set back", "SET LOCAL search_path = pg_catalog");
  reportColumns(name, before, await columnsOf(database, name), report);
}

/** Of tables, views and indexes; of each also a line without a column. */
async function columnsOf(database: Database, schema: string): Promise<Column[]> {
  return database.ask<Column>(
    `what is in the schema ${schema} cannot be listed`,
    `SELECT kind || ' ' || relname AS relation, coalesce(attname::text, '') AS name
     FROM (SELECT oid, relname, relkind,
             CASE relkind WHEN 'i' THEN 'index' WHEN 'v' THEN 'view' ELSE 'table' END AS kind
           FROM pg_class WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)
             AND relkind IN ('r', 'p', 'v', 'm', 'f', 'i')) AS relations
     LEFT JOIN pg_attribute ON attrelid = relations.oid AND attnum > 0 AND NOT attisdropped AND relkind <> 'i'
     ORDER BY relname, attnum`,
    [schema],
  );
}

function reportColumns(schema: string, before: readonly Column[], after: readonly Column[], report: ReportLines): void {
  const titleOf = (relation: string, column?: string) => {
    const [kind, ...name] = relation.split(" ");
    const place = `${schema}.${name.join(" ")}`;
    return column === undefined ? `${kind} ${place}` : `column ${place}.${column}`;
  };
  const known = new Map<string, Set<string>>();
  for (const { relation, name } of before) known.set(relation, (known.get(relation) ?? new Set()).add(name));
  for (const relation of new Set(after.map((column) => column.relation))) {
    (known.has(relation) ? report.there : report.made).push(titleOf(relation));
  }
  const added = after.filter(({ relation, name }) => known.get(relation)?.has(name) === false);
  report.made.push(...added.map(({ relation, name }) => titleOf(relation, name)));
}
