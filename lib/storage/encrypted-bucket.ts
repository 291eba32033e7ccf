import { ITerraformDependable } from "cdktf";
import { Construct, IConstruct } from "constructs";
import { Duration } from "../core/duration";
import { OptionNames } from "../core/validation";
import { IKey } from "../encryption/i-key";
import { RemovalPolicy } from "./removal-policy";

/** What our buckets can be told. */
export interface EncryptedBucketProps {
  /**
   * Name of the bucket: 3 to 63 lower-case letters, digits and hyphens. A change of it is another bucket.
   *
   * @default - made of the construct's place in the program and an ending that makes it unique
   */
  readonly bucketName?: string;

  /**
   * Key of your own for all that is stored, such as `Key.fromKeyAttributes(...)` gives it: symmetric, of the account and
   * region of the bucket; its policy must leave it to the account's own policies who may use it (docs/keys.md). Fixed
   * for the bucket's life, because what one key encrypted no other one opens. Never deleted with the bucket.
   *
   * @default - a key for this bucket alone is created, with an alias and yearly rotation
   */
  readonly encryptionKey?: IKey;

  /**
   * What becomes of the bucket, and of its key and alias where they are ours, which are one unit: with `RETAIN`,
   * Terraform refuses every plan that would destroy one of them or change the key; with `DESTROY` they go with all that
   * is stored, the key after 7 days.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Creates a bucket for the access log of this one: encrypted by keys of S3 (AWS delivers into no other),
   * otherwise guarded like this one. Contradicts `accessLogBucketName`.
   *
   * @default false
   */
  readonly accessLogs?: boolean;

  /**
   * Name of an existing bucket that takes the access log, below `<name of this bucket>/`. It must be in the same
   * region and account, be encrypted by keys of S3 and let `logging.s3.amazonaws.com` write. Contradicts `accessLogs`.
   *
   * @default - no access log
   */
  readonly accessLogBucketName?: string;

  /**
   * How long the log bucket that `accessLogs` creates keeps its objects: whole days, 1 to 3653.
   *
   * @default Duration.days(365)
   */
  readonly accessLogRetention?: Duration;
}

/**
 * Their names.
 *
 * @internal
 */
export const ENCRYPTED_BUCKET_PROPS: OptionNames<EncryptedBucketProps> = {
  bucketName: true,
  encryptionKey: true,
  removalPolicy: true,
  accessLogs: true,
  accessLogBucketName: true,
  accessLogRetention: true,
};

/** An existing bucket. */
export interface EncryptedBucketAttributes {
  /** Name of the bucket. */
  readonly bucketName: string;
  /** ARN of the KMS key (not of an alias) that encrypts it by default. */
  readonly encryptionKeyArn: string;
}

/** A bucket as others use it. */
export interface IEncryptedBucket extends IConstruct {
  /** Name of the bucket. */
  readonly bucketName: string;
  /** ARN of the bucket. */
  readonly bucketArn: string;
  /** ARN of the key that encrypts its objects. */
  readonly encryptionKeyArn: string;
  /**
   * What objects that Terraform writes into the bucket must depend on, so that they are encrypted and guarded from
   * the first byte. Empty for a bucket of another stack, which is complete before this one begins.
   *
   * @param scope the construct that writes
   */
  guardsFor(scope: Construct): ITerraformDependable[];
}
