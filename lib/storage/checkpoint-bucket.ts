import { S3BucketLifecycleConfigurationRule } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import {
  CHECKPOINTS_PREFIX,
  HA_PREFIX,
  REPORTS_PREFIX,
  ROLL_EVENTS_PREFIX,
  ROLLS_PREFIX,
  SAVEPOINTS_PREFIX,
} from "../core/bucket-layout";
import { Duration } from "../core/duration";
import { checkInputOf } from "../core/terraform/refusals";
import { OptionNames, requireOptionsOf } from "../core/validation";
import {
  ENCRYPTED_BUCKET_PROPS,
  EncryptedBucketAttributes,
  EncryptedBucketProps,
  IEncryptedBucket,
} from "./encrypted-bucket";
import { ExistingEncryptedBucket } from "./existing-encrypted-bucket";
import { OwnEncryptedBucket } from "./own-encrypted-bucket";
import { requireWholeDays } from "./storage-checks";

/** A bucket that holds what a cluster must not lose: a `CheckpointBucket`, or an existing one. */
export interface ICheckpointBucket extends IEncryptedBucket {}

/** What a `CheckpointBucket` can be told. */
export interface CheckpointBucketProps extends EncryptedBucketProps {
  /**
   * How long savepoints that were deleted or overwritten can still be brought back: whole days, 1 to 3653.
   * Checkpoints and recovery metadata, which Flink writes and deletes all the time, can be for one day.
   *
   * @default Duration.days(30)
   */
  readonly savepointVersionRetention?: Duration;
}

/** An existing bucket, as `CheckpointBucket.fromCheckpointBucketAttributes` takes it. */
export interface CheckpointBucketAttributes extends EncryptedBucketAttributes {}

const PROPS: OptionNames<CheckpointBucketProps> = { ...ENCRYPTED_BUCKET_PROPS, savepointVersionRetention: true };
const DEFAULT_SAVEPOINT_VERSION_RETENTION = Duration.days(30);
/** What S3 has as its shortest. */
const SHORTEST_RETENTION_DAYS = 1;
/** How long what happened in rolling changes can be read. */
const ROLL_EVENT_DAYS = 90;

/**
 * The bucket for checkpoints, savepoints, recovery metadata, the nodes' reports, desired states and (unless there is a
 * `SoftwareBucket`) the software. It outlives every cluster, so it belongs in a stack of its own.
 *
 * Private, versioned, encrypted by a key of its own, TLS only, this account only. Old versions of checkpoints,
 * recovery metadata, reports and locks go after a day and those of savepoints later; events of rolling changes go after
 * 90 days; software and desired states are touched by no rule.
 */
export class CheckpointBucket extends Construct implements ICheckpointBucket {
  /**
   * An existing bucket of the same region and account. It must be versioned, and its policy and lifecycle rules are up
   * to its owner: none may touch `software/`, `desired-state/` and `rolls/`.
   *
   * @param scope where it belongs
   * @param id unique in the scope
   * @param attributes its name and its key
   */
  public static fromCheckpointBucketAttributes(
    scope: Construct,
    id: string,
    attributes: CheckpointBucketAttributes,
  ): ICheckpointBucket {
    return new ExistingEncryptedBucket(scope, id, attributes);
  }

  public readonly bucketName: string;
  public readonly bucketArn: string;
  public readonly encryptionKeyArn: string;
  private readonly bucket: OwnEncryptedBucket;

  public constructor(scope: Construct, id: string, props: CheckpointBucketProps = {}) {
    super(scope, id);
    const savepointDays = checkInputOf(this, () => {
      requireOptionsOf("props", props, PROPS);
      const retention = props.savepointVersionRetention ?? DEFAULT_SAVEPOINT_VERSION_RETENTION;
      return requireWholeDays("savepointVersionRetention", retention, 1, 3653);
    });
    this.bucket = new OwnEncryptedBucket(this, "Resource", props, {
      keyDescription: "Flink checkpoints, savepoints and recovery metadata",
      lifecycleRules: [
        oldVersions(CHECKPOINTS_PREFIX, SHORTEST_RETENTION_DAYS),
        oldVersions(HA_PREFIX, SHORTEST_RETENTION_DAYS),
        oldVersions(REPORTS_PREFIX, SHORTEST_RETENTION_DAYS),
        oldVersions(ROLLS_PREFIX, SHORTEST_RETENTION_DAYS),
        expiring(ROLL_EVENTS_PREFIX, ROLL_EVENT_DAYS),
        oldVersions(SAVEPOINTS_PREFIX, savepointDays),
      ],
    });
    this.bucketName = this.bucket.bucketName;
    this.bucketArn = this.bucket.bucketArn;
    this.encryptionKeyArn = this.bucket.encryptionKeyArn;
  }

  public guardsFor(scope: Construct): ITerraformDependable[] {
    return this.bucket.guardsFor(scope);
  }
}

/** Old versions go after some days, and then the marks that deletions leave. Nothing current is touched. */
function oldVersions(prefix: string, days: number): S3BucketLifecycleConfigurationRule {
  return {
    id: `old-versions-of-${prefix.replace(/\/$/, "")}`,
    status: "Enabled",
    filter: [{ prefix }],
    noncurrentVersionExpiration: [{ noncurrentDays: days }],
    expiration: [{ expiredObjectDeleteMarker: true }],
  };
}

/** What is written once and read for some time: it goes, and its versions with it. */
function expiring(prefix: string, days: number): S3BucketLifecycleConfigurationRule {
  return {
    id: `expire-${prefix.replace(/\/$/, "")}`,
    status: "Enabled",
    filter: [{ prefix }],
    expiration: [{ days }],
    noncurrentVersionExpiration: [{ noncurrentDays: SHORTEST_RETENTION_DAYS }],
  };
}
