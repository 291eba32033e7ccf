import type { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { newestKeptCheckpoint } from "../../../lib/operate/stopped-jobs/kept-checkpoints";

const JOB = "a".repeat(32);
const BELOW = `checkpoints/orders/${JOB}/`;

/** What a bucket answers that gives one folder a page; the complete ones have their metadata. */
function bucketWith(folders: readonly string[], complete: readonly string[]): S3Client {
  const send = ({ input: { Prefix = "", ContinuationToken } }: ListObjectsV2Command): Promise<object> => {
    if (Prefix !== BELOW) {
      const isThere = complete.some((folder) => Prefix === `${BELOW}${folder}/_metadata`);
      return Promise.resolve(isThere ? { Contents: [{ Key: Prefix }] } : {});
    }
    const index = Number(ContinuationToken ?? 0);
    const CommonPrefixes = folders.slice(index, index + 1).map((folder) => ({ Prefix: `${BELOW}${folder}/` }));
    return Promise.resolve({ CommonPrefixes, NextContinuationToken: folders[index + 1] && String(index + 1) });
  };
  return { send } as unknown as S3Client;
}

test.each([
  [[], [], undefined],
  [["shared", "taskowned"], ["shared"], undefined],
  [["chk-1"], [], undefined],
  [["chk-10", "chk-11", "chk-9", "shared"], ["chk-9", "chk-10"], "chk-10"],
  [["chk-9", "chk-x", "chk-10-of-another"], ["chk-9", "chk-x", "chk-10-of-another"], "chk-9"],
])("of the folders %j, of which %j are complete, the newest checkpoint is %s", async (folders, complete, newest) => {
  const from = { client: bucketWith(folders, complete), bucket: "bucket", cluster: "orders" };
  const expected = newest === undefined ? undefined : `s3p://bucket/${BELOW}${newest}`;
  expect(await newestKeptCheckpoint(from, JOB)).toBe(expected);
});

test("who may not list them is told so: not allowed is not none", async () => {
  const denied = Object.assign(new Error("Access Denied"), {
    name: "AccessDenied",
    $metadata: { httpStatusCode: 403 },
  });
  const client = { send: () => Promise.reject(denied) } as unknown as S3Client;
  await expect(newestKeptCheckpoint({ client, bucket: "bucket", cluster: "orders" }, JOB)).rejects.toThrow(
    "listing the checkpoints in the bucket bucket is not allowed (AccessDenied): use credentials that may do it",
  );
});
