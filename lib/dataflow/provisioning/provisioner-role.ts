import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { namePrefix, nameTag } from "../../core/terraform/names";
import { allow, Allowance, policyDocument } from "../../core/terraform/policy";
import { createIamRole } from "../../core/terraform/role";

export interface ProvisionerRoleProps {
  /** What the function provides, for people. */
  readonly system: string;
  readonly logGroupArn: string;
}

/**
 * Who the function is: a role for it alone, which nothing of Flink takes on. It writes its own log and holds its own network
 * interfaces; what it may do beside that is said by what is asked of it.
 */
export class ProvisionerRole extends Construct {
  public readonly roleArn: string;
  public readonly policy: IamRolePolicy;
  private readonly logGroupArn: string;

  public constructor(scope: Construct, id: string, { system, logGroupArn }: ProvisionerRoleProps) {
    super(scope, id);
    this.logGroupArn = logGroupArn;
    const role = createIamRole(this, "Resource", {
      namePrefix: namePrefix(this, 38),
      description: `The deploy makes what lies in ${system}`,
      assumeRolePolicy: policyDocument([
        {
          Sid: "Lambda",
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      ]),
      tags: { Name: nameTag(this) },
    });
    this.roleArn = role.arn;
    this.policy = new IamRolePolicy(this, "Policy", { role: role.name, name: "provision", policy: "" });
    this.allow([]);
  }

  /** What it may do beside what every such function needs, in place of what was said before. */
  public allow(allowances: readonly Allowance[]): void {
    this.policy.policy = policyDocument([...this.ofEveryFunction(), ...allowances].map(allow));
  }

  private ofEveryFunction(): Allowance[] {
    // Lambda itself calls by this role, to put the function into the network; the function's own code may not.
    const conditions = { Null: { "lambda:SourceFunctionArn": ["true"] } };
    return [
      { sid: "Log", actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [`${this.logGroupArn}:*`] },
      {
        sid: "LookAtNetwork",
        // AWS knows no narrower resource for them.
        actions: ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"],
        resources: ["*"],
        conditions,
      },
      {
        sid: "NetworkInterfaces",
        actions: [
          "ec2:AssignPrivateIpAddresses",
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:UnassignPrivateIpAddresses",
        ],
        // As Lambda wants it: with less, it finds the role not to be enough (Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC").
        resources: [AwsAccount.of(this).arn("ec2", "*/*")],
        conditions,
      },
    ];
  }
}
