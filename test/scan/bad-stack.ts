import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { TerraformStack } from "cdktf";
import { policyDocument } from "../../lib/core/terraform/policy";

/** What checkov has to find in `createBadResources`, by the type of what it is wrong with. */
export const BAD: readonly (readonly [rule: string, type: string])[] = [
  ["CKV_AWS_24", "aws_vpc_security_group_ingress_rule"], // SSH from everywhere
  ["CKV_AWS_23", "aws_vpc_security_group_ingress_rule"], // no description
  ["CKV_AWS_145", "aws_s3_bucket"], // not under KMS
  ["CKV_AWS_21", "aws_s3_bucket"], // no versions
  ["CKV2_AWS_6", "aws_s3_bucket"], // public access not blocked
  ["CKV_AWS_8", "aws_instance"], // root volume not encrypted
  ["CKV_AWS_79", "aws_instance"], // metadata without a token
  ["CKV_AWS_88", "aws_instance"], // public address
  ["CKV_AWS_7", "aws_kms_key"], // no rotation
  ["CKV_AWS_158", "aws_cloudwatch_log_group"], // no key
  ["CKV_AWS_63", "aws_iam_role_policy"], // every action
];

/** What checkov does not see in synthesized JSON, and rules of our own do. */
export const BAD_UNSEEN: readonly (readonly [rule: string, type: string])[] = [
  ["no-whole-internet", "aws_security_group"], // SSH from everywhere, within the group
  ["firewall-rules-apart", "aws_security_group"],
  ["bucket-tls-only", "aws_s3_bucket"],
];

/** Everything that must not be, written as the library writes it: if this passes, the scanner read nothing. */
export function createBadResources(stack: TerraformStack): void {
  const group = new SecurityGroup(stack, "group", {
    description: "open",
    ingress: [{ fromPort: 22, toPort: 22, protocol: "tcp", cidrBlocks: ["0.0.0.0/0"] }],
  });
  new VpcSecurityGroupIngressRule(stack, "rule", {
    securityGroupId: group.id,
    ipProtocol: "tcp",
    fromPort: 22,
    toPort: 22,
    cidrIpv4: "0.0.0.0/0",
  });
  new S3Bucket(stack, "bucket", { bucket: "in-the-clear" });
  new KmsKey(stack, "key", {});
  new CloudwatchLogGroup(stack, "log", { name: "in-the-clear" });
  new Instance(stack, "machine", {
    ami: "ami-0123456789abcdef0",
    instanceType: "m7i.large",
    associatePublicIpAddress: true,
    metadataOptions: { httpTokens: "optional" },
    rootBlockDevice: { encrypted: false },
  });
  const role = new IamRole(stack, "role", {
    assumeRolePolicy: policyDocument([
      { Sid: "Machines", Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]),
  });
  new IamRolePolicy(stack, "policy", {
    role: role.name,
    policy: policyDocument([{ Sid: "Everything", Effect: "Allow", Action: "*", Resource: "*" }]),
  });
}
