/** IAM User Guide, "IAM and AWS STS quotas": all policies in a role together, without white space. */
export const LARGEST_POLICIES_OF_ROLE = 10_240;
/** What stands for a value that only Terraform knows: about as long as the ARN of a bucket or a key. */
const LONGEST_VALUE = "x".repeat(75);

/** How many characters a policy document has, or at most may have where some are known only when Terraform runs. */
export function policySize(document: string): number {
  return document.replace(/\$\{TfToken\[[^\]]*\]\}/g, LONGEST_VALUE).length;
}
