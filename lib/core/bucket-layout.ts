/**
 * Where everything lies in the checkpoint bucket. The first path segment says what a thing is, so that
 * lifecycle rules and policies can be written by prefix; the cluster's name follows.
 */

/** Software parts, shared by all clusters: append-only, never deleted. */
export const SOFTWARE_PREFIX = "software/";
/** One object per cluster: what its nodes shall run. Terraform writes it. */
export const DESIRED_STATE_PREFIX = "desired-state/";
/** One object per node: what it runs and how it goes. The nodes write them. */
export const REPORTS_PREFIX = "reports/";
/** Flink's checkpoints. */
export const CHECKPOINTS_PREFIX = "checkpoints/";
/** Flink's savepoints. */
export const SAVEPOINTS_PREFIX = "savepoints/";
/** What Flink's leader election points to: job graphs, checkpoint pointers, job results. */
export const HA_PREFIX = "ha/";

/** The key of a part: its hash is in it, so that a key never changes its content. */
export function softwareKey(part: {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly fileName: string;
}): string {
  return `${SOFTWARE_PREFIX}${part.name}/${part.version}/${part.sha256}/${part.fileName}`;
}

/** The key of a cluster's desired state. */
export function desiredStateKey(cluster: string): string {
  return `${DESIRED_STATE_PREFIX}${cluster}.json`;
}

/** The key of a node's report. */
export function reportKey(cluster: string, node: string): string {
  return `${REPORTS_PREFIX}${cluster}/${node}.json`;
}

/** The prefix below which one cluster's objects of a kind lie, such as `checkpoints/orders`. */
export function clusterPrefix(prefix: string, cluster: string): string {
  return `${prefix}${cluster}`;
}
