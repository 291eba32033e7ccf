import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeVpcEndpointsCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
  paginateDescribeSecurityGroupRules,
} from "@aws-sdk/client-ec2";
import { Machine } from "../lab/machine";
import { Deployment } from "./deployment";
import { STRANGER_NAME } from "./lab-stacks";

/** One rule of the cluster's security groups, as the account has it. */
export interface FirewallRule {
  readonly id: string;
  readonly name: string;
  /** Whose group it is written in. */
  readonly groupId: string;
  readonly egress: boolean;
  readonly port: number;
  /** The group on the other side, which may be of an endpoint; absent for a rule towards S3. */
  readonly peerGroupId?: string;
}

/** A service of AWS that the cluster reaches through network interfaces in its own network. */
export interface ServiceEndpoint {
  /** By which programs call it. */
  readonly host: string;
  readonly groupId: string;
  /** One of its interfaces. */
  readonly interfaceId: string;
  readonly address: string;
}

/** Who a rule is about: two machines, a machine and an endpoint, or a machine and S3 where neither is there. */
export interface RuleEnds {
  readonly caller: Machine;
  readonly callee?: Machine;
  readonly endpoint?: ServiceEndpoint;
}

const RULE_TYPES = ["aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"];

/** The firewall of the cluster under test: its rules, who is behind them, and what they counted. */
export class Firewall {
  public static async read(deployment: Deployment): Promise<Firewall> {
    const { node_security_group_id: nodes, client_security_group_id: clients } = deployment.output;
    const ec2 = deployment.lab.ec2();
    const endpoints = await readEndpoints(ec2, deployment.lab.region);
    const groups = [nodes, clients, ...endpoints.map(({ groupId }) => groupId)];
    return new Firewall(deployment, await readRules(ec2, groups), endpoints);
  }

  private constructor(
    private readonly deployment: Deployment,
    public readonly rules: readonly FirewallRule[],
    private readonly endpoints: readonly ServiceEndpoint[],
  ) {}

  public get nodes(): Machine[] {
    return this.deployment.output.node_names.map((name) => this.deployment.machine(name));
  }

  public get client(): Machine {
    return this.deployment.client;
  }

  /** A machine of the same network that is a member of no group of the cluster. */
  public get stranger(): Machine {
    return this.deployment.machine(STRANGER_NAME);
  }

  /** Lets the stranger in on every TCP port of the nodes' group while something is done. */
  public async whileOpenToStranger(act: () => Promise<void>): Promise<void> {
    const { lab, output } = this.deployment;
    const rule = {
      GroupId: output.node_security_group_id,
      IpPermissions: [
        {
          ...{ IpProtocol: "tcp", FromPort: 0, ToPort: 65_535 },
          IpRanges: [{ CidrIp: `${this.addressOf(this.stranger)}/32` }],
        },
      ],
    };
    await lab.ec2().send(new AuthorizeSecurityGroupIngressCommand(rule));
    try {
      await lab.settled();
      await act();
    } finally {
      await lab.ec2().send(new RevokeSecurityGroupIngressCommand(rule));
      await lab.settled();
    }
  }

  /** S3 of the region, by the name that programs use. */
  public get s3Host(): string {
    return `s3.${this.deployment.lab.region}.amazonaws.com`;
  }

  /** Names of the rules that Terraform holds for the streaming stack. */
  public async synthesizedNames(): Promise<string[]> {
    const state = (await (await this.deployment.terraform("streaming")).show()) as unknown as TerraformState;
    return state.values.root_module.resources
      .filter(({ type }) => RULE_TYPES.includes(type))
      .map(({ values }) => values.tags.Name);
  }

  /** Machines between which a rule shows; undefined where the cluster has too few for it. */
  public endsOf(rule: FirewallRule): RuleEnds | undefined {
    const endpoint = this.endpoints.find(({ groupId }) => [rule.groupId, rule.peerGroupId].includes(groupId));
    if (endpoint) return { caller: this.nodes[0], endpoint };
    const own = this.membersOf(rule.groupId);
    if (rule.peerGroupId === undefined) return own[0] && { caller: own[0] };
    const peers = this.membersOf(rule.peerGroupId);
    const [callers, callees] = rule.egress ? [own, peers] : [peers, own];
    for (const caller of callers) {
      const callee = callees.find((machine) => machine !== caller);
      if (callee) return { caller, callee };
    }
    return undefined;
  }

  /** Rules that two machines are there for. */
  public get played(): FirewallRule[] {
    return this.rules.filter((rule) => this.endsOf(rule));
  }

  /** Rules among nodes, where there is one node only: what it says to itself passes no firewall. */
  public get notPlayed(): FirewallRule[] {
    return this.rules.filter((rule) => !this.endsOf(rule));
  }

  /** New connections that each counter has seen; see `SecurityGroups.counts`. */
  public async counts(): Promise<(counter: string) => number> {
    const counts = await this.deployment.lab.securityGroups.counts();
    return (counter) => {
      const count = counts.get(counter.replace(/-/g, "_"));
      if (!count) throw new Error(`the lab's firewall has no counter ${counter}`);
      return count.packets;
    };
  }

  /** Those of the rules that no connection has passed by yet. */
  public async untouched(rules: readonly FirewallRule[]): Promise<FirewallRule[]> {
    const count = await this.counts();
    return rules.filter(({ id }) => count(id) === 0);
  }

  /** Counter of what was refused on its way out of or into a machine. */
  public async refusals(machine: Machine, direction: "in" | "out"): Promise<string> {
    const answer = await this.deployment.lab.ec2().send(new DescribeInstancesCommand({ InstanceIds: [machine.id] }));
    const [card] = answer.Reservations?.[0]?.Instances?.[0]?.NetworkInterfaces ?? [];
    if (!card?.NetworkInterfaceId) throw new Error(`${machine.name} has no network interface`);
    return `refused_${direction}_${card.NetworkInterfaceId}`;
  }

  public addressOf(machine: Machine): string {
    return this.deployment.lab.addressOf(machine);
  }

  private membersOf(groupId: string): readonly Machine[] {
    const { node_security_group_id: nodes, client_security_group_id: clients } = this.deployment.output;
    if (groupId === nodes) return this.nodes;
    if (groupId === clients) return [this.client];
    throw new Error(`the lab has no machine that is a member of ${groupId}`);
  }
}

async function readEndpoints(client: EC2Client, region: string): Promise<ServiceEndpoint[]> {
  const { VpcEndpoints: endpoints } = await client.send(new DescribeVpcEndpointsCommand({}));
  const own = (endpoints ?? []).filter(({ VpcEndpointType: type }) => type === "Interface");
  return Promise.all(
    own.map(async ({ ServiceName: service, Groups: groups, NetworkInterfaceIds: ids }) => {
      const [groupId, interfaceId] = [groups?.[0]?.GroupId, ids?.[0]];
      if (!service || !groupId || !interfaceId) throw new Error(`the endpoint of ${service} has no interface or group`);
      const query = new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [interfaceId] });
      const address = (await client.send(query)).NetworkInterfaces?.[0]?.PrivateIpAddress;
      if (!address) throw new Error(`the endpoint of ${service} has no address`);
      return { host: `${service.split(".").pop()}.${region}.amazonaws.com`, groupId, interfaceId, address };
    }),
  );
}

interface TerraformState {
  readonly values: {
    readonly root_module: {
      readonly resources: readonly {
        readonly type: string;
        readonly values: { readonly tags: { readonly Name: string } };
      }[];
    };
  };
}

async function readRules(client: EC2Client, groupIds: readonly string[]): Promise<FirewallRule[]> {
  const rules: FirewallRule[] = [];
  if (groupIds.length === 0) return rules;
  const query = { Filters: [{ Name: "group-id", Values: [...groupIds] }] };
  for await (const page of paginateDescribeSecurityGroupRules({ client }, query)) {
    for (const rule of page.SecurityGroupRules ?? []) {
      const name = rule.Tags?.find(({ Key }) => Key === "Name")?.Value;
      const { SecurityGroupRuleId: id, GroupId: groupId, FromPort: port, ToPort: last } = rule;
      if (!id || !groupId || !name || port === undefined || port !== last || rule.CidrIpv4 || rule.CidrIpv6) {
        throw new Error(`a rule of the cluster is none that its firewall makes: ${JSON.stringify(rule)}`);
      }
      rules.push({
        ...{ id, name, groupId, port },
        egress: rule.IsEgress ?? false,
        peerGroupId: rule.ReferencedGroupInfo?.GroupId,
      });
    }
  }
  return rules;
}
