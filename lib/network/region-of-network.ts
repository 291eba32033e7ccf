import { IConstruct } from "constructs";
import { AwsAccount } from "../core/terraform/aws-account";
import { refuse } from "../core/validation";

/**
 * Refuses a network of another region than that of the construct which is to stand in it, as a VPC is of one region alone.
 * Nothing where the program does not say one of the regions.
 */
export function requireRegionOfNetwork(property: string, network: IConstruct, scope: IConstruct): void {
  const [region, ofNetwork] = [AwsAccount.knownRegion(scope), AwsAccount.knownRegion(network)];
  if (region === undefined || ofNetwork === undefined || region === ofNetwork) return;
  refuse({
    property,
    value: `the construct ${network.node.path}, whose stack is of ${ofNetwork}`,
    allowed: `a network of ${region}, the region of this stack's AWS provider`,
    remedy: "make a network in a stack of that region, or set region of this stack's AWS provider to the network's",
  });
}
