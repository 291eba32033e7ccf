import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { nameTag } from "../../core/terraform/names";
import { groupDescription, inPlainCharacters } from "../../network/description";
import { Destination, Doors, Reach } from "../../network/egress/reach";
import { IFlinkNetwork } from "../../network/i-flink-network";
import { HTTPS_PORT, InterfaceEndpoint } from "../../network/interface-endpoint";
import { idOf } from "../../network/rule-id";

/** Where a system lets the function in: a group of our own at a port of TCP, or whatever leads to a system of others. */
export type SystemDoor =
  | { readonly securityGroupId: string; readonly port: number }
  | { readonly reach: Reach; readonly destination: Destination };

export interface ProvisionerFirewallProps {
  readonly network: IFlinkNetwork;
  /** Of the function. */
  readonly name: string;
  /** What it provides, for people. */
  readonly system: string;
  readonly door: SystemDoor;
  /** Short name of the service of AWS that it calls, such as `secretsmanager`; absent where it calls none. */
  readonly service?: string;
  /** What must outlive the function's network interfaces. */
  readonly dependsOn: ITerraformDependable[];
}

/** The way of a function: to one port of one system, and to the endpoint of at most one service of AWS. Nothing comes to it. */
export class ProvisionerFirewall extends Construct implements Doors {
  public readonly securityGroupId: string;
  /** A function that is called waits for them. */
  public readonly rules: ITerraformDependable[] = [];
  private readonly description: string;

  public constructor(scope: Construct, id: string, props: ProvisionerFirewallProps) {
    super(scope, id);
    const { network, system, door } = props;
    const plain = inPlainCharacters(system);
    this.description = groupDescription("description", `The deploy makes what lies in ${plain}`);
    this.securityGroupId = new SecurityGroup(this, "SecurityGroup", {
      vpcId: network.vpcId,
      // What begins with `sg-`, as a name of a stack may, EC2 takes for an id.
      name: `function-${props.name}`,
      description: this.description,
      revokeRulesOnDelete: true,
      tags: { Name: nameTag(this) },
      dependsOn: props.dependsOn,
    }).id;
    if ("reach" in door) {
      const nodes = { network, firewall: this };
      door.reach.checkNetwork(door.destination, nodes);
      door.reach.open(door.destination, nodes);
    } else {
      this.allowNodesTo(door.securityGroupId, door.port, plain);
    }
    if (props.service !== undefined) this.openEndpoint(network, props.service);
  }

  public allowNodesTo(securityGroupId: string, port: number, description: string): void {
    this.open("system", securityGroupId, port, groupDescription("description", description), true);
  }

  public allowNodesToBlock(cidr: string, port: number, description: string): void {
    const id = `to-system-${idOf(this, cidr)}`;
    if (this.node.tryFindChild(id)) return;
    this.rules.push(
      new VpcSecurityGroupEgressRule(this, id, {
        ...{ ipProtocol: "tcp", fromPort: port, toPort: port },
        securityGroupId: this.securityGroupId,
        cidrIpv4: cidr,
        description: groupDescription("description", description),
        tags: { Name: nameTag(this) },
      }),
    );
  }

  private openEndpoint(network: IFlinkNetwork, service: string): void {
    const endpoint = network.addInterfaceEndpoint(service);
    const description = `AWS service ${service}, through its interface endpoint`;
    // Of an existing endpoint its owner decides who may call it.
    const isOurs = endpoint instanceof InterfaceEndpoint;
    this.open(`endpoint-${service}`, endpoint.securityGroupId, HTTPS_PORT, description, isOurs);
  }

  /** Both rules are here and not beside the other side, which may be in a stack that comes first. */
  private open(name: string, groupId: string, port: number, description: string, isOurs: boolean): void {
    const id = `to-${name}`;
    if (this.node.tryFindChild(id)) return;
    const rule = { ipProtocol: "tcp", fromPort: port, toPort: port };
    this.rules.push(
      new VpcSecurityGroupEgressRule(this, id, {
        ...rule,
        securityGroupId: this.securityGroupId,
        referencedSecurityGroupId: groupId,
        description,
        tags: { Name: nameTag(this) },
      }),
    );
    if (!isOurs) return;
    this.rules.push(
      new VpcSecurityGroupIngressRule(this, `${name}-from-function`, {
        ...rule,
        securityGroupId: groupId,
        referencedSecurityGroupId: this.securityGroupId,
        description: this.description,
        tags: { Name: nameTag(this) },
      }),
    );
  }
}
