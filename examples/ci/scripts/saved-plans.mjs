import { createHash } from "node:crypto";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

/** Plans that wait for their approval, in the bucket of the state: under its key, and named by their own hash. */
export class SavedPlans {
  constructor(bucket, stack) {
    this.bucket = bucket;
    this.stack = stack;
    this.client = new S3Client({});
  }

  /** Keeps a plan; resolves to its hash. */
  async put(bundle) {
    const hash = sha256(bundle);
    await this.client.send(new PutObjectCommand({ ...this.#at(hash), Body: bundle }));
    return hash;
  }

  /** The plan of a hash, and no other. */
  async get(hash) {
    if (!/^[0-9a-f]{64}$/.test(hash ?? "")) throw new Error(`"${hash ?? ""}" is no hash of a saved plan`);
    const answer = await this.client.send(new GetObjectCommand(this.#at(hash))).catch((error) => {
      if (error.name !== "NoSuchKey") throw error;
      throw new Error("the plan is not there any more: it was applied before; plan again");
    });
    const bundle = Buffer.from(await answer.Body.transformToByteArray());
    if (sha256(bundle) !== hash) throw new Error("the saved plan is not the one that was approved: it was changed");
    return bundle;
  }

  /** A plan is applied once, whatever comes of it. */
  async remove(hash) {
    await this.client.send(new DeleteObjectCommand(this.#at(hash)));
  }

  #at(hash) {
    return { Bucket: this.bucket, Key: `plans/${this.stack}/${hash}.tar.gz` };
  }
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}
