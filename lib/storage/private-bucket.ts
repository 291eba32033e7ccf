import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import {
  S3BucketLifecycleConfiguration,
  S3BucketLifecycleConfigurationRule,
} from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { AwsAccount } from "../core/terraform/aws-account";
import { namePrefix, nameTag } from "../core/terraform/names";
import { policyDocument, PolicyStatement } from "../core/terraform/policy";
import { RemovalPolicy } from "./removal-policy";

/** Longest prefix that Terraform takes for a bucket: it adds 26 characters of its own. */
const MAX_NAME_PREFIX = 37;
/** After this many days the parts of an upload that never ended are given up. */
const INCOMPLETE_UPLOAD_DAYS = 7;

/** What a `PrivateBucket` is told. */
export interface PrivateBucketProps {
  /** Left out: a name that begins with the place of the construct. */
  readonly bucketName?: string;
  /** Left out: encrypted by keys that S3 manages, for what takes no other (access logs). */
  readonly keyArn?: string;
  readonly removalPolicy: RemovalPolicy;
  /** Beside the one that ends uploads which never ended. */
  readonly lifecycleRules: readonly S3BucketLifecycleConfigurationRule[];
  /** Beside those that refuse plain HTTP and foreign accounts. */
  readonly policyStatements?: (bucketArn: string) => readonly PolicyStatement[];
}

/** What all our buckets have in common: private, versioned, encrypted, TLS only, this account only. */
export class PrivateBucket extends Construct {
  public readonly bucketName: string;
  public readonly bucketArn: string;
  /** After these an object that is written is encrypted, versioned and guarded. */
  public readonly guards: readonly ITerraformDependable[];
  private readonly policy: S3BucketPolicy;

  public constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    const destroy = props.removalPolicy === RemovalPolicy.DESTROY;
    const resource = new S3Bucket(this, "Resource", {
      ...(props.bucketName === undefined
        ? { bucketPrefix: namePrefix(this, MAX_NAME_PREFIX) }
        : { bucket: props.bucketName }),
      forceDestroy: destroy,
      tags: { Name: nameTag(this) },
      lifecycle: { preventDestroy: !destroy },
    });
    const bucket = resource.id;
    this.bucketName = bucket;
    this.bucketArn = resource.arn;

    const publicAccessBlock = new S3BucketPublicAccessBlock(this, "PublicAccessBlock", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const ownership = new S3BucketOwnershipControls(this, "Ownership", {
      bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
      // One after the other: S3 refuses to change two of these at once ("conflicting conditional operation").
      dependsOn: [publicAccessBlock],
    });
    this.policy = new S3BucketPolicy(this, "Policy", {
      bucket,
      policy: policyDocument([
        ...guardStatements(this.bucketArn, AwsAccount.of(this).accountId),
        ...(props.policyStatements?.(this.bucketArn) ?? []),
      ]),
      dependsOn: [ownership],
    });
    const encryption = new S3BucketServerSideEncryptionConfigurationA(this, "Encryption", {
      bucket,
      rule: [
        props.keyArn === undefined
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
          : {
              applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: props.keyArn },
              bucketKeyEnabled: true,
            },
      ],
    });
    const versioning = new S3BucketVersioningA(this, "Versioning", {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketLifecycleConfiguration(this, "Lifecycle", {
      bucket,
      rule: [
        ...props.lifecycleRules,
        {
          // Of every prefix: parts of an upload that never ended are no object, and cost what objects cost.
          id: "abort-incomplete-uploads",
          status: "Enabled",
          filter: [{ prefix: "" }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: INCOMPLETE_UPLOAD_DAYS }],
        },
      ],
      // Rules for old versions have no meaning before versioning is on.
      dependsOn: [versioning],
    });
    this.guards = [publicAccessBlock, ownership, this.policy, encryption, versioning];
  }
}

function guardStatements(bucketArn: string, accountId: string): PolicyStatement[] {
  const everything = {
    Effect: "Deny",
    Principal: { AWS: "*" },
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
  } as const;
  return [
    { Sid: "DenyInsecureTransport", ...everything, Condition: { Bool: { "aws:SecureTransport": "false" } } },
    {
      Sid: "DenyForeignAccounts",
      ...everything,
      // Services of AWS that write for this account (access logs) come from an account of AWS.
      Condition: {
        StringNotEquals: { "aws:PrincipalAccount": accountId },
        BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
      },
    },
  ];
}
