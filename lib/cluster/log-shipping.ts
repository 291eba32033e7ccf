import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import { Size } from "../core/size";
import { AwsAccount } from "../core/terraform/aws-account";
import { allow, Allowance, policyDocument } from "../core/terraform/policy";
import { refuse } from "../core/validation";
import { Connection, GrantedScope, ScopeRequirement } from "../dataflow/scope";
import type { Destination } from "../network/egress/reach";
import { ClusterFirewall } from "../network/firewall";
import { IFlinkNetwork } from "../network/i-flink-network";
import { LogDestinationSpec, LogShippingInput } from "../node/logs/log-shipping";
import { createRole, createRolePolicy, roleNamePrefix } from "./role-parts";

/** What is asked of a cluster by who wants its logs. */
export interface LogShippingRequest {
  /** The construct that asks, for messages. */
  readonly path: string;
  readonly destination: LogDestinationSpec;
  /** Fields of documents beside `@timestamp` and `message`; absent: all. */
  readonly fields?: readonly string[];
  /** On the disk of each machine, for each of Flink's two processes. */
  readonly bufferSize: Size;
  /** What is written in a system that is no service of AWS by itself; its connection is the way there. */
  readonly sink?: GrantedScope;
  /** Short names of the services of AWS that are called, beside STS. */
  readonly services: readonly string[];
  /** What the role of logs needs. */
  readonly allowances: (scope: Construct) => Allowance[];
  /** What Terraform must find true of values that it alone knows, before anything may be written. */
  readonly requirements: readonly ScopeRequirement[];
}

/** What a cluster itself has to say. */
export interface LogShippingProps {
  readonly clusterName: string;
  readonly network: IFlinkNetwork;
  readonly firewall: ClusterFirewall;
  /** Of the machines, which take the role of logs. */
  readonly nodeRole: IamRole;
  readonly dataVolumeSize: Size;
  readonly tags: { readonly [key: string]: string };
  /** Told of each policy: machines must come after it and go before it. */
  readonly onPolicy: (policy: IamRolePolicy) => void;
}

export interface RequestedLogShippingProps extends LogShippingProps {
  readonly request: LogShippingRequest;
}

/** Flink's two processes have one each. */
const BUFFERS = 2;
/** The rest is for what Flink and ZooKeeper write. */
const LARGEST_PART_OF_VOLUME = 1 / 2;

/**
 * The way of a cluster's logs, as far as it is the cluster's: a role that may write there and nothing else, which machines
 * take for the log exporter, and the doors on both sides. Jobs cannot take that role.
 */
export class LogShipping extends Construct {
  /** Refuses what could not work; changes nothing. */
  public static check(request: LogShippingRequest, { network, firewall, dataVolumeSize }: LogShippingProps): void {
    const most = Math.floor((dataVolumeSize.toMebibytes() * LARGEST_PART_OF_VOLUME) / BUFFERS);
    if (request.bufferSize.toMebibytes() > most) {
      refuse({
        property: "bufferSize",
        value: request.bufferSize,
        allowed: `at most ${Size.mebibytes(most)}, so that both processes' together take half of the data volume of ${dataVolumeSize}`,
        remedy: `use Size.mebibytes(${most}) or less, or raise dataVolumeSize of the cluster`,
      });
    }
    const connection = request.sink?._connection;
    connection?.reach?.checkNetwork(destinationOf(connection), { network, firewall });
  }

  public readonly role: IamRole;
  /** What nodes are told. */
  public readonly input: LogShippingInput;

  /** The construct that asked for it. */
  public readonly path: string;

  public constructor(scope: Construct, id: string, props: RequestedLogShippingProps) {
    super(scope, id);
    const { request } = props;
    const { requirements } = request;
    this.path = request.path;
    this.role = this.createRole(props);
    const policy = createRolePolicy(this, this.role, "logs", request.allowances(this).map(allow));
    policy.lifecycle = requirements.length > 0 ? { precondition: [...requirements] } : undefined;
    props.onPolicy(policy);
    props.onPolicy(this.letMachinesTakeRole(props.nodeRole));
    this.open(props, request);
    request.sink?._admit?.(this, {
      name: `${props.clusterName}-logs`,
      roleArn: this.role.arn,
      roleNamePrefix: roleNamePrefix(props.clusterName, "logs"),
      isJobs: false,
    });
    this.input = {
      roleArn: this.role.arn,
      destination: request.destination,
      fields: request.fields,
      bufferBytes: request.bufferSize.toBytes(),
    };
  }

  private createRole({ clusterName, nodeRole, tags }: LogShippingProps): IamRole {
    return createRole(this, {
      clusterName,
      kind: "logs",
      description: `Logs of the Flink cluster ${clusterName}`,
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

  /** Apart from what all machines may, so that a cluster without logs has a role less to take. */
  private letMachinesTakeRole(nodeRole: IamRole): IamRolePolicy {
    return new IamRolePolicy(this, "TakeRole", {
      role: nodeRole.name,
      name: "take-logs-role",
      policy: policyDocument([
        { Sid: "TakeLogsRole", Effect: "Allow", Action: ["sts:AssumeRole"], Resource: [this.role.arn] },
      ]),
    });
  }

  private open({ network, firewall }: LogShippingProps, { sink, services }: LogShippingRequest): void {
    const connection = sink?._connection;
    connection?.reach?.open(destinationOf(connection), { network, firewall });
    for (const service of services) firewall.allowNodesToEndpoint(network.addInterfaceEndpoint(service));
  }
}

function destinationOf({ path, hosts, ports }: Connection): Destination {
  return { path, hosts, ports, purpose: "Where logs go" };
}
