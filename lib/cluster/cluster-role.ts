import { Construct } from "constructs";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import {
  CHECKPOINTS_PREFIX,
  clusterPrefix,
  desiredStateKey,
  HA_PREFIX,
  reportKey,
  rollEventKey,
  rollLockKey,
  SAVEPOINTS_PREFIX,
  SOFTWARE_PREFIX,
} from "../core/bucket-layout";
import { AwsAccount } from "../core/terraform/aws-account";
import { policyDocument, PolicyStatement } from "../core/terraform/policy";
import { ICheckpointBucket } from "../storage/checkpoint-bucket";
import { ISoftwareBucket } from "../storage/software-bucket";

export interface ClusterRoleProps {
  readonly clusterName: string;
  readonly checkpointBucket: ICheckpointBucket;
  readonly softwareBucket?: ISoftwareBucket;
  readonly tags: { readonly [key: string]: string };
}

/**
 * What the machines of one cluster may do: read their software and desired state, tell each other how they are and who
 * is changed just now, and read and write Flink's own prefixes. They can write neither software nor desired state.
 */
export class ClusterRole extends Construct {
  public readonly role: IamRole;
  public readonly instanceProfile: IamInstanceProfile;

  public constructor(scope: Construct, id: string, props: ClusterRoleProps) {
    super(scope, id);
    const aws = AwsAccount.of(this);
    this.role = new IamRole(this, "Resource", {
      namePrefix: `${props.clusterName}-node-`.slice(0, 38),
      description: `Machines of the Flink cluster ${props.clusterName}`,
      assumeRolePolicy: policyDocument([
        {
          Sid: "MachinesOnly",
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: `ec2.${aws.dnsSuffix}` },
        },
      ]),
      tags: { ...props.tags },
    });
    new IamRolePolicy(this, "Policy", {
      role: this.role.name,
      name: "flink-node",
      policy: policyDocument(statements(props, `s3.${aws.region}.${aws.dnsSuffix}`)),
    });
    this.instanceProfile = new IamInstanceProfile(this, "Profile", {
      namePrefix: `${props.clusterName}-node-`,
      role: this.role.name,
      tags: { ...props.tags },
    });
  }
}

function statements(props: ClusterRoleProps, s3: string): PolicyStatement[] {
  const { checkpointBucket: bucket, clusterName } = props;
  const software = props.softwareBucket ?? bucket;
  const flinkPrefixes = [CHECKPOINTS_PREFIX, SAVEPOINTS_PREFIX, HA_PREFIX].map((prefix) =>
    clusterPrefix(prefix, clusterName),
  );
  const keys = props.softwareBucket
    ? [bucket.encryptionKeyArn, props.softwareBucket.encryptionKeyArn]
    : [bucket.encryptionKeyArn];
  return [
    {
      Sid: "ReadSoftware",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: [`${software.bucketArn}/${SOFTWARE_PREFIX}*`],
    },
    {
      Sid: "ReadDesiredState",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:GetObjectVersion"],
      Resource: [`${bucket.bucketArn}/${desiredStateKey(clusterName)}`],
    },
    {
      // Each node writes its own, and reads all of them before it lets itself be changed.
      Sid: "Reports",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject"],
      Resource: [`${bucket.bucketArn}/${reportKey(clusterName, "*")}`],
    },
    {
      Sid: "RollLock",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject"],
      Resource: [`${bucket.bucketArn}/${rollLockKey(clusterName)}`],
    },
    {
      Sid: "WriteRollEvents",
      Effect: "Allow",
      Action: ["s3:PutObject"],
      Resource: [`${bucket.bucketArn}/${rollEventKey(clusterName, "*")}`],
    },
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
      Resource: flinkPrefixes.map((prefix) => `${bucket.bucketArn}/${prefix}/*`),
    },
    {
      // Without ListBucket a missing object answers 403 instead of 404, and Flink's file systems could not tell
      // "not there" from "not allowed". IfExists, because the request for such an object carries no prefix.
      Sid: "List",
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: [bucket.bucketArn],
      Condition: {
        StringLikeIfExists: {
          "s3:prefix": [
            desiredStateKey(clusterName),
            ...flinkPrefixes.flatMap((prefix) => [prefix, `${prefix}/*`]),
            ...(props.softwareBucket ? [] : [`${SOFTWARE_PREFIX}*`]),
          ],
        },
      },
    },
    {
      Sid: "BucketKeys",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: keys,
      Condition: { StringEquals: { "kms:ViaService": s3 } },
    },
  ];
}
