import { conditional, Op, Token } from "cdktf";
import { IConstruct } from "constructs";
import { AwsAccount } from "../core/terraform/aws-account";

/**
 * Services whose interface endpoints are called by names of another beginning in the regions of China, among those that
 * networks like these have endpoints of. `aws ec2 describe-vpc-endpoint-services` tells there; the AWS CDK keeps such a
 * list, too.
 */
const APART_IN_CHINA: readonly string[] = [
  ...["athena", "autoscaling", "backup", "batch", "cloudformation", "ebs", "ec2", "ecr.api", "ecr.dkr", "eks"],
  ...["elasticache", "elasticfilesystem", "execute-api", "fsx", "kinesis-streams", "lambda", "license-manager"],
  ...["monitoring", "rds", "redshift", "sagemaker.api", "sagemaker.runtime", "securityhub", "servicecatalog"],
  ...["sqs", "states", "sts", "synthetics", "transfer", "xray"],
];

/** What an interface endpoint names its service by, such as `com.amazonaws.eu-west-1.sts`. */
export function interfaceEndpointServiceName(scope: IConstruct, service: string): string {
  return `${beginning(scope, service)}.${AwsAccount.of(scope).region}.${service}`;
}

function beginning(scope: IConstruct, service: string): string {
  if (!APART_IN_CHINA.includes(service)) return "com.amazonaws";
  const region = AwsAccount.knownRegion(scope);
  if (region !== undefined) return region.startsWith("cn-") ? "cn.com.amazonaws" : "com.amazonaws";
  const isChina = Op.eq(AwsAccount.of(scope).partition, "aws-cn");
  return Token.asString(conditional(isChina, "cn.com.amazonaws", "com.amazonaws"));
}
