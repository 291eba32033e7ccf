import type { ClusterStatus } from "../node-status";

/** Why a whole cluster is taken to be down, one sentence without a full stop; nothing where it is not, or never was up. */
export function whyDown({ cluster, nodes }: ClusterStatus): string | undefined {
  const own = nodes.filter(({ verdict }) => verdict !== "removed");
  const silent = own.filter(({ verdict }) => verdict === "silent");
  if (silent.length === 0 || own.some(({ verdict }) => verdict !== "silent" && verdict !== "unknown")) return undefined;
  const [last] = [...silent].sort((left, right) => left.reportAgeSeconds! - right.reportAgeSeconds!);
  const many = own.length === 1 ? "its node has not reported" : `none of its ${own.length} nodes has reported`;
  return `the cluster ${cluster} is down: ${many} lately, the last was ${last.node} ${last.reportAgeSeconds} seconds ago: see in the EC2 console whether its machines run`;
}
