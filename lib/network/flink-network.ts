import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Fn, Op, ref } from "cdktf";
import { Construct } from "constructs";
import { AwsAccount } from "../core/terraform/aws-account";
import { nameTag } from "../core/terraform/names";
import { policyDocument } from "../core/terraform/policy";
import { checkInputOf } from "../core/terraform/refusals";
import { subBlock } from "./cidr";
import { ExistingFlinkNetwork } from "./existing-flink-network";
import { FlinkNetworkBase } from "./flink-network-base";
import { FlinkNetworkProps } from "./flink-network-props";
import { FlowLogs } from "./flow-logs";
import { FlinkNetworkAttributes, IFlinkNetwork } from "./i-flink-network";
import { checkNetworkProps } from "./network-settings";

/** Prefix bits that make four parts of the block: three zones and a part in reserve. */
const SUBNET_BITS = 2;

/**
 * A VPC for Flink clusters with no way in from the internet and no way out to it: private subnets over one or
 * three zones, a gateway endpoint of S3 for this account alone, a private zone for names, flow logs of all
 * traffic for a year, and a default security group that lets nothing pass. Any number of clusters fit in one.
 */
export class FlinkNetwork extends FlinkNetworkBase {
  /**
   * An existing VPC. It says which endpoints it has; one without a gateway endpoint of S3 is refused.
   *
   * @param scope where it belongs
   * @param id unique in the scope
   * @param attributes what the VPC has
   */
  public static fromFlinkNetworkAttributes(
    scope: Construct,
    id: string,
    attributes: FlinkNetworkAttributes,
  ): IFlinkNetwork {
    return new ExistingFlinkNetwork(scope, id, attributes);
  }

  public readonly vpcId: string;
  public readonly cidr: string;
  public readonly subnetIds: string[];
  public readonly availabilityZones: string[];
  public readonly s3PrefixListId: string;
  public readonly privateZoneId: string;
  public readonly domainName: string;
  /** Ids of the route tables, one per subnet, in the order of `subnetIds`. */
  public readonly routeTableIds: string[];

  public constructor(scope: Construct, id: string, props: FlinkNetworkProps = {}) {
    super(scope, id);
    const { cidr, domainName, block, zoneCount, retentionDays } = checkInputOf(this, () => checkNetworkProps(props));
    this.cidr = cidr;
    this.domainName = domainName;

    const vpc = new Vpc(this, "Resource", {
      cidrBlock: this.cidr,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: nameTag(this) },
    });
    this.vpcId = vpc.id;
    // Without rules: whoever forgets to name a group gets one that lets nothing pass.
    new DefaultSecurityGroup(this, "DefaultSecurityGroup", {
      vpcId: vpc.id,
      tags: { Name: nameTag(this, " (closed)") },
    });

    const zoneNames = props.availabilityZones ?? this.firstZones(zoneCount);
    const subnets = this.createSubnets(
      zoneNames,
      zoneNames.map((_, index) => subBlock(block, SUBNET_BITS, index)),
      props.availabilityZones === undefined,
    );
    this.subnetIds = subnets.map((subnet) => subnet.id);
    // The subnet's own word, not what was asked for: machines and volumes follow where it really is.
    this.availabilityZones = subnets.map((subnet) => subnet.availabilityZone);
    this.routeTableIds = subnets.map((subnet, index) => this.createRouteTable(subnet, index));

    this.s3PrefixListId = this.createS3Endpoint().prefixListId;
    this.privateZoneId = new Route53Zone(this, "PrivateZone", {
      name: this.domainName,
      comment: "Names of Flink nodes",
      vpc: [{ vpcId: vpc.id }],
      tags: { Name: nameTag(this) },
      lifecycle: {
        // Other VPCs may be associated with the zone by resources of their own, which this one would undo.
        ignoreChanges: ["vpc"],
        replaceTriggeredBy: [`${vpc.terraformResourceType}.${vpc.friendlyUniqueId}.id`],
      },
    }).zoneId;
    new FlowLogs(this, "FlowLogs", { vpcId: vpc.id, retentionDays, encryptionKey: props.flowLogEncryptionKey });
  }

  /** The first zones of the region that every account may use (no local or wavelength zones). */
  private firstZones(count: number): string[] {
    const zones = new DataAwsAvailabilityZones(this, "AvailabilityZones", {
      state: "available",
      filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
    });
    zones.lifecycle = {
      postcondition: [
        {
          condition: `\${length(self.names) >= ${count}}`,
          errorMessage: `The region has fewer than ${count} zones: use another region, or set availabilityZoneCount to 1.`,
        },
      ],
    };
    return Array.from({ length: count }, (_, index) => Fn.lookupNested(zones.names, [index]) as string);
  }

  private createSubnets(zoneNames: string[], blocks: string[], zonesAreChosenHere: boolean): Subnet[] {
    const subnets: Subnet[] = [];
    zoneNames.forEach((availabilityZone, index) => {
      const others = subnets.map((subnet) => subnet.availabilityZone);
      subnets.push(
        new Subnet(this, `subnet-${index + 1}`, {
          vpcId: this.vpcId,
          cidrBlock: blocks[index],
          availabilityZone,
          mapPublicIpOnLaunch: false,
          tags: { Name: nameTag(this, `-${index + 1}`) },
          lifecycle: {
            // A zone that the region gains later shifts the list of zones; a subnet stays where it is.
            ignoreChanges: zonesAreChosenHere ? ["availability_zone"] : undefined,
            postcondition:
              others.length === 0
                ? undefined
                : [
                    {
                      // The list may have shifted between an apply that was interrupted and the next.
                      condition: Op.not(Fn.contains(others, ref("self.availability_zone"))),
                      errorMessage:
                        "Two subnets would be in one zone, because the region's zones changed while the network was created: name its zones in availabilityZones, those of the existing subnets first.",
                    },
                  ],
          },
        }),
      );
    });
    return subnets;
  }

  /** One per zone and with no route but the local one and S3's, so that a way out is a choice per zone. */
  private createRouteTable(subnet: Subnet, index: number): string {
    const routeTable = new RouteTable(this, `route-table-${index + 1}`, {
      vpcId: this.vpcId,
      tags: { Name: nameTag(this, `-${index + 1}`) },
    });
    new RouteTableAssociation(this, `route-table-association-${index + 1}`, {
      routeTableId: routeTable.id,
      subnetId: subnet.id,
    });
    return routeTable.id;
  }

  private createS3Endpoint(): VpcEndpoint {
    const account = AwsAccount.of(this);
    return new VpcEndpoint(this, "S3Endpoint", {
      vpcId: this.vpcId,
      serviceName: `com.amazonaws.${account.region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: this.routeTableIds,
      policy: policyDocument([
        {
          // A stolen key of another account, or a bucket of one, is of no use from inside.
          Sid: "ThisAccountToItsOwnBuckets",
          Effect: "Allow",
          Principal: "*",
          Action: "s3:*",
          Resource: "*",
          Condition: {
            StringEquals: {
              "aws:PrincipalAccount": account.accountId,
              "aws:ResourceAccount": account.accountId,
            },
          },
        },
      ]),
      tags: { Name: nameTag(this, "-s3") },
    });
  }
}
