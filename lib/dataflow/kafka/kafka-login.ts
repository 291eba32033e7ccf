import { Construct } from "constructs";
import { ConnectorName } from "../../core/connector-name";
import type { ConnectionCredential } from "../../node/desired-state";
import { Allowance } from "../../core/terraform/policy";
import { ScopeRequirement } from "../scope";

/** One way in which clients say to brokers who they are. */
export interface KafkaLogin {
  /** For people, such as `SCRAM`. */
  readonly title: string;
  /** As Kafka names it (`security.protocol`): TLS, and within it SASL where that says who calls. */
  readonly securityProtocol: "SASL_SSL" | "SSL";
  /**
   * Where Amazon MSK takes it inside the network, which of its attributes names those brokers, whether serverless
   * clusters take it, and whether nobody else does (Amazon MSK Developer Guide, "Port information").
   */
  readonly msk: {
    readonly port: number;
    readonly attribute: string;
    readonly isServerless: boolean;
    readonly isOnly: boolean;
  };
  /** Beside Kafka's own. */
  readonly connectors: readonly ConnectorName[];
  /** Absent where Flink's own credentials of AWS serve. */
  readonly credential?: ConnectionCredential;
  /** Names by which the brokers are known, beside those of their machines. */
  readonly brokerNames: readonly string[];
  /**
   * Refuses what is of another region than the one that the program says, unless the system may be elsewhere; nothing where
   * the program says none. A secret is never elsewhere.
   */
  checkRegion(region: string | undefined, isElsewhere: boolean): void;
  /** What a client is told, beside the brokers; `connection` names its files. */
  clientProperties(connection: string): Readonly<Record<string, string>>;
  /** What Terraform must find true of values that it alone knows. */
  requirements(path: string): readonly ScopeRequirement[];
  allowances(scope: Construct, use: KafkaUse): Allowance[];
}

/** What jobs of a cluster do with topics. */
export interface KafkaUse {
  readonly kind: "Read" | "Write";
  readonly topics: readonly string[];
  readonly clusterName: string;
}

/**
 * With what names of consumer groups and of transactional ids begin that jobs of a cluster may use. No name of a cluster
 * holds a full stop: with a hyphen, `orders` could use what is of `orders-eu`.
 */
export function namePrefix(clusterName: string): string {
  return `${clusterName}.`;
}
