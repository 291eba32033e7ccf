import { DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { randomBytes } from "crypto";
import { resolverAddress } from "../../lab/account";
import { METADATA_ADDRESS, RESOLVER_ADDRESS } from "../../lab/namespace";
import { PacketTap } from "../../lab/packet-tap";
import { Deployment } from "../deployment";
import { STRANGER_NAME } from "../lab-stacks";
import { readConversations } from "./conversations";
import { isServerPort, NameOf, Permissions } from "./judgement";
import { readPackets } from "./pcap";
import { WireTable, wireTable } from "./wire-table";

/** Where AWS answers for the time, by whose address a node's own settings ask. */
const TIME_ADDRESS = "169.254.169.123";
const AWS_SERVICES = ["s3", "kms", "sts"];

/** All that goes over the links of a deployment's machines, from `start` to `stop`. */
export class PacketCapture {
  public static async start(deployment: Deployment, name: string): Promise<PacketCapture> {
    const names = await namesOfAddresses(deployment);
    return new PacketCapture(deployment, names, await deployment.lab.tapLinks(name));
  }

  private constructor(
    private readonly deployment: Deployment,
    private readonly names: ReadonlyMap<string, string>,
    private readonly tap: PacketTap,
  ) {}

  /**
   * Ends it, judges every conversation and throws the capture away. A long one must show something of every node,
   * or it was none of all links.
   */
  public async stop(permissions: Permissions, { showsEveryNode = false } = {}): Promise<WireTable> {
    const { deployment, names, tap } = this;
    // A question for a name, as it goes over a link in plain text, and nobody else asks.
    const last = `end-of-capture-${randomBytes(8).toString("hex")}`;
    await tap.stop(last, () => deployment.client.exec(["getent", "ahostsv4", `${last}.invalid`]));
    const nameOf: NameOf = (address) => names.get(address) ?? "elsewhere";
    const isServer = (_: string, port: number): boolean => isServerPort(port);
    const conversations = await readConversations(readPackets(tap.read()), isServer);
    const seen = new Set(conversations.flatMap(({ caller, callee }) => [caller, callee]));
    const unseen = [...names].filter(([address, name]) => name === "node" && !seen.has(address));
    if (showsEveryNode && unseen.length > 0) throw new Error(`the capture shows nothing of ${unseen.join(", ")}`);
    tap.remove();
    return wireTable(conversations, nameOf, permissions);
  }
}

/** Captures what goes over the links during an act. */
export async function captureWhile(
  deployment: Deployment,
  name: string,
  permissions: Permissions,
  act: () => Promise<unknown>,
): Promise<WireTable> {
  const capture = await PacketCapture.start(deployment, name);
  await act();
  return capture.stop(permissions);
}

async function namesOfAddresses(deployment: Deployment): Promise<Map<string, string>> {
  const { lab, client, output } = deployment;
  const { Vpcs: vpcs = [] } = await lab.ec2().send(new DescribeVpcsCommand({}));
  const names = new Map([
    [METADATA_ADDRESS, "metadata"],
    [TIME_ADDRESS, "time"],
    [RESOLVER_ADDRESS, "resolver"],
    ...vpcs.map(({ CidrBlock: cidr }) => [resolverAddress(cidr ?? ""), "resolver"] as const),
    [lab.addressOf(client), "client"],
    [lab.addressOf(deployment.machine(STRANGER_NAME)), "stranger"],
  ]);
  const nodes = output.node_names.map((name) => deployment.machine(name));
  for (const node of nodes) names.set(lab.addressOf(node), "node");
  for (const service of AWS_SERVICES) {
    const found = await nodes[0].run(["getent", "ahostsv4", `${service}.${lab.region}.amazonaws.com`]);
    for (const line of found.trim().split("\n")) names.set(line.split(/\s+/)[0], "AWS");
  }
  return names;
}
