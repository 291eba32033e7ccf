import { Construct } from "constructs";

/**
 * The place of a construct in its app, in characters that every AWS tag takes: what people see as its name.
 * At most 256 characters.
 */
export function nameTag(scope: Construct, suffix = ""): string {
  return `${scope.node.path.replace(/[^A-Za-z0-9 _.:/=+@-]/g, "-").slice(-(256 - suffix.length))}${suffix}`;
}

/**
 * A prefix to which AWS or Terraform adds what makes a name unique: lower-case letters, digits and single
 * hyphens, beginning with a letter, ending with a hyphen. The end of the path is kept, for it tells more.
 */
export function namePrefix(scope: Construct, suffix: string, maxLength: number): string {
  const path = scope.node.path.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const room = maxLength - suffix.length - 1;
  return `${path.slice(-room).replace(/^[^a-z]+|-+$/g, "") || "flink"}${suffix}-`;
}
