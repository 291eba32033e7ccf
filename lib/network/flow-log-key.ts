import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { AwsAccount } from "../core/terraform/aws-account";
import { nameTag } from "../core/terraform/names";
import { accountAdministration, policyDocument, PolicyStatement } from "../core/terraform/policy";

/** The key goes with the log group, and nothing else is encrypted by it: the shortest that AWS takes. */
const DELETION_WINDOW_DAYS = 7;

/** A key for the flow logs of one network, made as children of the construct given. Its ARN. */
export function createFlowLogKey(scope: Construct, vpcId: string, logGroupName: string): string {
  const account = AwsAccount.of(scope);
  const key = new KmsKey(scope, "Key", {
    description: "VPC flow logs",
    enableKeyRotation: true,
    deletionWindowInDays: DELETION_WINDOW_DAYS,
    policy: policyDocument([
      accountAdministration(account.rootArn),
      cloudWatchLogs(account, account.arn("logs", `log-group:${logGroupName}`)),
    ]),
    tags: { Name: nameTag(scope) },
  });
  new KmsAlias(scope, "KeyAlias", { name: `alias/vpc-flow-logs/${vpcId}`, targetKeyId: key.keyId });
  return key.arn;
}

/** CloudWatch Logs calls KMS in its own name: no policy of the account's roles lets it in. */
export function cloudWatchLogs(
  { region, dnsSuffix }: AwsAccount,
  logGroupArn: string | readonly string[],
): PolicyStatement {
  return {
    Sid: "CloudWatchLogs",
    Effect: "Allow",
    // Unlike most services, by region and by the partition's DNS suffix.
    Principal: { Service: `logs.${region}.${dnsSuffix}` },
    Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
    Resource: "*",
    Condition: { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": logGroupArn } },
  };
}
