import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Construct } from "constructs";
import { nameTag } from "../core/terraform/names";
import { groupDescription } from "../network/description";

export interface ClosedSecurityGroupProps {
  readonly vpcId: string;
  readonly name: string;
  readonly description: string;
}

/**
 * Id of a security group without a rule, until a Flink cluster adds its own. Machines of a service reach each other within
 * the service: in the network they answer clients and call nobody.
 */
export function closedSecurityGroup(scope: Construct, { vpcId, name, description }: ClosedSecurityGroupProps): string {
  return new SecurityGroup(scope, "SecurityGroup", {
    vpcId,
    name,
    description: groupDescription("description", description),
    // Rules of clusters refer to it: without this, AWS refuses to delete it while one of them does.
    revokeRulesOnDelete: true,
    tags: { Name: nameTag(scope) },
  }).id;
}
