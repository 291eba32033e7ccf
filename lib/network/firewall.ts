import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { allPorts, Caller, Port } from "../node/ports";
import { groupDescription } from "./description";
import { IFlinkNetwork } from "./i-flink-network";
import { HTTPS_PORT, IInterfaceEndpoint, InterfaceEndpoint } from "./interface-endpoint";
import { Peer, requirePeer } from "./peer";
import { refusePublicPrefixList } from "./private-prefix-list";
import { idOf, peerId } from "./rule-id";

/** What a `ClusterFirewall` is told. */
export interface ClusterFirewallProps {
  readonly clusterName: string;
  readonly network: IFlinkNetwork;
  /** Tags of everything that is created here. */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * The firewall of one cluster, made of the port table: one security group for its nodes, one for its clients,
 * and one rule per port, direction and caller. What no rule names is closed, in and out.
 *
 * Names and instance metadata need no rule: security groups do not filter the VPC's resolver and 169.254.169.254.
 */
export class ClusterFirewall extends Construct {
  /** Group of the nodes. */
  public readonly nodesSecurityGroupId: string;
  /** Group whose members may call the ports that the table opens to clients. */
  public readonly clientsSecurityGroupId: string;

  private readonly clusterName: string;
  private readonly tags: { readonly [key: string]: string };

  public constructor(scope: Construct, id: string, props: ClusterFirewallProps) {
    super(scope, id);
    this.clusterName = props.clusterName;
    this.tags = props.tags ?? {};
    this.nodesSecurityGroupId = this.group(props, "nodes", `Nodes of the Flink cluster ${props.clusterName}`);
    this.clientsSecurityGroupId = this.group(props, "clients", `Clients of the Flink cluster ${props.clusterName}`);

    for (const port of allPorts()) {
      if (port.callers.includes(Caller.NODES)) this.allowAmongNodes(port);
      if (port.callers.includes(Caller.CLIENTS)) this.allowFromClients(port);
    }
    new VpcSecurityGroupEgressRule(this, "nodes-to-s3", {
      securityGroupId: this.nodesSecurityGroupId,
      prefixListId: props.network.s3PrefixListId,
      ...tcp(HTTPS_PORT),
      description: groupDescription("description", "S3 of this region, through the gateway endpoint"),
      tags: this.named("nodes-to-s3"),
    });
  }

  /**
   * Opens the ports that the table opens to clients (today the REST API) for one more peer. Naming a peer twice
   * changes nothing.
   *
   * @param peer who may call
   * @param description why: 1 to 255 characters of those that EC2 takes
   */
  public allowClientsFrom(peer: Peer, description: string): void {
    requirePeer("peer", peer);
    const checked = groupDescription("description", description);
    for (const port of allPorts().filter((row) => row.callers.includes(Caller.CLIENTS))) {
      const id = `${port.name}-from-${peerId(this, peer)}`;
      if (this.node.tryFindChild(id)) continue;
      new VpcSecurityGroupIngressRule(this, id, {
        securityGroupId: this.nodesSecurityGroupId,
        cidrIpv4: peer.cidrBlock,
        referencedSecurityGroupId: peer.securityGroupId,
        prefixListId: peer.prefixListId,
        ...tcp(port.port),
        description: checked,
        tags: this.named(`${port.name}-from-peer`),
        lifecycle: refusePublicPrefixList(this, peer),
      });
    }
  }

  /** Lets the nodes call an interface endpoint. Naming an endpoint twice changes nothing. */
  public allowNodesToEndpoint(endpoint: IInterfaceEndpoint): void {
    const id = `nodes-to-endpoint-${endpoint.service}`;
    if (this.node.tryFindChild(id)) return;
    new VpcSecurityGroupEgressRule(this, id, {
      securityGroupId: this.nodesSecurityGroupId,
      referencedSecurityGroupId: endpoint.securityGroupId,
      ...tcp(HTTPS_PORT),
      description: groupDescription("description", `AWS service ${endpoint.service}, through its interface endpoint`),
      tags: this.named(id),
    });
    const description = groupDescription("description", `Nodes of the Flink cluster ${this.clusterName}`);
    if (!(endpoint instanceof InterfaceEndpoint)) {
      endpoint.allowFrom(Peer.securityGroup(this.nodesSecurityGroupId), description);
      return;
    }
    // Here and not beside the endpoint: a network in a stack of its own must not wait for its clusters.
    new VpcSecurityGroupIngressRule(this, `endpoint-${endpoint.service}-from-nodes`, {
      securityGroupId: endpoint.securityGroupId,
      referencedSecurityGroupId: this.nodesSecurityGroupId,
      ...tcp(HTTPS_PORT),
      description,
      tags: this.named(`endpoint-${endpoint.service}-from-nodes`),
    });
  }

  /**
   * Lets the nodes call another system at a port, and opens its group to them. Naming both again changes nothing.
   *
   * @param securityGroupId of the other system
   * @param port TCP
   * @param description what the nodes want there: 1 to 255 characters of those that EC2 takes
   */
  public allowNodesTo(securityGroupId: string, port: number, description: string): void {
    const name = `${port}-of-${peerId(this, Peer.securityGroup(securityGroupId))}`;
    const id = `nodes-to-${name}`;
    if (this.node.tryFindChild(id)) return;
    new VpcSecurityGroupEgressRule(this, id, {
      securityGroupId: this.nodesSecurityGroupId,
      referencedSecurityGroupId: securityGroupId,
      ...tcp(port),
      description: groupDescription("description", description),
      tags: this.named(`nodes-to-port-${port}`),
    });
    // Here and not beside the other system, which may be in a stack that comes first.
    new VpcSecurityGroupIngressRule(this, `${name}-from-nodes`, {
      securityGroupId,
      referencedSecurityGroupId: this.nodesSecurityGroupId,
      ...tcp(port),
      description: groupDescription("description", `Nodes of the Flink cluster ${this.clusterName}`),
      tags: this.named(`port-${port}-from-nodes`),
    });
  }

  /**
   * Lets the nodes call a port of any machine in a block of addresses, which no group of ours can open. Naming both again
   * changes nothing.
   *
   * @param cidr private
   * @param port TCP
   * @param description what the nodes want there: 1 to 255 characters of those that EC2 takes
   */
  public allowNodesToBlock(cidr: string, port: number, description: string): void {
    const id = `nodes-to-${port}-of-${idOf(this, cidr)}`;
    if (this.node.tryFindChild(id)) return;
    new VpcSecurityGroupEgressRule(this, id, {
      securityGroupId: this.nodesSecurityGroupId,
      cidrIpv4: cidr,
      ...tcp(port),
      description: groupDescription("description", description),
      tags: this.named(`nodes-to-port-${port}`),
    });
  }

  private allowAmongNodes(port: Port): void {
    const description = groupDescription("description", port.why);
    const rule = {
      securityGroupId: this.nodesSecurityGroupId,
      referencedSecurityGroupId: this.nodesSecurityGroupId,
      ...tcp(port.port),
      description,
    };
    new VpcSecurityGroupIngressRule(this, `${port.name}-from-nodes`, {
      ...rule,
      tags: this.named(`${port.name}-from-nodes`),
    });
    new VpcSecurityGroupEgressRule(this, `${port.name}-to-nodes`, {
      ...rule,
      tags: this.named(`${port.name}-to-nodes`),
    });
  }

  private allowFromClients(port: Port): void {
    const description = groupDescription("description", port.why);
    new VpcSecurityGroupIngressRule(this, `${port.name}-from-clients`, {
      securityGroupId: this.nodesSecurityGroupId,
      referencedSecurityGroupId: this.clientsSecurityGroupId,
      ...tcp(port.port),
      description,
      tags: this.named(`${port.name}-from-clients`),
    });
    new VpcSecurityGroupEgressRule(this, `clients-to-${port.name}`, {
      securityGroupId: this.clientsSecurityGroupId,
      referencedSecurityGroupId: this.nodesSecurityGroupId,
      ...tcp(port.port),
      description,
      tags: this.named(`clients-to-${port.name}`),
    });
  }

  private group(props: ClusterFirewallProps, id: string, description: string): string {
    return new SecurityGroup(this, id, {
      vpcId: props.network.vpcId,
      name: `${props.clusterName}-${id}`,
      description: groupDescription("description", description),
      // Groups refer to each other: without this, AWS refuses to delete either while a rule names it.
      revokeRulesOnDelete: true,
      tags: { ...this.tags, Name: `${props.clusterName}-${id}` },
    }).id;
  }

  private named(name: string): { [key: string]: string } {
    return { ...this.tags, Name: name };
  }
}

function tcp(port: number): { readonly ipProtocol: string; readonly fromPort: number; readonly toPort: number } {
  return { ipProtocol: "tcp", fromPort: port, toPort: port };
}
