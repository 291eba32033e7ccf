import { createHash } from "node:crypto";
import { Construct, IConstruct } from "constructs";

/** Of a hash that stands for a path: enough that no two of a program are alike. */
const HASH_CHARACTERS = 8;

/** Main resources hide behind their construct: their own id says nothing to people. */
export function visiblePath(scope: IConstruct): string[] {
  return scope.node.path.split("/").filter((id) => id !== "Resource");
}

/**
 * The place of a construct in its app, in characters that every AWS tag takes: what people see as its name.
 * At most 256 characters; the end is kept, for it tells more.
 */
export function nameTag(scope: Construct, suffix = ""): string {
  const path = visiblePath(scope)
    .join("/")
    .replace(/[^A-Za-z0-9 _.:/=+@-]/g, "-");
  return `${path.slice(-(256 - suffix.length))}${suffix}`;
}

/**
 * A prefix to which Terraform adds what makes a name unique: lower-case letters, digits and single hyphens,
 * beginning with a letter and ending with a hyphen. Where the whole path is too long, its first parts are left out.
 */
export function namePrefix(scope: Construct, maxLength: number): string {
  const parts = visiblePath(scope).map((id) =>
    id
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, ""),
  );
  const asPrefix = (from: number) => `${parts.slice(from).filter(Boolean).join("-")}-`.replace(/^[^a-z]+/, "");
  const fitting = parts.map((_, from) => asPrefix(from)).find((prefix) => prefix.length <= maxLength);
  // Even the last part alone is too long: its beginning.
  const prefix =
    fitting ??
    `${asPrefix(parts.length - 1)
      .slice(0, maxLength - 1)
      .replace(/-+$/, "")}-`;
  return prefix.length > 1 ? prefix : "flink-";
}

/**
 * A name to which nothing is added: lower-case letters, digits and single hyphens, beginning with a letter. Where the whole
 * path is too long, its end and a hash of all of it, so that two that end alike are not one.
 */
export function nameOfPlace(scope: Construct, maxLength: number): string {
  const whole = namePrefix(scope, Infinity).slice(0, -1);
  if (whole.length <= maxLength) return whole;
  const hash = createHash("sha256").update(scope.node.path).digest("hex").slice(0, HASH_CHARACTERS);
  return `${namePrefix(scope, maxLength - HASH_CHARACTERS)}${hash}`;
}
