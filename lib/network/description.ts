import { escapeTerraformText, requireKnown } from "../core/terraform/text";
import { requireText } from "../core/validation";

/** What EC2 takes for descriptions of security groups and their rules (API reference, `AuthorizeSecurityGroupIngress`). */
const EC2_DESCRIPTION = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/;

/**
 * A description of a security group or rule, ready for Terraform. Refuses what EC2 would refuse only in the
 * middle of an apply.
 */
export function groupDescription(property: string, text: string): string {
  requireKnown(property, text, "AWS refuses many characters in it, which is checked before anything is created");
  requireText(
    property,
    text,
    EC2_DESCRIPTION,
    "1 to 255 characters of a-z, A-Z, 0-9, spaces and ._-:/()#,@[]+=&;{}!$*",
  );
  return escapeTerraformText(text);
}

/** The end of a text, such as a construct's path, in characters that EC2 takes, and short enough to stand in a description. */
export function inPlainCharacters(text: string): string {
  return text.replace(/[^A-Za-z0-9 _.:/=+@-]/g, "-").slice(-200);
}
