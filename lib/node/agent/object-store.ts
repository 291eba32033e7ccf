import type { Readable } from "stream";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { machineRole } from "./machine-role";

/** What the agent asks of an object store; each call ends within a bound. */
export interface ObjectStore {
  /** Version of an object as it is now. */
  currentVersion(bucket: string, key: string): Promise<string>;
  /** Opens an object from a byte on. */
  open(bucket: string, key: string, firstByte: number): Promise<OpenObject>;
  /** Writes a small object. */
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
const CALL_TIMEOUT_MILLIS = 20_000;

/** S3 with the machine's own role. */
export class S3ObjectStore implements ObjectStore {
  private readonly client: S3Client;

  public constructor(region: string) {
    this.client = new S3Client({
      region,
      credentials: machineRole(),
      maxAttempts: 3,
      // The second is of silence, so that a large part may take its time.
      requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
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
}

function bounded(): { abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MILLIS) };
}
