/**
 * Where everything lies in the checkpoint bucket. The first path segment says what a thing is, so that
 * lifecycle rules and policies can be written by prefix; the cluster's name follows.
 */

/** Software parts, shared by all clusters: append-only, and deleted by `prune` alone. */
export const SOFTWARE_PREFIX = "software/";
/** One object per cluster: what its nodes shall run. Terraform writes it. */
export const DESIRED_STATE_PREFIX = "desired-state/";
/** Metadata of that object: id of the image of which new machines are made. */
export const IMAGE_ID_METADATA = "image-id";
/** One object per node: what it runs and how it goes. The nodes write them. */
export const REPORTS_PREFIX = "reports/";
/** One object per cluster: who carries out the rolling change just now. It must never expire. */
export const ROLLS_PREFIX = "rolls/";
/** What happened in rolling changes, one object each: apart from the lock, as they may expire and it may not. */
export const ROLL_EVENTS_PREFIX = "roll-events/";
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

/** The key of the lock that the node holds which carries out a rolling change. */
export function rollLockKey(cluster: string): string {
  return `${ROLLS_PREFIX}${cluster}/lock.json`;
}

/** The key of an event of a rolling change: `name` begins with its time, so that a listing is in order. */
export function rollEventKey(cluster: string, name: string): string {
  return `${ROLL_EVENTS_PREFIX}${cluster}/${name}.json`;
}

/** The prefix below which one cluster's objects of a kind lie, such as `checkpoints/orders`. */
export function clusterPrefix(prefix: string, cluster: string): string {
  return `${prefix}${cluster}`;
}

/** Where Flink keeps state of a kind, such as `s3p://bucket/checkpoints/orders`. */
export function stateUri(bucketName: string, prefix: string, cluster: string): string {
  return `s3p://${bucketName}/${clusterPrefix(prefix, cluster)}`;
}
