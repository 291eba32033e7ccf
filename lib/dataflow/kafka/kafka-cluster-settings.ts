import { Construct } from "constructs";
import { Duration } from "../../core/duration";
import { AwsAccount } from "../../core/terraform/aws-account";
import { nameOfPlace } from "../../core/terraform/names";
import { requireKnown } from "../../core/terraform/text";
import { OptionNames, requireInstance, requireInteger, requireOptionsOf, requireText } from "../../core/validation";
import { requireKey } from "../../encryption/key-checks";
import { requireRetentionDays } from "../../network/log-retention";
import { requireRegionOfNetwork } from "../../network/region-of-network";
import { RemovalPolicy } from "../../storage/removal-policy";
import { requireRemovalPolicy } from "../../storage/storage-checks";
import { connectionName } from "../connection-name";
import { requireThreeZones } from "../three-zones";
import { requireBrokerConfiguration, serverProperties } from "./broker-configuration";
import { BrokerStorage, checkBrokerStorage } from "./broker-storage";
import { KafkaBrokerType } from "./kafka-broker-type";
import { KafkaClusterProps } from "./kafka-cluster-props";
import { KafkaMonitoring, requireKafkaMonitoring } from "./kafka-monitoring";
import { KafkaVersion } from "./kafka-version";

const PROPS: OptionNames<KafkaClusterProps> = {
  network: true,
  clusterName: true,
  version: true,
  brokerType: true,
  brokersPerZone: true,
  storagePerBroker: true,
  maxStoragePerBroker: true,
  configuration: true,
  monitoring: true,
  encryptionKey: true,
  logRetention: true,
  logEncryptionKey: true,
  removalPolicy: true,
  connectionName: true,
};
const LONGEST_NAME = 64;
const CLUSTER_NAME = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;
/** As many as there are replicas, so that no two of a partition are lost with one zone. */
const ZONES = 3;
/** Three zones of them are what Amazon MSK gives to an account without a higher quota. */
const MOST_BROKERS_PER_ZONE = 30;

/** What a cluster is made of, checked and with its defaults. */
export interface KafkaClusterSettings {
  readonly clusterName: string;
  readonly connectionName: string;
  readonly version: string;
  readonly brokerType: string;
  readonly brokers: number;
  readonly storage: BrokerStorage;
  readonly serverProperties: string;
  readonly monitoring: string;
  readonly logRetentionDays: number;
  readonly removalPolicy: RemovalPolicy;
}

/** Checks every prop, by itself and against the others, and fills in the defaults. */
export function checkKafkaClusterProps(cluster: Construct, id: string, props: KafkaClusterProps): KafkaClusterSettings {
  requireOptionsOf("props", props, PROPS);
  requireThreeZones("network", props.network, "each has a replica of every topic");
  requireRegionOfNetwork("network", props.network, cluster);
  if (props.encryptionKey !== undefined) requireKey("encryptionKey", props.encryptionKey);
  if (props.logEncryptionKey !== undefined) requireKey("logEncryptionKey", props.logEncryptionKey);
  const {
    version = KafkaVersion.V3_9,
    brokerType = KafkaBrokerType.M7G_LARGE,
    brokersPerZone = 1,
    configuration = {},
    monitoring = KafkaMonitoring.PER_BROKER,
    logRetention = Duration.days(365),
    removalPolicy = RemovalPolicy.RETAIN,
  } = props;
  requireInstance("version", version, KafkaVersion, "KafkaVersion.V3_9");
  requireInstance("brokerType", brokerType, KafkaBrokerType, "KafkaBrokerType.M7G_LARGE");
  requireKnown("brokersPerZone", brokersPerZone, "it is checked when the program runs");
  requireInteger("brokersPerZone", brokersPerZone, 1, MOST_BROKERS_PER_ZONE);
  requireBrokerConfiguration("configuration", configuration);
  requireKafkaMonitoring("monitoring", monitoring);
  requireRemovalPolicy("removalPolicy", removalPolicy);
  return {
    clusterName: clusterName(cluster, props.clusterName),
    connectionName: connectionName(props.connectionName, id, "kafka"),
    version: version.version,
    brokerType: brokerType.name,
    brokers: brokersPerZone * ZONES,
    storage: checkBrokerStorage(props.storagePerBroker, props.maxStoragePerBroker, AwsAccount.knownRegion(cluster)),
    serverProperties: serverProperties(configuration),
    monitoring,
    logRetentionDays: requireRetentionDays("logRetention", logRetention),
    removalPolicy,
  };
}

function clusterName(cluster: Construct, given: string | undefined): string {
  if (given === undefined) return nameOfPlace(cluster, LONGEST_NAME);
  requireKnown("clusterName", given, "it names the log group, to which a policy refers");
  requireText(
    "clusterName",
    given,
    CLUSTER_NAME,
    `1 to ${LONGEST_NAME} letters, digits and hyphens, beginning with a letter or digit`,
  );
  return given;
}
