import type { ClusterStatus } from "../node-status";

/** Why a whole cluster is taken to be down, one sentence without a full stop; nothing where a node of it tells how it is. */
export function whyDown({ cluster, nodes }: ClusterStatus): string | undefined {
  const own = nodes.filter(({ verdict }) => verdict !== "removed");
  const reported = own.filter(({ reportAgeSeconds }) => reportAgeSeconds !== undefined);
  if (own.length === 0 || reported.some(({ verdict }) => verdict !== "silent")) return undefined;
  const none = own.length === 1 ? "its node has not reported" : `none of its ${own.length} nodes has reported`;
  const [last] = [...reported].sort((left, right) => left.reportAgeSeconds! - right.reportAgeSeconds!);
  if (last === undefined) {
    return `the cluster ${cluster} is not up: ${none} yet: where it was not deployed just now, status --console tells of its machines and their boot`;
  }
  return `the cluster ${cluster} is down: ${none} lately, the last was ${last.node} ${last.reportAgeSeconds} seconds ago: see in the EC2 console whether its machines run`;
}
