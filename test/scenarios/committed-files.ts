import { GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";

/** The text of each file below a prefix that Flink's sink has committed. */
export async function* committedFiles(s3: S3Client, bucket: string, prefix: string): AsyncGenerator<string> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    const keys = Contents.map(({ Key }) => Key!).filter((key) => key.split("/").pop()!.startsWith("part-"));
    for (const Key of keys) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      yield await Body!.transformToString();
    }
  }
}
