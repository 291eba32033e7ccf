import type { NodeStatus } from "../../software/node-status";
import { isWell } from "./cluster-sight";

/** A node and what it consists of. */
export interface NodeMachine {
  /** Such as `orders-node-1`. */
  readonly node: string;
  readonly instanceId: string;
  readonly volumeId: string;
}

/**
 * Whose machine is next: what is stopped or ill already, then standbys, ZooKeeper's leader, the leader last, so that the
 * leadership moves once; else by name.
 *
 * @param stopped names of nodes whose machines do not run
 */
export function nextTurn(
  left: readonly NodeMachine[],
  nodes: readonly NodeStatus[],
  stopped: ReadonlySet<string>,
): NodeMachine | undefined {
  const rankOf = ({ node }: NodeMachine): number => {
    const status = nodes.find((each) => each.node === node);
    if (stopped.has(node)) return 0;
    if (!status || !isWell(status)) return 1;
    if (status.report?.leads) return 4;
    return status.report?.units.some(({ name, health }) => name.startsWith("zookeeper") && health === "leader") ? 3 : 2;
  };
  return [...left].sort(
    (one, other) => rankOf(one) - rankOf(other) || one.node.localeCompare(other.node, "en", { numeric: true }),
  )[0];
}
