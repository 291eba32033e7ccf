import type { Played } from "./played";
import type { AccountPolicies, RolePolicies } from "./policies";

/** Who asks, and where. */
export interface Asking {
  readonly role: RolePolicies;
  readonly policies: AccountPolicies;
  readonly played: Played;
}

/** The account that a caller works in: its own, whichever this one is. */
export function accountOf({ role }: Asking): string {
  return role.arn.split(":")[4];
}

/** The ARN of something of the caller's account in this region. */
export function arnOf(asking: Asking, service: string, name: string): string {
  return `arn:aws:${service}:${asking.policies.region}:${accountOf(asking)}:${name}`;
}

/** The tags of a thing, as condition keys of a service and of all services know them. */
export function tagContext(prefix: string, tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags).flatMap(([name, value]) => [
      [`${prefix}/${name}`, value],
      [`aws:ResourceTag/${name}`, value],
    ]),
  );
}
