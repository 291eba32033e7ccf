import { Block } from "../support/synthesized";
import { bucketTlsOnly } from "./bucket-tls-only";
import { only, resources, testRule } from "./test-rule";

const denial = {
  Effect: "Deny",
  Principal: { AWS: "*" },
  Action: "s3:*",
  Resource: ["${aws_s3_bucket.it.arn}", "${aws_s3_bucket.it.arn}/*"],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};

function guardedBy(Statement: Block, bucket = "it") {
  return resources({
    aws_s3_bucket: { it: {} },
    aws_s3_bucket_policy: { its: { bucket: `\${aws_s3_bucket.${bucket}.id}`, policy: JSON.stringify({ Statement }) } },
  });
}

testRule(bucketTlsOnly, {
  compliant: {
    "a bucket that denies plain HTTP": guardedBy([{ Sid: "Another", Effect: "Allow" }, denial]),
  },
  nonCompliant: {
    "no policy": only("aws_s3_bucket", {}),
    "the policy of another bucket": guardedBy(denial, "other"),
    "a permission instead of a denial": guardedBy({ ...denial, Effect: "Allow" }),
    "a denial of one action": guardedBy({ ...denial, Action: "s3:PutObject" }),
    "a denial to one principal": guardedBy({ ...denial, Principal: { AWS: "arn:aws:iam::123456789012:root" } }),
    "a denial for the objects alone": guardedBy({ ...denial, Resource: "${aws_s3_bucket.it.arn}/*" }),
    "a second condition, which narrows it": guardedBy({
      ...denial,
      Condition: { ...denial.Condition, StringEquals: { "aws:SourceVpc": "vpc-1" } },
    }),
  },
});
