import { Fn } from "cdktf";
import { isTextToken } from "../../core/terraform/text";
import { requireText } from "../../core/validation";
import type { ScopeRequirement } from "../scope";

/** Not of a session: OpenSearch, and a role's trust, know callers by their roles. */
const IAM_ARN = /^arn:aws[a-z-]*:iam::\d{12}:(?:role|user)\/[\w+=,.@/-]{1,576}$/;
/** The same in the dialect of Terraform, for what a program does not know: a `*` would trust everybody. */
const IAM_ARN_FOR_TERRAFORM = "^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[A-Za-z0-9_+=,.@/-]{1,576}$";

/** Refuses anything but the ARN of a role or a user of IAM. */
export function requireIamPrincipal(property: string, arn: unknown): asserts arn is string {
  if (isTextToken(arn)) return;
  requireText(
    property,
    arn,
    IAM_ARN,
    "the ARN of a role or a user of IAM, such as arn:aws:iam::123456789012:role/search-admin",
  );
}

/** What Terraform must find true of those of the ARNs that it alone knows, which `what` was given. */
export function principalRequirements(what: string, arns: readonly string[]): ScopeRequirement[] {
  return arns.filter(isTextToken).map((arn) => ({
    condition: Fn.can(Fn.regex(IAM_ARN_FOR_TERRAFORM, arn)),
    errorMessage: `${what} must be given the ARN of a role or a user of IAM, and is given another text: correct the value, as a wildcard would trust everybody.`,
  }));
}
