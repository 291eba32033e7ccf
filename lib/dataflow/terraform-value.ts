import { Fn } from "cdktf";
import { escapeTerraformText, isTextToken } from "../core/terraform/text";
import { ScopeRequirement } from "./scope";

/** What Terraform looks at where a program does not know: of the right letters, so without a wildcard. */
export const KEY_ARN_FOR_TERRAFORM = "^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$";

/** A value that stands in a policy, where a wildcard in it would open more than one thing. */
export interface PolicyValue {
  readonly value: string | undefined;
  /** In the dialect of Terraform. */
  readonly pattern: string;
  /** For people, such as `the ARN of a KMS key`. */
  readonly what: string;
}

/** What Terraform must find true of those of the values that it alone knows; `path` is the construct that was given them. */
export function withoutWildcards(path: string, values: readonly PolicyValue[]): ScopeRequirement[] {
  return values
    .filter(({ value }) => isTextToken(value))
    .map(({ value, pattern, what }) => ({
      condition: Fn.can(Fn.regex(pattern, value!)),
      errorMessage: `${escapeTerraformText(path)} must be given ${what}, and is given another text: correct the value, as jobs get no leave for what a wildcard may stand for.`,
    }));
}
