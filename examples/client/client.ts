import { DataAwsAmi } from "@cdktf/provider-aws/lib/data-aws-ami";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { TerraformOutput } from "cdktf";
import { FlinkCluster, IFlinkNetwork, Peer } from "cdktf-flink";
import { Construct } from "constructs";

export interface ClientProps {
  readonly network: IFlinkNetwork;
  readonly flink: FlinkCluster;
}

/** The services that Session Manager's agent calls; without a way to the internet each needs an endpoint. */
const SERVICES = ["ssm", "ssmmessages"];

/** Those of `AmazonSSMManagedInstanceCore` that open sessions; none of them knows a resource. */
const SESSION_ACTIONS = [
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
];

/**
 * A small machine in the network of a cluster, which people reach by AWS Systems Manager alone: no key, no open port,
 * no public address. Through it a laptop speaks to the web UI and submits jobs.
 *
 * It belongs into the stack of the network, whose endpoints let it in.
 */
export class Client extends Construct {
  public constructor(scope: Construct, id: string, { network, flink }: ClientProps) {
    super(scope, id);
    const partition = `arn:${new DataAwsPartition(this, "partition").partition}`;
    const { accountId } = new DataAwsCallerIdentity(this, "account");
    const own = new SecurityGroup(this, "group", {
      vpcId: network.vpcId,
      name: `${flink.clusterName}-ssm-client`,
      description: `Session Manager on the client of ${flink.clusterName}`,
    }).id;
    this.allow(own, "to-s3", "S3 of this region", { prefixListId: network.s3PrefixListId });
    for (const service of SERVICES) {
      const endpoint = network.addInterfaceEndpoint(service);
      endpoint.allowFrom(Peer.securityGroup(own), `Client of ${flink.clusterName}`);
      this.allow(own, `to-${service}`, `Endpoint of ${service}`, {
        referencedSecurityGroupId: endpoint.securityGroupId,
      });
    }

    const role = new IamRole(this, "role", {
      namePrefix: `${flink.clusterName}-client-`,
      assumeRolePolicy: policy([{ Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }]),
    });
    const rolePolicy = new IamRolePolicy(this, "role-policy", {
      role: role.name,
      name: "session-manager",
      policy: policy([
        { Action: "ssm:UpdateInstanceInformation", Resource: `${partition}:ec2:*:${accountId}:instance/*` },
        { Action: SESSION_ACTIONS, Resource: "*" },
      ]),
    });
    const key = new KmsKey(this, "key", {
      description: `Disk of the client of ${flink.clusterName}`,
      enableKeyRotation: true,
      policy: policy([{ Action: "kms:*", Resource: "*", Principal: { AWS: `${partition}:iam::${accountId}:root` } }]),
    });
    const instance = new Instance(this, "machine", {
      // The full image, not the minimal one: it brings the agent of Session Manager.
      ami: new DataAwsAmi(this, "image", {
        mostRecent: true,
        owners: ["amazon"],
        filter: [{ name: "name", values: ["al2023-ami-2023.*-x86_64"] }],
      }).id,
      instanceType: "t3.micro",
      subnetId: network.subnetIds[0],
      vpcSecurityGroupIds: [flink.clientSecurityGroupId, own],
      iamInstanceProfile: new IamInstanceProfile(this, "profile", { role: role.name }).name,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      monitoring: true,
      ebsOptimized: true,
      rootBlockDevice: { volumeType: "gp3", volumeSize: 8, encrypted: true, kmsKeyId: key.arn },
      // By the second tag the command line finds it.
      tags: { Name: `${flink.clusterName}-client`, [FlinkCluster.CLIENT_TAG]: flink.clusterName },
      dependsOn: [rolePolicy],
      // A newer image is no reason to replace it.
      lifecycle: { ignoreChanges: ["ami"] },
    });

    const [host] = flink.nodeHosts;
    const port = new URL(flink.restAddresses[0]).port;
    const parameters = JSON.stringify({ host: [host], portNumber: [port], localPortNumber: [port] });
    new TerraformOutput(this, "forward_command", {
      description: "Brings the web UI and the REST API to localhost for as long as it runs",
      value:
        `aws ssm start-session --target ${instance.id} ` +
        `--document-name AWS-StartPortForwardingSessionToRemoteHost --parameters '${parameters}'`,
    }).overrideLogicalId("forward_command");
  }

  private allow(
    securityGroupId: string,
    id: string,
    description: string,
    to: { readonly prefixListId?: string; readonly referencedSecurityGroupId?: string },
  ): void {
    const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };
    new VpcSecurityGroupEgressRule(this, id, { securityGroupId, description, ...https, ...to });
  }
}

function policy(statements: readonly object[]): string {
  const allowed = statements.map((statement) => ({ Effect: "Allow", ...statement }));
  return JSON.stringify({ Version: "2012-10-17", Statement: allowed });
}
