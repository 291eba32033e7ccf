import { AccountPolicies, everyDocument, statementsOf } from "./policies";

/** A pattern of whole segments: only in the last, the name of the thing itself, does an asterisk mean anything. */
const PLAIN_PATTERN = /^(\*|arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:\d*:[^$]*)$/;

/**
 * Which patterns of all policies a resource matches. Policies look at a resource in no other way, so two of which the
 * same patterns hold are decided the same: a session writes thousands of objects, and they are of a handful of kinds.
 */
export class ResourceKinds {
  private readonly patterns: readonly RegExp[] | undefined;

  public constructor(policies: AccountPolicies) {
    const named = everyDocument(policies)
      .flatMap((document) => statementsOf(document))
      .flatMap(({ Resource, NotResource }) => [Resource, NotResource].flat())
      .filter((pattern) => pattern !== undefined)
      .map(String);
    // With a variable or a wildcard elsewhere the shortcut is not taken.
    const known = named.every((pattern) => PLAIN_PATTERN.test(pattern));
    this.patterns = known ? [...new Set(named)].map(expression) : undefined;
  }

  /** Text that is the same for resources of one kind; the resource itself where kinds are not known. */
  public of(resource: string): string {
    if (!this.patterns) return resource;
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
