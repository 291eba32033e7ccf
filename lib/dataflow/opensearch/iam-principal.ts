import { isTextToken } from "../../core/terraform/text";
import { requireText } from "../../core/validation";

/** Not of a session: OpenSearch, and a role's trust, know callers by their roles. */
const IAM_ARN = /^arn:aws[a-z-]*:iam::\d{12}:(?:role|user)\/[\w+=,.@/-]{1,576}$/;

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
