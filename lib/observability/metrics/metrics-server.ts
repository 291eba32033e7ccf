import { Construct } from "constructs";
import { ShippingSink } from "../../cluster/shipping";
import { AwsAccount } from "../../core/terraform/aws-account";
import { requireKnown } from "../../core/terraform/text";
import { OptionNames, requireInteger } from "../../core/validation";
import { certificateAuthorities } from "../../dataflow/certificate-authorities";
import { comparableHost, HOST_FOR_TERRAFORM, requireHost } from "../../dataflow/host";
import { ScopeRequirement } from "../../dataflow/scope";
import { allowancesOfSecret, requirementsOfSecret, requireRegionOfSecret } from "../../dataflow/secret";
import { withoutWildcards } from "../../dataflow/terraform-value";
import { Egress } from "../../network/egress/egress";
import { reachOf } from "../../network/egress/reach-of";
import { HttpsMetricsDestinationSpec } from "../../node/metrics/metrics-shipping";
import { MetricsAuthentication, requireMetricsAuthentication } from "./metrics-authentication";
import { BoundMetricsTarget, TIMEOUT_SECONDS } from "./metrics-target";

/** Where a server is that takes metrics by HTTPS, how nodes come there, and who they are for it. */
export interface MetricsServer {
  /** Name of the host, as its certificate carries it, such as `metrics.example.internal`. */
  readonly host: string;
  /**
   * TCP port, 1 to 65535, where it speaks TLS.
   *
   * @default - 8086 of InfluxDB, 443 of others
   */
  readonly port?: number;
  /**
   * Security group of the server, in the network of the Flink cluster or one of the same region that is peered with it. It is
   * opened to the nodes at its port; nothing else of it is changed. To be given, or `egress` in its place.
   *
   * @default - none, where `egress` is given
   */
  readonly securityGroupId?: string;
  /**
   * The way to a server outside of the Flink cluster's network, such as `Egress.peered`, `Egress.privateLink` or `Egress.proxy`:
   * in another region, network, account or site. Refused beside `securityGroupId`.
   *
   * @default - none, where `securityGroupId` is given
   */
  readonly egress?: Egress;
  /** Who metrics are for the server: of InfluxDB 1 `MetricsAuthentication.basic`, of InfluxDB 2 `.token`, of others either. */
  readonly authentication: MetricsAuthentication;
  /**
   * Certificates, as PEM, of the authorities that sign the server's certificate, at most 256 KiB. Those that are given are
   * the only ones that count.
   *
   * @default - those that the machines' operating system trusts
   */
  readonly certificateAuthorities?: string;
}

export const METRICS_SERVER: OptionNames<MetricsServer> = {
  host: true,
  port: true,
  securityGroupId: true,
  egress: true,
  authentication: true,
  certificateAuthorities: true,
};

/** What follows from such a server for what is bound to it. */
export interface BoundServer extends Omit<BoundMetricsTarget, "spec"> {
  /** Such as `https://metrics.example.internal:8086`, without a path. */
  readonly origin: string;
  readonly https: HttpsMetricsDestinationSpec;
}

/** The way to a server, checked in the place of the construct that was told of it. */
export function boundServer(integration: Construct, server: MetricsServer, defaultPort: number): BoundServer {
  const { host, port = defaultPort, authentication } = server;
  requireHost("host", host, "metrics.example.internal");
  requireKnown("port", port, "it decides what the firewall opens");
  requireInteger("port", port, 1, 65_535);
  const reach = reachOf(server);
  const hosts = [comparableHost(host)];
  reach.checkHosts("host", hosts);
  requireMetricsAuthentication("authentication", authentication, 'MetricsAuthentication.basic({ secretArn: "arn:…" })');
  const { _secret: secret } = authentication;
  requireRegionOfSecret(secret, AwsAccount.knownRegion(integration));
  const { path } = integration.node;
  return {
    origin: `https://${host}:${port}`,
    https: {
      certificateAuthorities: certificateAuthorities(server.certificateAuthorities),
      timeoutSeconds: TIMEOUT_SECONDS,
      proxy: reach.proxy,
    },
    sink: sinkAt({ path, hosts, ports: [port], reach }),
    services: ["secretsmanager"],
    allowances: (scope) => allowancesOfSecret(scope, "Write", secret),
    requirements: [...knownHosts(path, [host, reach.proxy?.host]), ...requirementsOfSecret(path, secret)],
  };
}

function sinkAt(_connection: NonNullable<ShippingSink["_connection"]>): ShippingSink {
  return { _connection };
}

function knownHosts(path: string, hosts: readonly (string | undefined)[]): ScopeRequirement[] {
  return withoutWildcards(
    path,
    hosts.map((value) => ({ value, pattern: HOST_FOR_TERRAFORM, what: "the name of a host" })),
  );
}
