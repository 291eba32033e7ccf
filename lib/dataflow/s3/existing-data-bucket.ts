import { Construct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { checkInputOf } from "../../core/terraform/refusals";
import { OptionNames, requireOptionsOf } from "../../core/validation";
import { requireKeyArn, requireKeyRegion } from "../../encryption/key-checks";
import { requireBucketName } from "../../storage/storage-checks";
import { connectionName } from "../connection-name";
import { S3Connection } from "./s3-connection";
import { IDataBucket, S3Prefix } from "./s3-prefix";

/** An existing bucket, as `DataBucket.fromDataBucketAttributes` takes it. */
export interface DataBucketAttributes {
  /**
   * Name of the bucket. Of the account and region that the stack is deployed to: nodes reach no other. Never one in which
   * a cluster keeps its state. It should be versioned: where it is not, jobs that may write can delete for good.
   */
  readonly bucketName: string;
  /**
   * ARN of the KMS key (not of an alias) that encrypts it. Its policy must leave it to the account's own policies who may
   * use it (docs/keys.md).
   *
   * @default - the bucket is encrypted by keys of S3: it can be read, and is refused as what a cluster writes to
   */
  readonly encryptionKeyArn?: string;
  /**
   * What jobs find it by on the nodes: 1 to 63 lower-case letters, digits and `-`, beginning with a letter, and unique
   * among all that a Flink cluster uses.
   *
   * @default - the construct's id in lower case, with `-` for what is no letter or digit
   */
  readonly connectionName?: string;
}

const ATTRIBUTES: OptionNames<DataBucketAttributes> = {
  bucketName: true,
  encryptionKeyArn: true,
  connectionName: true,
};

/** A bucket that others manage. Nothing of it is changed. */
export class ExistingDataBucket extends Construct implements IDataBucket {
  public readonly bucketName: string;
  public readonly bucketArn: string;
  public readonly encryptionKeyArn?: string;
  private readonly connection: S3Connection;

  public constructor(scope: Construct, id: string, attributes: DataBucketAttributes) {
    super(scope, id);
    this.connection = checkInputOf(this, () => {
      requireOptionsOf("attributes", attributes, ATTRIBUTES);
      const { bucketName, encryptionKeyArn } = attributes;
      requireBucketName("bucketName", bucketName);
      const name = connectionName(attributes.connectionName, id, "files");
      const connection = new S3Connection({ name, bucket: this, bucketName });
      if (encryptionKeyArn === undefined) return connection;
      requireKeyArn("encryptionKeyArn", encryptionKeyArn);
      requireKeyRegion("encryptionKeyArn", encryptionKeyArn, AwsAccount.knownRegion(this));
      return connection;
    });
    this.bucketName = attributes.bucketName;
    this.bucketArn = `arn:${AwsAccount.of(this).partition}:s3:::${attributes.bucketName}`;
    this.encryptionKeyArn = attributes.encryptionKeyArn;
  }

  public prefix(prefix: string): S3Prefix {
    return checkInputOf(this, () => S3Prefix._of(this, this.connection, prefix));
  }
}
