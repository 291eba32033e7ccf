import { Caller as PortCaller, Port, PORTS, Protection } from "../../../lib/node/ports";

/** Whose certificate a caller shows. */
export type Shown = "none" | "foreign" | "client" | "node";

/** What a port answers. */
export interface PortAnswers {
  /** Whose certificates it takes. */
  readonly accepts: readonly string[];
  /** To plain HTTP: `redirect`, `nothing`, `closed`, `swallowed`, or the text itself. */
  readonly plain: string;
}

/** What is known of a node beside the port table. */
export interface PortState {
  /** Whether anything listens: some rows are of some nodes only, or of some moments. */
  readonly listens: boolean;
  readonly runsZooKeeper: boolean;
  /** Whether it is asked by itself: that passes no firewall. */
  readonly byItself: boolean;
}

const ACCEPTED: Readonly<Record<Protection, readonly Shown[]>> = {
  [Protection.NODES]: ["node"],
  [Protection.NODES_AND_CLIENTS]: ["client", "node"],
  [Protection.NONE]: [],
  [Protection.LOOPBACK]: [],
  [Protection.HOST_FIREWALL]: [],
};

/** What a node's port must answer to a node, by its row in the port table; without a row nobody may call it. */
export function expectedAnswers(row: Port | undefined, state: PortState): PortAnswers {
  // A node without a ZooKeeper keeps its ports closed itself, although its group opens them.
  const isOpen = row?.callers.includes(PortCaller.NODES) && (row.listensOn === "every node" || state.runsZooKeeper);
  if (!row || !isOpen) return { accepts: [], plain: state.byItself ? "closed" : "swallowed" };
  if (!state.listens) return { accepts: [], plain: "closed" };
  // Flink answers plain HTTP with the address of HTTPS and nothing else.
  const plain = row.port === PORTS.jobManagerRest.port ? "redirect" : "nothing";
  return { accepts: ACCEPTED[row.protection], plain };
}
