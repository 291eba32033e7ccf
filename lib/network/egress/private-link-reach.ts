import { isTextToken, isToken, requireKnown } from "../../core/terraform/text";
import { OptionNames, refuse, requireOptionsOf, requireText } from "../../core/validation";
import { isWithin } from "../domain-name";
import { PrivateLinkEgressOptions } from "./private-link-egress-options";
import { PrivateLinkEndpoint } from "./private-link-endpoint";
import { requirePrivateName } from "./private-name";
import { PrivateNames } from "./private-names";
import { describeDestination, Destination, Nodes, Reach } from "./reach";
import { requireNoCircle } from "./stack-order";

const OPTIONS: OptionNames<PrivateLinkEgressOptions> = { serviceName: true, domain: true };
const DOMAIN = "domain of Egress.privateLink";
const SERVICE_NAME = /^(?:cn\.)?com\.amazonaws\.vpce\.[a-z0-9-]+\.vpce-svc-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;

/** By an endpoint of AWS PrivateLink, which hides the system's own network behind addresses of ours. */
export class PrivateLinkReach implements Reach {
  public readonly title: string;
  public readonly hostsByPortAlone = true;
  private readonly serviceName: string;
  private readonly domain: string | undefined;

  public constructor(options: PrivateLinkEgressOptions) {
    requireOptionsOf("the argument of Egress.privateLink", options, OPTIONS);
    ({ serviceName: this.serviceName, domain: this.domain } = options);
    if (!isTextToken(this.serviceName)) {
      requireText(
        "serviceName of Egress.privateLink",
        this.serviceName,
        SERVICE_NAME,
        "the name of an endpoint service of others, such as com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0",
      );
    }
    if (this.domain !== undefined) {
      requireKnown(DOMAIN, this.domain, "it must hide no name that nodes need");
      requirePrivateName(DOMAIN, this.domain, 'name for example "orders.eu-west-1.example.com"');
    }
    this.title = `Egress.privateLink to ${this.serviceName}`;
  }

  public checkHosts(property: string, hosts: readonly string[]): void {
    for (const host of hosts) {
      if (isToken(host)) this.requireDomain(property);
      else if (this.domain === undefined) requirePrivateName(property, host, "name the host by its whole name");
      else requireWithin(property, host, this.domain);
    }
  }

  public checkNetwork({ path, hosts }: Destination, nodes: Nodes): void {
    const { network } = nodes;
    requireNoCircle(`serviceName of ${path}`, this.serviceName, nodes);
    for (const name of this.names(hosts)) {
      if (isWithin(name, network.domainName)) {
        refuse({
          property: this.domain === undefined ? `a host of ${path}` : `domain of ${path}`,
          value: name,
          allowed: `outside of ${network.domainName}, which holds the names of the nodes`,
          remedy: "use a domain of the system's own, as its certificate carries it",
        });
      }
      PrivateNames.check(path, network, name, this.domain !== undefined, this.serviceName);
    }
  }

  public open(destination: Destination, { network, firewall }: Nodes): void {
    const endpoint = PrivateLinkEndpoint.of(network, this.serviceName);
    for (const port of destination.ports) {
      firewall.allowNodesTo(endpoint.securityGroupId, port, describeDestination(destination));
    }
    for (const name of this.names(destination.hosts)) {
      PrivateNames.open(network, name, this.domain !== undefined, endpoint);
    }
  }

  private names(hosts: readonly string[]): readonly string[] {
    return this.domain === undefined ? [...new Set(hosts)] : [this.domain];
  }

  private requireDomain(property: string): void {
    if (this.domain !== undefined) return;
    refuse({
      property: DOMAIN,
      value: this.domain,
      allowed: `given, because only Terraform knows ${property}`,
      remedy: "set it to the one that holds the system's hosts",
    });
  }
}

function requireWithin(property: string, host: string, domain: string): void {
  if (isWithin(host, domain)) return;
  refuse({
    property,
    value: host,
    allowed: `within ${domain}, the ${DOMAIN}`,
    remedy: "correct one of the two, or leave domain out",
  });
}
