import { isIPv6 } from "node:net";
import { nameOfGroup, type SecurityGroups, type When } from "./security-groups";
import { isKnownLater, isSensitive, KNOWN_LATER, SENSITIVE, shownSetting, shownText } from "./shown-value";
import type { Attributes, ResourceChange } from "./terraform-plan";

/** A rule of a security group, or a block of addresses that rules name, whatever resource says it. */
export interface FirewallRule {
  /** Seen from the members of the group. */
  readonly direction: "in" | "out";
  /** Whose rule: the group. */
  readonly group: string;
  /** Who may call them, or whom they may call. */
  readonly peer: string;
  /** Such as `tcp 8081`. */
  readonly ports: string;
  /** As the rule has it. */
  readonly description: string;
  /** Whether the whole internet, or much of it, may come in by it, or may for all that is known. */
  readonly isForAll: boolean;
  /** What is compared and never shown: the values that the plan hides. */
  readonly hidden: readonly unknown[];
}

/** Types of which each resource is one rule. */
const SINGLE: Readonly<Record<string, FirewallRule["direction"] | undefined>> = {
  aws_vpc_security_group_ingress_rule: "in",
  aws_vpc_security_group_egress_rule: "out",
};
const CIDRS = ["cidr_ipv4", "cidr_ipv6"];
const PEERS = [...CIDRS, "prefix_list_id", "referenced_security_group_id"];
const LISTED_PEERS = ["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups"];
const LISTED_CIDRS = ["cidr_blocks", "ipv6_cidr_blocks"];
const PORTS = ["ip_protocol", "protocol", "from_port", "to_port"];
const PREFIX_LISTS = ["aws_ec2_managed_prefix_list", "aws_ec2_managed_prefix_list_entry"];
/** 10.0.0.0/8 and fc00::/7 are the widest blocks that are nobody's but one's own; two halves are a whole, too. */
const NARROWEST_OF_ALL = { ipv4: 7, ipv6: 15 };
const PRIVATE_IPV6 = /^f[cde][0-9a-f]{2}:/i;

/** The rules that a resource says. */
export function rulesOf(change: ResourceChange, when: When, groups: SecurityGroups): readonly FirewallRule[] {
  if (Object.keys(change[when]).length === 0) return [];
  if (change.type in SINGLE) return [singleRule(change, when, groups)];
  if (change.type === "aws_security_group_rule") return [listedRule(change, when, groups)];
  if (PREFIX_LISTS.includes(change.type)) return blocksOfList(change, when, groups);
  if (when === "before" && groups.isBare(change)) return [];
  return (["ingress", "egress"] as const).flatMap((block) => rulesInGroup(change, block, when, groups));
}

function singleRule(change: ResourceChange, when: When, groups: SecurityGroups): FirewallRule {
  const told = (attribute: string): string | undefined => valueOf(change, attribute, when, groups);
  const peers = PEERS.map(told).filter((peer) => peer !== undefined);
  const isAnyCidr = CIDRS.some((cidr) => when === "after" && isKnownLater(change, cidr));
  return rule(SINGLE[change.type]!, {
    group: told("security_group_id"),
    peers,
    ports: portsOf(told("ip_protocol"), told("from_port"), told("to_port")),
    description: told("description"),
    isAnyCidr,
    cidrs: CIDRS.map((cidr) => change[when][cidr]),
    hidden: hiddenOf(change, when, [...PEERS, ...PORTS]),
  });
}

/** Blocks of addresses that rules name together; which rules do, and for what, stands with them. */
function blocksOfList(change: ResourceChange, when: When, groups: SecurityGroups): readonly FirewallRule[] {
  const isEntry = change.type === "aws_ec2_managed_prefix_list_entry";
  const list = isEntry ? valueOf(change, "prefix_list_id", when, groups) : nameOfGroup(change, when);
  const common = { group: `prefix list ${list ?? KNOWN_LATER}`, ports: "what rules name it for" };
  const attribute = isEntry ? "cidr" : "entry";
  if (when === "after" && isKnownLater(change, attribute))
    return [rule("in", { ...common, peers: [], isAnyCidr: true })];
  const entries = isEntry ? [change[when]] : ((change[when].entry ?? []) as Attributes[]);
  const isHidden = isSensitive(change, attribute);
  return entries.map(({ cidr, description }) =>
    rule("in", {
      ...common,
      peers: [isHidden ? SENSITIVE : String(cidr)],
      description: isHidden ? undefined : (description as string | undefined),
      cidrs: [cidr],
      hidden: isHidden ? [cidr] : [],
    }),
  );
}

function listedRule(change: ResourceChange, when: When, groups: SecurityGroups): FirewallRule {
  const told = (attribute: string): string | undefined => valueOf(change, attribute, when, groups);
  const other = told("source_security_group_id");
  const isAnyCidr = LISTED_CIDRS.some((each) => when === "after" && isKnownLater(change, each));
  return rule(change[when].type === "egress" ? "out" : "in", {
    group: told("security_group_id"),
    peers: [...peersOf(withoutSensitive(change, when), groups), ...(other === undefined ? [] : [other])],
    ports: portsOf(told("protocol"), told("from_port"), told("to_port")),
    description: told("description"),
    isAnyCidr,
    cidrs: cidrsOf(change[when]),
    hidden: hiddenOf(change, when, [...LISTED_PEERS, "source_security_group_id", ...PORTS]),
  });
}

/** Rules that stand in the group itself. */
function rulesInGroup(
  change: ResourceChange,
  block: "ingress" | "egress",
  when: When,
  groups: SecurityGroups,
): readonly FirewallRule[] {
  const direction = block === "ingress" ? "in" : "out";
  const group = groups.named(change.address);
  if (when === "after" && isKnownLater(change, block)) {
    // Of a group that says nothing of them, AWS tells them, and a new one has none.
    const isSaid = block in change.references || !change.isInProgram;
    return isSaid ? [rule(direction, { group, peers: [], ports: KNOWN_LATER, isAnyCidr: true })] : [];
  }
  const values = change[when][block];
  const blocks = Array.isArray(values) ? (values as Attributes[]) : [];
  if (blocks.length > 0 && isSensitive(change, block)) {
    const cidrs = blocks.flatMap(cidrsOf);
    return [rule(direction, { group, peers: [SENSITIVE], ports: SENSITIVE, cidrs, hidden: blocks })];
  }
  return blocks.map((values) =>
    rule(direction, {
      group,
      peers: peersOf(values, groups),
      ports: portsOf(values.protocol, values.from_port, values.to_port),
      description: values.description as string | undefined,
      cidrs: cidrsOf(values),
    }),
  );
}

function cidrsOf(values: Attributes): readonly unknown[] {
  return LISTED_CIDRS.flatMap((attribute) => (values[attribute] ?? []) as unknown[]);
}

function hiddenOf(change: ResourceChange, when: When, attributes: readonly string[]): readonly unknown[] {
  return attributes.filter((attribute) => isSensitive(change, attribute)).map((attribute) => change[when][attribute]);
}

function valueOf(change: ResourceChange, attribute: string, when: When, groups: SecurityGroups): string | undefined {
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

function peersOf(values: Attributes, groups: SecurityGroups): readonly string[] {
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
  /** Blocks of addresses, also those that must not be shown. */
  readonly cidrs?: readonly unknown[];
  readonly hidden?: readonly unknown[];
}

function rule(direction: FirewallRule["direction"], parts: RuleParts): FirewallRule {
  const { group, peers, ports, description, isAnyCidr, cidrs = [], hidden = [] } = parts;
  const isForAll = direction === "in" && (isAnyCidr === true || cidrs.some(isOfInternet));
  return {
    direction,
    group: shownText(group ?? KNOWN_LATER),
    peer: shownText(peers.length > 0 ? peers.join(", ") : KNOWN_LATER),
    ports,
    description: shownText(description ?? ""),
    isForAll,
    hidden,
  };
}

function isOfInternet(block: unknown): boolean {
  const [, address, bits] = /^(.+)\/(\d+)$/.exec(String(block)) ?? [];
  if (bits === undefined) return false;
  if (!isIPv6(address)) return Number(bits) <= NARROWEST_OF_ALL.ipv4;
  return Number(bits) <= NARROWEST_OF_ALL.ipv6 && !PRIVATE_IPV6.test(address);
}

function portsOf(protocol: unknown, from: unknown, to: unknown): string {
  const known = shownSetting("protocol", protocol ?? KNOWN_LATER);
  if (known === "-1" || known === "all") return "everything";
  const [first, last] = [from, to].map((port) => shownSetting("port", port));
  if (first === "none" || first === "-1") return known;
  return first === last ? `${known} ${first}` : `${known} ${first}-${last}`;
}
