import type { ConnectionCredential } from "../../node/desired-state";
import { Connection, ConnectionUse, ConnectorName } from "../scope";
import { KafkaLogin, namePrefix } from "./kafka-login";

export interface KafkaConnectionProps {
  readonly name: string;
  readonly path: string;
  /** `host:port` each, separated by commas, as Kafka's clients take them. */
  readonly bootstrapServers: string;
  readonly securityGroupId: string;
  readonly ports: readonly number[];
  readonly login: KafkaLogin;
}

/** How Flink reaches the brokers of one Kafka cluster, and who it is for them. */
export class KafkaConnection implements Connection {
  public readonly name: string;
  public readonly path: string;
  public readonly connectors: readonly ConnectorName[];
  public readonly securityGroupId: string;
  public readonly ports: readonly number[];
  public readonly credential?: ConnectionCredential;
  public readonly login: KafkaLogin;
  private readonly bootstrapServers: string;

  public constructor(props: KafkaConnectionProps) {
    ({ name: this.name, path: this.path, securityGroupId: this.securityGroupId, ports: this.ports } = props);
    ({ login: this.login, bootstrapServers: this.bootstrapServers } = props);
    this.connectors = ["kafka", ...this.login.connectors];
    this.credential = this.login.credential;
  }

  /** Two names by which both lead to the same brokers if they are the same. A client takes any broker for all of them. */
  public sameBrokersIf(other: KafkaConnection): readonly [string, string] {
    const shared = this.brokerNames().find((name) => other.brokerNames().includes(name));
    return shared === undefined ? [this.bootstrapServers, other.bootstrapServers] : [shared, shared];
  }

  public describe({ clusterName, read, write }: ConnectionUse): object {
    return {
      kind: "kafka",
      properties: {
        "bootstrap.servers": this.bootstrapServers,
        "security.protocol": "SASL_SSL",
        ...this.login.clientProperties(this.name),
      },
      topics: { read, write },
      consumerGroupPrefix: namePrefix(clusterName),
      transactionalIdPrefix: namePrefix(clusterName),
    };
  }

  private brokerNames(): string[] {
    return [...this.bootstrapServers.toLowerCase().split(","), ...this.login.brokerNames];
  }
}
