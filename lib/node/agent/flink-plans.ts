import type { DesiredState, NodeSpec } from "../desired-state";
import { describeError } from "./log";
import { zooKeeperChildren, type ZooKeeperPath } from "./zookeeper-children";

/**
 * Where Flink's JobManagers keep in ZooKeeper what is left of jobs that have not ended, in their own words: a plan of each
 * job, which 1.x calls a graph, and, from 2.3 on, applications. Flink takes away what is below when a job has ended, and makes the
 * path itself when it first leads, so that the one of a line that has run is there.
 *
 * @param lineThatRan such as `2.2`
 */
export function planPaths(cluster: string, lineThatRan: string): readonly ZooKeeperPath[] {
  const itsOwn = lineThatRan.startsWith("1.") ? "jobgraphs" : "execution-plans";
  return ["jobgraphs", "execution-plans", "applications"].map((kind) => ({
    path: `/flink/${cluster}/${kind}`,
    mayBeAbsent: kind !== itsOwn,
  }));
}

/** Their names, as the first ZooKeeper server says that answers. */
export async function plansInZooKeeper(
  { cluster, nodes }: Pick<DesiredState, "cluster" | "nodes">,
  node: NodeSpec,
  lineThatRan: string,
  childrenOf: typeof zooKeeperChildren = zooKeeperChildren,
): Promise<readonly string[]> {
  const servers = nodes.filter(({ zooKeeperId }) => zooKeeperId !== undefined).map(({ host }) => host);
  // This node's own one first.
  const hosts = [...servers.filter((host) => host === node.host), ...servers.filter((host) => host !== node.host)];
  const failures: string[] = [];
  for (const host of hosts) {
    try {
      return await childrenOf(host, planPaths(cluster, lineThatRan));
    } catch (error) {
      failures.push(`${host}: ${describeError(error)}`);
    }
  }
  throw new Error(failures.join("; "));
}
