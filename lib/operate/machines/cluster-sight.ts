import { desiredStateKey } from "../../core/bucket-layout";
import { LARGEST_STATE_BYTES } from "../../node/desired-state";
import { FRESH_REPORT_SECONDS } from "../../node/report";
import { MACHINE_CHANGE } from "../../node/roll";
import { readStoredObject } from "../../node/stored-object";
import { isMissing, s3Problem } from "../../software/bucket";
import {
  clusterStatus,
  describeRoll,
  type ClusterBucket,
  type ClusterStatus,
  type NodeStatus,
} from "../../software/node-status";
import { unreadyJob } from "../jobs";

/** A cluster as whoever is about to stop one of its machines has to see it: nodes that its desired state names. */
export type ClusterSight = Pick<ClusterStatus, "desiredSha256" | "roll" | "flink" | "nodes">;

/** Why a machine may not be stopped now. */
export interface Obstacle {
  /** One sentence without a full stop. */
  readonly reason: string;
  /** Whether it does not go away by itself. */
  readonly isFinal?: boolean;
  /** Before when it does not go away, ISO 8601 in UTC; absent where that is not known. */
  readonly until?: string;
}

/**
 * Looks at those of the given nodes that are of the cluster already: what is just being made is nobody's loss. Where there
 * is no desired state that is all of them: it may have been lost while they run.
 */
export async function lookAt(from: ClusterBucket, nodes: readonly string[]): Promise<ClusterSight> {
  const named = await namedNodes(from);
  return clusterStatus(
    from,
    nodes.filter((node) => named?.includes(node) ?? true),
    { allowPending: true },
  );
}

/** Whether a node is well by its own last report, which is young. */
export function isWell(status: NodeStatus): boolean {
  return status.report?.status === "healthy" && isFresh(status);
}

/** Whether a node has reported lately, however it is. */
export function isFresh({ reportAgeSeconds = Infinity }: NodeStatus): boolean {
  return reportAgeSeconds <= FRESH_REPORT_SECONDS;
}

/** Whether nothing was ever told of any of its nodes, as where it is just being made. */
export function isUntold({ nodes }: ClusterSight): boolean {
  return nodes.every(({ report }) => report === undefined);
}

/**
 * What keeps a machine from being stopped; nothing where it may be.
 *
 * @param node which one; how it is itself does not matter
 * @param sight the cluster
 * @param mustRunNewest whether it has to run the desired state of the bucket first
 */
export function obstacleTo(node: string, sight: ClusterSight, mustRunNewest: boolean): Obstacle | undefined {
  const { nodes, roll } = sight;
  const own = nodes.find((each) => each.node === node);
  const isNewest = runsNewest(node, sight);
  if (roll && roll.owner !== null && roll.change?.kind !== MACHINE_CHANGE) {
    // A roll that has stopped stops nobody: what is ill may become well by another machine.
    if (roll.phase !== "failed") return { reason: describeRoll(roll) };
    if (mustRunNewest && !isNewest) return { reason: describeRoll(roll), isFinal: true };
  }
  const ill = nodes.find((each) => each.node !== node && !isWell(each));
  if (ill) return { reason: `${ill.node} is ${ill.verdict}${ill.reasons.length > 0 ? `: ${ill.reasons[0]}` : ""}` };
  if (mustRunNewest && !isNewest) {
    const { reason: why, opensAt: until } = own?.report?.roll ?? {};
    const fits = `${node} does not run the new desired state yet, which fits the smaller machine`;
    return { reason: why === undefined ? fits : `${fits}: ${why}`, ...(until === undefined ? {} : { until }) };
  }
  return undefined;
}

/** Whether a node runs the desired state of the bucket. */
export function runsNewest(node: string, { desiredSha256, nodes }: ClusterSight): boolean {
  return nodes.find((each) => each.node === node)?.report?.running?.sha256 === desiredSha256;
}

/** How many nodes run the desired state of the bucket. */
export function countOfNewest({ desiredSha256, nodes }: ClusterSight): number {
  return nodes.filter(({ report }) => report?.running?.sha256 === desiredSha256).length;
}

/**
 * What keeps a machine from being stopped in what Flink says of the jobs; nothing where all of them run, or where no node
 * tells of that.
 *
 * @param sight the cluster
 * @param seconds what it said before is of no use, as a machine came back since then
 */
export function obstacleInFlink(sight: ClusterSight, seconds: number): Obstacle | undefined {
  const { flink, nodes } = sight;
  if (!flink) return undefined;
  if (flink.ageSeconds >= seconds) return { reason: "Flink was not asked yet how the jobs are" };
  if (flink.taskManagers < nodes.length) {
    return { reason: `${flink.taskManagers} of ${nodes.length} TaskManagers are registered` };
  }
  const reason = unreadyJob(flink);
  return reason === undefined ? undefined : { reason };
}

async function namedNodes({ client, bucket, cluster }: ClusterBucket): Promise<readonly string[] | undefined> {
  const key = desiredStateKey(cluster);
  try {
    const { bytes } = await readStoredObject(client, bucket, key, LARGEST_STATE_BYTES);
    const { nodes } = JSON.parse(Buffer.from(bytes).toString("utf8")) as { nodes: readonly { name: string }[] };
    return nodes.map(({ name }) => name);
  } catch (failure) {
    if (isMissing(failure)) return undefined;
    throw s3Problem(bucket, `reading ${key}`, failure);
  }
}
