import { requireKnown } from "../../core/terraform/text";
import { OptionNames, refuse, requireOptionsOf } from "../../core/validation";
import { overlap, parseBlock, PRIVATE_AND_SHARED_BLOCKS, requirePrivateBlock } from "../cidr";
import { FlinkNetwork } from "../flink-network";
import { IFlinkNetwork } from "../i-flink-network";
import { Gateway, gatewayOf } from "./gateway";
import { PeeredEgressOptions } from "./peered-egress-options";
import { PeeredRoute } from "./peered-route";
import { describeDestination, Destination, Nodes, Reach } from "./reach";
import { requireNoCircle } from "./stack-order";

const OPTIONS: OptionNames<PeeredEgressOptions> = { cidrs: true, vpcPeeringConnectionId: true, transitGatewayId: true };
const CIDRS = "cidrs of Egress.peered";
const MOST_BLOCKS = 16;
/** Leaves room for the nodes' own of the 60 that a group may have in one direction (VPC User Guide, "Amazon VPC quotas"). */
const MOST_RULES = 40;
/** The largest that a VPC can have (VPC User Guide, "VPC CIDR blocks"). */
const SHORTEST_PREFIX = 16;

/** By private addresses in a network to which routes lead. Its machines are no members of groups that we could name. */
export class PeeredReach implements Reach {
  public readonly title: string;
  private readonly cidrs: readonly string[];
  private readonly gateway: Gateway | undefined;

  public constructor(options: PeeredEgressOptions) {
    requireOptionsOf("the argument of Egress.peered", options, OPTIONS);
    requireBlocks(options.cidrs);
    this.cidrs = [...options.cidrs];
    this.gateway = gatewayOf(options);
    this.title = `Egress.peered to ${this.cidrs.join(", ")}`;
  }

  public checkHosts(): void {
    // Whatever they are called: the network of the system knows its names.
  }

  public checkNetwork({ path, ports }: Destination, nodes: Nodes): void {
    const { network } = nodes;
    this.refuseTooManyRules(path, ports);
    const own = parseBlock(network.cidr);
    const within = this.cidrs.find((cidr) => own !== undefined && overlap(own, parseBlock(cidr)!));
    if (within !== undefined) {
      refuse({
        property: `cidrs of ${path}`,
        value: within,
        allowed: `apart from ${network.cidr}, the addresses of the Flink cluster's own network`,
        remedy: "use securityGroupId in place of egress for what stands in that network, or correct cidrs",
      });
    }
    if (this.gateway === undefined) return;
    const ours = this.requireOwnRoutes(path, network, this.gateway);
    requireNoCircle(`${this.gateway.kind} of ${path}`, this.gateway.id, nodes);
    for (const cidr of this.cidrs) PeeredRoute.check(path, ours, cidr, this.gateway);
  }

  public open(destination: Destination, { network, firewall }: Nodes): void {
    for (const cidr of this.cidrs) {
      for (const port of destination.ports) {
        firewall.allowNodesToBlock(cidr, port, describeDestination(destination));
      }
      if (this.gateway) PeeredRoute.open(network as FlinkNetwork, cidr, this.gateway);
    }
  }

  private refuseTooManyRules(path: string, ports: readonly number[]): void {
    const count = this.cidrs.length * ports.length;
    if (count <= MOST_RULES) return;
    refuse({
      property: `cidrs of ${path}`,
      value: this.cidrs,
      allowed: `blocks that make ${MOST_RULES} rules at most, one for each block and port, and these make ${count} with ${ports.length} ports, where AWS takes 60 in the nodes' security group, with those of all else`,
      remedy: "name fewer blocks, such as one that holds several of the system's subnets",
    });
  }

  private requireOwnRoutes(path: string, network: IFlinkNetwork, { kind, id }: Gateway): FlinkNetwork {
    if (network instanceof FlinkNetwork) return network;
    refuse({
      property: `${kind} of ${path}`,
      value: id,
      allowed: `left out, because ${network.node.path} is an existing network, whose routes are its owner's`,
      remedy: `let its owner make routes to ${this.cidrs.join(", ")}, and leave ${kind} out`,
    });
  }
}

function requireBlocks(cidrs: unknown): asserts cidrs is string[] {
  requireKnown(CIDRS, cidrs, "they decide what the firewall opens");
  if (!Array.isArray(cidrs) || cidrs.length < 1 || cidrs.length > MOST_BLOCKS) {
    refuse({
      property: CIDRS,
      value: cidrs,
      allowed: `a list of 1 to ${MOST_BLOCKS} blocks of private addresses`,
      remedy: 'name for example ["10.20.0.0/24"]',
    });
  }
  const listed: readonly unknown[] = cidrs;
  const blocks = listed.map((cidr) =>
    requirePrivateBlock(CIDRS, cidr, SHORTEST_PREFIX, 32, "10.20.0.0/24", PRIVATE_AND_SHARED_BLOCKS),
  );
  const twice = listed.find((_, index) => blocks.slice(0, index).some((earlier) => overlap(earlier, blocks[index])));
  if (twice === undefined) return;
  refuse({
    property: CIDRS,
    value: twice,
    allowed: "apart from the others in the list, and one of them holds the other",
    remedy: "name each address once",
  });
}
