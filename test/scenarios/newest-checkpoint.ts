import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";

/**
 * The newest complete checkpoint below a prefix, as someone finds it who has nothing but the bucket: Flink writes a
 * checkpoint's `_metadata` last, so a checkpoint that has one is complete.
 */
export async function newestCheckpoint(s3: S3Client, uri: string, jid: string): Promise<string> {
  const [, bucket, prefix] = /^s3p:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  if (!bucket || !prefix) throw new Error(`${uri} is no address of a bucket`);
  let newest: { readonly key: string; readonly at: number } | undefined;
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: `${prefix}/${jid}/`, ContinuationToken: token }),
    );
    for (const { Key: key = "", LastModified: at } of page.Contents ?? []) {
      if (!/\/chk-\d+\/_metadata$/.test(key)) continue;
      const number = Number(/\/chk-(\d+)\//.exec(key)?.[1]);
      if (at && (!newest || number > newest.at)) newest = { key, at: number };
    }
    token = page.NextContinuationToken;
  } while (token);
  if (!newest) throw new Error(`no complete checkpoint of job ${jid} below ${uri}`);
  return `s3p://${bucket}/${newest.key.replace(/\/_metadata$/, "")}`;
}
