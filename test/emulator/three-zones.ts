import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { TerraformStack } from "cdktf";
import { FlinkNetwork } from "../../lib/network/flink-network";
import { IFlinkNetwork } from "../../lib/network/i-flink-network";
import { NETWORK_ATTRIBUTES } from "../cluster/support";
import { REGION } from "./clients";

/** As little of a network as services need that look for their subnets: made in each test, and nothing else of it. */
export function networkOfThreeZones(stack: TerraformStack): IFlinkNetwork {
  const vpcId = new Vpc(stack, "vpc", { cidrBlock: "10.1.0.0/16" }).id;
  const subnetIds = ["a", "b", "c"].map((zone, index) => {
    const place = { cidrBlock: `10.1.${index}.0/24`, availabilityZone: `${REGION}${zone}` };
    return new Subnet(stack, `subnet-${zone}`, { vpcId, ...place }).id;
  });
  return FlinkNetwork.fromFlinkNetworkAttributes(stack, "network", { ...NETWORK_ATTRIBUTES, vpcId, subnetIds });
}
