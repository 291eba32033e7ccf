import { readFileSync } from "fs";
import * as path from "path";

const SCRIPT = path.resolve(__dirname, "..", "..", "..", "examples", "orders-enrichment", "job.sql");
/** As the example calls its cluster: with that begin the names of consumer groups and transactions. */
const CLUSTER = "orders";

export interface OrdersJob {
  /** The output `connection_tables`. */
  readonly connectionTables: string;
  readonly clusterName: string;
}

/** The example's own script, for a cluster of another name, behind the statements that make the ready tables. */
export function ordersJobSql({ connectionTables, clusterName }: OrdersJob): string {
  const script = readFileSync(SCRIPT, "utf8");
  const ofCluster = `'${CLUSTER}.`;
  if (!script.includes(ofCluster)) throw new Error(`${SCRIPT} does not hold ${ofCluster}`);
  return [connectionTables, script.replaceAll(ofCluster, `'${clusterName}.`)].join("\n");
}
