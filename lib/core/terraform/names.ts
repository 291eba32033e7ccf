import { Construct, IConstruct } from "constructs";

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
 * A name to which nothing is added: lower-case letters, digits and single hyphens, beginning with a letter. Of a path that is
 * too long it is the end, or its beginning: two paths may have one name. What is named so may hold data, and another name
 * would make it anew, so it stays as it is, and twins are refused (`requireUniqueName`).
 */
export function nameOfPlace(scope: Construct, maxLength: number): string {
  return namePrefix(scope, maxLength + 1).slice(0, -1);
}
