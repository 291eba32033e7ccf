import type { S3Client } from "@aws-sdk/client-s3";
import { committedFiles } from "../committed-files";
import { OrderRows, SinkContents } from "./orders";

/** What files of JSON below a prefix hold, of those that are committed. */
export async function filesContents(
  s3: S3Client,
  { bucket, prefix, orders }: { bucket: string; prefix: string; orders: number },
): Promise<SinkContents> {
  const found = new OrderRows(orders);
  for await (const text of committedFiles(s3, bucket, prefix)) {
    for (const line of text.split("\n")) if (line !== "") found.add(line);
  }
  return found.contents();
}
