import { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { desiredStateKey, reportKey, rollEventKey, rollLockKey, SOFTWARE_PREFIX } from "../core/bucket-layout";
import { AwsAccount } from "../core/terraform/aws-account";
import { policyDocument, PolicyStatement } from "../core/terraform/policy";
import { ICheckpointBucket } from "../storage/checkpoint-bucket";
import { ISoftwareBucket } from "../storage/software-bucket";
import { JobRole } from "./job-role";

export interface ClusterRoleProps {
  readonly clusterName: string;
  readonly checkpointBucket: ICheckpointBucket;
  readonly softwareBucket?: ISoftwareBucket;
  /** Key that the machines sign certificates with. */
  readonly nodeAuthorityKeyArn: string;
  /** Key whose public half they read. */
  readonly clientAuthorityKeyArn: string;
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
  public readonly instanceProfile: IamInstanceProfile;
  /** What machines must depend on, so that they are there neither before their permissions nor after them. */
  public readonly permissions: readonly ITerraformDependable[];

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
    const job = new JobRole(this, "Job", {
      clusterName: props.clusterName,
      checkpointBucket: props.checkpointBucket,
      nodeRoleArn: this.role.arn,
      tags: props.tags,
    });
    this.jobRole = job.role;
    const policy = new IamRolePolicy(this, "Policy", {
      role: this.role.name,
      name: "flink-node",
      policy: policyDocument(statements(props, this.jobRole.arn, `s3.${aws.region}.${aws.dnsSuffix}`)),
    });
    this.permissions = [policy, job.policy];
    this.instanceProfile = new IamInstanceProfile(this, "Profile", {
      namePrefix: `${props.clusterName}-node-`,
      role: this.role.name,
      tags: { ...props.tags },
    });
  }
}

function statements(props: ClusterRoleProps, jobRoleArn: string, s3: string): PolicyStatement[] {
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
      Sid: "TakeJobRole",
      Effect: "Allow",
      Action: ["sts:AssumeRole"],
      Resource: [jobRoleArn],
    },
    {
      // Without ListBucket a missing object answers 403 instead of 404, and a report could not tell "not there" from
      // "not allowed". IfExists, because the request for such an object carries no prefix; so a listing
      // without one is allowed too, and gives the names of all keys.
      Sid: "List",
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: [bucket.bucketArn],
      Condition: {
        StringLikeIfExists: {
          "s3:prefix": [desiredStateKey(clusterName), ...(props.softwareBucket ? [] : [`${SOFTWARE_PREFIX}*`])],
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
    {
      Sid: "SignForNodes",
      Effect: "Allow",
      Action: ["kms:Sign"],
      Resource: [props.nodeAuthorityKeyArn],
      Condition: {
        StringEquals: { "kms:SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256", "kms:MessageType": "RAW" },
      },
    },
    {
      Sid: "ReadAuthorities",
      Effect: "Allow",
      Action: ["kms:GetPublicKey"],
      Resource: [props.nodeAuthorityKeyArn, props.clientAuthorityKeyArn],
    },
  ];
}
