import { MskCluster } from "@cdktf/provider-aws/lib/msk-cluster";
import { MskConfiguration } from "@cdktf/provider-aws/lib/msk-configuration";
import { Construct, IConstruct } from "constructs";
import { nameTag } from "../../core/terraform/names";
import { checkInputOf } from "../../core/terraform/refusals";
import { SecurityGroupReach } from "../../network/egress/security-group-reach";
import { RemovalPolicy } from "../../storage/removal-policy";
import { storedDataKey } from "../../storage/stored-data-key";
import { closedSecurityGroup } from "../closed-security-group";
import { requireProvisioning } from "../provisioning/require-provisioning";
import { ServiceLogs } from "../service-logs";
import { requireUniqueName } from "../unique-name";
import { StorageGrowth } from "./broker-storage";
import { ExistingKafkaCluster, KafkaClusterAttributes } from "./existing-kafka-cluster";
import { IKafkaCluster } from "./i-kafka-cluster";
import { KafkaClusterProps } from "./kafka-cluster-props";
import { checkKafkaClusterProps, KafkaClusterSettings } from "./kafka-cluster-settings";
import { KafkaConnection } from "./kafka-connection";
import { KafkaIam } from "./kafka-iam";
import { KafkaProvisioning } from "./kafka-provisioning";
import { KafkaTopicProps } from "./kafka-topic-props";
import { KafkaTopics, requireTopicName } from "./kafka-topics";
import { StableServers } from "./stable-servers";

/** Where in the resource the storage stands that Amazon MSK enlarges by itself: to make it smaller again is refused there. */
const STORAGE = "broker_node_group_info[0].storage_info[0].ebs_storage_info[0].volume_size";

/**
 * Apache Kafka as a source or a sink of jobs: a cluster of Amazon MSK in three zones, every topic three times and written
 * twice before it counts. TLS alone, between clients and brokers and among brokers; login by IAM alone; encrypted by a key
 * of its own; closed but to the Flink clusters that use it; logs of the brokers kept for a year; storage that grows.
 *
 * Brokers make no topics by themselves: `addTopic` lets the deploy make them.
 */
export class KafkaCluster extends Construct implements IKafkaCluster {
  /**
   * A Kafka cluster that exists already, of Amazon MSK or of your own: brokers that speak TLS, and know their users by IAM,
   * SASL/SCRAM or certificates. To read as one user and to write as another, give it twice.
   *
   * @param scope where it belongs
   * @param id unique in the scope
   * @param attributes where it is, and who jobs are for it
   */
  public static fromKafkaClusterAttributes(
    scope: Construct,
    id: string,
    attributes: KafkaClusterAttributes,
  ): IKafkaCluster {
    return new ExistingKafkaCluster(scope, id, attributes);
  }

  /** Name of the cluster. */
  public readonly clusterName: string;
  /**
   * ARN of the cluster.
   * @attribute
   */
  public readonly clusterArn: string;
  public readonly bootstrapServers: string[];
  /**
   * Security group of the brokers: without a rule until a Flink cluster uses them, at port 9098.
   * @attribute
   */
  public readonly securityGroupId: string;
  /**
   * ARN of the key that encrypts what brokers store.
   * @attribute
   */
  public readonly encryptionKeyArn: string;
  private readonly connection: KafkaConnection;
  private readonly login: KafkaIam;
  private readonly logRetentionDays: number;
  /** Made when something is first asked of it. */
  private provisioning?: KafkaProvisioning;

  /**
   * @param scope where it belongs
   * @param id unique in the scope
   * @param props where it stands, and how large it is
   */
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: KafkaClusterProps,
  ) {
    super(scope, id);
    const settings = checkInputOf(this, () => checkKafkaClusterProps(this, id, props));
    this.logRetentionDays = settings.logRetentionDays;
    this.requireUniqueName(settings);
    this.clusterName = settings.clusterName;
    this.encryptionKeyArn = storedDataKey(this, {
      description: `What brokers of the Kafka cluster ${this.clusterName} store`,
      removalPolicy: settings.removalPolicy,
      encryptionKey: props.encryptionKey,
    });
    this.securityGroupId = closedSecurityGroup(this, {
      vpcId: props.network.vpcId,
      name: `kafka-${this.clusterName}`,
      description: `Brokers of the Kafka cluster ${this.clusterName}`,
    });
    const cluster = this.createCluster(settings, props);
    this.clusterArn = cluster.arn;
    if (settings.storage.most > settings.storage.first) {
      new StorageGrowth(this, "StorageGrowth", {
        clusterName: this.clusterName,
        clusterArn: this.clusterArn,
        most: settings.storage.most,
      });
    }
    this.login = new KafkaIam("KafkaAuthentication.iam", { clusterArn: this.clusterArn });
    const servers = new StableServers(this, "BootstrapServers", {
      clusterArn: this.clusterArn,
      servers: cluster.bootstrapBrokersSaslIam,
    });
    this.bootstrapServers = [servers.text];
    this.connection = new KafkaConnection({
      name: settings.connectionName,
      path: this.node.path,
      bootstrapServers: this.bootstrapServers,
      reach: new SecurityGroupReach(this.securityGroupId),
      ports: [this.login.msk.port],
      login: this.login,
    });
  }

  public topics(...names: string[]): KafkaTopics {
    return checkInputOf(this, () => KafkaTopics._of(this.connection, names));
  }

  /**
   * A topic that the deploy makes, three times and one in each zone, to hand to `readFrom`, `writeTo` or `readWrite` of a
   * Flink cluster. One that is there already, whoever made it, gets what it lacks: partitions, by which keys move to others, and
   * the settings that are said here, where no row goes by them or `allowDataLoss` is set. None is ever deleted: not on a
   * destroy, and not when the program no longer names it.
   *
   * @param name of the topic: 1 to 249 letters, digits and `._-`
   * @param props how large it is, and what becomes of its rows
   */
  public addTopic(name: string, props: KafkaTopicProps): KafkaTopics {
    return checkInputOf(this, () => {
      requireTopicName("name", name);
      this.provisioning ??= new KafkaProvisioning(this, "Provisioning", {
        network: this.props.network,
        ...{ clusterName: this.clusterName, bootstrapServers: this.bootstrapServers, login: this.login },
        securityGroupId: this.securityGroupId,
        logRetentionDays: this.logRetentionDays,
        logEncryptionKey: this.props.logEncryptionKey,
      });
      this.provisioning.addTopic(name, props);
      return KafkaTopics._of(this.connection, [name]);
    });
  }

  /**
   * What the last deploy that asked for something new made of the topics, and what was there already, as JSON (`made`,
   * `there`), to hand to a `TerraformOutput`. Refused before `addTopic` was called.
   * @attribute
   */
  public get provisioningReport(): string {
    return checkInputOf(this, () => requireProvisioning(this.provisioning, "addTopic").report);
  }

  private requireUniqueName({ clusterName }: KafkaClusterSettings): void {
    const nameOf = (other: IConstruct) => (other instanceof KafkaCluster ? other.clusterName : undefined);
    checkInputOf(this, () =>
      requireUniqueName(this, { property: "clusterName", name: clusterName, kind: "Kafka cluster", nameOf }),
    );
  }

  private createCluster(settings: KafkaClusterSettings, props: KafkaClusterProps): MskCluster {
    const logs = new ServiceLogs(this, "Logs", {
      writer: `brokers of the Kafka cluster ${this.clusterName}`,
      // Below what CloudWatch Logs has for services that write by delivery: others fill up the one policy for all of them.
      logGroups: { Brokers: `/aws/vendedlogs/msk/${this.clusterName}` },
      retentionDays: settings.logRetentionDays,
      encryptionKey: props.logEncryptionKey,
    });
    // Without versions: with them a newer version would be another configuration, while this one is in use.
    const configuration = new MskConfiguration(this, "Configuration", {
      name: this.clusterName,
      description: `Brokers of the Kafka cluster ${this.clusterName}`,
      serverProperties: settings.serverProperties,
    });
    const { first, most } = settings.storage;
    return new MskCluster(this, "Resource", {
      clusterName: this.clusterName,
      kafkaVersion: settings.version,
      numberOfBrokerNodes: settings.brokers,
      brokerNodeGroupInfo: {
        instanceType: settings.brokerType,
        clientSubnets: props.network.subnetIds,
        securityGroups: [this.securityGroupId],
        storageInfo: { ebsStorageInfo: { volumeSize: first } },
        connectivityInfo: { publicAccess: { type: "DISABLED" } },
      },
      configurationInfo: { arn: configuration.arn, revision: configuration.latestRevision },
      clientAuthentication: { sasl: { iam: true }, unauthenticated: false },
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: this.encryptionKeyArn,
        encryptionInTransit: { clientBroker: "TLS", inCluster: true },
      },
      enhancedMonitoring: settings.monitoring,
      loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: true, logGroup: logs.nameOf("Brokers") } } },
      tags: { Name: nameTag(this) },
      lifecycle: {
        preventDestroy: settings.removalPolicy === RemovalPolicy.RETAIN,
        ignoreChanges: most > first ? [STORAGE] : undefined,
      },
    });
  }
}
