import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import { Size } from "../core/size";
import { AwsAccount } from "../core/terraform/aws-account";
import { allow, Allowance, policyDocument } from "../core/terraform/policy";
import { ScopeRequirement, ScopeWriter } from "../dataflow/scope";
import type { Destination, Reach } from "../network/egress/reach";
import { ClusterFirewall } from "../network/firewall";
import { IFlinkNetwork } from "../network/i-flink-network";
import { createRole, createRolePolicy, roleArnPrefix, RoleOfClusterProps } from "./role-parts";

/** What is written in a system that is no service of AWS by itself, as each `GrantedScope` is. */
export interface ShippingSink {
  /** The way there. */
  readonly _connection?: Destination & { readonly reach?: Reach };
  /** Lets the role in where the system has to be told of it. */
  _admit?(scope: Construct, writer: ScopeWriter): void;
}

/** What is asked of a cluster by who wants what its machines tell of themselves. */
export interface ShippingRequest {
  /** The construct that asks, for messages. */
  readonly path: string;
  readonly sink?: ShippingSink;
  /** Short names of the services of AWS that are called, beside STS. */
  readonly services: readonly string[];
  /** What the role needs. */
  readonly allowances: (scope: Construct) => Allowance[];
  /** What Terraform must find true of values that it alone knows, before anything may be written. */
  readonly requirements: readonly ScopeRequirement[];
}

/** What a cluster itself has to say. */
export interface ShippingProps {
  readonly clusterName: string;
  readonly network: IFlinkNetwork;
  readonly firewall: ClusterFirewall;
  /** Of the machines, which take the role. */
  readonly nodeRole: IamRole;
  readonly dataVolumeSize: Size;
  readonly flinkConfiguration: { readonly [key: string]: string };
  readonly tags: { readonly [key: string]: string };
  /** Told of each policy: machines must come after it and go before it. */
  readonly onPolicy: (policy: IamRolePolicy) => void;
}

/** What is shipped, in words. */
export interface ShippingKind {
  /** What the role is called after the cluster's name. */
  readonly kind: Extract<RoleOfClusterProps["kind"], "logs" | "metrics">;
  /** Such as `Logs`. */
  readonly title: string;
  /** Why the firewall lets nodes there, such as `Where logs go`. */
  readonly purpose: string;
}

export interface RequestedShippingProps extends ShippingProps {
  readonly request: ShippingRequest;
}

/**
 * The way out of a cluster of what its machines tell of themselves, as far as it is the cluster's: a role that may write there
 * and nothing else, which machines take for the programs that ship it, and the doors on both sides. Jobs cannot take that role.
 */
export abstract class Shipping extends Construct {
  /** Refuses a network that does not lead there; changes nothing. */
  protected static checkReach(
    { sink }: ShippingRequest,
    { network, firewall }: ShippingProps,
    { purpose }: ShippingKind,
  ): void {
    const connection = sink?._connection;
    connection?.reach?.checkNetwork(destinationOf(connection, purpose), { network, firewall });
  }

  public readonly role: IamRole;
  /** The construct that asked for it. */
  public readonly path: string;

  protected constructor(
    scope: Construct,
    id: string,
    props: RequestedShippingProps,
    private readonly kind: ShippingKind,
  ) {
    super(scope, id);
    const { clusterName, request } = props;
    const { requirements } = request;
    this.path = request.path;
    this.role = this.createRole(props);
    const policy = createRolePolicy(this, this.role, kind.kind, request.allowances(this).map(allow));
    policy.lifecycle = requirements.length > 0 ? { precondition: [...requirements] } : undefined;
    props.onPolicy(policy);
    props.onPolicy(this.letMachinesTakeRole(props.nodeRole));
    this.open(props, request);
    request.sink?._admit?.(this, {
      name: `${clusterName}-${kind.kind}`,
      roleArn: this.role.arn,
      roleArnPrefix: roleArnPrefix(this, clusterName, kind.kind),
      isJobs: false,
    });
  }

  private createRole({ clusterName, nodeRole, tags }: ShippingProps): IamRole {
    return createRole(this, {
      clusterName,
      kind: this.kind.kind,
      description: `${this.kind.title} of the Flink cluster ${clusterName}`,
      trust: {
        Sid: "MachinesOfTheCluster",
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { AWS: nodeRole.arn },
        Condition: { StringEquals: { "aws:PrincipalAccount": AwsAccount.of(this).accountId } },
      },
      tags,
    });
  }

  /** Apart from what all machines may, so that a cluster that ships nothing has a role less to take. */
  private letMachinesTakeRole(nodeRole: IamRole): IamRolePolicy {
    const { kind, title } = this.kind;
    return new IamRolePolicy(this, "TakeRole", {
      role: nodeRole.name,
      name: `take-${kind}-role`,
      policy: policyDocument([
        { Sid: `Take${title}Role`, Effect: "Allow", Action: ["sts:AssumeRole"], Resource: [this.role.arn] },
      ]),
    });
  }

  private open({ network, firewall }: ShippingProps, { sink, services }: ShippingRequest): void {
    const connection = sink?._connection;
    connection?.reach?.open(destinationOf(connection, this.kind.purpose), { network, firewall });
    for (const service of services) firewall.allowNodesToEndpoint(network.addInterfaceEndpoint(service));
  }
}

function destinationOf({ path, hosts, ports }: Destination, purpose: string): Destination {
  return { path, hosts, ports, purpose };
}
