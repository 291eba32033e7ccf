import type { ResourceGroupsClient } from "@aws-sdk/client-resource-groups";
import { DESIRED_STATE_PREFIX } from "../../core/bucket-layout";
import { awsProblem } from "../../software/access-problem";
import { bucketOfCluster, clusterNames } from "../../software/find-cluster";
import type { ClusterBucket } from "../../software/node-status";
import { Problem } from "../../software/problem";
import { objectHistories } from "./object-history";

/** Names of all clusters that have, or had, their desired state in a bucket. */
export async function clustersOfBucket(from: Pick<ClusterBucket, "client" | "bucket">): Promise<readonly string[]> {
  const keys = [...(await objectHistories(from, DESIRED_STATE_PREFIX)).keys()];
  return keys.flatMap((key) =>
    key.endsWith(".json") ? [key.slice(DESIRED_STATE_PREFIX.length, -".json".length)] : [],
  );
}

/** The clusters of the account and region whose bucket is another one: any of them may take its software from this one. */
export async function clustersOfOtherBuckets(
  from: ClusterBucket,
  groups: ResourceGroupsClient,
): Promise<readonly ClusterBucket[]> {
  try {
    const names = await clusterNames(groups);
    const places = await Promise.all(
      names.map(async (cluster) => ({ client: from.client, cluster, bucket: await bucketOfCluster(groups, cluster) })),
    );
    return places.filter(({ bucket }) => bucket !== from.bucket);
  } catch (failure) {
    throw notKnown(awsProblem("looking for the other clusters", failure));
  }
}

/** Of a cluster elsewhere of which nobody knows what it needs. */
export function notKnown({ message }: Problem): Problem {
  return new Problem(
    `it is not known whether a cluster of another bucket takes software from this one, and nothing was removed (${message}): where none does, give --alone`,
  );
}
