import { Route } from "@cdktf/provider-aws/lib/route";
import { Construct } from "constructs";
import { withReferences } from "../../core/terraform/text";
import { refuse } from "../../core/validation";
import { FlinkNetwork } from "../flink-network";
import { Gateway } from "./gateway";

const idOfRoute = (cidr: string): string => `route-to-${cidr.replace("/", "-")}`;

/** Routes to one block of addresses, one in each route table of a network: all clusters in it share them. */
export class PeeredRoute extends Construct {
  /** Refuses a second way to the same addresses; `path` is the construct whose way it is. */
  public static check(path: string, network: FlinkNetwork, cidr: string, gateway: Gateway): void {
    const known = PeeredRoute.find(network, cidr);
    // Each reading of a resource's attribute is another token, and stands for the same.
    if (!known || withReferences(network, known.gateway.id) === withReferences(network, gateway.id)) return;
    refuse({
      property: `${gateway.kind} of ${path}`,
      value: gateway.id,
      allowed: `what leads from ${network.node.path} to ${cidr} already`,
      remedy: "name the same peering connection or transit gateway for the same addresses",
    });
  }

  /** Makes them, unless they are there. */
  public static open(network: FlinkNetwork, cidr: string, gateway: Gateway): void {
    if (!PeeredRoute.find(network, cidr)) new PeeredRoute(network, cidr, gateway);
  }

  private static find(network: FlinkNetwork, cidr: string): PeeredRoute | undefined {
    return network.node.tryFindChild(idOfRoute(cidr)) as PeeredRoute | undefined;
  }

  private constructor(
    network: FlinkNetwork,
    destinationCidrBlock: string,
    private readonly gateway: Gateway,
  ) {
    super(network, idOfRoute(destinationCidrBlock));
    network.routeTableIds.forEach((routeTableId, index) => {
      new Route(this, `route-table-${index + 1}`, { routeTableId, destinationCidrBlock, [gateway.kind]: gateway.id });
    });
  }
}
