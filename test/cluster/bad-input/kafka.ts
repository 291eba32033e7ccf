import { TerraformStack } from "cdktf";
import {
  CertificateSecret,
  Duration,
  KafkaAuthentication,
  KafkaBrokerType,
  KafkaCleanupPolicy,
  KafkaCluster,
  KafkaClusterAttributes,
  KafkaClusterProps,
  KafkaMonitoring,
  KafkaTopicProps,
  KafkaVersion,
  LoginSecret,
  RemovalPolicy,
  Size,
} from "../../../lib";
import { someNetwork } from "../support";
import { DIRECT_EGRESSES } from "./egress";
import { BUCKET, KEYS, NETWORK, OWN_BUCKET, OWN_NETWORK } from "./made-in-stack";
import { enumeration, isEmptyOptions, props, Row, whole } from "./row";
import { CERTIFICATES, CONNECTION_NAMES, GROUP_IDS, KEY_ARNS, PEMS, RETENTIONS, SECRET_ARNS } from "./shared-values";
import { existingKafka, KAFKA_ATTRIBUTES, MSK_ARN, SCRAM, SECRET_ARN } from "./systems";
import { BARE, COMMON, EMPTY, HOSTILE_TEXTS, TOKENS } from "./values";

const kafka = props<KafkaClusterAttributes>("KafkaClusterAttributes", (stack, given) =>
  existingKafka(stack, "k", { ...KAFKA_ATTRIBUTES, ...given }),
);
const scram = props<LoginSecret>(
  "LoginSecret",
  (_, given) => KafkaAuthentication.scramSha512(given),
  "KafkaAuthentication.scramSha512",
);
const byCertificate = props<CertificateSecret>(
  "CertificateSecret",
  (_, given) => KafkaAuthentication.clientCertificate(given),
  "KafkaAuthentication.clientCertificate",
);
const TOPIC_NAMES = {
  takes: ["x", "null", "0.10", "_proto_", "orders", "Orders.v1_2-x", "a".repeat(249)],
  refuses: ["__consumer_offsets", "__proto__", "orders-*", ".", "..", "a".repeat(250), "a/b", "orders\n"],
  required: true,
};

export const KAFKA: Row[] = [
  kafka("bootstrapServers", {
    takes: [["broker:1"], ["b-1.example.internal:9096", "B-2.example.internal:9094"]],
    refuses: [
      "broker:9096",
      ["broker"],
      ["10.0.0.1:9096"],
      ["broker:0"],
      ["-a:1"],
      ["a..b:1"],
      ["a:1,b:1"],
      Array(65).fill("a:1"),
    ],
    required: true,
  }),
  {
    input: "KafkaClusterAttributes.port",
    named: "port",
    give: (stack, port) => existingKafka(stack, "k", { ...KAFKA_ATTRIBUTES, bootstrapServers: [TOKENS.text], port }),
    ...whole(1, 65_535),
    required: true,
  },
  kafka("securityGroupId", GROUP_IDS),
  {
    input: "KafkaClusterAttributes.egress",
    ...DIRECT_EGRESSES,
    give: (stack, egress) => existingKafka(stack, "e", { ...KAFKA_ATTRIBUTES, securityGroupId: undefined, egress }),
  },
  kafka("authentication", {
    takes: [
      SCRAM,
      KafkaAuthentication.scramSha256({ secretArn: SECRET_ARN }),
      KafkaAuthentication.clientCertificate({ secretArn: SECRET_ARN }),
      KafkaAuthentication.iam({ clusterArn: MSK_ARN }),
    ],
    refuses: ["iam", { secretArn: SECRET_ARN }],
    required: true,
  }),
  kafka("certificateAuthorities", PEMS),
  kafka(
    "certificateAuthorities",
    { about: "for Amazon MSK", takes: [], refuses: [CERTIFICATES], own: true },
    { bootstrapServers: ["b-1.orders.abc123.c2.kafka.eu-west-1.amazonaws.com:9096"] },
  ),
  kafka("connectionName", CONNECTION_NAMES),
  scram("secretArn", SECRET_ARNS),
  scram("encryptionKeyArn", KEY_ARNS, { secretArn: SECRET_ARN }),
  byCertificate("secretArn", SECRET_ARNS),
  byCertificate("encryptionKeyArn", KEY_ARNS, { secretArn: SECRET_ARN }),
  {
    input: "KafkaIamCluster.clusterArn",
    named: "clusterArn of KafkaAuthentication.iam",
    give: (_, clusterArn) => KafkaAuthentication.iam({ clusterArn }),
    takes: [MSK_ARN, TOKENS.text],
    refuses: [
      MSK_ARN.replace("orders", "*"),
      MSK_ARN.replace("cluster/", "topic/"),
      MSK_ARN.replace(/\/[^/]*$/, ""),
      "orders",
      `${MSK_ARN}\n`,
      MSK_ARN.replace("arn:aws:", "arn:aws-cn:"),
    ],
    required: true,
  },
  {
    input: "KafkaAuthentication.iam(cluster)",
    named: "the argument of KafkaAuthentication.iam",
    give: (_, value) => KafkaAuthentication.iam(value),
    isMap: true,
    takes: [{ clusterArn: MSK_ARN }],
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  },
  ...(["scramSha512", "scramSha256", "clientCertificate"] as const).map((factory): Row => ({
    input: `KafkaAuthentication.${factory}(secret)`,
    named: `the argument of KafkaAuthentication.${factory}`,
    give: (_, value) => KafkaAuthentication[factory](value),
    isMap: true,
    takes: [{ secretArn: SECRET_ARN }],
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  })),
  {
    input: "IKafkaCluster.topics(names)",
    named: "names",
    give: (stack, name) => existingKafka(stack, "k", KAFKA_ATTRIBUTES).topics(name),
    ...TOPIC_NAMES,
  },
];

const ownKafka = (stack: TerraformStack, given: Partial<KafkaClusterProps>) =>
  new KafkaCluster(stack, "k", { network: someNetwork(stack, "kafka-network"), ...given });

const msk = props<Partial<KafkaClusterProps>>("KafkaClusterProps", ownKafka);

export const OWN_KAFKA: Row[] = [
  msk("network", { takes: [NETWORK, OWN_NETWORK], refuses: [BUCKET, OWN_BUCKET], required: true }),
  msk("clusterName", {
    takes: ["x", "null", "A1-", "a".repeat(64)],
    refuses: ["a".repeat(65), "-a", "a_b", "a.b", "a/b", "a\n"],
  }),
  msk("version", { takes: [KafkaVersion.V3_9, KafkaVersion.V4_1], refuses: ["3.9.x.kraft", { version: "3.9.x" }] }),
  msk("brokerType", { takes: [KafkaBrokerType.M5_LARGE], refuses: ["kafka.m5.large", { name: "kafka.m5.large" }] }),
  msk("brokersPerZone", whole(1, 30)),
  msk("storagePerBroker", {
    takes: [Size.gibibytes(1), Size.gibibytes(16 * 1024)],
    refuses: [Size.mebibytes(1023), Size.mebibytes(1025), Size.gibibytes(16 * 1024 + 1), "100 GiB", 100],
  }),
  msk("maxStoragePerBroker", {
    takes: [Size.gibibytes(100), Size.gibibytes(16 * 1024)],
    refuses: [Size.gibibytes(99), Size.mebibytes(102_401), Size.gibibytes(16 * 1024 + 1), "1 TiB", 1000],
  }),
  msk("configuration", {
    isMap: true,
    takes: [
      EMPTY,
      BARE,
      { "log.retention.hours": "-1", "transaction.max.timeout.ms": "3600000" },
      { "compression.type": "zstd", "log.cleaner.min.cleanable.ratio": "0.25", "delete.topic.enable": "false" },
    ],
    refuses: [
      { "min.insync.replicas": "1" },
      { "unclean.leader.election.enable": "true" },
      { "auto.create.topics.enable": "true" },
      { "log.retention.hour": "1" },
      { "zookeeper.session.timeout.ms": "6000" },
      { listeners: "PLAINTEXT://:9092" },
    ],
  }),
  {
    input: "KafkaClusterProps.configuration",
    about: "a key",
    named: "a key of configuration",
    give: (stack, key: string) => ownKafka(stack, { configuration: { [key]: "1" } }),
    takes: ["num.partitions"],
    refuses: ["", ...HOSTILE_TEXTS, TOKENS.text],
    own: true,
  },
  ...(
    [
      ["log.retention.bytes", ["-1", "0", "9007199254740991"], ["-2", "9007199254740992", "01", "1e3", "1 "]],
      ["num.partitions", ["1", "2147483647"], ["0", "-1", "2147483648", "+1", "1\n"]],
      ["replica.lag.time.max.ms", ["10000", "30000"], ["9999", "30001"]],
      ["log.cleaner.min.cleanable.ratio", ["0", "0.5", "1", "0.10"], ["1.1", "-0.1", ".5", "1.", "0,5"]],
      ["compression.type", ["producer", "zstd"], ["ZSTD", "none", "zstd\n"]],
    ] as const
  ).map(([key, takes, refuses]): Row => ({
    input: "KafkaClusterProps.configuration",
    about: `the value of ${key}`,
    named: `configuration["${key}"]`,
    give: (stack, value) => ownKafka(stack, { configuration: { [key]: value } }),
    takes,
    refuses,
    required: true,
  })),
  msk("monitoring", enumeration(KafkaMonitoring)),
  msk("encryptionKey", KEYS),
  msk("logRetention", RETENTIONS),
  msk("logEncryptionKey", KEYS),
  msk("removalPolicy", enumeration(RemovalPolicy)),
  msk("connectionName", CONNECTION_NAMES),
  {
    input: "KafkaCluster.topics(names)",
    named: "names",
    give: (stack, name) => ownKafka(stack, {}).topics(name),
    ...TOPIC_NAMES,
  },
  {
    input: "KafkaVersion.of(version)",
    named: "KafkaVersion.of",
    give: (_, value) => KafkaVersion.of(value),
    takes: ["3.7.x", "3.9.x.kraft", "4.1.x.kraft", "10.0.1.kraft"],
    refuses: ["3.6.0", "2.8.1", "4.0.x", "3.9", "3.9.x.zookeeper", "3.9.x.kraft\n", 3.9],
    required: true,
  },
  {
    input: "KafkaBrokerType.of(name)",
    named: "KafkaBrokerType.of",
    give: (_, value) => KafkaBrokerType.of(value),
    takes: ["kafka.m7g.12xlarge", "kafka.m5.large"],
    refuses: ["m5.large", "kafka.t3.small", "express.m7g.large", "kafka.m5", "kafka.m5.large\n"],
    required: true,
  },
];

const addTopic = (stack: TerraformStack, name: string, given: KafkaTopicProps) =>
  ownKafka(stack, {}).addTopic(name, given);
const topic = props<KafkaTopicProps>("KafkaTopicProps", (stack, given) => addTopic(stack, "enriched", given));

/** What the deploy makes in a cluster of one's own. */
export const PROVISIONED_KAFKA: Row[] = [
  {
    input: "KafkaCluster.addTopic(name)",
    named: "name",
    give: (stack, name) => addTopic(stack, name, { partitions: 1 }),
    ...TOPIC_NAMES,
  },
  {
    input: "KafkaCluster.addTopic(props)",
    named: "props",
    give: (stack, given) => addTopic(stack, "enriched", given),
    isMap: true,
    takes: [{ partitions: 1 }],
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  },
  topic("partitions", { ...whole(1, 1000), required: true }),
  topic(
    "retention",
    { takes: [Duration.minutes(1), Duration.days(10_000)], refuses: [Duration.millis(59_999), "7 d"] },
    { partitions: 1 },
  ),
  topic(
    "retention",
    { about: "where the last row of a key stays", takes: [], refuses: [Duration.days(7)], own: true },
    { partitions: 1, cleanupPolicy: KafkaCleanupPolicy.COMPACT },
  ),
  topic("cleanupPolicy", enumeration(KafkaCleanupPolicy), { partitions: 1 }),
  topic("allowDataLoss", { takes: [true, false] }, { partitions: 1 }),
];
