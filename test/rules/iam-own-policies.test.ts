import { iamOwnPolicies } from "./iam-own-policies";
import { only, testRule } from "./test-rule";

const ATTACHMENT = "aws_iam_role_policy_attachment";

testRule(iamOwnPolicies, {
  compliant: {
    "a role": only("aws_iam_role", {}),
    "a policy of the program": only(ATTACHMENT, { policy_arn: "${aws_iam_policy.it.arn}" }),
  },
  nonCompliant: {
    "a policy of AWS": only(ATTACHMENT, { policy_arn: "arn:aws:iam::aws:policy/AmazonS3FullAccess" }),
    "a policy of AWS in a partition known later": only(ATTACHMENT, {
      policy_arn: "arn:${data.aws_partition.it.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore",
    }),
    "a policy within a role": only("aws_iam_role", { managed_policy_arns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }),
  },
});
