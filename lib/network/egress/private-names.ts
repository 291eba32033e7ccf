import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone";
import { Construct } from "constructs";
import { nameTag } from "../../core/terraform/names";
import { refuse } from "../../core/validation";
import { isWithin } from "../domain-name";
import { IFlinkNetwork } from "../i-flink-network";
import { PrivateLinkEndpoint } from "./private-link-endpoint";

const idOfNames = (domain: string): string => `names-of-${domain}`;
const ALL_WITHIN = "all-within";

/** Names in a network that lead to an endpoint of it. Clients go on to use the names that the system's certificates carry. */
export class PrivateNames extends Construct {
  /**
   * Refuses names that lead elsewhere already than to this service, and what hides others of a domain; `path` is the construct
   * whose names they are.
   */
  public static check(
    path: string,
    network: IFlinkNetwork,
    domain: string,
    hasNamesWithin: boolean,
    serviceName: string,
  ): void {
    PrivateNames.refuseOverlap(path, network, domain, hasNamesWithin);
    const known = PrivateNames.find(network, domain);
    if (!known || known.endpoint === PrivateLinkEndpoint.find(network, serviceName)) return;
    refuse({
      property: `serviceName of ${path}`,
      value: serviceName,
      allowed: `the service to which ${domain} leads in ${network.node.path} already`,
      remedy: "name one service for the same hosts, or give each of the systems a domain of its own",
    });
  }

  /** Makes them, unless they are there: a domain with all names in it, or one host alone. */
  public static open(network: IFlinkNetwork, domain: string, hasNamesWithin: boolean, to: PrivateLinkEndpoint): void {
    const names = PrivateNames.find(network, domain) ?? new PrivateNames(network, domain, to);
    names.lead(domain);
    if (hasNamesWithin) names.lead(`*.${domain}`);
  }

  /** The zone of the inner one answers for all names in it, also for those that only the outer one's system has. */
  private static refuseOverlap(path: string, network: IFlinkNetwork, domain: string, hasNamesWithin: boolean): void {
    const other = network.node.children
      .filter((child) => child instanceof PrivateNames)
      .filter((names) => names.domain !== domain)
      .find(
        (names) =>
          (hasNamesWithin && isWithin(names.domain, domain)) ||
          (names.hasNamesWithin && isWithin(domain, names.domain)),
      );
    if (other === undefined) return;
    refuse({
      property: hasNamesWithin ? `domain of ${path}` : `a host of ${path}`,
      value: domain,
      allowed: `apart from ${other.domain}, which leads to an endpoint in ${network.node.path} already, as the one would hide names in the other`,
      remedy:
        "give systems of one service the same domain, and those of two services domains of which none holds the other",
    });
  }

  private static find(network: IFlinkNetwork, domain: string): PrivateNames | undefined {
    return network.node.tryFindChild(idOfNames(domain)) as PrivateNames | undefined;
  }

  private readonly zoneId: string;

  private constructor(
    network: IFlinkNetwork,
    private readonly domain: string,
    private readonly endpoint: PrivateLinkEndpoint,
  ) {
    super(network, idOfNames(domain));
    this.zoneId = new Route53Zone(this, "Zone", {
      name: domain,
      comment: "Leads to an endpoint in the network",
      vpc: [{ vpcId: network.vpcId }],
      tags: { Name: nameTag(this) },
    }).zoneId;
  }

  private get hasNamesWithin(): boolean {
    return this.node.tryFindChild(ALL_WITHIN) !== undefined;
  }

  private lead(name: string): void {
    const id = name.startsWith("*") ? ALL_WITHIN : "itself";
    if (this.node.tryFindChild(id)) return;
    const { dnsName, zoneId } = this.endpoint.name;
    new Route53Record(this, id, {
      zoneId: this.zoneId,
      name,
      type: "A",
      alias: { name: dnsName, zoneId, evaluateTargetHealth: false },
    });
  }
}
