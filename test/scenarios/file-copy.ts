import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { readNumberedStream, StreamContents } from "./numbered-stream";

/** A job that ends: it reads all files below a prefix and writes their rows below another. */
export interface FileCopy {
  readonly bucket: string;
  /** Whole folders, without the slash at their end. */
  readonly from: string;
  readonly to: string;
}

const FILES = 3;
const ROWS_OF_EACH = 1000;
export const COPIED_ROWS = FILES * ROWS_OF_EACH;

/** Lays down files with the numbers 1, 2, 3 … to be read, one of them in a folder below. */
export async function layDownFiles(s3: S3Client, { bucket, from }: FileCopy): Promise<void> {
  for (let file = 0; file < FILES; file++) {
    const numbers = Array.from({ length: ROWS_OF_EACH }, (_, index) => file * ROWS_OF_EACH + index + 1);
    const key = file === 0 ? `${from}/below/0.json` : `${from}/${file}.json`;
    const lines = numbers.map((n) => JSON.stringify({ n })).join("\n");
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: `${lines}\n` }));
  }
}

/** The SQL script that submits the job. */
export function fileCopySql({ bucket, from, to }: FileCopy): string {
  const table = (name: string, folder: string) =>
    `CREATE TABLE ${name} (n BIGINT) WITH ('connector'='filesystem', 'path'='s3a://${bucket}/${folder}', 'format'='json');`;
  return [
    "SET 'pipeline.name' = 'file-copy';",
    "SET 'parallelism.default' = '1';",
    "SET 'execution.checkpointing.interval' = '5 s';",
    table("source_files", from),
    table("sink_files", to),
    "INSERT INTO sink_files SELECT n FROM source_files;",
    "",
  ].join("\n");
}

/** Reads all that it wrote. */
export function readFileCopy(s3: S3Client, { bucket, to }: FileCopy): Promise<StreamContents> {
  return readNumberedStream(s3, { bucket, prefix: to, parallelism: 1 });
}
