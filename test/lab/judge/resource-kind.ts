import { AccountPolicies, everyDocument, statementsOf } from "./policies";

/** A pattern of whole segments: only in the last, the name of the thing itself, does an asterisk mean anything. */
const PLAIN_PATTERN = /^(\*|arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:\d*:[^$]*)$/;

const VARIABLE = /\$\{/;

/**
 * Which patterns of all policies a resource matches. Policies look at a resource in no other way, so two of which the
 * same patterns hold are decided the same: a session writes thousands of objects, and they are of a handful of kinds.
 */
export class ResourceKinds {
  private readonly patterns: readonly RegExp[] | undefined;
  /** Beginnings of patterns that hold a variable: it is of the caller, and so each such resource is of its own kind. */
  private readonly beforeVariables: readonly string[];

  public constructor(policies: AccountPolicies) {
    const named = everyDocument(policies)
      .flatMap((document) => statementsOf(document))
      .flatMap(({ Resource, NotResource }) => [Resource, NotResource].flat())
      .filter((pattern) => pattern !== undefined)
      .map(String);
    const plain = named.filter((pattern) => !VARIABLE.test(pattern));
    this.beforeVariables = named.filter((pattern) => VARIABLE.test(pattern)).map((pattern) => pattern.split("${")[0]);
    // With a wildcard elsewhere the shortcut is not taken.
    const known = [...plain, ...this.beforeVariables].every((pattern) => PLAIN_PATTERN.test(pattern));
    this.patterns = known ? [...new Set(plain)].map(expression) : undefined;
  }

  /** Text that is the same for resources of one kind; the resource itself where kinds are not known. */
  public of(resource: string): string {
    if (!this.patterns || this.beforeVariables.some((beginning) => resource.startsWith(beginning))) return resource;
    const matching = this.patterns.flatMap((pattern, index) => (pattern.test(resource) ? [index] : []));
    // Of which service, account and bucket it is may be a condition.
    return `${resource.split("/")[0]} ${matching.join(" ")}`;
  }
}

function expression(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, "[\\s\\S]*")
    .replace(/\?/g, "[\\s\\S]");
  return new RegExp(`^${source}$`);
}
