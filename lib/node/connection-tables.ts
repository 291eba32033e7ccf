/** What tables of one connection, or of one part of it, are like. */
export interface ConnectionTable {
  /** Any text: that of the connection, and behind a slash of its part. */
  readonly name: string;
  /** Options that such a table has, whatever it holds: never a secret. */
  readonly tableOptions: Readonly<Record<string, string>>;
}

/** A database of its own, so that no table of a job is called the same. */
const DATABASE = "connections";

/**
 * Statements of Flink SQL that make a table without columns of each, for tables with columns to be `LIKE` it.
 * They can be run again in the same session.
 *
 * @see https://nightlies.apache.org/flink/flink-docs-stable/docs/sql/reference/ddl/create/#like
 */
export function connectionTablesSql(tables: readonly ConnectionTable[]): string {
  const statements = tables.map(({ name, tableOptions }) => {
    const options = Object.entries(tableOptions).map(([key, value]) => `  ${sqlText(key)} = ${sqlText(value)}`);
    return `CREATE TABLE IF NOT EXISTS ${DATABASE}.${sqlName(name)} WITH (\n${options.join(",\n")}\n);\n`;
  });
  return [`CREATE DATABASE IF NOT EXISTS ${DATABASE};\n`, ...statements].join("\n");
}

function sqlName(name: string): string {
  return `\`${name.replace(/`/g, "``")}\``;
}

function sqlText(text: string): string {
  return `'${text.replace(/'/g, "''")}'`;
}
