import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Fn, Op, ref } from "cdktf";
import { Construct, IConstruct } from "constructs";
import { Duration } from "../core/duration";
import { AwsAccount } from "../core/terraform/aws-account";
import { nameTag } from "../core/terraform/names";
import { policyDocument } from "../core/terraform/policy";
import { checkInputOf } from "../core/terraform/refusals";
import { OptionNames, requireOptionsOf } from "../core/validation";
import { AddressBlock, requirePrivateBlock, subBlock } from "./cidr";
import { requireDomainName } from "./domain-name";
import { ExistingFlinkNetwork } from "./existing-flink-network";
import { FlinkNetworkBase } from "./flink-network-base";
import { FlowLogs } from "./flow-logs";
import { IInterfaceEndpoint } from "./interface-endpoint";
import { requireRetentionDays } from "./log-retention";
import { requireAvailabilityZones, requireZoneCount } from "./zones";

/** Where the machines of clusters stand: a `FlinkNetwork`, or an existing VPC. */
export interface IFlinkNetwork extends IConstruct {
  /** Id of the VPC. */
  readonly vpcId: string;
  /** Its block of addresses, such as `10.40.0.0/16`. */
  readonly cidr: string;
  /** Ids of the private subnets, one per zone. */
  readonly subnetIds: string[];
  /** Name of the zone of each subnet, in the order of `subnetIds`. */
  readonly availabilityZones: string[];
  /** Id of the prefix list of S3, which its gateway endpoint routes. */
  readonly s3PrefixListId: string;
  /** Id of the private zone that holds the names of the nodes. */
  readonly privateZoneId: string;
  /** Name of that zone, such as `flink.internal`. */
  readonly domainName: string;

  /**
   * The endpoint of a service of AWS in this network: created when first asked for, closed but to those that
   * ask, so that it costs nothing where nothing needs it.
   *
   * @param service short name, such as `kms`, `secretsmanager` or `ecr.api`
   */
  addInterfaceEndpoint(service: string): IInterfaceEndpoint;
}

/** What a `FlinkNetwork` can be told. */
export interface FlinkNetworkProps {
  /**
   * Block of private IPv4 addresses (RFC 1918) of the VPC, size /16 to /24, written from its first address.
   * A quarter of it goes to each zone; a change of it is another network.
   * Refused: public blocks, other sizes, addresses within a block.
   *
   * @default "10.40.0.0/16"
   */
  readonly cidr?: string;

  /**
   * Number of zones: 1 or 3. Two are refused: the loss of one could take the majority of three ZooKeeper servers
   * with it.
   *
   * @default 3
   */
  readonly availabilityZoneCount?: number;

  /**
   * Names of the zones, as many as `availabilityZoneCount`, such as `["eu-west-1a", "eu-west-1b", "eu-west-1c"]`.
   *
   * @default - the first zones of the region in alphabetical order at the time the network is created; a zone
   * that the region gains later changes nothing
   */
  readonly availabilityZones?: string[];

  /**
   * Name of the private zone in which every node has a name: lower-case, two labels or more, at most 200
   * characters. Refused: names that AWS or the machines themselves answer for, such as `x.local`.
   *
   * @default "flink.internal"
   */
  readonly domainName?: string;

  /**
   * How long flow logs are kept: 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days (what
   * CloudWatch Logs offers from one year on).
   *
   * @default Duration.days(365)
   */
  readonly flowLogRetention?: Duration;
}

/** An existing VPC, as `FlinkNetwork.fromFlinkNetworkAttributes` takes it. */
export interface FlinkNetworkAttributes {
  /** Id of the VPC. Its DNS support and DNS host names must be on. */
  readonly vpcId: string;
  /** Its block of private IPv4 addresses (RFC 1918), size /16 to /28. */
  readonly cidr: string;
  /** Ids of private subnets: 1, or 3 in three different zones. */
  readonly subnetIds: string[];
  /**
   * Name of the zone of each subnet, in the order of `subnetIds`.
   *
   * @default - read from the subnets at plan
   */
  readonly availabilityZones?: string[];
  /**
   * Id of the prefix list of S3 in this region, such as `pl-6da54004`. Give it if, and only if, the VPC has a
   * gateway endpoint of S3 on the route tables of these subnets: nodes reach S3 by no other way. Without it the
   * network is refused.
   *
   * @default - none: refused
   */
  readonly s3PrefixListId?: string;
  /**
   * The interface endpoints with private DNS that the VPC has: the short name of each service, and the security
   * group of its endpoint. They must let the subnets in on port 443. Services that are missing here get an endpoint
   * of our own when something needs them, which AWS refuses where there is one. Every cluster needs `kms` and
   * `sts`.
   *
   * @default - none
   */
  readonly interfaceEndpoints?: { readonly [service: string]: string };
  /** Id of a private Route 53 zone that is associated with the VPC, such as `Z0123456789ABCDEFGHIJ`. */
  readonly privateZoneId: string;
  /** Name of that zone, such as `flink.internal`. */
  readonly domainName: string;
}

const PROPS: OptionNames<FlinkNetworkProps> = {
  cidr: true,
  availabilityZoneCount: true,
  availabilityZones: true,
  domainName: true,
  flowLogRetention: true,
};

/** All props, checked and complete, but for the names of the zones. */
interface CheckedProps {
  readonly cidr: string;
  readonly block: AddressBlock;
  readonly domainName: string;
  readonly zoneCount: number;
  readonly retentionDays: number;
}

function checkProps(props: FlinkNetworkProps): CheckedProps {
  requireOptionsOf("props", props, PROPS);
  const cidr = props.cidr ?? "10.40.0.0/16";
  const domainName = props.domainName ?? "flink.internal";
  const zoneCount = props.availabilityZoneCount ?? 3;
  const retention = props.flowLogRetention ?? Duration.days(365);
  const block = requirePrivateBlock("cidr", cidr, 16, 24, "10.40.0.0/16");
  requireZoneCount("availabilityZoneCount", zoneCount);
  if (props.availabilityZones !== undefined) {
    requireAvailabilityZones("availabilityZones", props.availabilityZones, zoneCount);
  }
  requireDomainName("domainName", domainName);
  return { cidr, block, domainName, zoneCount, retentionDays: requireRetentionDays("flowLogRetention", retention) };
}

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
    const { cidr, domainName, block, zoneCount, retentionDays } = checkInputOf(this, () => checkProps(props));
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
    new FlowLogs(this, "FlowLogs", { vpcId: vpc.id, retentionDays });
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
