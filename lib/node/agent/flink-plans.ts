import type { DesiredState, NodeSpec } from "../desired-state";
import { describeError } from "./log";
import { zooKeeperChildren } from "./zookeeper-children";

/**
 * What Flink's JobManagers keep in ZooKeeper of jobs that have not ended, in their own words: a plan of each job, which 1.x
 * calls a graph, and, from 2.3 on, applications. Flink takes them away when a job has ended.
 */
export function planPaths(cluster: string): readonly string[] {
  return ["jobgraphs", "execution-plans", "applications"].map((kind) => `/flink/${cluster}/${kind}`);
}

/** Their names, as the first ZooKeeper server says that answers. */
export async function plansInZooKeeper(
  { cluster, nodes }: Pick<DesiredState, "cluster" | "nodes">,
  node: NodeSpec,
  childrenOf: typeof zooKeeperChildren = zooKeeperChildren,
): Promise<readonly string[]> {
  const servers = nodes.filter(({ zooKeeperId }) => zooKeeperId !== undefined).map(({ host }) => host);
  // This node's own one first.
  const hosts = [...servers.filter((host) => host === node.host), ...servers.filter((host) => host !== node.host)];
  const failures: string[] = [];
  for (const host of hosts) {
    try {
      return await childrenOf(host, planPaths(cluster));
    } catch (error) {
      failures.push(`${host}: ${describeError(error)}`);
    }
  }
  throw new Error(failures.join("; "));
}
