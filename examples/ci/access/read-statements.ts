import { Place, Statement } from "./statements";

/**
 * What a plan looks at: that things are there and how they are set, and no more than that. Of what is stored only the
 * desired state of clusters, which Terraform itself writes, and that parts of the software are there. No secret's value.
 */
export function readStatements({ partition, account, region, names }: Place): Statement[] {
  const buckets = names.map((name) => `arn:${partition}:s3:::${name}*`);
  return [
    {
      Sid: "LookAtSettings",
      Effect: "Allow",
      Action: [
        "ec2:Describe*",
        "ec2:GetInstanceUefiData",
        "iam:GetInstanceProfile",
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole",
        "iam:ListRolePolicies",
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:GetPublicKey",
        "kms:ListAliases",
        "kms:ListResourceTags",
        "logs:DescribeLogGroups",
        "logs:ListTagsForResource",
        "resource-groups:GetGroup",
        "resource-groups:GetGroupConfiguration",
        "resource-groups:GetGroupQuery",
        "resource-groups:GetTags",
        "route53:GetChange",
        "route53:GetHostedZone",
        "route53:ListHostedZones",
        "route53:ListResourceRecordSets",
        "route53:ListTagsForResource",
      ],
      // Most of these take no resource, and of others an id that AWS makes up.
      Resource: ["*"],
    },
    {
      Sid: "LookAtBuckets",
      Effect: "Allow",
      Action: [
        "s3:GetAccelerateConfiguration",
        "s3:GetBucket*",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
      ],
      Resource: buckets,
    },
    {
      Sid: "ReadWhatTerraformWrote",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:GetObjectTagging"],
      Resource: buckets.flatMap((bucket) => [`${bucket}/desired-state/*`, `${bucket}/software/*`]),
    },
    {
      Sid: "OpenWhatTerraformWrote",
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: [`arn:${partition}:kms:${region}:${account}:key/*`],
      Condition: {
        StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` },
        // With a bucket's key S3 names the bucket itself.
        StringLike: { "kms:EncryptionContext:aws:s3:arn": buckets },
      },
    },
  ];
}
