import type { Readable } from "stream";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { LARGEST_SHARED_BYTES, readStoredObject, replaceStoredObject, type StoredObject } from "../stored-object";
import { bounded, machineClient } from "./machine-client";

/** What the agent asks of an object store; each call ends within a bound. */
export interface ObjectStore {
  /** Version of an object as it is now. */
  currentVersion(bucket: string, key: string): Promise<string>;
  /** Opens an object from a byte on. */
  open(bucket: string, key: string, firstByte: number): Promise<OpenObject>;
  /** Writes a small object. */
  write(bucket: string, key: string, content: string, contentType: string): Promise<void>;
}

/** Small objects that several nodes read and write. */
export interface SharedObjects {
  /** An object with what a conditional write needs; nothing where there is none. */
  read(bucket: string, key: string): Promise<StoredObject | undefined>;
  /**
   * Writes an object only if it still is the one with this ETag; without an ETag, only if there is none yet.
   * Gives the new ETag; nothing when somebody else was faster.
   */
  replace(bucket: string, key: string, content: string, etag: string | undefined): Promise<string | undefined>;
  /** Writes an object. */
  write(bucket: string, key: string, content: string, contentType: string): Promise<void>;
}

export interface OpenObject {
  readonly body: Readable;
  /** Whether the body begins at the byte that was asked for; else it is the whole object. */
  readonly resumed: boolean;
  readonly versionId: string;
}

/** What S3 calls the version of an object in a bucket that keeps none. */
const NO_VERSION = "null";

/** S3 with the machine's own role. */
export class S3ObjectStore implements ObjectStore, SharedObjects {
  private readonly client: S3Client;

  public constructor(region: string) {
    this.client = new S3Client({
      region,
      ...machineClient(),
    });
  }

  public async currentVersion(bucket: string, key: string): Promise<string> {
    const answer = await this.client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), bounded());
    return answer.VersionId ?? NO_VERSION;
  }

  public async open(bucket: string, key: string, firstByte: number): Promise<OpenObject> {
    const range = firstByte > 0 ? { Range: `bytes=${firstByte}-` } : {};
    const answer = await this.client.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...range }));
    return {
      body: answer.Body as Readable,
      resumed: answer.$metadata.httpStatusCode === 206 && (answer.ContentRange ?? "").startsWith(`bytes ${firstByte}-`),
      versionId: answer.VersionId ?? NO_VERSION,
    };
  }

  public async write(bucket: string, key: string, content: string, contentType: string): Promise<void> {
    const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: content, ContentType: contentType });
    await this.client.send(command, bounded());
  }

  public async read(bucket: string, key: string): Promise<StoredObject | undefined> {
    try {
      return await readStoredObject(this.client, bucket, key, LARGEST_SHARED_BYTES, bounded().abortSignal);
    } catch (error) {
      if (statusOf(error) === 404 && (error as Error).name !== "NoSuchBucket") return undefined;
      throw error;
    }
  }

  public replace(bucket: string, key: string, content: string, etag: string | undefined): Promise<string | undefined> {
    return replaceStoredObject(this.client, bucket, key, content, etag, bounded().abortSignal);
  }
}

/** HTTP status of what the service answered; nothing when it did not answer. */
function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
