import { Fn } from "cdktf";
import { ConnectorName } from "../../core/connector-name";
import { escapeTerraformText, isToken } from "../../core/terraform/text";
import type { Reach } from "../../network/egress/reach";
import type { ConnectionTable } from "../../node/connection-tables";
import type { ConnectionCredential } from "../../node/desired-state";
import { connectionAuthoritiesFile } from "../../node/paths";
import { Connection, ConnectionUse, ScopeRequirement } from "../scope";
import { KafkaLogin, namePrefix } from "./kafka-login";

export interface KafkaConnectionProps {
  readonly name: string;
  readonly path: string;
  /** `host:port` each; a text that Terraform alone knows may hold several, separated by commas. */
  readonly bootstrapServers: readonly string[];
  readonly reach: Reach;
  readonly ports: readonly number[];
  readonly login: KafkaLogin;
  /** PEM; absent where the operating system trusts them. */
  readonly certificateAuthorities?: string;
}

/** How Flink reaches the brokers of one Kafka cluster, and who it is for them. */
export class KafkaConnection implements Connection {
  public readonly name: string;
  public readonly path: string;
  public readonly connectors: readonly ConnectorName[];
  public readonly reach: Reach;
  public readonly hosts: readonly string[];
  public readonly ports: readonly number[];
  public readonly credential?: ConnectionCredential;
  public readonly certificateAuthorities?: string;
  public readonly login: KafkaLogin;
  private readonly bootstrapServers: readonly string[];

  public constructor(props: KafkaConnectionProps) {
    ({ name: this.name, path: this.path, reach: this.reach, ports: this.ports } = props);
    ({ login: this.login, bootstrapServers: this.bootstrapServers } = props);
    this.hosts = hostsOf(this.bootstrapServers);
    this.certificateAuthorities = props.certificateAuthorities;
    this.connectors = ["kafka", ...this.login.connectors];
    this.credential = this.login.credential;
  }

  /** Pairs of names: if one pair is the same, both lead to the same brokers. A client takes any broker for all of them. */
  public sameBrokersIf(other: KafkaConnection): readonly (readonly [string, string])[] {
    const pairs = (own: readonly string[], others: readonly string[]) =>
      own.flatMap((one) => others.map((another) => [one, another] as const));
    return [...pairs(this.hosts, other.hosts), ...pairs(this.login.brokerNames, other.login.brokerNames)];
  }

  /** What Terraform must find true of values that it alone knows: they stand in what nodes read, which a quote would end. */
  public requirements(): readonly ScopeRequirement[] {
    const server = `[A-Za-z0-9.-]+:${this.ports[0]}`;
    // Where ports alone tell brokers apart, only one can be at the one that is given.
    const [more, allowed] = this.reach.hostsByPortAlone
      ? ["", `one broker at port ${this.ports[0]}, as a private link leads to one at each port`]
      : [`(,${server})*`, `brokers at port ${this.ports[0]}, separated by commas`];
    const ofServers = this.bootstrapServers.filter(isToken).map((servers) => ({
      condition: Fn.can(Fn.regex(`^${server}${more}$`, servers)),
      errorMessage: `${escapeTerraformText(this.path)} must be given ${allowed}, and is given another text: correct bootstrapServers or port.`,
    }));
    return [...ofServers, ...this.login.requirements(this.path)];
  }

  public describe({ clusterName, read, write }: ConnectionUse): object {
    return {
      kind: "kafka",
      properties: this.clientProperties(),
      topics: { read, write },
      consumerGroupPrefix: namePrefix(clusterName),
      transactionalIdPrefix: namePrefix(clusterName),
    };
  }

  public tables(): readonly ConnectionTable[] {
    const properties = Object.entries(this.clientProperties()).map(
      ([key, value]) => [`properties.${key}`, value] as const,
    );
    return [{ name: this.name, tableOptions: { connector: "kafka", ...Object.fromEntries(properties) } }];
  }

  private clientProperties(): Readonly<Record<string, string>> {
    return {
      "bootstrap.servers": this.bootstrapServers.join(","),
      "security.protocol": this.login.securityProtocol,
      ...this.trustProperties(),
      ...this.login.clientProperties(this.name),
    };
  }

  private trustProperties(): Readonly<Record<string, string>> {
    if (this.certificateAuthorities === undefined) return {};
    return { "ssl.truststore.type": "PEM", "ssl.truststore.location": connectionAuthoritiesFile(this.name) };
  }
}

/** Names of brokers without their ports, as each way to log in has a port of its own. */
export function hostsOf(bootstrapServers: readonly string[]): string[] {
  return bootstrapServers.map((one) => (isToken(one) ? one : one.toLowerCase().split(":")[0]));
}
