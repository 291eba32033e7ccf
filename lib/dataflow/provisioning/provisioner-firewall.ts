import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { nameTag } from "../../core/terraform/names";
import { groupDescription, inPlainCharacters } from "../../network/description";
import { IFlinkNetwork } from "../../network/i-flink-network";
import { HTTPS_PORT, InterfaceEndpoint } from "../../network/interface-endpoint";

export interface ProvisionerFirewallProps {
  readonly network: IFlinkNetwork;
  /** Of the function. */
  readonly name: string;
  /** What it provides, for people. */
  readonly system: string;
  readonly systemSecurityGroupId: string;
  readonly systemPort: number;
  /** Short name of the service of AWS that it calls, such as `secretsmanager`; absent where it calls none. */
  readonly service?: string;
  /** What must outlive the function's network interfaces. */
  readonly dependsOn: ITerraformDependable[];
}

/** The way of a function: to one port of one system, and to the endpoint of at most one service of AWS. Nothing comes to it. */
export class ProvisionerFirewall extends Construct {
  public readonly securityGroupId: string;
  /** A function that is called waits for them. */
  public readonly rules: readonly ITerraformDependable[];
  private readonly description: string;

  public constructor(scope: Construct, id: string, props: ProvisionerFirewallProps) {
    super(scope, id);
    const { network, system, systemPort } = props;
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
    this.rules = [
      ...this.open("system", props.systemSecurityGroupId, systemPort, groupDescription("description", plain), true),
      ...(props.service === undefined ? [] : this.openEndpoint(network, props.service)),
    ];
  }

  private openEndpoint(network: IFlinkNetwork, service: string): ITerraformDependable[] {
    const endpoint = network.addInterfaceEndpoint(service);
    const description = `AWS service ${service}, through its interface endpoint`;
    // Of an existing endpoint its owner decides who may call it.
    const isOurs = endpoint instanceof InterfaceEndpoint;
    return this.open(`endpoint-${service}`, endpoint.securityGroupId, HTTPS_PORT, description, isOurs);
  }

  /** Both rules are here and not beside the other side, which may be in a stack that comes first. */
  private open(
    name: string,
    groupId: string,
    port: number,
    description: string,
    isOurs: boolean,
  ): ITerraformDependable[] {
    const rule = { ipProtocol: "tcp", fromPort: port, toPort: port };
    const to = new VpcSecurityGroupEgressRule(this, `to-${name}`, {
      ...rule,
      securityGroupId: this.securityGroupId,
      referencedSecurityGroupId: groupId,
      description,
      tags: { Name: nameTag(this) },
    });
    if (!isOurs) return [to];
    const from = new VpcSecurityGroupIngressRule(this, `${name}-from-function`, {
      ...rule,
      securityGroupId: groupId,
      referencedSecurityGroupId: this.securityGroupId,
      description: this.description,
      tags: { Name: nameTag(this) },
    });
    return [to, from];
  }
}
