import { DataAwsVpcEndpointService } from "@cdktf/provider-aws/lib/data-aws-vpc-endpoint-service";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Fn, Op } from "cdktf";
import { Construct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { nameTag } from "../../core/terraform/names";
import { escapeTerraformText, isToken } from "../../core/terraform/text";
import { groupDescription } from "../description";
import { IFlinkNetwork } from "../i-flink-network";
import { idOf } from "../rule-id";

/** What stands for the endpoint where it is to be found by DNS. */
export interface EndpointName {
  readonly dnsName: string;
  readonly zoneId: string;
}

const idOfEndpoint = (network: IFlinkNetwork, serviceName: string): string =>
  `private-link-${idOf(network, serviceName).replace(/^(?:cn\.)?com\.amazonaws\.vpce\./, "")}`;

/**
 * A door in a network to one endpoint service of others: closed until a cluster opens its ports to its nodes. All clusters
 * in the network share it. Such a service takes no policy.
 */
export class PrivateLinkEndpoint extends Construct {
  /** The one of the network, made when it is first asked for. */
  public static of(network: IFlinkNetwork, serviceName: string): PrivateLinkEndpoint {
    return PrivateLinkEndpoint.find(network, serviceName) ?? new PrivateLinkEndpoint(network, serviceName);
  }

  /** The one of the network, if it has been asked for. */
  public static find(network: IFlinkNetwork, serviceName: string): PrivateLinkEndpoint | undefined {
    return network.node.tryFindChild(idOfEndpoint(network, serviceName)) as PrivateLinkEndpoint | undefined;
  }

  /** Group of the endpoint's own interfaces. */
  public readonly securityGroupId: string;
  public readonly name: EndpointName;

  private constructor(network: IFlinkNetwork, serviceName: string) {
    super(network, idOfEndpoint(network, serviceName));
    this.securityGroupId = new SecurityGroup(this, "SecurityGroup", {
      vpcId: network.vpcId,
      name: `endpoint-${serviceName}`,
      description: groupDescription("description", "Endpoint of a service of others: open to nodes that use it"),
      // Rules of clusters refer to it: without this, AWS refuses to delete it while one of them does.
      revokeRulesOnDelete: true,
      tags: { Name: nameTag(this) },
    }).id;
    const region = this.foreignRegion(serviceName);
    const endpoint = new VpcEndpoint(this, "Resource", {
      vpcId: network.vpcId,
      serviceName,
      serviceRegion: region,
      vpcEndpointType: "Interface",
      privateDnsEnabled: false,
      subnetIds: network.subnetIds,
      securityGroupIds: [this.securityGroupId],
      tags: { Name: nameTag(this) },
    });
    // AWS may name it only when the connection is accepted; names in the network would lead nowhere.
    endpoint.lifecycle = {
      postcondition: [
        {
          condition: "${length(self.dns_entry) >= 1}",
          errorMessage: `The endpoint of ${escapeTerraformText(serviceName)} has no name yet: let whoever offers the service accept the connection, and apply again.`,
        },
      ],
    };
    if (region === undefined) this.keepToZonesOf(serviceName, network, endpoint);
    const name = endpoint.dnsEntry.get(0);
    this.name = { dnsName: name.dnsName, zoneId: name.hostedZoneId };
  }

  /** The region of the service, where the program says that it is not that of the network. */
  private foreignRegion(serviceName: string): string | undefined {
    const own = AwsAccount.knownRegion(this);
    const region = isToken(serviceName) ? undefined : serviceName.split(".")[3];
    return own === undefined || region === own ? undefined : region;
  }

  /** AWS refuses subnets of zones in which a service of the same region is not offered. */
  private keepToZonesOf(serviceName: string, network: IFlinkNetwork, endpoint: VpcEndpoint): void {
    const service = new DataAwsVpcEndpointService(this, "Service", { serviceName });
    const { availabilityZones: zones, subnetIds } = network;
    endpoint.subnetIds = Fn.matchkeys(subnetIds, zones, service.availabilityZones);
    endpoint.lifecycle = {
      ...endpoint.lifecycle,
      precondition: [
        {
          condition: Op.gte(Fn.lengthOf(Fn.setintersection(service.availabilityZones, [zones])), 1),
          errorMessage: `The endpoint service ${escapeTerraformText(serviceName)} is offered in none of the zones of the network: ask who offers it to add one of them.`,
        },
      ],
    };
  }
}
