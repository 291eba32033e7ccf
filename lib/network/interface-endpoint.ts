import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct, IConstruct } from "constructs";
import { AwsAccount } from "../core/terraform/aws-account";
import { nameTag } from "../core/terraform/names";
import { policyDocument } from "../core/terraform/policy";
import { requireText } from "../core/validation";
import { groupDescription } from "./description";
import { Peer, requirePeer } from "./peer";
import { refusePublicPrefixList } from "./private-prefix-list";
import { peerId } from "./rule-id";
import { interfaceEndpointServiceName } from "./service-name";

/** The port of every endpoint of AWS. */
export const HTTPS_PORT = 443;

const SERVICE = /^(?!s3$)(?=.{1,64}$)[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*$/;

/** Services whose resources all belong to the account that uses them. */
const SERVICES_WITH_OWN_RESOURCES: readonly string[] = ["acm-pca", "kms", "logs", "secretsmanager"];

/** A door in the network to one service of AWS. */
export interface IInterfaceEndpoint extends IConstruct {
  /** Short name of the service, such as `kms`. */
  readonly service: string;
  /** Group of the endpoint's own interfaces. */
  readonly securityGroupId: string;
  /**
   * Lets a peer call the service on port 443. Naming a peer twice changes nothing. An endpoint of an existing
   * network is left as it is: its owner must let the network in.
   *
   * @param peer who may call
   * @param description who that is: 1 to 255 characters of those that EC2 takes
   */
  allowFrom(peer: Peer, description: string): void;
}

/** Refuses what cannot be the name of a service. */
export function requireEndpointService(property: string, service: string): void {
  requireText(
    property,
    service,
    SERVICE,
    'the short name of an AWS service that has interface endpoints, such as "kms" or "ecr.api" (S3 has its gateway endpoint)',
  );
}

/** What an `InterfaceEndpoint` is told. */
export interface InterfaceEndpointProps {
  readonly service: string;
  readonly vpcId: string;
  readonly subnetIds: string[];
}

/** An endpoint of our own: closed until somebody asks, and only for principals of this account. */
export class InterfaceEndpoint extends Construct implements IInterfaceEndpoint {
  public readonly service: string;
  public readonly securityGroupId: string;

  public constructor(scope: Construct, id: string, props: InterfaceEndpointProps) {
    super(scope, id);
    this.service = props.service;
    const account = AwsAccount.of(this);
    this.securityGroupId = new SecurityGroup(this, "SecurityGroup", {
      vpcId: props.vpcId,
      name: `endpoint-${props.service}`,
      description: groupDescription("description", `Interface endpoint of ${props.service}: open to those that ask`),
      revokeRulesOnDelete: true,
      tags: { Name: nameTag(this) },
    }).id;
    new VpcEndpoint(this, "Resource", {
      vpcId: props.vpcId,
      serviceName: interfaceEndpointServiceName(this, props.service),
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      subnetIds: props.subnetIds,
      securityGroupIds: [this.securityGroupId],
      policy: policyDocument([
        {
          Sid: "ThisAccount",
          Effect: "Allow",
          Principal: "*",
          Action: "*",
          Resource: "*",
          Condition: {
            StringEquals: {
              "aws:PrincipalAccount": account.accountId,
              ...(SERVICES_WITH_OWN_RESOURCES.includes(props.service) && {
                "aws:ResourceAccount": account.accountId,
              }),
            },
          },
        },
      ]),
      tags: { Name: nameTag(this) },
    });
  }

  public allowFrom(peer: Peer, description: string): void {
    requirePeer("peer", peer);
    const checked = groupDescription("description", description);
    const id = `from-${peerId(this, peer)}`;
    if (this.node.tryFindChild(id)) return;
    new VpcSecurityGroupIngressRule(this, id, {
      securityGroupId: this.securityGroupId,
      cidrIpv4: peer.cidrBlock,
      referencedSecurityGroupId: peer.securityGroupId,
      prefixListId: peer.prefixListId,
      ipProtocol: "tcp",
      fromPort: HTTPS_PORT,
      toPort: HTTPS_PORT,
      description: checked,
      tags: { Name: nameTag(this) },
      lifecycle: refusePublicPrefixList(this, peer),
    });
  }
}

/** An endpoint that an existing network has: its owner decides who may call it. */
export class ExistingInterfaceEndpoint extends Construct implements IInterfaceEndpoint {
  public constructor(
    scope: Construct,
    id: string,
    public readonly service: string,
    public readonly securityGroupId: string,
  ) {
    super(scope, id);
  }

  public allowFrom(): void {
    // Nothing of ours: a rule in a group that its owner manages would be undone or fought over.
  }
}
