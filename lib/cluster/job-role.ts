import { Construct } from "constructs";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { CHECKPOINTS_PREFIX, clusterPrefix, HA_PREFIX, SAVEPOINTS_PREFIX } from "../core/bucket-layout";
import { AwsAccount } from "../core/terraform/aws-account";
import { policyDocument, PolicyStatement } from "../core/terraform/policy";
import { ICheckpointBucket } from "../storage/checkpoint-bucket";

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
    const aws = AwsAccount.of(this);
    this.role = new IamRole(this, "Resource", {
      namePrefix: `${props.clusterName}-job-`.slice(0, 38),
      description: `Jobs of the Flink cluster ${props.clusterName}`,
      assumeRolePolicy: policyDocument([
        {
          Sid: "MachinesOfTheCluster",
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { AWS: props.nodeRoleArn },
          Condition: { StringEquals: { "aws:PrincipalAccount": aws.accountId } },
        },
      ]),
      tags: { ...props.tags },
    });
    this.policy = new IamRolePolicy(this, "Policy", {
      role: this.role.name,
      name: "flink-job",
      policy: policyDocument(statements(props, `s3.${aws.region}.${aws.dnsSuffix}`)),
    });
  }
}

function statements({ checkpointBucket: bucket, clusterName }: JobRoleProps, s3: string): PolicyStatement[] {
  const prefixes = [CHECKPOINTS_PREFIX, SAVEPOINTS_PREFIX, HA_PREFIX].map((prefix) =>
    clusterPrefix(prefix, clusterName),
  );
  return [
    {
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
      // Without ListBucket a missing object answers 403 instead of 404, and Flink's file systems could not tell
      // "not there" from "not allowed". IfExists, because the request for such an object carries no prefix; so a listing
      // without one is allowed too, and gives the names of all keys.
      Sid: "ListFlinkState",
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: [bucket.bucketArn],
      Condition: { StringLikeIfExists: { "s3:prefix": prefixes.flatMap((prefix) => [prefix, `${prefix}/*`]) } },
    },
    {
      Sid: "BucketKey",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: [bucket.encryptionKeyArn],
      Condition: { StringEquals: { "kms:ViaService": s3 } },
    },
  ];
}
