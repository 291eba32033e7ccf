import { GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { OrderRows, SinkContents } from "./orders";

/** What files of JSON below a prefix hold, of those that are committed. */
export async function filesContents(
  s3: S3Client,
  { bucket, prefix, orders }: { bucket: string; prefix: string; orders: number },
): Promise<SinkContents> {
  const found = new OrderRows(orders);
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    const keys = Contents.map(({ Key }) => Key!).filter((key) => key.slice(prefix.length).startsWith("part-"));
    for (const key of keys) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      const text = await Body!.transformToString();
      for (const line of text.split("\n")) if (line !== "") found.add(line);
    }
  }
  return found.contents();
}
