/** One thing that is asked of AWS: the action as IAM names it, and what it is about. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  /** What a policy may ask beside. */
  readonly context?: Readonly<Record<string, string>>;
}

export const ACCOUNT = "123456789012";
export const REGION = "eu-west-1";
const BUCKET = "arn:aws:s3:::storage-checkpoints-20261130092508954000000001";
const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/01234567-89ab-cdef-0123-456789abcdef`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/streaming-flink-node-20261130092508954000000002`;
const PROFILE = `arn:aws:iam::${ACCOUNT}:instance-profile/streaming-flink-node-20261130092508954000000003`;
const IN_REGION = { "aws:RequestedRegion": REGION };
const BY_S3 = { "kms:ViaService": `s3.${REGION}.amazonaws.com`, "kms:EncryptionContext:aws:s3:arn": BUCKET };
const BY_EC2 = { "kms:ViaService": `ec2.${REGION}.amazonaws.com` };

const calls = (resource: string, actions: string, context?: Call["context"]): Call[] =>
  actions
    .trim()
    .split(/\s+/)
    .map((action) => ({ action, resource, context }));

/**
 * What Terraform asked while it planned a cluster that stood, its network and its bucket: the log of the emulator in the
 * lab, with the provider 5.100.0.
 */
export const LOOKS: readonly Call[] = [
  ...calls(
    "*",
    `ec2:DescribeAvailabilityZones ec2:DescribeFlowLogs ec2:DescribeImages ec2:DescribeInstanceAttribute
     ec2:DescribeInstanceCreditSpecifications ec2:DescribeInstanceTypes ec2:DescribeInstances ec2:DescribeNetworkAcls
     ec2:DescribeNetworkInterfaces ec2:DescribePrefixLists ec2:DescribeRouteTables ec2:DescribeSecurityGroupRules
     ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeTags ec2:DescribeVolumes ec2:DescribeVpcAttribute
     ec2:DescribeVpcEndpoints ec2:DescribeVpcs kms:ListAliases`,
  ),
  ...calls(`arn:aws:ec2:${REGION}:${ACCOUNT}:instance/i-0123456789abcdef0`, "ec2:GetInstanceUefiData"),
  ...calls(ROLE, "iam:GetRole iam:GetRolePolicy iam:ListAttachedRolePolicies iam:ListRolePolicies"),
  ...calls(PROFILE, "iam:GetInstanceProfile"),
  ...calls(KEY, "kms:DescribeKey kms:GetKeyPolicy kms:GetKeyRotationStatus kms:GetPublicKey kms:ListResourceTags"),
  ...calls(`arn:aws:logs:${REGION}:${ACCOUNT}:log-group:*`, "logs:DescribeLogGroups"),
  ...calls(`arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/vpc-flow-logs/vpc-1`, "logs:ListTagsForResource"),
  ...calls(
    `arn:aws:resource-groups:${REGION}:${ACCOUNT}:group/cdktf-flink-streaming-flink`,
    "resource-groups:GetGroup resource-groups:GetGroupConfiguration resource-groups:GetGroupQuery resource-groups:GetTags",
  ),
  ...calls("arn:aws:route53:::change/C1PA6795UKMFR9", "route53:GetChange"),
  ...calls(
    "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ",
    "route53:GetHostedZone route53:ListResourceRecordSets route53:ListTagsForResource",
  ),
  ...calls(
    BUCKET,
    `s3:GetAccelerateConfiguration s3:GetBucketAcl s3:GetBucketCORS s3:GetEncryptionConfiguration
     s3:GetLifecycleConfiguration s3:GetBucketLogging s3:GetBucketObjectLockConfiguration s3:GetBucketOwnershipControls
     s3:GetBucketPolicy s3:GetBucketPublicAccessBlock s3:GetReplicationConfiguration s3:GetBucketRequestPayment
     s3:GetBucketTagging s3:GetBucketVersioning s3:GetBucketWebsite s3:ListBucket`,
  ),
  ...calls(`${BUCKET}/desired-state/streaming-flink.json`, "s3:GetObject s3:GetObjectTagging"),
  ...calls(KEY, "kms:Decrypt", BY_S3),
];

/** What it asked while it made them, and what it asks to take them down. */
export const CHANGES: readonly Call[] = [
  ...calls(
    `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/i-0123456789abcdef0`,
    `ec2:MonitorInstances ec2:RunInstances ec2:StartInstances ec2:StopInstances ec2:TerminateInstances
     ec2:ModifyInstanceAttribute`,
    IN_REGION,
  ),
  ...calls(
    `arn:aws:ec2:${REGION}:${ACCOUNT}:volume/vol-0123456789abcdef0`,
    "ec2:CreateVolume ec2:AttachVolume",
    IN_REGION,
  ),
  ...calls(
    `arn:aws:ec2:${REGION}:${ACCOUNT}:volume/vol-0123456789abcdef0`,
    "ec2:DetachVolume ec2:DeleteVolume",
    IN_REGION,
  ),
  ...calls(
    `arn:aws:ec2:${REGION}:${ACCOUNT}:security-group/sg-0123456789abcdef0`,
    `ec2:CreateSecurityGroup ec2:AuthorizeSecurityGroupEgress ec2:AuthorizeSecurityGroupIngress
     ec2:RevokeSecurityGroupEgress ec2:RevokeSecurityGroupIngress ec2:DeleteSecurityGroup ec2:CreateTags`,
    IN_REGION,
  ),
  ...calls(
    `arn:aws:ec2:${REGION}:${ACCOUNT}:vpc/vpc-0123456789abcdef0`,
    `ec2:CreateVpc ec2:ModifyVpcAttribute ec2:CreateSubnet ec2:CreateRouteTable ec2:CreateVpcEndpoint ec2:CreateFlowLogs
     ec2:DeleteVpc`,
    IN_REGION,
  ),
  ...calls(
    `arn:aws:ec2:${REGION}:${ACCOUNT}:subnet/subnet-0123456789abcdef0`,
    "ec2:AssociateRouteTable ec2:CreateNetworkInterface ec2:DeleteSubnet",
    IN_REGION,
  ),
  ...calls(`arn:aws:ec2:${REGION}:${ACCOUNT}:vpc-flow-log/fl-0123456789abcdef0`, "ec2:DeleteFlowLogs", IN_REGION),
  ...calls(
    ROLE,
    `iam:CreateRole iam:PutRolePolicy iam:DeleteRolePolicy iam:DeleteRole iam:TagRole iam:UpdateAssumeRolePolicy
     iam:ListInstanceProfilesForRole`,
  ),
  ...calls(ROLE, "iam:PassRole", { "iam:PassedToService": "ec2.amazonaws.com" }),
  ...calls(ROLE, "iam:PassRole", { "iam:PassedToService": "vpc-flow-logs.amazonaws.com" }),
  ...calls(
    PROFILE,
    `iam:CreateInstanceProfile iam:AddRoleToInstanceProfile iam:RemoveRoleFromInstanceProfile iam:DeleteInstanceProfile`,
  ),
  ...calls("*", "kms:CreateKey", IN_REGION),
  ...calls(
    KEY,
    `kms:EnableKeyRotation kms:PutKeyPolicy kms:TagResource kms:CreateAlias kms:DeleteAlias kms:ScheduleKeyDeletion`,
    IN_REGION,
  ),
  ...calls(KEY, "kms:GenerateDataKey", BY_S3),
  ...calls(KEY, "kms:CreateGrant kms:GenerateDataKeyWithoutPlaintext", BY_EC2),
  ...calls(
    `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/vpc-flow-logs/vpc-1`,
    "logs:CreateLogGroup logs:PutRetentionPolicy logs:AssociateKmsKey logs:TagResource logs:DeleteLogGroup",
  ),
  ...calls(
    `arn:aws:resource-groups:${REGION}:${ACCOUNT}:group/cdktf-flink-streaming-flink`,
    "resource-groups:CreateGroup resource-groups:DeleteGroup resource-groups:Tag",
  ),
  ...calls(
    "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ",
    "route53:ChangeResourceRecordSets route53:ChangeTagsForResource route53:DeleteHostedZone",
  ),
  ...calls("*", "route53:CreateHostedZone"),
  ...calls(
    BUCKET,
    `s3:CreateBucket s3:PutEncryptionConfiguration s3:PutLifecycleConfiguration s3:PutBucketOwnershipControls
     s3:PutBucketPolicy s3:PutBucketPublicAccessBlock s3:PutBucketTagging s3:PutBucketVersioning s3:DeleteBucketPolicy
     s3:DeleteBucket`,
  ),
  ...calls(`${BUCKET}/desired-state/streaming-flink.json`, "s3:PutObject s3:PutObjectTagging s3:DeleteObject"),
  ...calls(`${BUCKET}/reports/streaming-flink/streaming-flink-node-1.json`, "s3:GetObject"),
  ...calls(`${BUCKET}/rolls/streaming-flink/lock.json`, "s3:GetObject s3:PutObject s3:DeleteObject"),
  ...calls(`${BUCKET}/software/flink/2.2.0/amd64/flink.tgz`, "s3:PutObject"),
];
