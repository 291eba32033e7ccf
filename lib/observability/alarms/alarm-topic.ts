import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { Construct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { nameTag } from "../../core/terraform/names";
import { accountAdministration, policyDocument, PolicyStatement } from "../../core/terraform/policy";
import { IKey } from "../../encryption/i-key";

/** The key goes with the topic, which keeps messages only until they are delivered: the shortest that AWS takes. */
const DELETION_WINDOW_DAYS = 7;

export interface AlarmTopicProps {
  readonly clusterName: string;
  /** Left out: one for this topic alone. */
  readonly encryptionKey?: IKey;
}

/** A topic into which alarms and rules of this account publish, and nothing else does by a policy of ours. */
export class AlarmTopic extends Construct {
  /** Who names it comes after the topic's policy, without which nothing could be published. */
  public readonly topicArn: string;

  public constructor(scope: Construct, id: string, { clusterName, encryptionKey }: AlarmTopicProps) {
    super(scope, id);
    const account = AwsAccount.of(this);
    const name = `flink-${clusterName}-alarms`;
    // From its name and not from the topic, which needs the key first.
    const arn = account.arn("sns", name);
    const topic = new SnsTopic(this, "Resource", {
      name,
      kmsMasterKeyId: encryptionKey?.keyArn ?? this.createKey(clusterName, arn),
      tags: { Name: nameTag(this) },
    });
    const policy = new SnsTopicPolicy(this, "Policy", {
      arn: topic.arn,
      policy: policyDocument(topicStatements(account, topic.arn)),
    });
    this.topicArn = policy.arn;
  }

  private createKey(clusterName: string, topicArn: string): string {
    const account = AwsAccount.of(this);
    const key = new KmsKey(this, "Key", {
      description: `Alarms of the Flink cluster ${clusterName}`,
      enableKeyRotation: true,
      deletionWindowInDays: DELETION_WINDOW_DAYS,
      policy: policyDocument([accountAdministration(account.rootArn), ...keyStatements(account, topicArn)]),
      tags: { Name: nameTag(this) },
    });
    new KmsAlias(this, "KeyAlias", { name: `alias/cdktf-flink/${clusterName}/alarms`, targetKeyId: key.keyId });
    return key.arn;
  }
}

function topicStatements(account: AwsAccount, topicArn: string): PolicyStatement[] {
  const publish = { Effect: "Allow", Action: "sns:Publish", Resource: topicArn } as const;
  return [
    {
      Sid: "CloudWatchAlarms",
      ...publish,
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: {
        StringEquals: { "aws:SourceAccount": account.accountId },
        ArnLike: { "aws:SourceArn": account.arn("cloudwatch", "alarm:*") },
      },
    },
    {
      Sid: "EventBridgeRules",
      ...publish,
      Principal: { Service: "events.amazonaws.com" },
      // IfExists: of what EventBridge tells SNS, AWS promises nothing ("You can't use Condition blocks in Amazon SNS topic policies
      // for EventBridge", EventBridge User Guide, "Using resource-based policies"), and without it every message would be lost
      // without a word. The ARN holds the account.
      Condition: { ArnLikeIfExists: { "aws:SourceArn": account.arn("events", "rule/*") } },
    },
    {
      Sid: "DenyInsecureTransport",
      Effect: "Deny",
      Principal: "*",
      Action: "sns:Publish",
      Resource: topicArn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ];
}

/** Both call KMS in their own names: no policy of the account's roles lets them in. */
function keyStatements(account: AwsAccount, topicArn: string): PolicyStatement[] {
  const use = { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey*"], Resource: "*" } as const;
  const ofTopic = { "kms:EncryptionContext:aws:sns:topicArn": topicArn };
  return [
    {
      Sid: "CloudWatchAlarms",
      ...use,
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: { StringEquals: { ...ofTopic, "aws:SourceAccount": account.accountId } },
    },
    {
      Sid: "EventBridgeRules",
      ...use,
      Principal: { Service: "events.amazonaws.com" },
      // By the topic alone: KMS is told neither aws:SourceAccount nor aws:SourceArn where EventBridge publishes (Amazon SNS
      // Developer Guide, "Managing Amazon SNS encryption keys and costs"), and every message would be lost without a word.
      Condition: { StringEquals: ofTopic },
    },
  ];
}
