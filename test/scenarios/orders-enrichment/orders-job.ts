import { readFileSync } from "fs";
import * as path from "path";

const SCRIPT = path.resolve(__dirname, "..", "..", "..", "examples", "orders-enrichment", "job.sql");
const FILES_PATH = "<files_path>";
/** As the example calls its cluster: with that begin the names of consumer groups and transactions. */
const CLUSTER = "orders";

export interface OrdersJob {
  /** The output `connection_tables`. */
  readonly connectionTables: string;
  readonly filesPath: string;
  readonly clusterName: string;
}

/** The example's own script, for a cluster of another name, behind the statements that make the ready tables. */
export function ordersJobSql({ connectionTables, filesPath, clusterName }: OrdersJob): string {
  const script = readFileSync(SCRIPT, "utf8");
  const inScript = (text: string) => {
    if (!script.includes(text)) throw new Error(`${SCRIPT} does not hold ${text}`);
  };
  [FILES_PATH, `'${CLUSTER}.`].forEach(inScript);
  return [
    connectionTables,
    script.replaceAll(FILES_PATH, filesPath).replaceAll(`'${CLUSTER}.`, `'${clusterName}.`),
  ].join("\n");
}
