import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { namePrefix, nameTag } from "../../core/terraform/names";
import { policyDocument } from "../../core/terraform/policy";
import { createIamRole } from "../../core/terraform/role";

/**
 * What the machines of one database need to tell of themselves (enhanced monitoring): a role that Amazon RDS takes on for
 * this database alone. They write to the log group `RDSOSMetrics`, which Amazon RDS makes once for all databases of a
 * region; the policy is the one that AWS has for it, within this account and region.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html
 */
export class DatabaseMonitoring extends Construct {
  public readonly roleArn: string;
  /** What the role may do: who takes the role on waits for it. */
  public readonly rolePolicy: ITerraformDependable;

  public constructor(scope: Construct, id: string, { instanceIdentifier }: { instanceIdentifier: string }) {
    super(scope, id);
    const account = AwsAccount.of(this);
    const role = createIamRole(this, "Role", {
      namePrefix: namePrefix(this, 38),
      description: `Machines of the database ${instanceIdentifier} tell of themselves`,
      assumeRolePolicy: policyDocument([
        {
          Sid: "MonitoringOfThisDatabase",
          Effect: "Allow",
          Principal: { Service: "monitoring.rds.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: {
              "aws:SourceAccount": account.accountId,
              "aws:SourceArn": account.arn("rds", `db:${instanceIdentifier}`),
            },
          },
        },
      ]),
      tags: { Name: nameTag(this) },
    });
    this.rolePolicy = new IamRolePolicy(this, "RolePolicy", {
      role: role.name,
      name: "enhanced-monitoring",
      policy: policyDocument([
        {
          Sid: "LogGroups",
          Effect: "Allow",
          Action: ["logs:CreateLogGroup", "logs:PutRetentionPolicy"],
          Resource: account.arn("logs", "log-group:RDS*"),
        },
        {
          Sid: "LogStreams",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams", "logs:GetLogEvents"],
          Resource: account.arn("logs", "log-group:RDS*:log-stream:*"),
        },
      ]),
    });
    this.roleArn = role.arn;
  }
}
