import { Account, interfaceOf, NetworkInterface, resolverAddress, SecurityGroupRule, shortLink } from "./account";
import { LabNamespace, MACHINE_LINK_PREFIX, METADATA_ADDRESS, RESOLVER_ADDRESS } from "./namespace";

/** What a counter of nftables says. */
export interface Count {
  readonly packets: number;
  readonly bytes: number;
}

const PROTOCOL_NAMES: Readonly<Record<string, string>> = { "6": "tcp", "17": "udp", "1": "icmp" };

/** Names in nftables hold no hyphens. */
function word(id: string): string {
  return id.replace(/[^A-Za-z0-9]/g, "_");
}

/** Who is on the other side of a rule; undefined for what the lab does not play (IPv6). */
function peer(rule: SecurityGroupRule): string | undefined {
  const side = rule.egress ? "daddr" : "saddr";
  if (rule.cidr) return rule.cidr === "0.0.0.0/0" ? "" : `ip ${side} ${rule.cidr}`;
  if (rule.prefixListId) return `ip ${side} @${word(rule.prefixListId)}`;
  if (rule.referencedGroupId) return `ip ${side} @${word(rule.referencedGroupId)}`;
  return undefined;
}

function traffic(rule: SecurityGroupRule): string {
  const protocol = PROTOCOL_NAMES[rule.protocol] ?? rule.protocol;
  if (protocol === "-1") return "";
  if (protocol === "tcp" || protocol === "udp") {
    if (rule.fromPort < 0 || (rule.fromPort === 0 && rule.toPort === 65535)) return `meta l4proto ${protocol}`;
    return `${protocol} dport ${rule.fromPort === rule.toPort ? rule.fromPort : `${rule.fromPort}-${rule.toPort}`}`;
  }
  if (protocol === "icmp") return rule.fromPort < 0 ? "meta l4proto icmp" : `icmp type ${rule.fromPort}`;
  return `meta l4proto ${protocol}`;
}

/** The rules of an interface's groups in one direction, as a chain that ends in a counted drop. */
function chain(account: Account, one: NetworkInterface, egress: boolean): string {
  const groups = new Set(one.groups.map((group) => group.id));
  const lines = account.rules
    .filter((rule) => rule.egress === egress && groups.has(rule.groupId))
    .flatMap((rule) => {
      const from = peer(rule);
      return from === undefined ? [] : [`    ${from} ${traffic(rule)} counter name ${word(rule.id)} accept`];
    });
  const direction = egress ? "out" : "in";
  return [
    `  chain ${direction}_${word(one.id)} {`,
    ...lines,
    `    counter name refused_${direction}_${word(one.id)} drop`,
    "  }",
  ].join("\n");
}

function set(name: string, elements: readonly string[], flags = ""): string {
  const content = elements.length > 0 ? ` elements = { ${[...new Set(elements)].sort().join(", ")} }` : "";
  return `  set ${name} { type ipv4_addr;${flags}${content} }`;
}

function verdicts(key: string, entries: readonly string[]): string {
  return entries.length > 0 ? `${key} vmap { ${entries.join(", ")} }` : "";
}

/** What the firewall is made of. */
export interface FirewallInput {
  readonly account: Account;
  /** Ids of the interfaces that have a machine or a client behind them here. */
  readonly played: ReadonlySet<string>;
  readonly s3Addresses: readonly string[];
}

/** The table without its counters and the set of cut machines, which outlive every replacement. */
export function renderTable({ account, played, s3Addresses }: FirewallInput): string {
  const machines = account.interfaces.filter((one) => played.has(one.id));
  const endpoints = endpointInterfaces(account);
  const members = (group: string) =>
    account.interfaces.filter((one) => one.groups.some((own) => own.id === group)).map((one) => one.address);
  const groups = new Set([
    ...account.interfaces.flatMap((one) => one.groups.map((group) => group.id)),
    ...account.rules.flatMap((rule) => rule.referencedGroupId ?? []),
  ]);
  const link = (one: NetworkInterface) => `"${shortLink(one.id)}"`;
  // S3 is reached through a gateway endpoint of the network or not at all.
  const toS3 = account.endpoints
    .filter((endpoint) => endpoint.type === "Gateway" && endpoint.service.endsWith(".s3"))
    .flatMap((endpoint) => account.vpcs.filter((vpc) => vpc.id === endpoint.vpcId))
    .map((vpc) => `    ip saddr ${vpc.cidr} ip daddr @s3_addresses tcp dport 443 accept`);
  const resolvers = [RESOLVER_ADDRESS, ...account.vpcs.map((vpc) => resolverAddress(vpc.cidr))];
  // What security groups do not filter: the metadata service and the resolver.
  const always = [
    `    ip daddr ${METADATA_ADDRESS} tcp dport 80 accept`,
    "    ip daddr @resolvers meta l4proto { tcp, udp } th dport 53 accept",
  ];
  return [
    "table inet lab {",
    ...[...groups].map((group) => set(word(group), members(group))),
    ...account.prefixLists.map((list) => set(word(list.id), list.cidrs, " flags interval; auto-merge;")),
    set("s3_addresses", s3Addresses),
    set("resolvers", resolvers),
    ...machines.map((one) => chain(account, one, true)),
    ...[...machines, ...endpoints].map((one) => chain(account, one, false)),
    "  chain cut_from { type filter hook prerouting priority -300; policy accept; ip saddr @cut drop; }",
    "  chain cut_to { type filter hook postrouting priority 300; policy accept; ip daddr @cut drop; }",
    // Before routing, so that a rule counts what it lets out even where nobody is there to take it.
    "  chain egress {",
    "    type filter hook prerouting priority 0; policy accept;",
    `    iifname != "${MACHINE_LINK_PREFIX}*" accept`,
    "    ct state established,related accept",
    "    ct state invalid drop",
    ...always,
    `    ${verdicts(
      "iifname . ip saddr",
      machines.map((one) => `${link(one)} . ${one.address} : goto out_${word(one.id)}`),
    )}`,
    "    counter name refused_source drop",
    "  }",
    "  chain ingress {",
    "    type filter hook forward priority 0; policy drop;",
    "    ct state established,related accept",
    "    ct state invalid drop",
    `    ${verdicts(
      "oifname . ip daddr",
      machines.map((one) => `${link(one)} . ${one.address} : goto in_${word(one.id)}`),
    )}`,
    "  }",
    "  chain services {",
    "    type filter hook input priority 0; policy drop;",
    '    iifname "lo" accept',
    "    ct state established,related accept",
    ...always,
    ...toS3,
    `    ${verdicts(
      "ip daddr",
      endpoints.map((one) => `${one.address} : goto in_${word(one.id)}`),
    )}`,
    "  }",
    // The metadata service bounds how far its answers go, so that what runs behind another hop gets none.
    "  chain hop_limit {",
    "    type filter hook output priority 0; policy accept;",
    ...account.instances
      .filter((instance) => played.has(instance.interfaceId))
      .map((instance) => {
        const { address } = interfaceOf(account, instance);
        const from = `ip saddr ${METADATA_ADDRESS} tcp sport 80`;
        return `    ${from} ip daddr ${address} ip ttl set ${instance.metadata.hopLimit}`;
      }),
    "  }",
    "}",
    "",
  ].join("\n");
}

/** Network interfaces through which services are reached inside a network. */
export function endpointInterfaces(account: Account): NetworkInterface[] {
  const ids = new Set(
    account.endpoints.flatMap((endpoint) => (endpoint.type === "Interface" ? endpoint.interfaceIds : [])),
  );
  return account.interfaces.filter((one) => ids.has(one.id));
}

function counterNames({ account, played }: FirewallInput): string[] {
  const shown = [...account.interfaces.filter((one) => played.has(one.id)), ...endpointInterfaces(account)];
  return [
    "refused_source",
    ...account.rules.map((rule) => word(rule.id)),
    ...shown.flatMap((one) => [`refused_in_${word(one.id)}`, `refused_out_${word(one.id)}`]),
  ];
}

/** The account's security groups as nftables of the namespace. */
export class SecurityGroups {
  private readonly counters = new Set<string>();
  private current: readonly string[] = [];

  public constructor(private readonly namespace: LabNamespace) {}

  public async create(): Promise<void> {
    await this.namespace.run(["nft", "-f", "-"], "table inet lab {\n  set cut { type ipv4_addr; }\n}\n");
  }

  /** Replaces all rules at once; no packet sees a state in between. Counters go on. */
  public async apply(input: FirewallInput): Promise<void> {
    const table = renderTable(input);
    const added = counterNames(input).filter((name) => !this.counters.has(name));
    const script = [
      "flush table inet lab",
      ...this.current.map((object) => `delete ${object.replace(" ", " inet lab ")}`),
      ...added.map((name) => `add counter inet lab ${name}`),
      table,
    ].join("\n");
    await this.namespace.run(["nft", "-f", "-"], script);
    added.forEach((name) => this.counters.add(name));
    // Chains first: a set cannot go before what refers to it.
    const objects = [...table.matchAll(/^ {2}(chain|set) (\S+) \{/gm)].map(([, kind, name]) => `${kind} ${name}`);
    this.current = objects.sort((a, b) => Number(b.startsWith("chain")) - Number(a.startsWith("chain")));
  }

  /** Pulls the cable of an address: also what is established stops. */
  public async cut(address: string): Promise<void> {
    await this.namespace.run(["nft", "add", "element", "inet", "lab", "cut", `{ ${address} }`]);
  }

  public async heal(address: string): Promise<void> {
    await this.namespace.run(["nft", "delete", "element", "inet", "lab", "cut", `{ ${address} }`]);
  }

  /** The count of every rule that was ever applied, by its id with `-` written `_`, and `refused_…` per interface. */
  public async counts(): Promise<ReadonlyMap<string, Count>> {
    const listed = await this.namespace.run(["nft", "-j", "list", "counters", "table", "inet", "lab"]);
    const entries = (JSON.parse(listed) as { nftables: { counter?: Count & { name: string } }[] }).nftables;
    return new Map(
      entries.flatMap(({ counter }) =>
        counter ? [[counter.name, { packets: counter.packets, bytes: counter.bytes }] as const] : [],
      ),
    );
  }

  /** New connections that a rule let through. */
  public async countOf(ruleId: string): Promise<number> {
    return (await this.counts()).get(word(ruleId))?.packets ?? 0;
  }
}
