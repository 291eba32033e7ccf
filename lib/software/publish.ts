import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import {
  HeadObjectCommand,
  ListObjectsV2Command,
  type HeadObjectCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import pLimit from "p-limit";
import { SOFTWARE_PREFIX, softwareKey } from "../core/bucket-layout";
import { agentPart, agentPath } from "./agent-part";
import { isMissing, s3Error, s3Problem } from "./bucket";
import type { IOrigin } from "./origins/origin";
import { PartFetcher } from "./part-fetcher";
import { PartStore } from "./part-store";
import {
  connectorsToPublish,
  lockedPartsToPublish,
  logExporterToPublish,
  type BuiltPart,
  type PublishSelection,
  type Uploadable,
} from "./parts-to-publish";
import { Problem } from "./problem";
import { NO_PROGRESS, showBytes, type Progress, type TaskProgress } from "./progress";

export interface PublishOptions extends PublishSelection {
  readonly client: S3Client;
  readonly bucket: string;
  /** The built node agent; default: the one of this package. */
  readonly agent?: string;
  readonly store?: PartStore;
  readonly progress?: Progress;
  /** Stands in for the origin of that name; for tests. */
  readonly originImplementation?: IOrigin;
}

export interface PublishedParts {
  /** What was uploaded now, by key. */
  readonly uploaded: readonly string[];
  /** What the bucket had. */
  readonly present: readonly string[];
}

/** Fixed, since the checksum of a large object depends on it. */
const UPLOAD_PART_BYTES = 16 * 1024 * 1024;
const UPLOAD_PARTS_AT_ONCE = 4;
const PARTS_AT_ONCE = 3;

/**
 * Uploads what the bucket lacks. Keys hold the hash and are written only where nothing lies yet, so that
 * two publishers at once do no harm and nothing that a node may be using is ever replaced.
 */
export async function publishSoftware(options: PublishOptions): Promise<PublishedParts> {
  const { progress = NO_PROGRESS, store = new PartStore(), origin } = options;
  const parts = lockedPartsToPublish(options);
  const packaged = [...connectorsToPublish(options), ...logExporterToPublish(options)];
  await requireBucket(options);
  const fetcher = new PartFetcher(origin, { store, progress, origin: options.originImplementation });
  const limit = pLimit(PARTS_AT_ONCE);
  const uploaded: string[] = [];
  const present: string[] = [];
  const one = async (part: Uploadable, file: () => Promise<string>): Promise<void> => {
    const publication = new Publication(options.client, options.bucket, part);
    const isNew = await publication.run(file, progress.task(`${part.name} ${part.version}`));
    (isNew ? uploaded : present).push(publication.key);
  };
  const agentFile = options.agent ?? agentPath();
  const built: readonly BuiltPart[] = [{ part: agentPart(agentFile), file: agentFile }, ...packaged];
  const results = await Promise.allSettled([
    ...built.map(({ part, file }) => limit(() => one(part, () => Promise.resolve(file)))),
    ...parts.map(({ part, siblings }) =>
      limit(() =>
        one(part, async () => {
          await fetcher.fetchOne(part, siblings);
          return store.path(part);
        }),
      ),
    ),
  ]);
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  return { uploaded, present };
}

/** One answer before many parts fail for the same reason. */
async function requireBucket({ client, bucket }: PublishOptions): Promise<void> {
  try {
    await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: SOFTWARE_PREFIX, MaxKeys: 1 }));
  } catch (failure) {
    throw s3Problem(bucket, "listing the software", failure);
  }
}

/** One part on its way into the bucket. */
class Publication {
  public readonly key: string;

  public constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
    private readonly part: Uploadable,
  ) {
    this.key = softwareKey(part);
  }

  /** True if the bucket lacked it. */
  public async run(file: () => Promise<string>, progress: TaskProgress): Promise<boolean> {
    try {
      const there = await this.head();
      if (there) {
        this.verify(there);
        progress.done("in the bucket");
        return false;
      }
      const path = await file();
      const isNew = await this.upload(path, progress);
      const now = await this.head();
      if (!now) throw new Problem(`${this.key} is not in the bucket ${this.bucket} after its upload`);
      this.verify(now);
      await this.verifyChecksum(now, path);
      progress.done(isNew ? `uploaded, ${showBytes(this.part.sizeBytes)}` : "in the bucket by now");
      return isNew;
    } catch (failure) {
      progress.failed("failed");
      throw s3Problem(this.bucket, `publishing ${this.key}`, failure);
    }
  }

  private async head(): Promise<HeadObjectCommandOutput | undefined> {
    try {
      return await this.client.send(
        new HeadObjectCommand({ Bucket: this.bucket, Key: this.key, ChecksumMode: "ENABLED" }),
      );
    } catch (failure) {
      // A HEAD has no body to tell a missing bucket from a missing key; the upload will tell.
      if (isMissing(failure) || s3Error(failure)?.status === 404) return undefined;
      throw failure;
    }
  }

  /** True if it was written; false if another publisher was faster. */
  private async upload(file: string, progress: TaskProgress): Promise<boolean> {
    progress.note("uploading");
    progress.total(this.part.sizeBytes);
    const upload = new Upload({
      client: this.client,
      partSize: UPLOAD_PART_BYTES,
      queueSize: UPLOAD_PARTS_AT_ONCE,
      params: {
        Bucket: this.bucket,
        Key: this.key,
        Body: createReadStream(file),
        ContentLength: this.part.sizeBytes,
        ChecksumAlgorithm: "SHA256",
        IfNoneMatch: "*",
        Metadata: { sha256: this.part.sha256 },
      },
    });
    upload.on("httpUploadProgress", ({ loaded }) => progress.at(loaded ?? 0));
    try {
      await upload.done();
      return true;
    } catch (failure) {
      const status = s3Error(failure)?.status;
      if (status === 412 || status === 409) return false;
      throw failure;
    }
  }

  private verify(found: HeadObjectCommandOutput): void {
    if (found.ContentLength !== this.part.sizeBytes) {
      this.refuse(`${found.ContentLength} bytes instead of ${this.part.sizeBytes}`);
    }
    const sha256 = found.Metadata?.sha256;
    if (sha256 !== this.part.sha256) this.refuse(`SHA-256 ${sha256 ?? "unknown"} instead of ${this.part.sha256}`);
  }

  private async verifyChecksum(found: HeadObjectCommandOutput, file: string): Promise<void> {
    // S3 refused the upload already if a piece was damaged; this holds the order and number of the pieces.
    const sum = found.ChecksumSHA256?.split("-")[0];
    if (sum === undefined) return;
    const expected = await checksumsOf(file);
    if (!expected.includes(sum)) this.refuse(`checksum ${sum} instead of ${expected.join(" or ")}`);
  }

  private refuse(what: string): never {
    throw new Problem(
      `${this.key} in the bucket ${this.bucket} has ${what}: somebody else wrote it, so find out who, delete that object and publish again`,
    );
  }
}

/** The checksums that S3 may keep of a file: of the whole, and of the checksums of the pieces it was sent in. */
async function checksumsOf(file: string): Promise<readonly string[]> {
  const whole = createHash("sha256");
  const composite = createHash("sha256");
  for await (const piece of createReadStream(file, { highWaterMark: UPLOAD_PART_BYTES })) {
    whole.update(piece as Buffer);
    composite.update(
      createHash("sha256")
        .update(piece as Buffer)
        .digest(),
    );
  }
  return [whole, composite].map((hash) => hash.digest("base64"));
}
