import {
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  type DeleteMarkerEntry,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
} from "@aws-sdk/client-s3";
import { s3Problem } from "../../software/bucket";
import type { ClusterBucket } from "../../software/node-status";

/** An object as a listing has it. */
export interface ListedObject {
  readonly key: string;
  /** Milliseconds since 1970, by the bucket's clock. */
  readonly writtenAt: number;
}

/** One version of an object, or the mark that a deletion left in its place. */
export interface StoredVersion extends ListedObject {
  /** As S3 has it; `null` where the bucket was not versioned then. */
  readonly versionId: string;
  readonly isMark: boolean;
  readonly sizeBytes: number;
}

/** All versions of one object, the newest first; never empty. */
export type ObjectHistory = readonly StoredVersion[];

type Place = Pick<ClusterBucket, "client" | "bucket">;

/** All objects below a prefix as they are now: of what is written all the time, nobody wants to see all versions. */
export async function currentObjects({ client, bucket }: Place, prefix: string): Promise<readonly ListedObject[]> {
  const found: ListedObject[] = [];
  try {
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
      found.push(...Contents.map(({ Key, LastModified }) => ({ key: Key!, writtenAt: timeOf(LastModified) })));
    }
  } catch (failure) {
    throw s3Problem(bucket, `listing the objects below ${prefix}`, failure);
  }
  return found;
}

/** Those of all objects below a prefix, by their keys, in the order of these. */
export async function objectHistories(
  { client, bucket }: Place,
  prefix: string,
): Promise<ReadonlyMap<string, ObjectHistory>> {
  const found = new Map<string, (StoredVersion & { readonly isLatest: boolean })[]>();
  try {
    let page: ListObjectVersionsCommandOutput | undefined;
    do {
      const from = { KeyMarker: page?.NextKeyMarker, VersionIdMarker: page?.NextVersionIdMarker };
      page = await client.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...from }));
      for (const version of [...(page.Versions ?? []).map(versionOf), ...(page.DeleteMarkers ?? []).map(markOf)]) {
        found.set(version.key, [...(found.get(version.key) ?? []), version]);
      }
    } while (page.IsTruncated);
  } catch (failure) {
    throw s3Problem(bucket, `listing the versions below ${prefix}`, failure);
  }
  // S3 tells seconds: of two in one it says itself which one counts.
  return new Map(
    [...found].map(([key, versions]) => [
      key,
      versions.sort(
        (left, right) => Number(right.isLatest) - Number(left.isLatest) || right.writtenAt - left.writtenAt,
      ),
    ]),
  );
}

/** When a version of a history was replaced or deleted; nothing of the newest. */
export function endOf(history: ObjectHistory, index: number): number | undefined {
  return history[index - 1]?.writtenAt;
}

function versionOf(version: ObjectVersion): StoredVersion & { readonly isLatest: boolean } {
  return { ...entryOf(version), isMark: false, sizeBytes: version.Size ?? 0 };
}

function markOf(mark: DeleteMarkerEntry): StoredVersion & { readonly isLatest: boolean } {
  return { ...entryOf(mark), isMark: true, sizeBytes: 0 };
}

function entryOf({ Key, VersionId, LastModified, IsLatest }: DeleteMarkerEntry): {
  readonly key: string;
  readonly versionId: string;
  readonly writtenAt: number;
  readonly isLatest: boolean;
} {
  return {
    key: Key!,
    versionId: VersionId ?? NO_VERSION,
    writtenAt: timeOf(LastModified),
    isLatest: IsLatest ?? false,
  };
}

/** What does not say when it was written is taken for new: it stays. */
function timeOf(time: Date | undefined): number {
  return time?.getTime() ?? Infinity;
}

/** As S3 calls the version of an object that was written before its bucket was versioned. */
export const NO_VERSION = "null";
