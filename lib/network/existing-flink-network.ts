import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { Fn, Op, ref } from "cdktf";
import { Construct } from "constructs";
import { checkInputOf } from "../core/terraform/refusals";
import { isTextToken, requireKnown } from "../core/terraform/text";
import { OptionNames, refuse, requireMap, requireOptionsOf, requireText } from "../core/validation";
import { requirePrivateBlock } from "./cidr";
import { requireDomainName } from "./domain-name";
import { FlinkNetworkBase } from "./flink-network-base";
import { FlinkNetworkAttributes } from "./i-flink-network";
import { ExistingInterfaceEndpoint, requireEndpointService } from "./interface-endpoint";
import { requireSecurityGroupId } from "./peer";
import { requireAvailabilityZones } from "./zones";

/** A VPC that others manage. Nothing of it is changed; what is created beside it is asked for by name. */
export class ExistingFlinkNetwork extends FlinkNetworkBase {
  public readonly vpcId: string;
  public readonly cidr: string;
  public readonly subnetIds: string[];
  public readonly availabilityZones: string[];
  public readonly s3PrefixListId: string;
  public readonly privateZoneId: string;
  public readonly domainName: string;

  public constructor(scope: Construct, id: string, attributes: FlinkNetworkAttributes) {
    super(scope, id);
    checkInputOf(this, () => checkAttributes(attributes));
    this.vpcId = attributes.vpcId;
    this.cidr = attributes.cidr;
    this.subnetIds = [...attributes.subnetIds];
    this.s3PrefixListId = attributes.s3PrefixListId as string;
    this.privateZoneId = attributes.privateZoneId;
    this.domainName = attributes.domainName;
    this.availabilityZones = attributes.availabilityZones ? [...attributes.availabilityZones] : this.readZones();

    for (const [service, securityGroupId] of Object.entries(attributes.interfaceEndpoints ?? {})) {
      new ExistingInterfaceEndpoint(this, `endpoint-${service}`, service, securityGroupId);
    }
  }

  private readZones(): string[] {
    const zones: string[] = [];
    this.subnetIds.forEach((id, index) => {
      const others = [...zones];
      const subnet = new DataAwsSubnet(this, `subnet-${index + 1}`, { id });
      if (others.length > 0)
        subnet.lifecycle = {
          postcondition: [
            {
              condition: Op.not(Fn.contains(others, ref("self.availability_zone"))),
              errorMessage: "Two of the subnetIds are in one zone: name three subnets in three different zones.",
            },
          ],
        };
      zones.push(subnet.availabilityZone);
    });
    return zones;
  }
}

const ATTRIBUTES: OptionNames<FlinkNetworkAttributes> = {
  vpcId: true,
  cidr: true,
  subnetIds: true,
  availabilityZones: true,
  s3PrefixListId: true,
  interfaceEndpoints: true,
  privateZoneId: true,
  domainName: true,
};

function checkAttributes(attributes: FlinkNetworkAttributes): void {
  requireOptionsOf("attributes", attributes, ATTRIBUTES);
  requireId("vpcId", attributes.vpcId, /^vpc-(?:[0-9a-f]{8}|[0-9a-f]{17})$/, "vpc-0123456789abcdef0");
  requirePrivateBlock("cidr", attributes.cidr, 16, 28, "10.1.0.0/16");
  requireSubnets(attributes.subnetIds);
  if (attributes.availabilityZones !== undefined) {
    requireAvailabilityZones("availabilityZones", attributes.availabilityZones, attributes.subnetIds.length);
  }
  requireId("privateZoneId", attributes.privateZoneId, /^Z[0-9A-Z]{1,31}$/, "Z0123456789ABCDEFGHIJ");
  requireDomainName("domainName", attributes.domainName);
  requireS3(attributes.s3PrefixListId);

  const endpoints = attributes.interfaceEndpoints ?? {};
  requireKnown("interfaceEndpoints", endpoints, "which endpoints are missing is decided before anything is created");
  requireMap("interfaceEndpoints", endpoints);
  for (const [service, securityGroupId] of Object.entries(endpoints)) {
    requireEndpointService("interfaceEndpoints", service);
    requireSecurityGroupId(`interfaceEndpoints.${service}`, securityGroupId);
  }
}

function requireId(property: string, value: unknown, pattern: RegExp, example: string): void {
  if (!isTextToken(value)) requireText(property, value, pattern, `an id such as "${example}"`);
}

function requireSubnets(subnetIds: unknown): void {
  requireKnown("subnetIds", subnetIds, "the number of subnets shapes the cluster");
  if (!Array.isArray(subnetIds) || ![1, 3].includes(subnetIds.length) || new Set(subnetIds).size !== subnetIds.length) {
    refuse({
      property: "subnetIds",
      value: subnetIds,
      allowed: "a list of 1 or 3 different subnets",
      remedy:
        "name three in three zones, because with two zones the loss of one can take the majority of three ZooKeeper servers with it",
    });
  }
  for (const subnetId of subnetIds) {
    requireId("subnetIds", subnetId, /^subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})$/, "subnet-0123456789abcdef0");
  }
}

function requireS3(prefixListId: string | undefined): void {
  if (prefixListId === undefined) {
    refuse({
      property: "s3PrefixListId",
      value: prefixListId,
      allowed: "the id of the prefix list of S3, because nodes reach S3 only through a gateway endpoint of the VPC",
      remedy: "add a gateway endpoint of S3 to the route tables of the subnets and name its prefix list",
    });
  }
  requireId("s3PrefixListId", prefixListId, /^pl-(?:[0-9a-f]{8}|[0-9a-f]{17})$/, "pl-6da54004");
}
