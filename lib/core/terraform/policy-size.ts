import { IConstruct } from "constructs";
import { withReferences } from "./text";

/** IAM User Guide, "IAM and AWS STS quotas": all inline policies of a role together, without white space. */
export const LARGEST_POLICIES_OF_ROLE = 10_240;
/** How many characters values have at most that only Terraform knows; the last is of ARNs of buckets and keys. */
const LONGEST_VALUES: readonly (readonly [RegExp, number])[] = [
  [/\$\{data\.aws_partition\.[^}]+\.partition\}/g, 10],
  [/\$\{data\.aws_partition\.[^}]+\.dns_suffix\}/g, 16],
  [/\$\{data\.aws_region\.[^}]+\}/g, 14],
  [/\$\{data\.aws_caller_identity\.[^}]+\}/g, 12],
  [/\$\{[^}]+\}/g, 90],
];

/** How many characters a policy document has, or at most may have where some are known only when Terraform runs. */
export function policySize(scope: IConstruct, document: string): number {
  const text = withReferences(scope, document);
  return LONGEST_VALUES.reduce((said, [value, length]) => said.replace(value, "x".repeat(length)), text).length;
}
