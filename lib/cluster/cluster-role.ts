import { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { desiredStateKey, reportKey, rollEventKey, rollLockKey, SOFTWARE_PREFIX } from "../core/bucket-layout";
import { AwsAccount } from "../core/terraform/aws-account";
import { allow, PolicyStatement } from "../core/terraform/policy";
import { rolePath } from "../core/terraform/role";
import { listing, useOfBucketKeys } from "../core/terraform/s3-statements";
import { IClusterAuthorities } from "../encryption/cluster-authorities";
import { ICheckpointBucket } from "../storage/checkpoint-bucket";
import { ISoftwareBucket } from "../storage/software-bucket";
import { JobRole } from "./job-role";
import { createRole, createRolePolicy } from "./role-parts";

export interface ClusterRoleProps {
  readonly clusterName: string;
  readonly checkpointBucket: ICheckpointBucket;
  readonly softwareBucket?: ISoftwareBucket;
  /** What gives the machines their certificates. */
  readonly authorities: IClusterAuthorities;
  readonly tags: { readonly [key: string]: string };
}

/**
 * What the machines of one cluster may do: read their software and desired state, tell each other how they are and who
 * is changed just now, sign certificates of nodes, and take the role of their jobs. They can write neither software
 * nor desired state, sign nothing for clients, and read none of Flink's state.
 */
export class ClusterRole extends Construct {
  public readonly role: IamRole;
  public readonly jobRole: IamRole;
  /** What jobs may do from the start. */
  public readonly jobPolicy: string;
  public readonly instanceProfile: IamInstanceProfile;
  /** What machines must depend on, so that they are there neither before their permissions nor after them. */
  public readonly permissions: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: ClusterRoleProps) {
    super(scope, id);
    this.role = createRole(this, {
      clusterName: props.clusterName,
      kind: "node",
      description: `Machines of the Flink cluster ${props.clusterName}`,
      trust: {
        Sid: "MachinesOnly",
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: `ec2.${AwsAccount.of(this).dnsSuffix}` },
      },
      tags: props.tags,
    });
    const job = new JobRole(this, "Job", {
      clusterName: props.clusterName,
      checkpointBucket: props.checkpointBucket,
      nodeRoleArn: this.role.arn,
      tags: props.tags,
    });
    this.jobRole = job.role;
    this.jobPolicy = job.policy.policyInput!;
    const policy = createRolePolicy(this, this.role, "node", statements(this, props, this.jobRole.arn));
    this.permissions = [policy, job.policy];
    this.instanceProfile = new IamInstanceProfile(this, "Profile", {
      namePrefix: `${props.clusterName}-node-`,
      path: rolePath(this),
      role: this.role.name,
      tags: { ...props.tags },
    });
  }
}

function statements(scope: Construct, props: ClusterRoleProps, jobRoleArn: string): PolicyStatement[] {
  const { checkpointBucket: bucket, clusterName } = props;
  const software = props.softwareBucket ?? bucket;
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
      Action: ["s3:GetObject"],
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
      Sid: "TakeJobRole",
      Effect: "Allow",
      Action: ["sts:AssumeRole"],
      Resource: [jobRoleArn],
    },
    allow(
      listing("List", bucket.bucketArn, [
        desiredStateKey(clusterName),
        ...(props.softwareBucket ? [] : [`${SOFTWARE_PREFIX}*`]),
      ]),
    ),
    allow(useOfBucketKeys(scope, "BucketKeys", keys)),
    ...props.authorities.machineStatements,
  ];
}
