import { denyOnlyForeign } from "./deny-only-foreign";
import { testRule, withStatement } from "./test-rule";

const BUCKET = "aws_s3_bucket_policy";
const denial = { Sid: "Denial", Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" };

testRule(denyOnlyForeign, {
  compliant: {
    "plain HTTP": withStatement(BUCKET, { ...denial, Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    "foreign accounts": withStatement(BUCKET, {
      ...denial,
      Condition: {
        StringNotEquals: { "aws:PrincipalAccount": "123456789012" },
        BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
      },
    }),
    "a permission": withStatement("aws_iam_role_policy", { ...denial, Effect: "Allow" }),
  },
  nonCompliant: {
    "a bucket that denies everybody": withStatement(BUCKET, denial),
    "a role that denies an action": withStatement("aws_iam_role_policy", { ...denial, Action: "s3:DeleteBucket" }),
    "a key that denies by network": withStatement("aws_kms_key", {
      ...denial,
      Condition: { StringNotEquals: { "aws:SourceVpc": "vpc-1" } },
    }),
    "TLS itself": withStatement(BUCKET, { ...denial, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
  },
});
