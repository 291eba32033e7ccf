import { Duration } from "../../core/duration";
import { Size } from "../../core/size";
import { IKey } from "../../encryption/i-key";
import { IFlinkNetwork } from "../../network/i-flink-network";
import { RemovalPolicy } from "../../storage/removal-policy";
import { KafkaBrokerType } from "./kafka-broker-type";
import { KafkaMonitoring } from "./kafka-monitoring";
import { KafkaVersion } from "./kafka-version";

/** What a `KafkaCluster` can be told. */
export interface KafkaClusterProps {
  /**
   * Where its brokers stand: a network of three zones, each of which has a replica of every topic. Amazon MSK has no
   * brokers in the zone `use1-az3`.
   */
  readonly network: IFlinkNetwork;
  /**
   * Name of the cluster, unique in the account and region: 1 to 64 letters, digits and hyphens, beginning with a letter or
   * digit. A change of it is another cluster.
   *
   * @default - made of the construct's place in the program, such as `sinks-enriched`
   */
  readonly clusterName?: string;
  /**
   * Version of Apache Kafka. A newer one is taken on broker by broker; an older one is another cluster.
   *
   * @default KafkaVersion.V3_9
   */
  readonly version?: KafkaVersion;
  /**
   * Size of each broker. Another one is taken on broker by broker.
   *
   * @default KafkaBrokerType.M7G_LARGE
   */
  readonly brokerType?: KafkaBrokerType;
  /**
   * Number of brokers in each zone: 1 to 30. More than 20 need a higher quota of Amazon MSK. New ones hold nothing until
   * partitions are moved to them; those that hold partitions cannot be taken away.
   *
   * @default 1
   */
  readonly brokersPerZone?: number;
  /**
   * Storage of each broker to begin with: whole GiB, 1 GiB to 16 TiB. A change of it later counts only where storage does
   * not grow by itself; it never becomes less.
   *
   * @default Size.gibibytes(100)
   */
  readonly storagePerBroker?: Size;
  /**
   * Up to what the storage of each broker grows by itself, by a tenth whenever three fifths of it are used, at most once in
   * six hours: whole GiB, up to 16 TiB. The same as `storagePerBroker` for storage that does not grow.
   *
   * @default - 4 times `storagePerBroker`; the same in regions where Amazon MSK lets no storage grow
   */
  readonly maxStoragePerBroker?: Size;
  /**
   * Settings of brokers, such as `{ "log.retention.hours": "72" }`: those that Amazon MSK lets its users have, each value
   * a text. A change is taken on broker by broker. Refused: settings of how many replicas there are and must be written,
   * of topics that make themselves, and of lists of who may do what.
   *
   * @default - `transaction.max.timeout.ms` is a day, else those of Amazon MSK
   */
  readonly configuration?: { readonly [key: string]: string };
  /**
   * Which metrics Amazon MSK gives to CloudWatch.
   *
   * @default KafkaMonitoring.PER_BROKER
   */
  readonly monitoring?: KafkaMonitoring;
  /**
   * Key of your own for all that brokers store, such as `Key.fromKeyAttributes(...)` gives it: symmetric, of the account
   * and region of the cluster; its policy must leave it to the account's own policies who may use it (docs/keys.md). Fixed
   * for the cluster's life. Never deleted with it.
   *
   * @default - a key for this cluster alone is created, with an alias and yearly rotation
   */
  readonly encryptionKey?: IKey;
  /**
   * How long the brokers' logs are kept: 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days (what
   * CloudWatch Logs offers from one year on).
   *
   * @default Duration.days(365)
   */
  readonly logRetention?: Duration;
  /**
   * Key of your own for the brokers' logs: symmetric, of the account and region of the cluster; its policy must let
   * CloudWatch Logs use it (docs/keys.md says how).
   *
   * @default - a key for these logs alone is created, with an alias and yearly rotation
   */
  readonly logEncryptionKey?: IKey;
  /**
   * What becomes of the cluster, and of its key and alias where they are ours, which are one unit: with `RETAIN`, Terraform
   * refuses every plan that would destroy one of them or change the key; with `DESTROY` they go with all that is stored,
   * the key after 7 days.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * What jobs find it by on the nodes: 1 to 63 lower-case letters, digits and `-`, beginning with a letter, and unique
   * among all that a Flink cluster uses.
   *
   * @default - the construct's id in lower case, with `-` for what is no letter or digit
   */
  readonly connectionName?: string;
}
