import { each, listed, Rule } from "./rule";

/** No policy that AWS manages: it allows more than we need, and tomorrow more than today. */
export const iamOwnPolicies: Rule = {
  name: "iam-own-policies",
  *problems(stack) {
    const attachments = [
      "aws_iam_role_policy_attachment",
      "aws_iam_policy_attachment",
      "aws_iam_user_policy_attachment",
    ];
    for (const [address, { policy_arn }] of each(stack, ...attachments)) {
      if (/:iam::aws:policy\//.test(String(policy_arn))) yield [address, `attaches ${policy_arn}, which AWS manages`];
    }
    for (const [address, { managed_policy_arns }] of each(stack, "aws_iam_role")) {
      if (listed(managed_policy_arns).length > 0) yield [address, "has policies that are not beside it"];
    }
  },
};
