import { everybodyOfThisAccount } from "./everybody-of-this-account";
import { only, testRule, withStatement } from "./test-rule";

const ENDPOINT = "aws_vpc_endpoint";
const permission = { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" };
const Condition = { StringEquals: { "aws:PrincipalAccount": "123456789012" } };

testRule(everybodyOfThisAccount, {
  compliant: {
    "an endpoint for this account": withStatement(ENDPOINT, { ...permission, Condition }),
    "an endpoint of a service of others": only(ENDPOINT, {
      service_name: "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0",
    }),
    "a denial to everybody": withStatement("aws_s3_bucket_policy", { ...permission, Effect: "Deny" }),
    "a permission of a service": withStatement("aws_s3_bucket_policy", {
      ...permission,
      Principal: { Service: "logging.s3.amazonaws.com" },
    }),
  },
  nonCompliant: {
    "an endpoint without a policy": only(ENDPOINT, {}),
    "an endpoint of AWS's own without a policy": only(ENDPOINT, { service_name: "com.amazonaws.eu-west-1.kms" }),
    "an endpoint for everybody": withStatement(ENDPOINT, permission),
    "a bucket for everybody": withStatement("aws_s3_bucket_policy", { ...permission, Principal: { AWS: "*" } }),
    "a domain of OpenSearch for everybody": only("aws_opensearch_domain", {
      access_policies: JSON.stringify({ Statement: [permission] }),
    }),
    "logs that everybody may write": only("aws_cloudwatch_log_resource_policy", {
      policy_document: JSON.stringify({ Statement: [permission] }),
    }),
    "a bucket for every network of a name": withStatement("aws_s3_bucket_policy", {
      ...permission,
      Condition: { StringEquals: { "aws:SourceVpc": "vpc-1" } },
    }),
  },
});
