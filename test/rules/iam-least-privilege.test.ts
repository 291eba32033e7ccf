import { iamLeastPrivilege } from "./iam-least-privilege";
import { only, testRule, withStatement } from "./test-rule";

const POLICY = "aws_iam_role_policy";
const statement = { Sid: "Read", Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::b/software/*"] };

testRule(iamLeastPrivilege, {
  compliant: {
    "an action on a prefix": withStatement(POLICY, statement),
    "the streams of one log group": withStatement(POLICY, {
      ...statement,
      Action: "logs:PutLogEvents",
      Resource: "${aws_cloudwatch_log_group.it.arn}:*",
    }),
    "an action that knows no resource": withStatement(POLICY, {
      ...statement,
      Action: "cloudwatch:PutMetricData",
      Resource: "*",
    }),
    "a denial of everything": withStatement(POLICY, { ...statement, Effect: "Deny", Action: "*", Resource: "*" }),
    "the policy of a bucket": withStatement("aws_s3_bucket_policy", { ...statement, Action: "s3:*" }),
  },
  nonCompliant: {
    "every action": withStatement(POLICY, { ...statement, Action: "*" }),
    "every action of a service": withStatement("aws_iam_policy", { ...statement, Action: ["s3:*"] }),
    "some actions of a service": withStatement(POLICY, { ...statement, Action: "s3:Get*" }),
    "all actions but one": withStatement(POLICY, { ...statement, Action: undefined, NotAction: "iam:*" }),
    "every resource": withStatement(POLICY, { ...statement, Resource: "*" }),
    "every bucket": withStatement(POLICY, { ...statement, Resource: "arn:aws:s3:::*" }),
    "all resources but one": withStatement(POLICY, { ...statement, Resource: undefined, NotResource: "arn" }),
    "every resource, hidden among actions that know none": withStatement(POLICY, {
      ...statement,
      Action: ["cloudwatch:PutMetricData", "kms:Decrypt"],
      Resource: "*",
    }),
    "a policy within a role": only("aws_iam_role", {
      inline_policy: [{ policy: JSON.stringify({ Statement: { ...statement, Resource: "*" } }) }],
    }),
  },
});
