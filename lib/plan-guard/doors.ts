import { nameTag } from "./clusters";
import { kindOf } from "./resource-kinds";
import { isKnownLater, isSame, isSensitive, KNOWN_LATER, SENSITIVE, shownSetting, shownText } from "./shown-value";
import type { Attributes, ResourceChange } from "./terraform-plan";

/** A rule of a security group that comes or goes. */
export interface Door {
  readonly address: string;
  readonly change: "opens" | "closes";
  /** Seen from the members of the group. */
  readonly direction: "in" | "out";
  /** Whose door: the group. */
  readonly group: string;
  /** Who may call them, or whom they may call. */
  readonly peer: string;
  /** Such as `tcp 8081`. */
  readonly ports: string;
  /** As the rule has it. */
  readonly description: string;
  /** Whether the whole internet may come in by it, or may for all that is known. */
  readonly isForAll: boolean;
}

/** A rule, whatever resource says it. */
type Rule = Omit<Door, "address" | "change">;

type When = "before" | "after";

/** Types of which each resource is one rule. */
const SINGLE: Readonly<Record<string, Rule["direction"] | undefined>> = {
  aws_vpc_security_group_ingress_rule: "in",
  aws_vpc_security_group_egress_rule: "out",
};
const CIDRS = ["cidr_ipv4", "cidr_ipv6"];
const PEERS = [...CIDRS, "prefix_list_id", "referenced_security_group_id"];
const LISTED_PEERS = ["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups"];
const EVERYBODY = ["0.0.0.0/0", "::/0"];

/** All doors that a plan opens or closes; what is the same before and after is neither. */
export function doorsOf(changes: readonly ResourceChange[]): readonly Door[] {
  const groups = new Groups(changes);
  return changes
    .filter(({ type, action }) => kindOf(type) === "door" && action !== "none" && action !== "forget")
    .flatMap((change) => {
      const { address } = change;
      const [before, after] = (["before", "after"] as const).map((when) => rulesOf(change, when, groups));
      const opened = after.filter((rule) => !before.some((other) => isSameDoor(rule, other)));
      const closed = before.filter((rule) => !after.some((other) => isSameDoor(rule, other)));
      return [
        ...opened.map((rule): Door => ({ address, change: "opens", ...rule })),
        ...closed.map((rule): Door => ({ address, change: "closes", ...rule, isForAll: false })),
      ];
    });
}

/** Security groups by what they are called where another resource names them. */
class Groups {
  private readonly names: ReadonlyMap<string, string>;
  /** Those that have rules beside them: what they show as their own is what lies beside them. */
  private readonly bare: ReadonlySet<unknown>;

  public constructor(changes: readonly ResourceChange[]) {
    this.names = new Map(changes.filter(({ type }) => type === "aws_security_group").flatMap(namesOfGroup));
    this.bare = new Set(
      changes
        .filter(({ type }) => type in SINGLE || type === "aws_security_group_rule")
        .flatMap(({ before, references }) => [before.security_group_id, references.security_group_id]),
    );
  }

  public named(known: string): string {
    return this.names.get(known) ?? known;
  }

  public isBare({ address, before }: ResourceChange): boolean {
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

function nameOfGroup(change: ResourceChange, when: When): string {
  const known = ["name", "name_prefix"].filter(
    (name) => typeof change[when][name] === "string" && !isSensitive(change, name),
  );
  const [name] = known.map((attribute) => change[when][attribute] as string);
  return shownText(nameTag(change, when) ?? name ?? change.address);
}

/** The text of a rule is not the rule, and two that only the apply tells may be two. */
function isSameDoor(one: Rule, other: Rule): boolean {
  const parts = (rule: Rule): readonly string[] => [rule.direction, rule.group, rule.peer, rule.ports];
  return !parts(one).includes(KNOWN_LATER) && isSame(parts(one), parts(other));
}

function rulesOf(change: ResourceChange, when: When, groups: Groups): readonly Rule[] {
  if (Object.keys(change[when]).length === 0) return [];
  if (change.type in SINGLE) return [singleRule(change, when, groups)];
  if (change.type === "aws_security_group_rule") return [listedRule(change, when, groups)];
  if (groups.isBare(change)) return [];
  return (["ingress", "egress"] as const).flatMap((block) => rulesInGroup(change, block, when, groups));
}

function singleRule(change: ResourceChange, when: When, groups: Groups): Rule {
  const told = (attribute: string): string | undefined => valueOf(change, attribute, when, groups);
  const peers = PEERS.map(told).filter((peer) => peer !== undefined);
  const isAnyCidr = CIDRS.some((cidr) => when === "after" && isKnownLater(change, cidr));
  return rule(SINGLE[change.type]!, {
    group: told("security_group_id"),
    peers,
    ports: portsOf(told("ip_protocol"), told("from_port"), told("to_port")),
    description: told("description"),
    isAnyCidr,
  });
}

function listedRule(change: ResourceChange, when: When, groups: Groups): Rule {
  const told = (attribute: string): string | undefined => valueOf(change, attribute, when, groups);
  const other = told("source_security_group_id");
  const isAnyCidr = ["cidr_blocks", "ipv6_cidr_blocks"].some((each) => when === "after" && isKnownLater(change, each));
  return rule(change[when].type === "egress" ? "out" : "in", {
    group: told("security_group_id"),
    peers: [...peersOf(withoutSensitive(change, when), groups), ...(other === undefined ? [] : [other])],
    ports: portsOf(told("protocol"), told("from_port"), told("to_port")),
    description: told("description"),
    isAnyCidr,
  });
}

/** Rules that stand in the group itself. */
function rulesInGroup(
  change: ResourceChange,
  block: "ingress" | "egress",
  when: When,
  groups: Groups,
): readonly Rule[] {
  const direction = block === "ingress" ? "in" : "out";
  const group = groups.named(change.address);
  if (isSensitive(change, block)) return [rule(direction, { group, peers: [SENSITIVE], ports: SENSITIVE })];
  if (when === "after" && isKnownLater(change, block)) {
    // Of a group that says nothing of them, AWS tells them, and a new one has none.
    const isSaid = block in change.references;
    return isSaid ? [rule(direction, { group, peers: [], ports: KNOWN_LATER, isAnyCidr: true })] : [];
  }
  const blocks = change[when][block];
  return (Array.isArray(blocks) ? (blocks as Attributes[]) : []).map((values) =>
    rule(direction, {
      group,
      peers: peersOf(values, groups),
      ports: portsOf(values.protocol, values.from_port, values.to_port),
      description: values.description as string | undefined,
    }),
  );
}

function valueOf(change: ResourceChange, attribute: string, when: When, groups: Groups): string | undefined {
  if (isSensitive(change, attribute)) return SENSITIVE;
  if (when === "after" && isKnownLater(change, attribute)) {
    return groups.named(change.references[attribute] ?? KNOWN_LATER);
  }
  const known = change[when][attribute];
  return known === undefined || known === null ? undefined : groups.named(shownSetting(attribute, known));
}

/** Lists that the plan hides hold that word alone. */
function withoutSensitive(change: ResourceChange, when: When): Attributes {
  const hidden = LISTED_PEERS.filter((attribute) => isSensitive(change, attribute) && change[when][attribute]);
  return { ...change[when], ...Object.fromEntries(hidden.map((attribute) => [attribute, [SENSITIVE]])) };
}

function peersOf(values: Attributes, groups: Groups): readonly string[] {
  const listed = LISTED_PEERS.flatMap((attribute) => (values[attribute] ?? []) as string[]);
  return [...listed.map((each) => groups.named(each)), ...(values.self === true ? ["its own members"] : [])];
}

interface RuleParts {
  readonly group?: string;
  readonly peers: readonly string[];
  readonly ports: string;
  readonly description?: string;
  /** Whether only the apply tells which addresses it is for. */
  readonly isAnyCidr?: boolean;
}

function rule(direction: Rule["direction"], { group, peers, ports, description, isAnyCidr }: RuleParts): Rule {
  const isForAll = direction === "in" && (isAnyCidr === true || peers.some((peer) => EVERYBODY.includes(peer)));
  return {
    direction,
    group: shownText(group ?? KNOWN_LATER),
    peer: shownText(peers.length > 0 ? peers.join(", ") : KNOWN_LATER),
    ports,
    description: shownText(description ?? ""),
    isForAll,
  };
}

function portsOf(protocol: unknown, from: unknown, to: unknown): string {
  const known = shownSetting("protocol", protocol ?? KNOWN_LATER);
  if (known === "-1" || known === "all") return "everything";
  const [first, last] = [from, to].map((port) => shownSetting("port", port));
  if (first === "none" || first === "-1") return known;
  return first === last ? `${known} ${first}` : `${known} ${first}-${last}`;
}
