import { requireConstruct } from "../core/terraform/refusals";
import { refuse } from "../core/validation";
import { IFlinkNetwork } from "../network/i-flink-network";

const ZONES = 3;

/** Refuses anything but a network of three zones; `why` tells of each zone, such as `each has a replica of every topic`. */
export function requireThreeZones(property: string, network: unknown, why: string): void {
  const attributes = ["vpcId", "subnetIds", "privateZoneId", "domainName"];
  requireConstruct(property, network, attributes, "a FlinkNetwork, or FlinkNetwork.fromFlinkNetworkAttributes()");
  const { subnetIds, node } = network as IFlinkNetwork;
  if (Array.isArray(subnetIds) && subnetIds.length === ZONES) return;
  refuse({
    property,
    value: `the construct ${node.path}`,
    allowed: `a network of three zones, as ${why}`,
    remedy: "create a FlinkNetwork with availabilityZoneCount 3, or name three subnets",
  });
}
