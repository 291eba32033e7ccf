import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import { CHECKPOINTS_PREFIX, clusterPrefix, desiredStateKey, REPORTS_PREFIX, rollLockKey } from "../core/bucket-layout";
import { CLIENT_TAG } from "../core/client-tag";
import { claimName } from "../core/cluster-claim";
import { AwsAccount } from "../core/terraform/aws-account";
import { allow, policyDocument, PolicyStatement } from "../core/terraform/policy";
import { useOfBucketKeys } from "../core/terraform/s3-statements";
import { IClusterAuthorities } from "../encryption/cluster-authorities";
import { IEncryptedBucket } from "../storage/encrypted-bucket";

export interface OperatorPolicyProps {
  readonly clusterName: string;
  readonly checkpointBucket: IEncryptedBucket;
  readonly authorities: IClusterAuthorities;
  /** Name of a role that exists. */
  readonly roleName: string;
}

/** Of AWS itself, so that its ARN names no account. */
const DOCUMENT = "AWS-StartPortForwardingSessionToRemoteHost";
/**
 * Without it, whoever names no document has a shell, whether they may use its document or not: AWS Systems Manager User
 * Guide, "Enforce a session document permission check". It counts where all statements that begin sessions have it.
 */
const NAMED_DOCUMENTS = { BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" } };
/** For IAM, and not for Terraform. */
const OWN_ID = "$${aws:userid}";

/**
 * Lets a role do what the command line does for whoever operates a cluster and changes nothing of it in AWS: look at it,
 * get a certificate, and open tunnels by the machines that are tagged as its clients.
 */
export class OperatorPolicy extends Construct {
  public constructor(scope: Construct, id: string, props: OperatorPolicyProps) {
    super(scope, id);
    new IamRolePolicy(this, "Resource", {
      role: props.roleName,
      name: `${props.clusterName}-operate`,
      policy: policyDocument([...this.look(props), ...props.authorities.operatorStatements, ...this.tunnel(props)]),
    });
  }

  private look({ clusterName, checkpointBucket: bucket }: OperatorPolicyProps): PolicyStatement[] {
    const { partition, region, accountId } = AwsAccount.of(this);
    const reports = clusterPrefix(REPORTS_PREFIX, clusterName);
    return [
      {
        Sid: "FindBucket",
        Effect: "Allow",
        Action: ["resource-groups:GetGroup", "resource-groups:GetTags"],
        Resource: [`arn:${partition}:resource-groups:${region}:${accountId}:group/${claimName(clusterName)}`],
      },
      {
        Sid: "ReadState",
        Effect: "Allow",
        Action: ["s3:GetObject"],
        Resource: [`${reports}/*`, desiredStateKey(clusterName), rollLockKey(clusterName)].map(
          (key) => `${bucket.bucketArn}/${key}`,
        ),
      },
      {
        // Of checkpoints, which there are: a job that has some is not begun from its savepoint again.
        Sid: "ListState",
        Effect: "Allow",
        Action: ["s3:ListBucket"],
        Resource: [bucket.bucketArn],
        // IfExists, because a lock that is not there yet is asked for without a prefix: it would answer 403 and not 404.
        Condition: {
          StringLikeIfExists: { "s3:prefix": [`${reports}/*`, `${clusterPrefix(CHECKPOINTS_PREFIX, clusterName)}/*`] },
        },
      },
      allow(useOfBucketKeys(this, "BucketKey", [bucket.encryptionKeyArn], ["kms:Decrypt"])),
    ];
  }

  private tunnel({ clusterName }: OperatorPolicyProps): PolicyStatement[] {
    const { partition, region, accountId } = AwsAccount.of(this);
    const sessions = `arn:${partition}:ssm:${region}:${accountId}:session`;
    return [
      {
        Sid: "FindClients",
        Effect: "Allow",
        Action: ["ec2:DescribeInstances"],
        Resource: ["*"],
        Condition: { StringEquals: { "ec2:Region": region } },
      },
      {
        // Of a machine that never reported, what it says of its boot.
        Sid: "ReadConsoles",
        Effect: "Allow",
        Action: ["ec2:GetConsoleOutput"],
        Resource: [`arn:${partition}:ec2:${region}:${accountId}:instance/*`],
        Condition: { StringLike: { "ec2:ResourceTag/Name": `${clusterName}-node-*` } },
      },
      {
        Sid: "TunnelByClients",
        Effect: "Allow",
        Action: ["ssm:StartSession"],
        Resource: [`arn:${partition}:ec2:${region}:${accountId}:instance/*`],
        Condition: { StringEquals: { [`ssm:resourceTag/${CLIENT_TAG}`]: clusterName }, ...NAMED_DOCUMENTS },
      },
      {
        Sid: "NoShell",
        Effect: "Allow",
        Action: ["ssm:StartSession"],
        Resource: [`arn:${partition}:ssm:${region}::document/${DOCUMENT}`],
        Condition: NAMED_DOCUMENTS,
      },
      {
        Sid: "CarryOwnSessions",
        Effect: "Allow",
        Action: ["ssmmessages:OpenDataChannel"],
        Resource: [`${sessions}/${OWN_ID}-*`],
      },
      {
        // Which service gives each session this tag: AWS Systems Manager User Guide, "Allow a user to end only sessions
        // that they started".
        Sid: "EndOwnSessions",
        Effect: "Allow",
        Action: ["ssm:ResumeSession", "ssm:TerminateSession"],
        Resource: [`${sessions}/*`],
        Condition: { StringLike: { "ssm:resourceTag/aws:ssmmessages:session-id": [OWN_ID] } },
      },
    ];
  }
}
