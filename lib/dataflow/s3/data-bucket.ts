import { Construct } from "constructs";
import { Duration } from "../../core/duration";
import { checkInputOf } from "../../core/terraform/refusals";
import { OptionNames, requireOptionsOf } from "../../core/validation";
import { ENCRYPTED_BUCKET_PROPS, EncryptedBucketProps } from "../../storage/encrypted-bucket";
import { OwnEncryptedBucket } from "../../storage/own-encrypted-bucket";
import { requireWholeDays } from "../../storage/storage-checks";
import { connectionName } from "../connection-name";
import { DataBucketAttributes, ExistingDataBucket } from "./existing-data-bucket";
import { S3Connection } from "./s3-connection";
import { IDataBucket, S3Prefix } from "./s3-prefix";

/** What a `DataBucket` can be told. */
export interface DataBucketProps extends EncryptedBucketProps {
  /**
   * How long objects that were deleted or overwritten can still be brought back: whole days, 1 to 3653. What Flink's sink
   * of files writes and removes while it works counts as well.
   *
   * @default Duration.days(30)
   */
  readonly versionRetention?: Duration;
  /**
   * What jobs find it by on the nodes: 1 to 63 lower-case letters, digits and `-`, beginning with a letter, and unique
   * among all that a Flink cluster uses.
   *
   * @default - the construct's id in lower case, with `-` for what is no letter or digit
   */
  readonly connectionName?: string;
}

const PROPS: OptionNames<DataBucketProps> = { ...ENCRYPTED_BUCKET_PROPS, versionRetention: true, connectionName: true };

/**
 * A bucket for files that jobs read or write, apart from the one with Flink's own state: private, versioned, encrypted
 * by a key of its own, TLS only, this account only, and retained as a `CheckpointBucket` is. Parts of uploads that never
 * ended go after 7 days: a job that was down for longer cannot take up what it had begun. Nothing current ever expires.
 */
export class DataBucket extends Construct implements IDataBucket {
  /**
   * An existing bucket of the same region and account.
   *
   * @param scope where it belongs
   * @param id unique in the scope
   * @param attributes its name and its key
   */
  public static fromDataBucketAttributes(scope: Construct, id: string, attributes: DataBucketAttributes): IDataBucket {
    return new ExistingDataBucket(scope, id, attributes);
  }

  public readonly bucketName: string;
  public readonly bucketArn: string;
  public readonly encryptionKeyArn?: string;
  private readonly connection: S3Connection;

  public constructor(scope: Construct, id: string, props: DataBucketProps = {}) {
    super(scope, id);
    const { name, noncurrentDays } = checkInputOf(this, () => {
      requireOptionsOf("props", props, PROPS);
      const { versionRetention = Duration.days(30) } = props;
      return {
        name: connectionName(props.connectionName, id, "files"),
        noncurrentDays: requireWholeDays("versionRetention", versionRetention, 1, 3653),
      };
    });
    const bucket = new OwnEncryptedBucket(this, "Resource", props, {
      keyDescription: "Files that Flink jobs read and write",
      lifecycleRules: [
        {
          id: "old-versions",
          status: "Enabled",
          filter: [{ prefix: "" }],
          noncurrentVersionExpiration: [{ noncurrentDays }],
          expiration: [{ expiredObjectDeleteMarker: true }],
        },
      ],
    });
    this.bucketName = bucket.bucketName;
    this.bucketArn = bucket.bucketArn;
    this.encryptionKeyArn = bucket.encryptionKeyArn;
    this.connection = new S3Connection({ name, bucket: this, bucketName: this.bucketName });
  }

  public prefix(prefix: string): S3Prefix {
    return checkInputOf(this, () => S3Prefix._of(this, this.connection, prefix));
  }
}
