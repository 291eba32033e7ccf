import { Construct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { Allowance } from "../../core/terraform/policy";
import { requireKnown } from "../../core/terraform/text";
import { OptionNames, requireInteger, requireOptionsOf } from "../../core/validation";
import { certificateAuthorities } from "../../dataflow/certificate-authorities";
import { comparableHost, HOST_FOR_TERRAFORM, requireHost } from "../../dataflow/host";
import { SystemDoor } from "../../dataflow/provisioning/provisioner-firewall";
import type { GrafanaRequest } from "../../dataflow/provisioning/grafana/grafana-request";
import { ScopeRequirement } from "../../dataflow/scope";
import { allowancesOfSecret, requirementsOfSecret, requireRegionOfSecret, requireSecret } from "../../dataflow/secret";
import { withoutWildcards } from "../../dataflow/terraform-value";
import { Egress } from "../../network/egress/egress";
import { reachOf } from "../../network/egress/reach-of";
import { TokenSecret } from "../metrics/token-secret";

/** A Grafana that exists already, how the deploy comes there, and who it is for it. */
export interface GrafanaServer {
  /** Name of the host, as its certificate carries it, such as `grafana.example.internal`. */
  readonly host: string;
  /**
   * TCP port, 1 to 65535, where it speaks TLS. Grafana itself listens at 3000 unless it is told otherwise.
   *
   * @default 443
   */
  readonly port?: number;
  /**
   * Security group of Grafana, or of what stands before it, in the network given or one of the same region that is peered with it.
   * It is opened to the deploy's function at the port; nothing else of it is changed. To be given, or `egress` in its place.
   *
   * @default - none, where `egress` is given
   */
  readonly securityGroupId?: string;
  /**
   * The way to a Grafana outside of the network, such as `Egress.peered`, `Egress.privateLink` or `Egress.proxy`. Refused beside
   * `securityGroupId`.
   *
   * @default - none, where `securityGroupId` is given
   */
  readonly egress?: Egress;
  /**
   * The token of a service account of Grafana, of the organization that is to have the dashboards, with the basic role Editor: never
   * one that administers Grafana.
   *
   * @see https://grafana.com/docs/grafana/latest/administration/service-accounts/
   */
  readonly token: TokenSecret;
  /**
   * Certificates, as PEM, of the authorities that sign Grafana's certificate, at most 256 KiB. Those that are given are
   * the only ones that count.
   *
   * @default - the public ones that the Node.js of AWS Lambda trusts
   */
  readonly certificateAuthorities?: string;
}

const SERVER: OptionNames<GrafanaServer> = {
  host: true,
  port: true,
  securityGroupId: true,
  egress: true,
  token: true,
  certificateAuthorities: true,
};
const EXAMPLE = '{ host: "grafana.example.internal", securityGroupId: "sg-…", token: { secretArn: "arn:…" } }';
const DEFAULT_PORT = 443;
/** Why the firewall lets the function there. */
const PURPOSE = "Dashboards of metrics";

/** What follows from such a server for what is put into it. */
export interface BoundGrafana {
  readonly door: SystemDoor;
  readonly address: Pick<GrafanaRequest, "url" | "certificateAuthorities" | "proxy" | "tokenSecretArn">;
  readonly allowances: readonly Allowance[];
  readonly requirements: readonly ScopeRequirement[];
}

/** The way to a server, checked in the place of the construct that was told of it. */
export function boundGrafana(scope: Construct, server: GrafanaServer): BoundGrafana {
  requireOptionsOf("grafana", server, SERVER, EXAMPLE);
  const { host, port = DEFAULT_PORT, token } = server;
  requireHost("host", host, "grafana.example.internal");
  requireKnown("port", port, "it decides what the firewall opens");
  requireInteger("port", port, 1, 65_535);
  const reach = reachOf(server);
  const hosts = [comparableHost(host)];
  reach.checkHosts("host", hosts);
  requireSecret("token", token, "grafana-token");
  requireRegionOfSecret(token, AwsAccount.knownRegion(scope));
  const { path } = scope.node;
  return {
    door: { reach, destination: { path, purpose: PURPOSE, hosts, ports: [port] } },
    address: {
      url: `https://${host}:${port}`,
      certificateAuthorities: certificateAuthorities(server.certificateAuthorities),
      proxy: reach.proxy,
      tokenSecretArn: token.secretArn,
    },
    allowances: allowancesOfSecret(scope, "Read", token),
    requirements: [
      ...withoutWildcards(
        path,
        [host, reach.proxy?.host].map((value) => ({ value, pattern: HOST_FOR_TERRAFORM, what: "the name of a host" })),
      ),
      ...requirementsOfSecret(path, token),
    ],
  };
}
