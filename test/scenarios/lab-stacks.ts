import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { App, LocalBackend, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import {
  DataBucket,
  Duration,
  FlinkCluster,
  FlinkClusterProps,
  LogLevel,
  PrivateAuthorities,
  RemovalPolicy,
  RestartStrategy,
  Software,
  SoftwareOrigin,
} from "../../lib";
import { StorageStack } from "../../stacks/storage-stack";
import { addCluster, NetworkAndCluster, StreamingStack } from "../../stacks/streaming-stack";
import { addPrivateAuthorities } from "../support/private-authorities";
import { HOSTILE_CONFIGURATION, HOSTILE_STRINGS_VARIABLE, HOSTILE_TAGS } from "./hostile-strings";
import { BROKER, connectToKafka, KafkaUsersStack } from "./kafka/kafka-stacks";
import { labImage } from "./lab-image";
import { LogsSettings, shipLogs } from "./logs/logs-stacks";
import { METRICS_SERVER, MetricsSettings, MetricsUsersStack, shipMetrics } from "./metrics-lab/metrics-stacks";
import {
  connectToOrders,
  OrdersSecretsStack,
  OrdersSettings,
  OrdersSystemsStack,
} from "./orders-enrichment/orders-stacks";
import {
  connectToOpenSearch,
  OpenSearchSettings,
  OpenSearchUsersStack,
  SEARCH_SERVER,
} from "./opensearch/opensearch-stacks";
import { OthersMachine, OthersMachineStack } from "./others/others-machine";
import { addOperatorRoles } from "./operators/operator-roles";
import {
  connectToPostgreSql,
  DATABASE_SERVER,
  PostgreSqlSettings,
  PostgreSqlUsersStack,
} from "./postgresql/postgresql-stacks";

/** Settings of Flink for which the ready stacks have no setting of their own, as JSON in the environment. */
export const FLINK_SETTINGS_VARIABLE = "LAB_FLINK_SETTINGS";

interface FlinkSettings {
  readonly restartDelaySeconds?: number;
  readonly certificateValiditySeconds?: number;
  readonly logLevel?: LogLevel;
  readonly flinkConfiguration?: { readonly [key: string]: string };
  /** Whether jobs may read files. */
  readonly readsFiles?: boolean;
  /** Whether certificates come from a user's own authorities, which are in the stack `authorities`. */
  readonly privateAuthorities?: boolean;
  /** Topics of Kafka that jobs may read, beside one to write: its users are in `kafka-users`, its broker in `kafka`. */
  readonly kafkaTopics?: readonly string[];
  /** An OpenSearch that jobs may write to: its users are in `opensearch-users`, its server in `opensearch`. */
  readonly openSearch?: OpenSearchSettings;
  /** A PostgreSQL that jobs may read and write: its users are in `postgresql-users`, its server in `postgresql`. */
  readonly postgreSql?: PostgreSqlSettings;
  /** Where logs go: the user for them is in `opensearch-users`, the server in `opensearch`. Jobs then write no files. */
  readonly logs?: LogsSettings;
  /** Where metrics go: the users for them are in `metrics-users`, the servers in `metrics-servers`. Jobs then write no files. */
  readonly metrics?: MetricsSettings;
  /** All systems of examples/orders-enrichment: their secrets are in `orders-secrets`, their servers in `orders-systems`. */
  readonly ordersEnrichment?: OrdersSettings;
  /** Whether people take roles to operate the cluster, and the client is a machine by which they reach it. */
  readonly operators?: boolean;
}

/** What a user's jobs write to: a bucket of its own, apart from the cluster's. */
export const SINK_BUCKET = "numbered-stream-sink";
/** The part of it that jobs may write to, and the folders that they write. */
export const SINK_PREFIX = "numbers/out/";
/** The one that the job of examples/orders-enrichment writes. */
export const ORDERS_PREFIX = "orders-enriched/";
export const STREAM_FOLDER = `${SINK_PREFIX}stream`;
export const COPY_FOLDER = `${SINK_PREFIX}copy`;
/** The part of it that jobs may read where the settings say so. */
export const SOURCE_PREFIX = "numbers/in/";
/** The stack that holds everything where there is one alone: it goes by the name of the one that holds the cluster. */
export const ONE_STACK = "streaming";
export const CLIENT_NAME = "client";
export const CLIENT_ROLE_PREFIX = "lab-client-";
/** Somebody else's machine in the same network. */
export const STRANGER_NAME = "stranger";

function addSink(scope: Construct): DataBucket {
  return new DataBucket(scope, "sink-bucket", {
    ...{ bucketName: SINK_BUCKET, removalPolicy: RemovalPolicy.DESTROY },
    // As examples/orders-enrichment calls it.
    connectionName: "files",
  });
}

/** A bucket that the numbered stream is written to. It outlives the clusters that write. */
class SinkStack extends TerraformStack {
  public readonly bucket: DataBucket;

  public constructor(scope: Construct, id: string, region: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region });
    new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
    this.bucket = addSink(this);
  }
}

/** A user's own authorities, which were there before any cluster. */
class AuthoritiesStack extends TerraformStack {
  public readonly authorities: PrivateAuthorities;

  public constructor(scope: Construct, id: string, region: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region });
    new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
    this.authorities = addPrivateAuthorities(this);
  }
}

/**
 * A user's own machine, which is a member of the cluster's client security group and of nothing else; and a
 * stranger, which may speak to every address of the network and is in none of the cluster's groups.
 */
class ClientStack extends TerraformStack {
  public constructor(scope: Construct, id: string, region: string, streaming: StreamingStack) {
    super(scope, id);
    new AwsProvider(this, "aws", { region });
    new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
    const ami = labImage(this);
    addClient(this, streaming, ami);
    addStranger(this, streaming, ami);
  }
}

function addClient(scope: Construct, { network, flink }: NetworkAndCluster, ami: string): void {
  const role = new IamRole(scope, "role", {
    namePrefix: CLIENT_ROLE_PREFIX,
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }],
    }),
  });
  new Instance(scope, "client", {
    ami,
    instanceType: "t3.small",
    subnetId: network.subnetIds[0],
    vpcSecurityGroupIds: [flink.clientSecurityGroupId],
    iamInstanceProfile: new IamInstanceProfile(scope, "profile", { role: role.name }).name,
    metadataOptions: { httpTokens: "required" },
    rootBlockDevice: { volumeSize: 8 },
    tags: { Name: CLIENT_NAME, [FlinkCluster.CLIENT_TAG]: flink.clusterName },
  });
}

/** A machine that may speak to every address of the network, and is in no group of ours. */
export function addStranger(scope: Construct, { network }: Pick<NetworkAndCluster, "network">, ami: string): void {
  const strangers = new SecurityGroup(scope, "strangers", { vpcId: network.vpcId, description: "Others" });
  new VpcSecurityGroupEgressRule(scope, "strangers-to-network", {
    securityGroupId: strangers.id,
    cidrIpv4: network.cidr,
    ipProtocol: "-1",
  });
  new Instance(scope, "stranger", {
    ami,
    instanceType: "t3.nano",
    subnetId: network.subnetIds[0],
    vpcSecurityGroupIds: [strangers.id],
    metadataOptions: { httpTokens: "required" },
    rootBlockDevice: { volumeSize: 8 },
    tags: { Name: STRANGER_NAME },
  });
}

function connect(flink: FlinkCluster, bucket: DataBucket): void {
  const { readsFiles, logs, metrics, ordersEnrichment } = flinkSettings();
  if (readsFiles) flink.readFrom(bucket.prefix(SOURCE_PREFIX));
  if (logs === undefined && metrics === undefined)
    flink.writeTo(bucket.prefix(ordersEnrichment ? ORDERS_PREFIX : SINK_PREFIX));
}

const flinkSettings = (): FlinkSettings => JSON.parse(process.env[FLINK_SETTINGS_VARIABLE] ?? "{}") as FlinkSettings;

function flinkProps(hostile: boolean): Partial<FlinkClusterProps> {
  const settings = flinkSettings();
  const { restartDelaySeconds, certificateValiditySeconds, logLevel, metrics } = settings;
  return {
    ...(metrics === undefined ? {} : { software: softwareOf(metrics) }),
    ...(hostile ? { tags: HOSTILE_TAGS } : {}),
    flinkConfiguration: { ...(hostile ? HOSTILE_CONFIGURATION : {}), ...settings.flinkConfiguration },
    ...(logLevel === undefined ? {} : { logLevel }),
    ...(certificateValiditySeconds === undefined
      ? {}
      : { certificateValidity: Duration.seconds(certificateValiditySeconds) }),
    ...(restartDelaySeconds === undefined
      ? {}
      : { restartStrategy: RestartStrategy.failureRate({ delay: Duration.seconds(restartDelaySeconds) }) }),
  };
}

function softwareOf({ lockFile }: MetricsSettings): Software {
  return Software.fetched({ origin: SoftwareOrigin.PACKAGE_REGISTRIES, lockFile });
}

/** Synthesizes the ready stacks, as the environment configures them, and what the tests add beside them. */
export function synthesizeLabStacks(outdir: string, region: string): void {
  const app = new App({ outdir, hclOutput: false });
  const storage = new StorageStack(app, "storage", region);
  const hostile = process.env[HOSTILE_STRINGS_VARIABLE] === "1";
  const privateAuthorities = flinkSettings().privateAuthorities
    ? new AuthoritiesStack(app, "authorities", region).authorities
    : undefined;
  const props = { ...flinkProps(hostile), privateAuthorities };
  const streaming = new StreamingStack(app, "streaming", region, storage.checkpoints, props);
  const sink = new SinkStack(app, "sink", region);
  connect(streaming.flink, sink.bucket);
  if (flinkSettings().operators) addOperatorRoles(streaming, storage);
  new ClientStack(app, "client", region, streaming);
  const addOthers = (id: string, machine: OthersMachine, securityGroupId: string) =>
    new OthersMachineStack(app, id, region, machine, { network: streaming.network, securityGroupId });
  const { kafkaTopics, openSearch, logs, metrics, postgreSql, ordersEnrichment } = flinkSettings();
  if (kafkaTopics) {
    const brokers = connectToKafka(streaming, new KafkaUsersStack(app, "kafka-users", region), kafkaTopics);
    addOthers("kafka", BROKER, brokers);
  }
  if (openSearch !== undefined) {
    const users = new OpenSearchUsersStack(app, "opensearch-users", region);
    const servers = connectToOpenSearch(streaming, users, openSearch);
    addOthers("opensearch", SEARCH_SERVER, servers);
  }
  if (logs !== undefined) {
    const users = new OpenSearchUsersStack(app, "opensearch-users", region);
    addOthers("opensearch", SEARCH_SERVER, shipLogs(streaming, users, logs));
  }
  if (metrics !== undefined) {
    const users = new MetricsUsersStack(app, "metrics-users", region);
    const servers = shipMetrics(streaming, users, metrics);
    addOthers("metrics-servers", METRICS_SERVER, servers);
  }
  if (postgreSql !== undefined) {
    const users = new PostgreSqlUsersStack(app, "postgresql-users", region);
    const servers = connectToPostgreSql(streaming, users, postgreSql);
    addOthers("postgresql", DATABASE_SERVER, servers);
  }
  if (ordersEnrichment !== undefined) {
    const secrets = new OrdersSecretsStack(app, "orders-secrets", region);
    const groups = connectToOrders(streaming, secrets, ordersEnrichment);
    new OrdersSystemsStack(app, "orders-systems", region, streaming, groups);
  }
  app.synth();
}

/**
 * Synthesizes the same in one stack, the bucket too, without a stranger: for a cluster of which nothing is to outlive
 * another part. The bucket's removal policy must be `destroy`.
 */
export function synthesizeOneStack(outdir: string, region: string): void {
  const app = new App({ outdir, hclOutput: false });
  const whole = new StorageStack(app, ONE_STACK, region);
  const cluster = addCluster(whole, whole.checkpoints, flinkProps(process.env[HOSTILE_STRINGS_VARIABLE] === "1"));
  connect(cluster.flink, addSink(whole));
  addClient(whole, cluster, labImage(whole));
  app.synth();
}
