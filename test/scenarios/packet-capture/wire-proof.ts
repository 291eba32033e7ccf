import { PORTS } from "../../../lib/node/ports";
import { Deployment } from "../deployment";
import { ClusterTraffic } from "../firewall-traffic";
import { SessionNode } from "../flink-session";
import { ShellHost } from "../shell-host";
import { protectedPorts } from "../protected-ports";
import { captureWhile } from "./packet-capture";
import { mergeTables, portsProvenMutual, WireTable } from "./wire-table";

/** Tasks may lie so that a port is used within one machine alone: then again. */
const MOST_TRIES = 4;
const NO_QUERY = { queryRuns: false };
const COLLECT_SINK = PORTS.taskManagerCollectSink.port;

/** Asks in plain text where only TLS is meant to be, and never needs an answer. */
const ASK_PLAINLY = `
import socket, sys
with socket.create_connection((sys.argv[1], int(sys.argv[2])), 5) as connection:
    connection.sendall(b"GET /overview HTTP/1.1\\r\\nHost: node\\r\\nConnection: close\\r\\n\\r\\n")
    connection.settimeout(5)
    print(connection.recv(200))
`;

/** What a capture finds when a user's machine asks a node for something in plain text: it must be a breach. */
export function capturePlainQuestion(deployment: Deployment, client: ShellHost, node: SessionNode): Promise<WireTable> {
  return captureWhile(deployment, "plain-question", NO_QUERY, () =>
    client.run(["python3", "-c", ASK_PLAINLY, node.host, String(PORTS.jobManagerRest.port)]),
  );
}

/** Makes traffic on the ports of the table on which no handshake was seen yet; gives all that was seen. */
export async function captureEveryPort(
  deployment: Deployment,
  traffic: ClusterTraffic,
  sofar: WireTable,
): Promise<WireTable> {
  let all = sofar;
  for (let tries = 0; tries < MOST_TRIES && unproven(all).length > 0; tries++) {
    const missing = unproven(all);
    console.log(`no handshake seen yet on ${missing.join(", ")}`);
    all = mergeTables([all, await captureWhile(deployment, "every-port", NO_QUERY, () => traffic.use(missing))]);
  }
  return all;
}

/** Fetches rows of a query until they have passed a link; gives what was seen during the queries. */
export async function captureQuery(deployment: Deployment, traffic: ClusterTraffic): Promise<WireTable> {
  const tables: WireTable[] = [];
  for (let tries = 0; tries < MOST_TRIES && !tables.some(showsRowsOfQuery); tries++) {
    tables.push(await captureWhile(deployment, "query", { queryRuns: true }, () => traffic.selectRows()));
  }
  return mergeTables(tables);
}

/** Whether rows of a query passed a link. */
export function showsRowsOfQuery({ rows }: WireTable): boolean {
  return rows.some(({ port, bytes }) => port === COLLECT_SINK && bytes > 0);
}

function unproven(table: WireTable): number[] {
  const proven = portsProvenMutual(table);
  return protectedPorts()
    .map(({ port }) => port)
    .filter((port) => !proven.includes(port));
}
