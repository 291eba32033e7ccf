import { GetObjectCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import type { ClusterBucket } from "../../lib/software/node-status";

/** A bucket that holds texts by their keys, written so long ago, each with this metadata; it remembers which were read. */
export function bucketOf(
  objects: Record<string, string>,
  Metadata?: Record<string, string>,
  ageSeconds: number | ((key: string) => number) = 0,
): ClusterBucket & { readonly asked: string[] } {
  const asked: string[] = [];
  const get = ({ Key }: GetObjectCommand["input"]): unknown => {
    asked.push(Key!);
    const text = objects[Key!];
    if (text === undefined) throw Object.assign(new Error(), { name: "NoSuchKey", $metadata: { httpStatusCode: 404 } });
    const age = typeof ageSeconds === "number" ? ageSeconds : ageSeconds(Key!);
    const LastModified = new Date(Date.now() - age * 1000);
    return { Body: { transformToByteArray: async () => Buffer.from(text) }, LastModified, Metadata };
  };
  const list = ({ Prefix = "" }: ListObjectsV2Command["input"]): unknown => ({
    Contents: Object.keys(objects)
      .filter((key) => key.startsWith(Prefix))
      .map((Key) => ({ Key })),
  });
  const send = async (command: GetObjectCommand | ListObjectsV2Command): Promise<unknown> =>
    command instanceof ListObjectsV2Command ? list(command.input) : get(command.input);
  return { client: { send } as unknown as S3Client, bucket: "some-bucket", cluster: "orders", asked };
}
