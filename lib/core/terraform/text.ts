import { DefaultTokenResolver, StringConcat, Token, Tokenization } from "cdktf";
import { IConstruct } from "constructs";
import { refuse } from "../validation";

/** Begins an expression (`${`) or a directive (`%{`) of Terraform, unless it begins one of cdktf's own tokens. */
const TEMPLATE_START = /([$%])\{(?!TfToken\[)/g;

/**
 * Text that reaches the cloud byte for byte: Terraform would read `${x}` and `%{x}` in it as its own language.
 * Tokens inside stay tokens. To be applied once, where text of a user enters a resource.
 */
export function escapeTerraformText(text: string): string {
  return text.replace(TEMPLATE_START, "$1$1{");
}

/**
 * Text with the references of Terraform in place of tokens. Each reading of a resource's attribute is another token, and
 * stands for the same reference.
 */
export function withReferences(scope: IConstruct, text: string): string {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return Tokenization.resolve(text, { scope, resolver, preparing: false }) as string;
}

/** Whether a value is known only when Terraform runs. */
export function isToken(value: unknown): boolean {
  return Token.isUnresolved(value);
}

/** Whether a value stands for a text that is known only when Terraform runs, and not for a number, a list or an object. */
export function isTextToken(value: unknown): value is string {
  return typeof value === "string" && isToken(value);
}

/** Refuses a value that is known only when Terraform runs, and says why it must be known before. */
export function requireKnown(property: string, value: unknown, why: string): void {
  if (isToken(value)) {
    refuse({
      property,
      value,
      allowed: "known when the program runs",
      remedy: `${why}, so give a literal value`,
    });
  }
}
