import { Account, addressIn, NetworkInterface, shortLink } from "./account";
import { run } from "./command";
import { LabNamespace } from "./namespace";
import { namespaceName, shortId } from "./paths";

/** The network namespace of one network interface of the account, wired to the lab's router and to nothing else. */
export class NetworkLink {
  public readonly namespace: string;
  private readonly link: string;

  public constructor(
    private readonly fabric: LabNamespace,
    private readonly network: NetworkInterface,
  ) {
    this.namespace = namespaceName(fabric.name, shortId(network.id));
    this.link = shortLink(network.id);
  }

  /** Where a process of the host finds the namespace. */
  public get path(): string {
    return `/run/netns/${this.namespace}`;
  }

  /** Makes it anew: nothing of an earlier boot, such as packet filters, is left in it. */
  public async create(account: Account): Promise<void> {
    await this.remove();
    const subnet = account.subnets.find((one) => one.id === this.network.subnetId);
    if (!subnet) throw new Error(`network interface ${this.network.id} is in no subnet`);
    const gateway = addressIn(subnet.cidr, 1);
    const bits = subnet.cidr.split("/")[1];
    const { namespace, link, network, fabric } = this;
    await run(["ip", "netns", "add", namespace]);
    await run(["ip", "-batch", "-", "-netns", fabric.name], {
      input: [
        `link add ${link} type veth peer name ens5 netns ${namespace}`,
        `address replace ${gateway}/32 dev lo`,
        `link set ${link} mtu 9001 up`,
        // The router speaks for it with the subnet's own address, as a cloud's router does.
        `route replace ${network.address}/32 dev ${link} src ${gateway}`,
        "",
      ].join("\n"),
    });
    // The router answers for a neighbour at once; by default it would think about it for most of a second.
    await fabric.run(["sysctl", "-qw", `net.ipv4.neigh.${link}.proxy_delay=0`]);
    await run(["ip", "-batch", "-", "-netns", namespace], {
      input: [
        "link set lo up",
        `link set ens5 address ${network.mac} mtu 9001`,
        `address add ${network.address}/${bits} dev ens5`,
        "link set ens5 up",
        `route add default via ${gateway}`,
        "",
      ].join("\n"),
    });
  }

  public async remove(): Promise<void> {
    const listed = (await run(["ip", "netns", "list"])).split("\n").map((line) => line.split(" ")[0]);
    if (!listed.includes(this.namespace)) return;
    // The link first: deleting it takes effect at once, while a namespace is taken down later.
    await run(["ip", "-n", this.namespace, "link", "delete", "ens5"]).catch(() => undefined);
    await run(["ip", "netns", "delete", this.namespace]);
  }
}
