import { mkdirSync, writeFileSync } from "fs";
import { join } from "path";
import { run } from "./command";

/** Where instances read their metadata. */
export const METADATA_ADDRESS = "169.254.169.254";
/** Where every network answers names, beside the address of its own. */
export const RESOLVER_ADDRESS = "169.254.169.253";
/** Where the names of AWS's APIs other than S3 lead: an address that belongs to nobody (RFC 5737). */
export const API_ADDRESS = "198.51.100.10";
/** Network interfaces of the namespace that lead to machines begin with this. */
export const MACHINE_LINK_PREFIX = "m-";

const SETTINGS = [
  "net.ipv4.ip_forward=1",
  "net.ipv4.conf.all.rp_filter=1",
  "net.ipv4.conf.default.rp_filter=1",
  // Machines ask for their neighbours' hardware addresses; all of them are behind this one router.
  "net.ipv4.conf.default.proxy_arp=1",
  "net.ipv4.conf.all.send_redirects=0",
  "net.ipv4.conf.default.send_redirects=0",
  "net.ipv6.conf.all.disable_ipv6=1",
  "net.ipv6.conf.default.disable_ipv6=1",
];

/** Counts and drops what would leave by anything but the machines' links; made once and never replaced. */
const GUARD = `table inet guard {
  counter escaped {}
  chain leaving {
    type filter hook postrouting priority 400; policy drop;
    oifname "lo" accept
    oifname "${MACHINE_LINK_PREFIX}*" accept
    counter name escaped
  }
}
`;

/** The network of the lab: a namespace with no way out, in which a router and the servers of the cloud live. */
export class LabNamespace {
  public constructor(public readonly name: string) {}

  public async create(): Promise<void> {
    const folder = join("/etc/netns", this.name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "resolv.conf"), `nameserver ${RESOLVER_ADDRESS}\n`);
    await run(["ip", "netns", "add", this.name]);
    await this.run(["sysctl", "-qw", ...SETTINGS]);
    await this.assertAlone();
    await this.run(["nft", "-f", "-"], GUARD);
    await this.ip("link", "set", "lo", "up");
    for (const address of [METADATA_ADDRESS, RESOLVER_ADDRESS, API_ADDRESS]) await this.addAddress(address);
    // What has nowhere to go vanishes, as in a network without a way out; an answer "unreachable" would hide waiting.
    await this.ip("route", "add", "blackhole", "default");
  }

  /** Makes an address one of the namespace's own; does nothing if it is. */
  public async addAddress(address: string): Promise<void> {
    await this.ip("address", "replace", `${address}/32`, "dev", "lo");
  }

  /** Runs a program in the namespace; gives its standard output. */
  public async run(argv: readonly string[], input?: string): Promise<string> {
    return run(this.wrap(argv), { input });
  }

  public async ip(...args: string[]): Promise<string> {
    return run(["ip", "-n", this.name, ...args]);
  }

  /** The command line that runs the given one in the namespace. */
  public wrap(argv: readonly string[]): string[] {
    return ["ip", "netns", "exec", this.name, ...argv];
  }

  /** Packets that tried to leave by anything but a machine's link. */
  public async escapedPackets(): Promise<number> {
    const listed = await this.run(["nft", "-j", "list", "counter", "inet", "guard", "escaped"]);
    const entries = (JSON.parse(listed) as { nftables: { counter?: { packets: number } }[] }).nftables;
    const counter = entries.find((entry) => entry.counter)?.counter;
    if (!counter) throw new Error(`the namespace ${this.name} has lost its guard`);
    return counter.packets;
  }

  /** Refuses to go on if there is any link or route beside the loopback. */
  private async assertAlone(): Promise<void> {
    const links = JSON.parse(await this.ip("-j", "link")) as { ifname: string }[];
    const others = links.map((link) => link.ifname).filter((name) => name !== "lo");
    // Some kernels give every namespace tunnel devices that are down and lead nowhere.
    const live = others.filter((name) => !/^(tunl|gre|gretap|erspan|ip_vti|ip6_vti|sit|ip6tnl|ip6gre)0$/.test(name));
    const routes = (await this.ip("route", "show", "table", "all")).trim();
    if (live.length > 0 || routes !== "") {
      throw new Error(
        `the lab's namespace must have no way out, but has links [${live.join(" ")}] and routes [${routes}]`,
      );
    }
  }
}
