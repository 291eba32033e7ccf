/** One connection, as Flink SQL is told of it. */
export interface ConnectionTable {
  /** As in `CONNECTION_NAME`. */
  readonly name: string;
  /** Options that a table of its system has, whatever it holds: never a secret. */
  readonly tableOptions: Readonly<Record<string, string>>;
}

/** A database of its own, so that no table of a job is called the same. */
const DATABASE = "connections";

/**
 * Statements of Flink SQL that make a table without columns of each connection, for tables with columns to be `LIKE` it.
 * They can be run again in the same session.
 *
 * @see https://nightlies.apache.org/flink/flink-docs-stable/docs/sql/reference/ddl/create/#like
 */
export function connectionTablesSql(connections: readonly ConnectionTable[]): string {
  const tables = connections.map(({ name, tableOptions }) => {
    const options = Object.entries(tableOptions).map(([key, value]) => `  ${sqlText(key)} = ${sqlText(value)}`);
    return `CREATE TABLE IF NOT EXISTS ${DATABASE}.\`${name}\` WITH (\n${options.join(",\n")}\n);\n`;
  });
  return [`CREATE DATABASE IF NOT EXISTS ${DATABASE};\n`, ...tables].join("\n");
}

function sqlText(text: string): string {
  return `'${text.replace(/'/g, "''")}'`;
}
