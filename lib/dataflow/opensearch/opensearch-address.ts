import { Construct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { isToken, requireKnown } from "../../core/terraform/text";
import { OptionNames, refuse, requireInteger } from "../../core/validation";
import { Egress } from "../../network/egress/egress";
import { reachOf } from "../../network/egress/reach-of";
import { certificateAuthorities, requireNoAuthorities } from "../certificate-authorities";
import { comparableHost, requireHost, requireRegionOfHost } from "../host";
import { OpenSearchAuthentication, requireOpenSearchAuthentication } from "./opensearch-authentication";
import { OpenSearchConnection } from "./opensearch-connection";

/** Where a cluster of OpenSearch is that exists already, how nodes come there, and who they are for it. */
export interface OpenSearchAddress {
  /**
   * Name of the host that takes requests, as its certificate carries it, such as
   * `vpc-search-abc123.eu-west-1.es.amazonaws.com`. A public endpoint of Amazon OpenSearch Service (`search-…`) is refused,
   * but by `Egress.proxy`.
   */
  readonly host: string;
  /**
   * TCP port, 1 to 65535; of Amazon OpenSearch Service 443 alone.
   *
   * @default 443
   */
  readonly port?: number;
  /**
   * Security group of the cluster, in the network of the Flink cluster or one of the same region that is peered with it. It
   * is opened to the nodes of each Flink cluster that uses this one, at its port; nothing else of it is changed. To be
   * given, or `egress` in its place.
   *
   * @default - none, where `egress` is given
   */
  readonly securityGroupId?: string;
  /**
   * The way to a cluster outside of the Flink cluster's network, such as `Egress.peered`, `Egress.privateLink` or `Egress.proxy`:
   * in another region, network, account or site. Refused beside `securityGroupId`.
   *
   * @default - none, where `securityGroupId` is given
   */
  readonly egress?: Egress;
  /** Who jobs are for the cluster, or who writes logs to it. */
  readonly authentication: OpenSearchAuthentication;
  /**
   * Certificates, as PEM, of the authorities that sign the cluster's certificates, at most 256 KiB. Refused
   * for Amazon OpenSearch Service, whose authorities every operating system trusts.
   *
   * @default - those that the machines' operating system trusts
   */
  readonly certificateAuthorities?: string;
}

export const OPENSEARCH_ADDRESS: OptionNames<OpenSearchAddress> = {
  host: true,
  port: true,
  securityGroupId: true,
  egress: true,
  authentication: true,
  certificateAuthorities: true,
};
/** Amazon OpenSearch Service takes HTTPS there and nowhere else. */
const DEFAULT_PORT = 443;
const AMAZON_OPENSEARCH =
  /(?:\.([a-z0-9-]+)\.es\.amazonaws\.com(?:\.cn)?|\.aos\.([a-z0-9-]+)\.on\.(?:aws|amazonwebservices\.com\.cn))$/i;
/** Of a domain that stands in no network. */
const PUBLIC_ENDPOINT = /^search-/i;

/**
 * The way to a cluster at such an address, checked. `cluster` is the construct that was told of it, and the connection is
 * called as `name` has it.
 */
export function openSearchConnection(
  cluster: Construct,
  name: string,
  address: OpenSearchAddress,
): OpenSearchConnection {
  const { host, port = DEFAULT_PORT, authentication } = address;
  const region = AwsAccount.knownRegion(cluster);
  const isElsewhere = address.egress !== undefined;
  requireHost("host", host, "search.example.internal");
  if (!isElsewhere) requireRegionOfHost("host", host, amazonRegion(host), region);
  requirePort(port, host);
  const reach = reachOf(address);
  if (reach.proxy === undefined) requireEndpointOfNetwork(host);
  reach.checkHosts("host", [comparableHost(host)]);
  requireOpenSearchAuthentication("authentication", authentication);
  authentication._login.checkRegion(region, isElsewhere);
  return new OpenSearchConnection({
    name,
    cluster,
    login: authentication._login,
    certificateAuthorities: authoritiesOf(address),
    ...{ host, port, reach },
  });
}

function amazonRegion(host: string): string | undefined {
  const [, classic, dualStack] = (isToken(host) ? null : AMAZON_OPENSEARCH.exec(host)) ?? [];
  return (classic ?? dualStack)?.toLowerCase();
}

function requireEndpointOfNetwork(host: string): void {
  if (amazonRegion(host) === undefined || !PUBLIC_ENDPOINT.test(host)) return;
  refuse({
    property: "host",
    value: host,
    allowed: "the endpoint of a domain in a network, which begins with vpc-, as nodes reach no public one",
    remedy: "name a domain that was made in a network, into which no public one can be moved, or give Egress.proxy",
  });
}

function authoritiesOf({ host, certificateAuthorities: given }: OpenSearchAddress): string | undefined {
  const checked = certificateAuthorities(given);
  if (amazonRegion(host) !== undefined) requireNoAuthorities(checked, "Amazon OpenSearch Service");
  return checked;
}

function requirePort(port: number, host: string): void {
  requireKnown("port", port, "it decides what the firewall opens");
  requireInteger("port", port, 1, 65_535);
  if (amazonRegion(host) === undefined || port === DEFAULT_PORT) return;
  refuse({
    property: "port",
    value: port,
    allowed: `${DEFAULT_PORT}, where Amazon OpenSearch Service takes requests`,
    remedy: "leave port out",
  });
}
