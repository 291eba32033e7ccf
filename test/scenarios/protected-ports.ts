import { allPorts, Port, Protection } from "../../lib/node/ports";

/** Rows of the port table on which both sides show a certificate. */
export function protectedPorts(): Port[] {
  return allPorts().filter(({ protection }) => {
    return protection === Protection.NODES || protection === Protection.NODES_AND_CLIENTS;
  });
}
