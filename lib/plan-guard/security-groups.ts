import { nameTag } from "./clusters";
import { isSensitive, shownText } from "./shown-value";
import type { ResourceChange } from "./terraform-plan";

/** Of what a plan shows of a resource. */
export type When = "before" | "after";

/** Types of which each resource is one rule beside its group. */
const RULES_BESIDE = [
  "aws_vpc_security_group_ingress_rule",
  "aws_vpc_security_group_egress_rule",
  "aws_security_group_rule",
];

/** Security groups by what they are called where another resource names them. */
export class SecurityGroups {
  private readonly names: ReadonlyMap<string, string>;
  /** Those that have rules beside them: what a group that goes shows as its own is what lies beside it, or may be. */
  private readonly bare: ReadonlySet<unknown>;

  public constructor(changes: readonly ResourceChange[]) {
    this.names = new Map(changes.filter(({ type }) => type === "aws_security_group").flatMap(namesOfGroup));
    this.bare = new Set(
      changes
        .filter(({ type }) => RULES_BESIDE.includes(type))
        .flatMap(({ before, references }) => [before.security_group_id, references.security_group_id]),
    );
  }

  public named(known: string): string {
    return this.names.get(known) ?? known;
  }

  public isBare({ address, action, before }: ResourceChange): boolean {
    if (action !== "delete" && action !== "replace") return false;
    return this.bare.has(address) || (before.id !== undefined && this.bare.has(before.id));
  }
}

/** By its address what it will be, by its id what it is. */
function namesOfGroup(change: ResourceChange): [string, string][] {
  const { address, before, after } = change;
  const { id } = before;
  const byAddress = Object.keys(after).length > 0 ? nameOfGroup(change, "after") : nameOfGroup(change, "before");
  return [
    [address, byAddress],
    ...(typeof id === "string" ? [[id, nameOfGroup(change, "before")] as [string, string]] : []),
  ];
}

/** What people call a group, or a list of addresses. */
export function nameOfGroup(change: ResourceChange, when: When): string {
  const known = ["name", "name_prefix"].filter(
    (name) => typeof change[when][name] === "string" && !isSensitive(change, name),
  );
  const [name] = known.map((attribute) => change[when][attribute] as string);
  return shownText(nameTag(change, when) ?? name ?? change.address);
}
