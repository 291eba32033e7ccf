import type { FileSpec } from "./desired-state";
import { HOST_FIREWALL_FILES } from "./paths";
import { allPorts, Caller, Port } from "./ports";

/**
 * The machine's own firewall, in the words of iptables-restore: Debian's official cloud images hold `iptables`,
 * which writes the kernel's nftables, and not `nft`. It has chains of its own in the table `filter`, entered
 * before any other rule, so that what others load stays.
 */
export const INPUT_CHAIN = "cdktf-flink-input";
export const OUTPUT_CHAIN = "cdktf-flink-output";

/** Which chain of the kernel leads into which of ours. */
export const HOST_FIREWALL_JUMPS: Readonly<Record<string, string>> = { INPUT: INPUT_CHAIN, OUTPUT: OUTPUT_CHAIN };

/** Instance metadata, which gives out the credentials of the machine's role. EC2 User Guide, "Access instance metadata". */
export const METADATA_ADDRESSES = { ipv4: "169.254.169.254", ipv6: "fd00:ec2::254" } as const;

export interface HostFirewallInput {
  /** Whether a ZooKeeper server runs here: its ports are closed elsewhere. */
  readonly runsZooKeeper: boolean;
}

type Family = keyof typeof METADATA_ADDRESSES;

/** The rules of one node, a file per family of addresses; the agent loads them before it starts anything. */
export function hostFirewallFiles(input: HostFirewallInput): readonly FileSpec[] {
  return (["ipv4", "ipv6"] as const).map((family) => ({
    path: HOST_FIREWALL_FILES[family],
    owner: "root",
    group: "root",
    mode: "0640",
    content: renderHostFirewall(family, input),
  }));
}

/**
 * What comes in: what the port table opens to other machines, answers, and what the cloud's network needs; all
 * else is dropped. What goes out: everything, as the security groups decide that, but for the metadata service,
 * which is root's alone.
 */
export function renderHostFirewall(family: Family, input: HostFirewallInput): string {
  const inbound = [
    "-i lo -j ACCEPT",
    // Answers, and what routers say of a connection: a path's largest packet above all.
    "-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
    "-m conntrack --ctstate INVALID -j DROP",
    ...NEIGHBOURHOOD[family],
    ...openPorts(input).map(({ name, port }) => `-p tcp -m tcp --dport ${port} -m comment --comment ${name} -j ACCEPT`),
    "-j DROP",
  ];
  const metadata = `-d ${METADATA_ADDRESSES[family]}`;
  const outbound = [
    `${metadata} -m owner --uid-owner 0 -j ACCEPT`,
    // The last packets of a connection that root has closed are the kernel's own, which belong to nobody.
    `${metadata} -m owner ! --socket-exists -m conntrack --ctstate ESTABLISHED -j ACCEPT`,
    // Refused and not swallowed: a client that tries it goes on at once.
    `${metadata} -p tcp -j REJECT --reject-with tcp-reset`,
    `${metadata} -j REJECT`,
  ];
  return [
    "*filter",
    `:${INPUT_CHAIN} - [0:0]`,
    `:${OUTPUT_CHAIN} - [0:0]`,
    ...inbound.map((rule) => `-A ${INPUT_CHAIN} ${rule}`),
    ...outbound.map((rule) => `-A ${OUTPUT_CHAIN} ${rule}`),
    "COMMIT",
    "",
  ].join("\n");
}

/** How a machine gets and keeps its address. Leases are renewed by broadcast too, whose answers match no connection. */
const NEIGHBOURHOOD: Readonly<Record<Family, readonly string[]>> = {
  ipv4: ["-p udp -m udp --sport 67 --dport 68 -j ACCEPT"],
  ipv6: [
    // Router and neighbour advertisements and solicitations: IPv6's ARP.
    ...["router-advertisement", "neighbour-solicitation", "neighbour-advertisement"].map(
      (type) => `-p ipv6-icmp -m icmp6 --icmpv6-type ${type} -j ACCEPT`,
    ),
    "-s fe80::/10 -p udp -m udp --sport 547 --dport 546 -j ACCEPT",
  ],
};

/** Who of the callers may call is the security groups' to say: they know machines, the host only addresses. */
function openPorts({ runsZooKeeper }: HostFirewallInput): readonly Port[] {
  return allPorts().filter(
    ({ callers, listensOn }) =>
      callers.some((caller) => caller !== Caller.ITSELF) && (listensOn === "every node" || runsZooKeeper),
  );
}
