import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import { AwsAccount } from "../core/terraform/aws-account";
import { namePrefix, nameTag } from "../core/terraform/names";
import { policyDocument } from "../core/terraform/policy";
import { createIamRole } from "../core/terraform/role";
import { IKey } from "../encryption/i-key";
import { createFlowLogKey } from "./flow-log-key";

/** Seconds that flow logs gather before they write: the shorter of the two that AWS offers. */
const AGGREGATION_SECONDS = 60;

/** What `FlowLogs` is told. */
export interface FlowLogsProps {
  readonly vpcId: string;
  readonly retentionDays: number;
  /** Left out: a key of its own. */
  readonly encryptionKey?: IKey;
}

/** Every connection of the network, accepted or rejected, in a log group under the key given or one of its own. */
export class FlowLogs extends Construct {
  public constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    const account = AwsAccount.of(this);
    // By the VPC's id: unique in the account, whatever stacks are called.
    const logGroupName = `/aws/vpc-flow-logs/${props.vpcId}`;

    const logGroup = new CloudwatchLogGroup(this, "LogGroup", {
      name: logGroupName,
      retentionInDays: props.retentionDays,
      kmsKeyId: props.encryptionKey?.keyArn ?? createFlowLogKey(this, props.vpcId, logGroupName),
      tags: { Name: nameTag(this) },
    });
    const role = createIamRole(this, "Role", {
      namePrefix: namePrefix(this, 38),
      description: "VPC flow logs write to their log group",
      assumeRolePolicy: policyDocument([
        {
          Sid: "FlowLogsOfThisAccount",
          Effect: "Allow",
          Principal: { Service: "vpc-flow-logs.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": account.accountId },
            ArnLike: { "aws:SourceArn": account.arn("ec2", "vpc-flow-log/*") },
          },
        },
      ]),
      tags: { Name: nameTag(this) },
    });
    const rolePolicy = new IamRolePolicy(this, "RolePolicy", {
      role: role.name,
      name: "write-flow-logs",
      policy: policyDocument([
        {
          Sid: "WriteToLogGroup",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams"],
          Resource: `${logGroup.arn}:*`,
        },
      ]),
    });
    new FlowLog(this, "Resource", {
      vpcId: props.vpcId,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: logGroup.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: AGGREGATION_SECONDS,
      tags: { Name: nameTag(this) },
      dependsOn: [rolePolicy],
    });
  }
}
