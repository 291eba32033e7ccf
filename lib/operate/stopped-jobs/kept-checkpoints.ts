import { ListObjectsV2Command, type ListObjectsV2CommandOutput } from "@aws-sdk/client-s3";
import { CHECKPOINTS_PREFIX, clusterPrefix } from "../../core/bucket-layout";
import { s3Problem } from "../../software/bucket";
import type { ClusterBucket } from "../../software/node-status";
import { checkpointsOf } from "./state-places";

/** A folder of one checkpoint; those of shared files have other names. */
const CHECKPOINT = /^chk-(\d{1,15})\/$/;
/** Which a checkpoint gets at last, when it is complete. */
const METADATA = "_metadata";

/**
 * Where the newest complete checkpoint of a job lies, as the bucket has it; nothing where there is none. Flink keeps the
 * last ones of a job that failed or was cancelled, and deletes those of one that came to its end.
 */
export async function newestKeptCheckpoint(from: ClusterBucket, job: string): Promise<string | undefined> {
  const prefix = `${clusterPrefix(CHECKPOINTS_PREFIX, from.cluster)}/${job}/`;
  const numbers: string[] = [];
  let token: string | undefined;
  do {
    const page = await list(from, prefix, token);
    for (const { Prefix = "" } of page.CommonPrefixes ?? []) {
      const number = CHECKPOINT.exec(Prefix.slice(prefix.length))?.[1];
      if (number !== undefined) numbers.push(number);
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
  for (const number of numbers.sort((left, right) => Number(right) - Number(left))) {
    const { Contents = [] } = await list(from, `${prefix}chk-${number}/${METADATA}`);
    if (Contents.length > 0) return `${checkpointsOf(from, job)}/chk-${number}`;
  }
  return undefined;
}

async function list(
  { client, bucket }: ClusterBucket,
  prefix: string,
  token?: string,
): Promise<ListObjectsV2CommandOutput> {
  try {
    return await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, Delimiter: "/", ContinuationToken: token }),
    );
  } catch (failure) {
    throw s3Problem(bucket, "listing the checkpoints", failure);
  }
}
