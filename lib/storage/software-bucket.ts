import { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { SOFTWARE_PREFIX } from "../core/bucket-layout";
import { PolicyStatement } from "../core/terraform/policy";
import { checkInputOf } from "../core/terraform/refusals";
import { requireOptionsOf } from "../core/validation";
import {
  ENCRYPTED_BUCKET_PROPS,
  EncryptedBucketAttributes,
  EncryptedBucketProps,
  IEncryptedBucket,
} from "./encrypted-bucket";
import { ExistingEncryptedBucket } from "./existing-encrypted-bucket";
import { OwnEncryptedBucket } from "./own-encrypted-bucket";

/** A bucket that holds the software of many clusters: a `SoftwareBucket`, or an existing one. */
export interface ISoftwareBucket extends IEncryptedBucket {}

/** What a `SoftwareBucket` can be told. */
export interface SoftwareBucketProps extends EncryptedBucketProps {}

/** An existing bucket, as `SoftwareBucket.fromSoftwareBucketAttributes` takes it. */
export interface SoftwareBucketAttributes extends EncryptedBucketAttributes {}

/**
 * A bucket for the software alone, for teams that share one among clusters. Guarded as a `CheckpointBucket`, and
 * append-only: below `software/` nobody deletes, and nobody writes but with `If-None-Match`, which S3 refuses where
 * the object exists. Administrators of the account are bound as well, until they change the bucket's policy, which
 * nothing keeps them from.
 */
export class SoftwareBucket extends Construct implements ISoftwareBucket {
  /**
   * An existing bucket of the same region and account.
   *
   * @param scope where it belongs
   * @param id unique in the scope
   * @param attributes its name and its key
   */
  public static fromSoftwareBucketAttributes(
    scope: Construct,
    id: string,
    attributes: SoftwareBucketAttributes,
  ): ISoftwareBucket {
    return new ExistingEncryptedBucket(scope, id, attributes);
  }

  public readonly bucketName: string;
  public readonly bucketArn: string;
  public readonly encryptionKeyArn: string;
  private readonly bucket: OwnEncryptedBucket;

  public constructor(scope: Construct, id: string, props: SoftwareBucketProps = {}) {
    super(scope, id);
    checkInputOf(this, () => requireOptionsOf("props", props, ENCRYPTED_BUCKET_PROPS));
    this.bucket = new OwnEncryptedBucket(this, "Resource", props, {
      keyDescription: "Software of Flink clusters",
      lifecycleRules: [],
      policyStatements: appendOnly,
    });
    this.bucketName = this.bucket.bucketName;
    this.bucketArn = this.bucket.bucketArn;
    this.encryptionKeyArn = this.bucket.encryptionKeyArn;
  }

  public guardsFor(scope: Construct): ITerraformDependable[] {
    return this.bucket.guardsFor(scope);
  }
}

/** Amazon S3 User Guide, "Enforce conditional writes on Amazon S3 buckets". */
function appendOnly(bucketArn: string): PolicyStatement[] {
  const software = { Effect: "Deny", Principal: { AWS: "*" }, Resource: `${bucketArn}/${SOFTWARE_PREFIX}*` } as const;
  return [
    { Sid: "DenyDeletion", ...software, Action: ["s3:DeleteObject", "s3:DeleteObjectVersion"] },
    {
      Sid: "DenyOverwriting",
      ...software,
      Action: "s3:PutObject",
      Condition: {
        Null: { "s3:if-none-match": "true" },
        // Starting a multipart upload and sending its parts take no such header; ending it does.
        Bool: { "s3:ObjectCreationOperation": "true" },
      },
    },
  ];
}
