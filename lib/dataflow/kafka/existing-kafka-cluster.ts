import { Construct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { checkInputOf } from "../../core/terraform/refusals";
import { isTextToken, isToken, requireKnown } from "../../core/terraform/text";
import { OptionNames, refuse, requireInteger, requireOptionsOf } from "../../core/validation";
import { Egress } from "../../network/egress/egress";
import { directReachOf } from "../../network/egress/reach-of";
import { certificateAuthorities, requireNoAuthorities } from "../certificate-authorities";
import { connectionName } from "../connection-name";
import { isAmazonMsk, requireBootstrapServer } from "./bootstrap-server";
import { requireBrokersByPort } from "./brokers-by-port";
import { IKafkaCluster } from "./i-kafka-cluster";
import { KafkaAuthentication, requireKafkaAuthentication } from "./kafka-authentication";
import { hostsOf, KafkaConnection } from "./kafka-connection";
import { KafkaTopics } from "./kafka-topics";

/** An existing Kafka cluster, as `KafkaCluster.fromKafkaClusterAttributes` takes it. */
export interface KafkaClusterAttributes {
  /**
   * Brokers to begin with, such as `b-1.orders.example.internal:9096`: 1 to 64 names, each with a port. The brokers that
   * these name to clients must be at the same ports. Of Amazon MSK they are `bootstrap_brokers_sasl_iam` on port 9098,
   * `bootstrap_brokers_sasl_scram` on port 9096, or `bootstrap_brokers_tls` on port 9094; such a text of Terraform's, with
   * commas in it, is one entry.
   */
  readonly bootstrapServers: string[];
  /**
   * Port of the brokers, 1 to 65535: to be given where only Terraform knows an entry of `bootstrapServers`, and left out
   * elsewhere.
   *
   * @default - the ports in `bootstrapServers`; by IAM 9098
   */
  readonly port?: number;
  /**
   * Security group of the brokers, in the network of the Flink cluster or one of the same region that is peered with it. It
   * is opened to the nodes of each Flink cluster that uses this one, at the brokers' ports; nothing else of it is changed.
   * To be given, or `egress` in its place.
   *
   * @default - none, where `egress` is given
   */
  readonly securityGroupId?: string;
  /**
   * The way to brokers outside of the Flink cluster's network, such as `Egress.peered` or `Egress.privateLink`: in another
   * region, network, account or site. Refused beside `securityGroupId`; `Egress.privateLink` also for Amazon MSK and for
   * brokers that share a port, as ports alone tell them apart at an endpoint.
   *
   * @default - none, where `securityGroupId` is given
   */
  readonly egress?: Egress;
  /** Who jobs are for the brokers. */
  readonly authentication: KafkaAuthentication;
  /**
   * Certificates, as PEM, of the authorities that sign the brokers' certificates, at most 256 KiB. Refused for Amazon
   * MSK, whose authorities every operating system trusts.
   *
   * @default - those that the machines' operating system trusts
   */
  readonly certificateAuthorities?: string;
  /**
   * What jobs find it by on the nodes: 1 to 63 lower-case letters, digits and `-`, beginning with a letter, and unique
   * among all that a Flink cluster uses.
   *
   * @default - the construct's id in lower case, with `-` for what is no letter or digit
   */
  readonly connectionName?: string;
}

const ATTRIBUTES: OptionNames<KafkaClusterAttributes> = {
  bootstrapServers: true,
  port: true,
  securityGroupId: true,
  egress: true,
  authentication: true,
  certificateAuthorities: true,
  connectionName: true,
};
const MOST_SERVERS = 64;

/** A Kafka cluster that others manage. Nothing of it is changed but that its security group lets nodes in. */
export class ExistingKafkaCluster extends Construct implements IKafkaCluster {
  public readonly bootstrapServers: string[];
  private readonly connection: KafkaConnection;

  public constructor(scope: Construct, id: string, attributes: KafkaClusterAttributes) {
    super(scope, id);
    this.connection = checkInputOf(this, () => {
      requireOptionsOf("attributes", attributes, ATTRIBUTES);
      const { bootstrapServers, authentication } = attributes;
      const region = AwsAccount.knownRegion(this);
      const isElsewhere = attributes.egress !== undefined;
      requireServers(bootstrapServers);
      const reach = directReachOf(attributes, "clients of Kafka");
      requireKafkaAuthentication("authentication", authentication);
      authentication._login.checkRegion(region, isElsewhere);
      const ports = portsOf(attributes, isElsewhere ? undefined : region);
      requireBrokersByPort(reach, bootstrapServers, authentication._login);
      reach.checkHosts("bootstrapServers", hostsOf(bootstrapServers));
      return new KafkaConnection({
        name: connectionName(attributes.connectionName, id, "kafka"),
        path: this.node.path,
        bootstrapServers,
        reach,
        ports,
        login: authentication._login,
        certificateAuthorities: authoritiesOf(attributes),
      });
    });
    this.bootstrapServers = attributes.bootstrapServers;
  }

  public topics(...names: string[]): KafkaTopics {
    return checkInputOf(this, () => KafkaTopics._of(this.connection, names));
  }
}

function authoritiesOf({
  bootstrapServers,
  certificateAuthorities: given,
}: KafkaClusterAttributes): string | undefined {
  const checked = certificateAuthorities(given);
  if (bootstrapServers.some(isAmazonMsk)) requireNoAuthorities(checked, "Amazon MSK");
  return checked;
}

function portsOf({ bootstrapServers, port, authentication }: KafkaClusterAttributes, region?: string): number[] {
  const { _login: login } = authentication;
  const literal = bootstrapServers.filter((server) => !isTextToken(server));
  const ports = literal.map((server) => requireBootstrapServer("bootstrapServers", server, login, region));
  if (port === undefined && literal.length === bootstrapServers.length) {
    return [...new Set(ports)].sort((a, b) => a - b);
  }
  if (port === undefined && login.msk.isOnly && ports.every((one) => one === login.msk.port)) return [login.msk.port];
  if (port === undefined) {
    refuse({
      property: "port",
      value: port,
      allowed: "given, because only Terraform knows bootstrapServers",
      remedy: `set port to that of the brokers, which is ${login.msk.port} for ${login.title} at Amazon MSK`,
    });
  }
  requireKnown("port", port, "it decides what the firewall opens");
  requireInteger("port", port, 1, 65_535);
  if (login.msk.isOnly && port !== login.msk.port) {
    refuse({
      property: "port",
      value: port,
      allowed: `${login.msk.port}, where Amazon MSK takes ${login.title} inside the network`,
      remedy: `set port to ${login.msk.port}, and bootstrapServers to what ${login.msk.attribute} gives`,
    });
  }
  const other = ports.find((one) => one !== port);
  if (other !== undefined) {
    refuse({
      property: "port",
      value: port,
      allowed: `the port in bootstrapServers, which is ${other}`,
      remedy: "leave port out where bootstrapServers say it",
    });
  }
  return [port];
}

/** A list that is itself Terraform's would have to be joined there: its text is what clients take anyway. */
function requireServers(servers: unknown): asserts servers is string[] {
  if (!isToken(servers) && Array.isArray(servers) && servers.length >= 1 && servers.length <= MOST_SERVERS) return;
  refuse({
    property: "bootstrapServers",
    value: servers,
    allowed: `a list of 1 to ${MOST_SERVERS} brokers`,
    remedy:
      'name for example ["b-1.orders.example.internal:9096"], or give the one text that Terraform has of them as the only entry, and port',
  });
}
