import { Construct } from "constructs";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { CHECKPOINTS_PREFIX, clusterPrefix, HA_PREFIX, SAVEPOINTS_PREFIX } from "../core/bucket-layout";
import { AwsAccount } from "../core/terraform/aws-account";
import { allow, PolicyStatement } from "../core/terraform/policy";
import { listing, useOfBucketKeys } from "../core/terraform/s3-statements";
import { ICheckpointBucket } from "../storage/checkpoint-bucket";
import { createRole, createRolePolicy } from "./role-parts";

export interface JobRoleProps {
  readonly clusterName: string;
  readonly checkpointBucket: ICheckpointBucket;
  /** The one role that may take this one. */
  readonly nodeRoleArn: string;
  readonly tags: { readonly [key: string]: string };
}

/**
 * What Flink's processes may do, and so every job: read and write Flink's own prefixes. The machines take it for
 * them; a job never holds what the machines' own role may.
 *
 * Sessions of a role that was taken by another role last one hour at most (IAM User Guide, "Role chaining").
 */
export class JobRole extends Construct {
  public readonly role: IamRole;
  public readonly policy: IamRolePolicy;

  public constructor(scope: Construct, id: string, props: JobRoleProps) {
    super(scope, id);
    this.role = createRole(this, {
      clusterName: props.clusterName,
      kind: "job",
      description: `Jobs of the Flink cluster ${props.clusterName}`,
      trust: {
        Sid: "MachinesOfTheCluster",
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { AWS: props.nodeRoleArn },
        Condition: { StringEquals: { "aws:PrincipalAccount": AwsAccount.of(this).accountId } },
      },
      tags: props.tags,
    });
    this.policy = createRolePolicy(this, this.role, "job", statements(this, props));
  }
}

function statements(scope: Construct, { checkpointBucket: bucket, clusterName }: JobRoleProps): PolicyStatement[] {
  const prefixes = [CHECKPOINTS_PREFIX, SAVEPOINTS_PREFIX, HA_PREFIX].map((prefix) =>
    clusterPrefix(prefix, clusterName),
  );
  return [
    {
      // A file of 16 MiB and more is uploaded in parts, and the plugin for checkpoints lists the parts of each such upload
      // before the first of them (UploadCallable of the AWS SDK): without that, no state of this size is ever stored.
      Sid: "FlinkState",
      Effect: "Allow",
      Action: [
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
      ],
      Resource: prefixes.map((prefix) => `${bucket.bucketArn}/${prefix}/*`),
    },
    {
      // Flink's plugin for checkpoints names an ACL with every object, and S3 wants a permission for it.
      Sid: "OwnersFullControl",
      Effect: "Allow",
      Action: ["s3:PutObjectAcl"],
      Resource: prefixes.map((prefix) => `${bucket.bucketArn}/${prefix}/*`),
      Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
    allow(
      listing(
        "ListFlinkState",
        bucket.bucketArn,
        prefixes.flatMap((prefix) => [prefix, `${prefix}/*`]),
      ),
    ),
    allow(useOfBucketKeys(scope, "BucketKey", [bucket.encryptionKeyArn])),
  ];
}
