import { DeleteObjectsCommand, type ObjectIdentifier } from "@aws-sdk/client-s3";
import type { ResourceGroupsClient } from "@aws-sdk/client-resource-groups";
import { clusterPrefix, desiredStateKey, REPORTS_PREFIX, SOFTWARE_PREFIX } from "../../core/bucket-layout";
import { LARGEST_STATE_BYTES } from "../../node/desired-state";
import { readStoredObject } from "../../node/stored-object";
import { isMissing, s3Problem } from "../../software/bucket";
import type { ClusterBucket } from "../../software/node-status";
import { Problem } from "../../software/problem";
import { clustersOfBucket, clustersOfOtherBuckets, notKnown } from "./clusters-in-reach";
import { type ClusterNeeds, needsOf } from "./needed-software";
import { currentObjects, type ListedObject, NO_VERSION, objectHistories, type StoredVersion } from "./object-history";
import { partOf, prunableReports, prunableSoftware, type PrunableSoftware } from "./prunable";

export interface PruneOptions {
  readonly from: ClusterBucket;
  /** How the clusters of other buckets are found, which may take software from this one; absent: none does. */
  readonly groups?: ResourceGroupsClient;
  /** What was needed, written or deleted within this time stays. */
  readonly olderThanMillis: number;
}

/** What nobody needs of what lies in a cluster's bucket. */
export interface Prunable extends PrunableSoftware {
  /** All clusters of the bucket. */
  readonly clusters: readonly string[];
  /** Parts that only clusters of other buckets name: they stay. */
  readonly neededElsewhere: readonly StoredVersion[];
  /** Reports of nodes that the cluster has no more. */
  readonly reports: readonly ListedObject[];
}

/** As many as S3 deletes at once. */
const MOST_AT_ONCE = 1000;

/** Looks for it; nothing is touched. */
export async function findPrunable({ from, groups, olderThanMillis }: PruneOptions): Promise<Prunable> {
  const before = (await bucketTime(from)) - olderThanMillis;
  const clusters = await clustersOfBucket(from);
  // Before what is needed is read: what comes after it is new, and stays.
  const software = await objectHistories(from, SOFTWARE_PREFIX);
  const own = await needsOf(from, before);
  if (!own.nodes) throw noState(from);
  const neighbours = await inTurn(clusters, (cluster) =>
    cluster === from.cluster ? Promise.resolve(own) : needsOf({ ...from, cluster }, before),
  );
  const elsewhere = groups ? await needsElsewhere(from, groups, before) : [];
  const here = keysOf(neighbours);
  const all = new Set([...here, ...keysOf(elsewhere)]);
  const [found, alone] = [all, here].map((needed) => prunableSoftware(software, needed, before));
  const reports = await currentObjects(from, `${clusterPrefix(REPORTS_PREFIX, from.cluster)}/`);
  return {
    clusters,
    ...found,
    neededElsewhere: alone.parts.filter((part) => !found.parts.includes(part)),
    // What clusters of other buckets name may lie in those.
    missing: alone.missing,
    reports: prunableReports(reports, from.cluster, own.nodes, before),
  };
}

/**
 * Removes what was found: parts and reports so that S3 still has them as old versions, old versions for good. Rejects where somebody
 * wants one of the parts by now.
 */
export async function removePrunable(options: PruneOptions, found: Prunable): Promise<void> {
  const { from } = options;
  const { parts, reports, oldVersions } = found;
  await remove(
    from,
    [...parts, ...reports].map(({ key }) => ({ Key: key })),
  );
  await remove(
    from,
    oldVersions.map(({ key, versionId }) => ({ Key: key, VersionId: versionId })),
  );
  const gone = new Set(parts.map(({ key }) => key));
  const wanted = (await findPrunable(options)).missing.filter((key) => gone.has(key)).map(partText);
  if (wanted.length === 0) return;
  throw new Problem(
    `while it was removed a cluster was deployed that names ${wanted.join(", ")}: publish it again (npx cdktf-flink publish), or deploy again`,
  );
}

/** Such as `flink 2.2.1`. */
export function partText(key: string): string {
  const { name, version } = partOf(key);
  return `${name} ${version}`;
}

/**
 * Milliseconds since 1970 by the bucket's own clock, as the versions in it have them. Refuses a bucket in which nothing of the
 * cluster lies, and one that would not keep what is deleted.
 */
async function bucketTime(from: ClusterBucket): Promise<number> {
  const key = desiredStateKey(from.cluster);
  const newest = (await objectHistories(from, key)).get(key)?.[0];
  if (!newest || newest.isMark) throw noState(from);
  if (newest.versionId === NO_VERSION) {
    throw new Problem(
      `the bucket ${from.bucket} is not versioned, and what is deleted there is gone for good: switch its versioning on, and deploy its clusters again`,
    );
  }
  try {
    const { ageSeconds } = await readStoredObject(from.client, from.bucket, key, LARGEST_STATE_BYTES);
    return newest.writtenAt + ageSeconds * 1000;
  } catch (failure) {
    throw isMissing(failure) ? noState(from) : s3Problem(from.bucket, `reading ${key}`, failure);
  }
}

function noState({ bucket, cluster }: ClusterBucket): Problem {
  return new Problem(
    `the bucket ${bucket} holds no desired state of a cluster named ${cluster}: check --cluster and --bucket, or apply the stack of the cluster first`,
  );
}

async function needsElsewhere(
  from: ClusterBucket,
  groups: ResourceGroupsClient,
  before: number,
): Promise<readonly ClusterNeeds[]> {
  const places = await clustersOfOtherBuckets(from, groups);
  try {
    return await inTurn(places, (place) => needsOf(place, before));
  } catch (failure) {
    throw failure instanceof Problem ? notKnown(failure) : failure;
  }
}

function keysOf(needs: readonly ClusterNeeds[]): ReadonlySet<string> {
  return new Set(needs.flatMap(({ keys }) => [...keys]));
}

/** One after the other: each asks for many objects. */
async function inTurn<T, U>(all: readonly T[], ask: (one: T) => Promise<U>): Promise<readonly U[]> {
  const answers: U[] = [];
  for (const one of all) answers.push(await ask(one));
  return answers;
}

async function remove({ client, bucket }: ClusterBucket, objects: readonly ObjectIdentifier[]): Promise<void> {
  for (let index = 0; index < objects.length; index += MOST_AT_ONCE) {
    const Objects = objects.slice(index, index + MOST_AT_ONCE);
    let failed: readonly { readonly Key?: string; readonly Code?: string; readonly Message?: string }[] | undefined;
    try {
      ({ Errors: failed } = await client.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
      ));
    } catch (failure) {
      throw s3Problem(bucket, "removing objects", failure);
    }
    if (!failed || failed.length === 0) continue;
    const [{ Key, Code = "", Message = "" }] = failed;
    throw s3Problem(bucket, `removing ${Key}`, Object.assign(new Error(Message || Code), { name: Code }));
  }
}
