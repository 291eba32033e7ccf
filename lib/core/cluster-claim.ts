/**
 * What holds a cluster's name, and says where the cluster's bucket is: a resource group, of which an account has one of
 * a name in each region.
 */

/** The name of the group of a cluster. */
export function claimName(cluster: string): string {
  return `${CLAIM_PREFIX}${cluster}`;
}

/** What the names of all these groups begin with. */
export const CLAIM_PREFIX = "cdktf-flink-";

/** Key of the group's tag whose value is the name of the checkpoint bucket. */
export const BUCKET_TAG = "cdktf-flink-bucket";
