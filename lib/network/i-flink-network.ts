import { IConstruct } from "constructs";
import { IInterfaceEndpoint } from "./interface-endpoint";

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
   * of our own when something needs them, which AWS refuses where there is one. Every cluster needs `sts`,
   * and `kms`, or `acm-pca` where its authorities are of AWS Private CA.
   *
   * @default - none
   */
  readonly interfaceEndpoints?: { readonly [service: string]: string };
  /** Id of a private Route 53 zone that is associated with the VPC, such as `Z0123456789ABCDEFGHIJ`. */
  readonly privateZoneId: string;
  /** Name of that zone, such as `flink.internal`. */
  readonly domainName: string;
}
