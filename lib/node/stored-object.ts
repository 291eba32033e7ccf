import type { Readable } from "stream";
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";

/** A small object of the bucket, whole. */
export interface StoredObject {
  readonly bytes: Uint8Array;
  /** For a conditional write. */
  readonly etag: string;
  /** Seconds since it was written, by the bucket's own clock: this machine's may be wrong, and so may the writer's. */
  readonly ageSeconds: number;
  /** What its writer said of it beside its content, by names in lower case. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Reports and locks have thousands of bytes; whoever may write one shall not fill the memory of all who read it. */
export const LARGEST_SHARED_BYTES = 4 << 20;

/** Reads an object whole. Rejects, as S3 does, when there is none, and when it has more bytes than that. */
export async function readStoredObject(
  client: S3Client,
  bucket: string,
  key: string,
  largestBytes: number,
  abortSignal?: AbortSignal,
): Promise<StoredObject> {
  const command = new GetObjectCommand({ Bucket: bucket, Key: key });
  let serverTime = Date.now();
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const date = (result.response as { headers?: Record<string, string> }).headers?.date;
      if (date && !Number.isNaN(Date.parse(date))) serverTime = Date.parse(date);
      return result;
    },
    { step: "deserialize", priority: "low", name: "serverTime" },
  );
  const found = await client.send(command, { abortSignal });
  if ((found.ContentLength ?? 0) > largestBytes) {
    (found.Body as Readable | undefined)?.destroy();
    throw new Error(`${key} has ${found.ContentLength} bytes, and ${largestBytes} at most are read`);
  }
  const bytes = (await found.Body?.transformToByteArray()) ?? new Uint8Array();
  const written = found.LastModified?.getTime() ?? serverTime;
  const ageSeconds = Math.max(0, Math.round((serverTime - written) / 1000));
  return { bytes, etag: found.ETag ?? "", ageSeconds, metadata: found.Metadata };
}

/** What S3 answers to a conditional write: it is gone, somebody writes just now, it is another one. */
const LOST_RACE: ReadonlySet<number> = new Set([404, 409, 412]);

/**
 * Writes an object only if it still is the one with this ETag; without an ETag, only if there is none yet. Gives the new
 * ETag; nothing when somebody else was faster.
 */
export async function replaceStoredObject(
  client: S3Client,
  bucket: string,
  key: string,
  content: string,
  etag: string | undefined,
  abortSignal?: AbortSignal,
): Promise<string | undefined> {
  const condition = etag === undefined ? { IfNoneMatch: "*" } : { IfMatch: etag };
  const object = { Bucket: bucket, Key: key, Body: content, ContentType: "application/json" };
  try {
    return (await client.send(new PutObjectCommand({ ...object, ...condition }), { abortSignal })).ETag;
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (LOST_RACE.has(status ?? 0) && (error as Error).name !== "NoSuchBucket") return undefined;
    throw error;
  }
}
