import { Place, Statement } from "./statements";

/** Services that the roles of a cluster and of its network are for. */
const SERVICES_WITH_ROLES = ["ec2.amazonaws.com", "vpc-flow-logs.amazonaws.com"];

/**
 * What an apply does beside looking, for buckets, networks and clusters. What has a name is named by its beginning; machines,
 * networks and keys have ids that AWS makes up, and are all those of the region. Who may write the policies of roles can make
 * one that may anything: what stands before that is the approval, and a permissions boundary if the account has one.
 */
export function changeStatements(place: Place): Statement[] {
  return [...regionStatements(place), ...bucketStatements(place), ...roleStatements(place)];
}

function regionStatements({ partition, account, region }: Place): Statement[] {
  const here = { StringEquals: { "aws:RequestedRegion": region } };
  return [
    {
      Sid: "ChangeMachinesAndNetworks",
      Effect: "Allow",
      Action: [
        "ec2:Associate*",
        "ec2:Attach*",
        "ec2:Authorize*",
        "ec2:CreateFlowLogs",
        "ec2:CreateNetworkInterface",
        "ec2:CreateRoute*",
        "ec2:CreateSecurityGroup",
        "ec2:CreateSubnet",
        "ec2:CreateTags",
        "ec2:CreateVolume",
        "ec2:CreateVpc",
        "ec2:CreateVpcEndpoint",
        "ec2:Delete*",
        "ec2:Detach*",
        "ec2:Disassociate*",
        "ec2:ModifyInstance*",
        "ec2:ModifyNetworkInterfaceAttribute",
        "ec2:ModifySecurityGroupRules",
        "ec2:ModifySubnetAttribute",
        "ec2:ModifyVolume*",
        "ec2:ModifyVpcAttribute",
        "ec2:ModifyVpcEndpoint",
        "ec2:MonitorInstances",
        "ec2:Replace*",
        "ec2:Revoke*",
        "ec2:RunInstances",
        "ec2:StartInstances",
        "ec2:StopInstances",
        "ec2:TerminateInstances",
        "ec2:UnmonitorInstances",
        "ec2:UpdateSecurityGroupRuleDescriptions*",
      ],
      Resource: ["*"],
      Condition: here,
    },
    {
      Sid: "ChangeKeys",
      Effect: "Allow",
      Action: [
        "kms:CancelKeyDeletion",
        "kms:CreateAlias",
        "kms:CreateKey",
        "kms:DeleteAlias",
        "kms:EnableKeyRotation",
        "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion",
        "kms:TagResource",
        "kms:UntagResource",
        "kms:UpdateAlias",
        "kms:UpdateKeyDescription",
      ],
      Resource: ["*"],
      Condition: here,
    },
    {
      Sid: "UseKeysByServices",
      Effect: "Allow",
      // Volumes under a key of the cluster, and objects under a key of their bucket.
      Action: [
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncrypt*",
      ],
      Resource: [`arn:${partition}:kms:${region}:${account}:key/*`],
      Condition: { StringEquals: { "kms:ViaService": [`ec2.${region}.amazonaws.com`, `s3.${region}.amazonaws.com`] } },
    },
    {
      Sid: "ChangeNamesAndLogs",
      Effect: "Allow",
      Action: [
        "logs:AssociateKmsKey",
        "logs:CreateLogDelivery",
        "logs:CreateLogGroup",
        "logs:DeleteLogDelivery",
        "logs:DeleteLogGroup",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
        "logs:UntagResource",
        "resource-groups:CreateGroup",
        "resource-groups:DeleteGroup",
        "resource-groups:Tag",
        "resource-groups:Untag",
        "resource-groups:UpdateGroup",
        "resource-groups:UpdateGroupQuery",
        "route53:AssociateVPCWithHostedZone",
        "route53:ChangeResourceRecordSets",
        "route53:ChangeTagsForResource",
        "route53:CreateHostedZone",
        "route53:DeleteHostedZone",
        "route53:DisassociateVPCFromHostedZone",
        "route53:UpdateHostedZoneComment",
      ],
      // Names of zones are of no region.
      Resource: ["*"],
    },
  ];
}

function bucketStatements({ partition, names }: Place): Statement[] {
  const buckets = names.map((name) => `arn:${partition}:s3:::${name}*`);
  return [
    {
      Sid: "ChangeBuckets",
      Effect: "Allow",
      Action: [
        "s3:CreateBucket",
        "s3:DeleteBucket",
        "s3:DeleteBucketPolicy",
        "s3:PutBucketLogging",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketTagging",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
      ],
      Resource: buckets,
    },
    {
      Sid: "WriteWhatNodesRead",
      Effect: "Allow",
      Action: ["s3:DeleteObject", "s3:PutObject", "s3:PutObjectTagging"],
      Resource: buckets.map((bucket) => `${bucket}/desired-state/*`),
    },
    {
      Sid: "WatchRolls",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: buckets.flatMap((bucket) => [`${bucket}/reports/*`, `${bucket}/rolls/*`]),
    },
    {
      // While an apply stops machines, nodes wait: one after the other.
      Sid: "HoldRolls",
      Effect: "Allow",
      Action: ["s3:DeleteObject", "s3:PutObject"],
      Resource: buckets.map((bucket) => `${bucket}/rolls/*`),
    },
    {
      Sid: "PublishSoftware",
      Effect: "Allow",
      Action: ["s3:AbortMultipartUpload", "s3:PutObject"],
      Resource: buckets.map((bucket) => `${bucket}/software/*`),
    },
  ];
}

function roleStatements({ partition, account, names }: Place): Statement[] {
  const named = (kind: string): string[] => names.map((name) => `arn:${partition}:iam::${account}:${kind}/${name}*`);
  return [
    {
      Sid: "ChangeRoles",
      Effect: "Allow",
      Action: [
        "iam:AddRoleToInstanceProfile",
        "iam:CreateInstanceProfile",
        "iam:CreateRole",
        "iam:DeleteInstanceProfile",
        "iam:DeleteRole",
        "iam:DeleteRolePolicy",
        "iam:PutRolePolicy",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:TagInstanceProfile",
        "iam:TagRole",
        "iam:UntagInstanceProfile",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
      ],
      Resource: [...named("role"), ...named("instance-profile")],
    },
    {
      Sid: "GiveRolesToServices",
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: named("role"),
      Condition: { StringEquals: { "iam:PassedToService": SERVICES_WITH_ROLES } },
    },
  ];
}
