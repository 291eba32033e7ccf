import { NODE_AUTHORITY } from "../../../lib/node/tls-paths";
import { allPorts, Caller } from "../../../lib/node/ports";
import { SessionNode } from "../flink-session";
import { ProbeAnswers, probeTls } from "./tls-probe";

/** What a node answers itself on loopback, on the ports that the table keeps there. */
export async function askLoopback({ machine }: SessionNode): Promise<ProbeAnswers> {
  const rows = allPorts().filter(({ callers }) => callers.includes(Caller.ITSELF));
  return probeTls(machine, {
    ...{ host: "127.0.0.1", ports: rows.map(({ port }) => port), callers: [{ name: "none" }] },
    authority: await machine.run(["cat", NODE_AUTHORITY]),
  });
}
