import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import {
  Architecture,
  CheckpointBucket,
  CheckpointBucketAttributes,
  CheckpointBucketProps,
  DataBucket,
  DataBucketAttributes,
  DataBucketProps,
  Duration,
  FlinkCluster,
  FlinkClusterAttributes,
  FlinkClusterProps,
  FlinkNetwork,
  FlinkNetworkAttributes,
  FlinkNetworkProps,
  FlinkVersion,
  InstanceType,
  KafkaAuthentication,
  KafkaBrokerType,
  KafkaCluster,
  KafkaClusterAttributes,
  KafkaClusterProps,
  KafkaMonitoring,
  KafkaVersion,
  LoginSecret,
  OpenSearchAuthentication,
  OpenSearchCluster,
  OpenSearchClusterAttributes,
  OpenSearchClusterProps,
  OpenSearchInstanceType,
  OpenSearchVersion,
  Key,
  LogLevel,
  InstanceTypeAttributes,
  Peer,
  PostgreSqlAuthentication,
  PostgreSqlCluster,
  PostgreSqlClusterAttributes,
  PostgreSqlClusterProps,
  PostgreSqlInstanceClass,
  PostgreSqlVersion,
  PrivateAuthorities,
  RemovalPolicy,
  RestartStrategy,
  Size,
  Software,
  SoftwareBucket,
  SoftwareBucketAttributes,
  SoftwareOrigin,
} from "../../../lib";
import { rdsAuthorities } from "../../../lib/dataflow/postgresql/rds-authorities";
import { Synthesized, testStack } from "../../support/synth";
import {
  asTerraformReads,
  cluster as clusterOfThree,
  desiredState,
  flinkConfiguration,
  KEY_ARN,
  LOCK_FILE,
  NETWORK_ATTRIBUTES,
  someBucket,
  someNetwork,
} from "../support";
import { BARE, COMMON, EMPTY, HOSTILE_TEXTS, TOKENS } from "./values";

/** One input of the library, and what becomes of values that are handed to it. */
export interface Row {
  /** As `publicInputs` names it; what it is about where there is more than one row of an input. */
  readonly input: string;
  readonly about?: string;
  /** Name by which a refusal calls it. */
  readonly named: string;
  /** Hands the value to the library. */
  readonly give: (stack: TerraformStack, value: never) => unknown;
  /** Values that are taken; `COMMON` ones that are not in it are refused. */
  readonly takes: readonly unknown[];
  /** Values that are refused beside those of `COMMON`. */
  readonly refuses?: readonly unknown[];
  /** A refusal may name one of its entries instead. */
  readonly isMap?: boolean;
  /** Whether leaving it out is refused. */
  readonly required?: boolean;
  /** The value as Terraform reads it in what was synthesized. */
  readonly reads?: (synthesized: Synthesized) => unknown;
  /** Only what the row names is tried: the framework of constructs does not refuse in our words. */
  readonly own?: boolean;
}

/** As small as it gets, for the sake of time: what is tried does not depend on the number of nodes. */
const cluster = (stack: TerraformStack, given: Partial<FlinkClusterProps> = {}, id?: string): FlinkCluster =>
  clusterOfThree(stack, { nodeCount: 1, ...given }, id);

/** Makes what stands in a stack once, for calls that refuse before they change anything. */
function once<T>(make: (stack: TerraformStack) => T): () => T {
  let made: T | undefined;
  return () => (made ??= make(testStack("throwaway")));
}

type Given = Omit<Row, "input" | "named" | "give">;

const duration = (min: Duration, max: Duration): Pick<Row, "takes" | "refuses"> => ({
  takes: [min, max],
  refuses: [Duration.millis(min.toMilliseconds() - 1), Duration.millis(max.toMilliseconds() + 1), "10 s"],
});
const whole = (min: number, max: number): Pick<Row, "takes" | "refuses"> => ({
  takes: [min, max],
  refuses: [min - 1, max + 1, min + 0.5, String(min)],
});
const enumeration = (values: object): Pick<Row, "takes" | "refuses"> => ({
  takes: Object.values(values),
  refuses: Object.keys(values).filter((name) => !Object.values(values).includes(name)),
});

function props<T>(struct: string, give: (stack: TerraformStack, props: T) => unknown) {
  return (name: keyof T & string, row: Given, more: Partial<T> = {}): Row => ({
    input: `${struct}.${name}`,
    named: name,
    give: (stack, value) => give(stack, { ...more, [name]: value } as T),
    ...row,
  });
}

const BUCKET_NAMES = {
  takes: ["abc", "null", `a${"-".repeat(61)}b`, TOKENS.text],
  refuses: ["ab", "a".repeat(64), "Upper", "with.dot", "-a-", "xn--abc", "abc--x-s3", "abc\n"],
};
const KEY_ARNS = {
  takes: [KEY_ARN, KEY_ARN.replace("key/", "key/mrk-"), TOKENS.text],
  refuses: [
    KEY_ARN.replace("key/", "alias/"),
    "01234567-89ab-cdef-0123-456789abcdef",
    "alias/mine",
    `${KEY_ARN}\n`,
    KEY_ARN.replace("arn:aws:", "arn:aws-cn:"),
    KEY_ARN.replace("eu-west-1", "cn-north-1"),
  ],
};
const PRIVATE_CA_ARN =
  "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/01234567-89ab-cdef-0123-456789abcdef";
const PRIVATE_AUTHORITIES: PrivateAuthorities = {
  nodeAuthorityArn: PRIVATE_CA_ARN.replace(/f$/, "1"),
  clientAuthorityArn: PRIVATE_CA_ARN.replace(/f$/, "2"),
};
const NO_PRIVATE_CA_ARNS = [
  "01234567-89ab-cdef-0123-456789abcdef",
  `${PRIVATE_CA_ARN}/certificate/0123456789abcdef0123456789abcdef`,
  `${PRIVATE_CA_ARN}\n`,
  PRIVATE_CA_ARN.replace("arn:aws:", "arn:aws-cn:"),
];
/** Each with the other one. */
const AUTHORITIES = [
  ["nodeAuthorityArn", "clientAuthorityArn"],
  ["clientAuthorityArn", "nodeAuthorityArn"],
] as const;
const DOMAIN_NAMES = {
  takes: ["flink.internal", "a.b-c.d1"],
  refuses: ["internal", "Flink.internal", "flink.internal.", "x.local", `${"a.".repeat(100)}internal`, "a.b\n"],
};
const ZONES = {
  takes: [
    ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    [TOKENS.text, "eu-west-1b", "eu-west-1c"],
  ],
  refuses: [
    "eu-west-1a",
    ["eu-west-1a", "eu-west-1b"],
    ["eu-west-1a", "eu-west-1a", "eu-west-1b"],
    ...HOSTILE_TEXTS.map((text) => [text, "eu-west-1b", "eu-west-1c"]),
  ],
};
const DESCRIPTIONS: Given & { named: string } = {
  named: "description",
  takes: [
    ..." ,x, leading and trailing ,${x},$${x},# no comment,key: value,- item,{a: b},null,0.10,__proto__".split(","),
    "x".repeat(255),
  ],
  refuses: ["x".repeat(256)],
  required: true,
  reads: (synthesized) =>
    asTerraformReads(
      synthesized.all("aws_vpc_security_group_ingress_rule").find((rule) => rule.cidr_ipv4)!.description as string,
    ),
};
const PEER = Peer.cidr("10.2.0.0/16");
const PEERS: Given & { named: string } = {
  named: "peer",
  takes: [PEER, Peer.securityGroup("sg-01234567")],
  refuses: ["10.2.0.0/16", { cidrBlock: "0.0.0.0/0" }],
  required: true,
};
const SERVICES: Given & { named: string } = {
  named: "service",
  takes: ["x", "null", "kms", "ecr.api"],
  refuses: ["s3", "KMS", "kms."],
  required: true,
};
const PRIVATE_BLOCKS = [
  "0.0.0.0/0",
  "8.8.0.0/16",
  "172.32.0.0/16",
  "10.40.0.1/16",
  "10.40/16",
  "fd00::/16",
  "10.40.0.0",
];

const constructOf = (kind: string) => ({
  toString: (): string => `a ${kind} that each stack needs for itself`,
});
/** Constructs belong to a stack, so these stand for one that is made in the stack of the test. */
export const MADE_IN_STACK = new Map<unknown, (stack: TerraformStack) => unknown>([
  [constructOf("network"), (stack) => someNetwork(stack, "made")],
  [constructOf("own network"), (stack) => new FlinkNetwork(stack, "made")],
  [constructOf("bucket"), (stack) => someBucket(stack, "made")],
  [constructOf("own bucket"), (stack) => new CheckpointBucket(stack, "made")],
  [constructOf("prefix"), (stack) => new DataBucket(stack, "made").prefix("in/")],
  [constructOf("topics"), (stack) => existingKafka(stack, "made", KAFKA_ATTRIBUTES).topics("orders")],
  [constructOf("schema"), (stack) => existingPostgreSql(stack, "made", POSTGRESQL_ATTRIBUTES).schema("analytics")],
  [constructOf("indices"), (stack) => existingOpenSearch(stack, "made", OPENSEARCH_ATTRIBUTES).indices("orders-*")],
  [constructOf("key"), (stack) => Key.fromKeyAttributes(stack, "made", { keyArn: KEY_ARN })],
  [constructOf("key of the program"), (stack) => Key.fromKeyAttributes(stack, "made", { keyArn: TOKENS.text })],
  [constructOf("key by its alias"), (stack) => keyLike(stack, KEY_ARN.replace("key/", "alias/"))],
  [constructOf("key without an ARN"), (stack) => keyLike(stack, undefined)],
]);
const [NETWORK, OWN_NETWORK, BUCKET, OWN_BUCKET, DATA_PREFIX, TOPICS, SCHEMA, INDICES, KEY, TOKEN_KEY, ...NO_KEYS] = [
  ...MADE_IN_STACK.keys(),
];
/** A key as programs may make it by themselves. */
function keyLike(stack: TerraformStack, keyArn: unknown): Construct {
  return Object.assign(new Construct(stack, "made"), { keyArn });
}
const KEYS = {
  takes: [KEY, TOKEN_KEY],
  refuses: [NETWORK, BUCKET, KEY_ARN, { keyArn: KEY_ARN }, ...NO_KEYS],
  isMap: true,
};

const network = props<FlinkNetworkProps>("FlinkNetworkProps", (stack, given) => new FlinkNetwork(stack, "n", given));
const existingNetwork = props<FlinkNetworkAttributes>("FlinkNetworkAttributes", (stack, given) =>
  FlinkNetwork.fromFlinkNetworkAttributes(stack, "n", { ...NETWORK_ATTRIBUTES, ...given }),
);
const refusingNetwork = once((stack) => new FlinkNetwork(stack, "n"));
const NETWORKS: Row[] = [
  network("cidr", {
    takes: ["10.40.0.0/16", "192.168.7.0/24"],
    refuses: [...PRIVATE_BLOCKS, "10.0.0.0/15", "10.0.0.0/25", "10.40.0.0/16\n"],
  }),
  network("availabilityZoneCount", { takes: [1, 3], refuses: [2, 4, "3"] }),
  network("availabilityZones", ZONES),
  network("domainName", DOMAIN_NAMES),
  network("flowLogEncryptionKey", KEYS),
  network("flowLogRetention", {
    takes: [Duration.days(365), Duration.days(3653)],
    refuses: [Duration.days(364), Duration.days(366), Duration.hours(365 * 24 + 1), 365],
  }),
  existingNetwork("vpcId", {
    takes: ["vpc-01234567", TOKENS.text],
    refuses: ["vpc-", "vpc-012345678", "vpc-01234567\n"],
    required: true,
  }),
  existingNetwork("cidr", {
    takes: ["10.1.0.0/16", "10.1.2.0/28"],
    refuses: [...PRIVATE_BLOCKS, "10.1.2.0/29"],
    required: true,
  }),
  existingNetwork("subnetIds", {
    takes: [NETWORK_ATTRIBUTES.subnetIds, [TOKENS.text, ...NETWORK_ATTRIBUTES.subnetIds.slice(1)]],
    refuses: [
      NETWORK_ATTRIBUTES.subnetIds.slice(0, 2),
      Array(3).fill("subnet-00000000000000001"),
      ...HOSTILE_TEXTS.map((text) => [text, ...NETWORK_ATTRIBUTES.subnetIds.slice(1)]),
    ],
    required: true,
  }),
  existingNetwork("availabilityZones", ZONES),
  existingNetwork("s3PrefixListId", {
    takes: ["pl-6da54004", TOKENS.text],
    refuses: ["pl-", "com.amazonaws.eu-west-1.s3"],
    required: true,
  }),
  existingNetwork("interfaceEndpoints", {
    isMap: true,
    takes: [EMPTY, BARE, { kms: "sg-01234567" }, { kms: TOKENS.text }],
    refuses: [["kms"], { s3: "sg-01234567" }],
  }),
  {
    input: "FlinkNetworkAttributes.interfaceEndpoints",
    about: "security group",
    named: "interfaceEndpoints.kms",
    give: (stack, value) =>
      FlinkNetwork.fromFlinkNetworkAttributes(stack, "n", {
        ...NETWORK_ATTRIBUTES,
        interfaceEndpoints: { kms: value },
      }),
    takes: ["sg-01234567", TOKENS.text],
    required: true,
  },
  existingNetwork("privateZoneId", {
    takes: ["Z0123456789ABCDEFGHIJ", TOKENS.text],
    refuses: ["z0123", "Z"],
    required: true,
  }),
  existingNetwork("domainName", { ...DOMAIN_NAMES, required: true }),
  ...["FlinkNetwork", "IFlinkNetwork"].map((owner): Row => ({
    input: `${owner}.addInterfaceEndpoint(service)`,
    ...SERVICES,
    give: (stack, value) => {
      (owner === "FlinkNetwork" ? refusingNetwork() : someNetwork(stack)).addInterfaceEndpoint(value);
    },
  })),
  {
    input: "IInterfaceEndpoint.allowFrom(peer)",
    ...PEERS,
    give: (stack, value) => someNetwork(stack).addInterfaceEndpoint("ecr.api").allowFrom(value, "why"),
  },
  {
    input: "IInterfaceEndpoint.allowFrom(description)",
    ...DESCRIPTIONS,
    give: (stack, value) => someNetwork(stack).addInterfaceEndpoint("ecr.api").allowFrom(PEER, value),
  },
];

const BUCKETS: Row[] = [
  { struct: "CheckpointBucketProps", type: CheckpointBucket },
  { struct: "SoftwareBucketProps", type: SoftwareBucket },
  { struct: "DataBucketProps", type: DataBucket },
].flatMap(({ struct, type: Bucket }) => {
  const bucket = props<CheckpointBucketProps & DataBucketProps>(
    struct,
    (stack, given) => new Bucket(stack, "b", given),
  );
  const days = { refuses: [Duration.hours(12), Duration.days(0), Duration.days(3654), 30] };
  return [
    bucket("bucketName", BUCKET_NAMES),
    bucket("encryptionKey", KEYS),
    bucket("removalPolicy", enumeration(RemovalPolicy)),
    bucket("accessLogs", { takes: [true, false], refuses: ["true", 1] }),
    bucket("accessLogBucketName", BUCKET_NAMES),
    bucket("accessLogRetention", { takes: [Duration.days(1), Duration.days(3653)], ...days }, { accessLogs: true }),
    ...(Bucket === CheckpointBucket
      ? [bucket("savepointVersionRetention", { takes: [Duration.days(1), Duration.days(3653)], ...days })]
      : []),
    ...(Bucket === DataBucket
      ? [bucket("versionRetention", { takes: [Duration.days(1), Duration.days(3653)], ...days })]
      : []),
  ];
});
const existingCheckpointBucket = (stack: TerraformStack, id: string, given: CheckpointBucketAttributes) =>
  CheckpointBucket.fromCheckpointBucketAttributes(stack, id, given);
const existingSoftwareBucket = (stack: TerraformStack, id: string, given: SoftwareBucketAttributes) =>
  SoftwareBucket.fromSoftwareBucketAttributes(stack, id, given);
const EXISTING_BUCKETS: Row[] = [
  { struct: "CheckpointBucketAttributes", make: existingCheckpointBucket },
  { struct: "SoftwareBucketAttributes", make: existingSoftwareBucket },
].flatMap(({ struct, make }) => [
  {
    input: `${struct}.bucketName`,
    named: "bucketName",
    give: (stack: TerraformStack, bucketName: string) => make(stack, "b", { bucketName, encryptionKeyArn: KEY_ARN }),
    ...BUCKET_NAMES,
    required: true,
  },
  {
    input: `${struct}.encryptionKeyArn`,
    named: "encryptionKeyArn",
    give: (stack: TerraformStack, arn: string) => make(stack, "b", { bucketName: "abc", encryptionKeyArn: arn }),
    ...KEY_ARNS,
    required: true,
  },
]);

const existingDataBucket = (stack: TerraformStack, id: string, given: DataBucketAttributes) =>
  DataBucket.fromDataBucketAttributes(stack, id, given);
const PREFIXES = {
  named: "prefix",
  takes: ["in/", "in/orders/", "day=2026-01-01/", `${"a".repeat(511)}/`],
  refuses: ["in", "/in/", "in//", "in/*/", "../", `${"a".repeat(512)}/`],
};
const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:AmazonMSK_orders-AbCdEf";
const HOSTS = {
  takes: ["x", "null", "0.10", "a-1.example.internal", "A.b", TOKENS.text],
  refuses: ["10.0.0.1", "-a", "a..b", "a.", "a/b", "a?b", "a:443", "a\n", `${"a.".repeat(127)}ab`],
  required: true,
};
const CERTIFICATES = rdsAuthorities("eu-west-1")!;
const PEMS = {
  takes: [CERTIFICATES, CERTIFICATES.replace(/\n/g, "\r\n"), `${CERTIFICATES}# Amazon RDS\n`],
  refuses: [CERTIFICATES.slice(0, 200), CERTIFICATES.replace("MII", "AAA"), CERTIFICATES.repeat(60), [CERTIFICATES]],
};
const CONNECTION_NAMES = {
  takes: ["x", "null", "a".repeat(63), "a-1"],
  refuses: ["a".repeat(64), "A", "1a", "-a", "a_b", "a.b", "a/b", "a\n"],
};
const GROUP_IDS = { takes: ["sg-01234567", TOKENS.text], refuses: ["sg-0", "10.0.0.0/8"], required: true };
const MSK_ARN = "arn:aws:kafka:eu-west-1:123456789012:cluster/orders/01234567-89ab-cdef-0123-456789abcdef-2";
const SCRAM = KafkaAuthentication.scramSha512({ secretArn: SECRET_ARN });
const KAFKA_ATTRIBUTES: KafkaClusterAttributes = {
  bootstrapServers: ["b-1.example.internal:9096"],
  securityGroupId: "sg-01234567",
  authentication: SCRAM,
};
const existingKafka = (stack: TerraformStack, id: string, given: KafkaClusterAttributes) =>
  KafkaCluster.fromKafkaClusterAttributes(stack, id, given);
const kafka = props<KafkaClusterAttributes>("KafkaClusterAttributes", (stack, given) =>
  existingKafka(stack, "k", { ...KAFKA_ATTRIBUTES, ...given }),
);
const scram = props<LoginSecret>("LoginSecret", (_, given) => KafkaAuthentication.scramSha512(given));
const TOPIC_NAMES = {
  takes: ["x", "null", "0.10", "__proto__", "orders", "Orders.v1_2-x", "a".repeat(249)],
  refuses: ["orders-*", ".", "..", "a".repeat(250), "a/b", "orders\n"],
  required: true,
};
const KAFKA: Row[] = [
  kafka("bootstrapServers", {
    takes: [["broker:1"], ["b-1.example.internal:9096", "B-2.example.internal:9094"]],
    refuses: ["broker:9096", ["broker"], ["10.0.0.1:9096"], ["broker:0"], ["-a:1"], ["a..b:1"], Array(65).fill("a:1")],
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
  kafka("authentication", {
    takes: [
      SCRAM,
      KafkaAuthentication.scramSha256({ secretArn: SECRET_ARN }),
      KafkaAuthentication.iam({ clusterArn: MSK_ARN }),
    ],
    refuses: ["iam", { secretArn: SECRET_ARN }],
    required: true,
  }),
  kafka("certificateAuthorities", PEMS),
  kafka("connectionName", CONNECTION_NAMES),
  scram("secretArn", {
    takes: [SECRET_ARN, SECRET_ARN.replace("AmazonMSK_orders", "team/orders+=.@"), TOKENS.text],
    refuses: [
      SECRET_ARN.replace(/-AbCdEf$/, ""),
      SECRET_ARN.replace("orders", "*"),
      "AmazonMSK_orders",
      `${SECRET_ARN}\n`,
      SECRET_ARN.replace("arn:aws:", "arn:aws-cn:"),
    ],
    required: true,
  }),
  scram("encryptionKeyArn", KEY_ARNS, { secretArn: SECRET_ARN }),
  {
    input: "KafkaIamCluster.clusterArn",
    named: "clusterArn",
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
  ...(["scramSha512", "scramSha256"] as const).map((factory): Row => ({
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
const RETENTIONS = {
  takes: [Duration.days(365), Duration.days(3653)],
  refuses: [Duration.days(364), Duration.days(366), Duration.hours(365 * 24 + 1), 365],
};
const OWN_KAFKA: Row[] = [
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
const PASSWORD = PostgreSqlAuthentication.password({ secretArn: SECRET_ARN });
const POSTGRESQL_ATTRIBUTES: PostgreSqlClusterAttributes = {
  host: "analytics.example.internal",
  databaseName: "analytics",
  securityGroupId: "sg-01234567",
  authentication: PASSWORD,
};
const existingPostgreSql = (stack: TerraformStack, id: string, given: PostgreSqlClusterAttributes) =>
  PostgreSqlCluster.fromPostgreSqlClusterAttributes(stack, id, given);
const postgreSql = props<PostgreSqlClusterAttributes>("PostgreSqlClusterAttributes", (stack, given) =>
  existingPostgreSql(stack, "p", { ...POSTGRESQL_ATTRIBUTES, ...given }),
);
const SCHEMA_NAMES = {
  named: "name",
  takes: ["x", "null", "__proto__", "analytics", "orders_1", "a".repeat(63)],
  refuses: ["Orders_1", "pg_catalog", "PG_x", "information_schema", "a".repeat(64), "1a", "a-b", "a.b", 'a"b', "a\n"],
  required: true,
};
const POSTGRESQL: Row[] = [
  postgreSql("host", HOSTS, { certificateAuthorities: CERTIFICATES }),
  postgreSql("port", whole(1, 65_535)),
  postgreSql("databaseName", {
    takes: ["x", "null", "__proto__", "a".repeat(63), "Orders_1-x"],
    refuses: ["a".repeat(64), "1a", "-a", "a b", "a?user=b", "a/b", "a&b", "a\n"],
    required: true,
  }),
  postgreSql("securityGroupId", GROUP_IDS),
  postgreSql("authentication", {
    takes: [PASSWORD],
    refuses: ["password", { secretArn: SECRET_ARN }, SCRAM],
    required: true,
  }),
  postgreSql("certificateAuthorities", PEMS),
  postgreSql("connectionName", CONNECTION_NAMES),
  {
    input: "PostgreSqlAuthentication.password(secret)",
    named: "the argument of PostgreSqlAuthentication.password",
    give: (_, value) => PostgreSqlAuthentication.password(value),
    isMap: true,
    takes: [{ secretArn: SECRET_ARN }],
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  },
  {
    input: "IPostgreSqlCluster.schema(name)",
    give: (stack, name) => existingPostgreSql(stack, "p", POSTGRESQL_ATTRIBUTES).schema(name),
    ...SCHEMA_NAMES,
  },
];
const newPostgreSql = (stack: TerraformStack, given: Partial<PostgreSqlClusterProps>) =>
  new PostgreSqlCluster(stack, "p", {
    ...("network" in given ? undefined : { network: someNetwork(stack, "p-network") }),
    ...{ databaseName: "analytics", ...given },
  } as PostgreSqlClusterProps);
const ownPostgreSql = props<Partial<PostgreSqlClusterProps>>("PostgreSqlClusterProps", newPostgreSql);
const OWN_POSTGRESQL: Row[] = [
  ownPostgreSql("network", { takes: [NETWORK, OWN_NETWORK], refuses: [BUCKET, NETWORK_ATTRIBUTES], required: true }),
  ownPostgreSql("databaseName", {
    takes: ["x", "null", "Orders_1", "a".repeat(63)],
    refuses: ["a".repeat(64), "_a", "1a", "a-b", "a?user=b", "postgres", "Template1", "rdsadmin", "a\n"],
    required: true,
  }),
  ownPostgreSql("authentication", { takes: [PASSWORD], refuses: ["password", { secretArn: SECRET_ARN }, SCRAM] }),
  ownPostgreSql("certificateAuthorities", PEMS),
  ownPostgreSql("instanceIdentifier", {
    takes: ["x", "null", "a1-b", "a".repeat(63)],
    refuses: ["a".repeat(64), "A", "1a", "a--b", "a-", "a_b", "a.b", "a\n"],
  }),
  ownPostgreSql("version", {
    takes: [PostgreSqlVersion.V15, PostgreSqlVersion.of("19")],
    refuses: ["17", 17, { version: "17" }],
  }),
  ownPostgreSql("instanceClass", {
    takes: [PostgreSqlInstanceClass.R7G_LARGE, PostgreSqlInstanceClass.of("db.x2g.large")],
    refuses: ["db.m7g.large", { name: "db.m7g.large" }, InstanceType.M7I_LARGE],
  }),
  ownPostgreSql("allocatedStorage", {
    takes: [Size.gibibytes(20), Size.gibibytes(64 * 1024)],
    refuses: [Size.gibibytes(19), Size.mebibytes(20 * 1024 + 1), "100 GiB", 100],
  }),
  ownPostgreSql("maxAllocatedStorage", {
    takes: [Size.gibibytes(100), Size.gibibytes(110), Size.gibibytes(64 * 1024)],
    refuses: [Size.gibibytes(99), Size.gibibytes(109), Size.mebibytes(200 * 1024 + 1), "1 TiB", 1000],
  }),
  ownPostgreSql("port", whole(1150, 65_535)),
  ownPostgreSql("backupRetention", {
    takes: [Duration.days(7), Duration.days(35)],
    refuses: [Duration.days(6), Duration.days(36), Duration.hours(7 * 24 + 1), 14],
  }),
  ownPostgreSql("encryptionKey", KEYS),
  ownPostgreSql("logRetention", RETENTIONS),
  ownPostgreSql("logEncryptionKey", KEYS),
  ownPostgreSql("removalPolicy", enumeration(RemovalPolicy)),
  ownPostgreSql("connectionName", CONNECTION_NAMES),
  {
    input: "PostgreSqlCluster.schema(name)",
    give: (stack, name) => newPostgreSql(stack, { authentication: PASSWORD }).schema(name),
    ...SCHEMA_NAMES,
  },
  {
    input: "PostgreSqlVersion.of(version)",
    named: "PostgreSqlVersion.of",
    give: (_, value) => PostgreSqlVersion.of(value),
    takes: ["14", "17", "100"],
    refuses: ["13", "9.6", "17.4", "v17", "017a", "17\n", 17],
    required: true,
  },
  {
    input: "PostgreSqlInstanceClass.of(name)",
    named: "PostgreSqlInstanceClass.of",
    give: (_, value) => PostgreSqlInstanceClass.of(value),
    takes: ["db.m7g.large", "db.x2iedn.32xlarge"],
    refuses: ["m7g.large", "db.t4g.medium", "db.serverless", "DB.m7g.large", "db.m7g.large\n"],
    required: true,
  },
];
const DOMAIN_ARN = "arn:aws:es:eu-west-1:123456789012:domain/search";
const OPENSEARCH_ATTRIBUTES: OpenSearchClusterAttributes = {
  host: "search.example.internal",
  securityGroupId: "sg-01234567",
  authentication: OpenSearchAuthentication.basic({ secretArn: SECRET_ARN }),
};
const existingOpenSearch = (stack: TerraformStack, id: string, given: OpenSearchClusterAttributes) =>
  OpenSearchCluster.fromOpenSearchClusterAttributes(stack, id, given);
const openSearch = props<OpenSearchClusterAttributes>("OpenSearchClusterAttributes", (stack, given) =>
  existingOpenSearch(stack, "o", { ...OPENSEARCH_ATTRIBUTES, ...given }),
);
const INDEX_NAMES = {
  takes: ["x", "null", "0.10", "orders", "orders-*", "or*", "a".repeat(255)],
  refuses: ["*", "o*", "a*b", "orders-**", "Orders", "_all", "-a", ".kibana", "a/b", "a,b", "a".repeat(256), "a\n"],
  required: true,
};
const OPENSEARCH_PROPS = { masterUserArn: "arn:aws:iam::123456789012:role/search-admin" };
const newOpenSearch = (stack: TerraformStack, id: string, given: Partial<OpenSearchClusterProps>) =>
  new OpenSearchCluster(stack, id, { ...OPENSEARCH_PROPS, ...given } as OpenSearchClusterProps);
const ownOpenSearch = props<Partial<OpenSearchClusterProps>>("OpenSearchClusterProps", (stack, given) =>
  newOpenSearch(stack, "o", "network" in given ? given : { ...given, network: someNetwork(stack) }),
);
const OWN_OPENSEARCH: Row[] = [
  ownOpenSearch("network", {
    takes: [NETWORK, OWN_NETWORK],
    refuses: [BUCKET, NETWORK_ATTRIBUTES],
    required: true,
  }),
  ownOpenSearch("masterUserArn", {
    takes: [
      OPENSEARCH_PROPS.masterUserArn,
      "arn:aws-cn:iam::123456789012:user/people/search.admin@example",
      TOKENS.text,
    ],
    refuses: [
      "search-admin",
      "arn:aws:iam::123456789012:root",
      "arn:aws:iam::123456789012:role/*",
      "arn:aws:sts::123456789012:assumed-role/search-admin/me",
      `${OPENSEARCH_PROPS.masterUserArn}\n`,
    ],
    required: true,
  }),
  ownOpenSearch("domainName", {
    takes: ["abc", "null", `a${"-".repeat(27)}`],
    refuses: ["ab", "a".repeat(29), "Search", "1ab", "a_b", "abc\n"],
  }),
  ownOpenSearch("version", {
    takes: [OpenSearchVersion.V2_19, OpenSearchVersion.V3_5, OpenSearchVersion.of("2.17")],
    refuses: ["2.19", "OpenSearch_2.19"],
  }),
  ...(["dataNodeType", "masterNodeType"] as const).map((name) =>
    ownOpenSearch(name, {
      takes: [OpenSearchInstanceType.R7G_LARGE, OpenSearchInstanceType.of("r8g.large.search")],
      refuses: ["r7g.large.search", InstanceType.M7I_LARGE],
    }),
  ),
  ownOpenSearch("dataNodesPerZone", whole(1, 26)),
  ownOpenSearch("storagePerDataNode", {
    takes: [Size.gibibytes(10), Size.gibibytes(24 * 1024)],
    refuses: [Size.gibibytes(9), Size.gibibytes(24 * 1024 + 1), Size.mebibytes(10 * 1024 + 1), 100],
  }),
  ownOpenSearch("allowExplicitIndex", { takes: [true, false], refuses: ["true", 1] }),
  ownOpenSearch("offPeakStartHour", whole(0, 23)),
  ownOpenSearch("encryptionKey", KEYS),
  ownOpenSearch("logRetention", {
    takes: [Duration.days(365), Duration.days(3653)],
    refuses: [Duration.days(364), Duration.days(366), 365],
  }),
  ownOpenSearch("logEncryptionKey", KEYS),
  ownOpenSearch("removalPolicy", enumeration(RemovalPolicy)),
  ownOpenSearch("connectionName", CONNECTION_NAMES),
  {
    input: "OpenSearchInstanceType.of(name)",
    named: "OpenSearchInstanceType.of",
    give: (_, value) => OpenSearchInstanceType.of(value),
    takes: ["r7g.large.search", "r8g.16xlarge.search", "or1.2xlarge.search", "c7i.large.search"],
    refuses: [
      ...["t3.small.search", "i3.large.search", "im4gn.large.search", "r6gd.large.search", "r7gd.xlarge.search"],
      ...["r7g.large", "r7g.large.elasticsearch", "R7G.large.search", "ultrawarm1.large.search", "r7g.large.search\n"],
    ],
    required: true,
  },
  {
    input: "OpenSearchVersion.of(version)",
    named: "OpenSearchVersion.of",
    give: (_, value) => OpenSearchVersion.of(value),
    takes: ["2.11", "2.19", "3.0", "10.1"],
    refuses: ["2.9", "1.3", "7.10.1", "OpenSearch_2.19", "2", "2.19\n"],
    required: true,
  },
  {
    input: "OpenSearchCluster.indices(names)",
    named: "names",
    give: (stack, name) => newOpenSearch(stack, "o", { network: someNetwork(stack) }).indices(name),
    ...INDEX_NAMES,
  },
];
const OPENSEARCH: Row[] = [
  openSearch("host", HOSTS),
  openSearch("port", whole(1, 65_535)),
  openSearch("securityGroupId", GROUP_IDS),
  openSearch("authentication", {
    takes: [OPENSEARCH_ATTRIBUTES.authentication, OpenSearchAuthentication.iam({ domainArn: DOMAIN_ARN })],
    refuses: ["iam", { domainArn: DOMAIN_ARN }, PASSWORD],
    required: true,
  }),
  openSearch("certificateAuthorities", PEMS),
  openSearch("connectionName", CONNECTION_NAMES),
  {
    input: "OpenSearchIamDomain.domainArn",
    named: "domainArn",
    give: (_, domainArn) => OpenSearchAuthentication.iam({ domainArn }),
    takes: [DOMAIN_ARN, TOKENS.text],
    refuses: [
      DOMAIN_ARN.replace("search", "*"),
      DOMAIN_ARN.replace("search", "ab"),
      `${DOMAIN_ARN}/orders`,
      "search",
      `${DOMAIN_ARN}\n`,
      DOMAIN_ARN.replace("arn:aws:", "arn:aws-cn:"),
    ],
    required: true,
  },
  {
    input: "OpenSearchAuthentication.iam(domain)",
    named: "the argument of OpenSearchAuthentication.iam",
    give: (_, value) => OpenSearchAuthentication.iam(value),
    isMap: true,
    takes: [{ domainArn: DOMAIN_ARN }],
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  },
  {
    input: "OpenSearchAuthentication.basic(secret)",
    named: "the argument of OpenSearchAuthentication.basic",
    give: (_, value) => OpenSearchAuthentication.basic(value),
    isMap: true,
    takes: [{ secretArn: SECRET_ARN }],
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  },
  {
    input: "IOpenSearchCluster.indices(names)",
    named: "names",
    give: (stack, name) => existingOpenSearch(stack, "o", OPENSEARCH_ATTRIBUTES).indices(name),
    ...INDEX_NAMES,
  },
];
const DATA_FLOW: Row[] = [
  {
    input: "DataBucketAttributes.bucketName",
    named: "bucketName",
    give: (stack, bucketName) => existingDataBucket(stack, "b", { bucketName }),
    ...BUCKET_NAMES,
    required: true,
  },
  {
    input: "DataBucketAttributes.encryptionKeyArn",
    named: "encryptionKeyArn",
    give: (stack, encryptionKeyArn) => existingDataBucket(stack, "b", { bucketName: "abc", encryptionKeyArn }),
    ...KEY_ARNS,
  },
  {
    input: "DataBucket.prefix(prefix)",
    ...PREFIXES,
    give: (stack, prefix) => new DataBucket(stack, "b").prefix(prefix),
    required: true,
  },
  {
    input: "IDataBucket.prefix(prefix)",
    ...PREFIXES,
    give: (stack, prefix) => existingDataBucket(stack, "b", { bucketName: "abc" }).prefix(prefix),
    required: true,
  },
  ...(["readFrom(source)", "writeTo(sink)", "readWrite(store)"] as const).map((call): Row => {
    const method = call.split("(")[0] as "readFrom" | "writeTo" | "readWrite";
    return {
      input: `FlinkCluster.${call}`,
      named: method,
      give: (stack, value) => cluster(stack)[method](value),
      takes: [DATA_PREFIX, TOPICS, SCHEMA, ...(method === "writeTo" ? [INDICES] : [])],
      refuses: [BUCKET, "s3a://abc/in/", ...(method === "writeTo" ? [] : [INDICES])],
      required: true,
    };
  }),
];

const flink = props<FlinkClusterProps>("FlinkClusterProps", cluster);
/** Nobody acts on these: parameters that jobs may look up. */
const HARMLESS_KEY = "pipeline.global-job-parameters.text";
const refusingCluster = once((stack) => cluster(stack));
const CLUSTERS: Row[] = [
  flink("network", { takes: [NETWORK, OWN_NETWORK], refuses: [BUCKET, OWN_BUCKET], required: true }),
  flink("checkpointBucket", { takes: [BUCKET, OWN_BUCKET], refuses: [NETWORK, OWN_NETWORK], required: true }),
  flink("softwareBucket", { takes: [BUCKET, OWN_BUCKET], refuses: [NETWORK, OWN_NETWORK] }),
  flink("clusterName", {
    takes: ["ab", "a".repeat(32), "a-1-b", "null"],
    refuses: ["a", "a".repeat(33), "A", "1a", "a-", "a--b", "a_b", "a.b", "ab\n"],
  }),
  flink("version", {
    takes: [FlinkVersion.V1_20, FlinkVersion.V2_2, FlinkVersion.V2_3, FlinkVersion.of("9.9")],
    refuses: ["2.2", 2.2, { line: "2.2" }],
  }),
  flink("nodeCount", { ...whole(1, 64) }),
  flink("zooKeeperNodeCount", { takes: [1, 3, 5], refuses: [2, 4, 7, "3"] }, { nodeCount: 5 }),
  flink("instanceType", {
    takes: [InstanceType.T3_LARGE, InstanceType.M7G_LARGE],
    refuses: ["m7i.large", { name: "m7i.large", vCpus: 2 }],
  }),
  flink("numberOfTaskSlots", whole(1, 1024)),
  flink("parallelism", whole(1, 128), { numberOfTaskSlots: 128 }),
  flink("restartStrategy", { takes: [RestartStrategy.none(), RestartStrategy.fixedDelay()], refuses: ["none"] }),
  flink("checkpointInterval", duration(Duration.millis(100), Duration.hours(1))),
  flink("checkpointTimeout", duration(Duration.millis(100), Duration.hours(24))),
  flink("pekkoAskTimeout", duration(Duration.seconds(5), Duration.seconds(60))),
  flink("pekkoFrameSize", {
    takes: [Size.mebibytes(1), Size.mebibytes(50)],
    refuses: [Size.bytes(1024 ** 2 - 1), Size.bytes(50 * 1024 ** 2 + 1), "10m", 10],
  }),
  flink("certificateValidity", {
    takes: [Duration.minutes(24), Duration.days(397)],
    refuses: [
      Duration.millis(24 * 60_000 - 1),
      Duration.millis(397 * 86_400_000 + 1),
      Duration.millis(24 * 60_000 + 500),
      "90 d",
      90,
    ],
  }),
  flink("privateAuthorities", {
    takes: [PRIVATE_AUTHORITIES],
    isMap: true,
    refuses: [
      EMPTY,
      { nodeAuthorityArn: PRIVATE_CA_ARN },
      { ...PRIVATE_AUTHORITIES, clientAuthorityArn: PRIVATE_AUTHORITIES.nodeAuthorityArn },
      { ...PRIVATE_AUTHORITIES, rootAuthorityArn: PRIVATE_CA_ARN },
    ],
  }),
  ...AUTHORITIES.map(([name]): Row => ({
    input: `PrivateAuthorities.${name}`,
    named: `privateAuthorities.${name}`,
    give: (stack, value) => cluster(stack, { privateAuthorities: { ...PRIVATE_AUTHORITIES, [name]: value } }),
    takes: [PRIVATE_CA_ARN, TOKENS.text],
    // testStack() stands in eu-west-1.
    refuses: [...NO_PRIVATE_CA_ARNS, KEY_ARN, PRIVATE_CA_ARN.replace("eu-west-1", "eu-west-2")],
    required: true,
  })),
  flink("logLevel", enumeration(LogLevel)),
  flink("flinkConfiguration", {
    isMap: true,
    takes: [EMPTY, BARE, { "rest.flamegraph.enabled": "true" }],
    refuses: [
      { "parallelism.default": "4" },
      { "rest.flamegraph.enable": "true" },
      { "no.such.key.at.all": "x" },
      { "pipeline.global-job-parameters": "a:b", [HARMLESS_KEY]: "x" },
    ],
  }),
  {
    input: "FlinkClusterProps.flinkConfiguration",
    about: "a key",
    named: "a key of flinkConfiguration",
    give: (stack, key: string) => cluster(stack, { flinkConfiguration: { [key]: "x" } }),
    takes: ["rest.flamegraph.enabled"],
    refuses: ["", ...HOSTILE_TEXTS.filter((text) => !["x", "null", "__proto__"].includes(text)), TOKENS.text],
    own: true,
  },
  {
    input: "FlinkClusterProps.flinkConfiguration",
    about: "a value",
    named: `flinkConfiguration["${HARMLESS_KEY}"]`,
    give: (stack, value) => cluster(stack, { flinkConfiguration: { [HARMLESS_KEY]: value } }),
    takes: ["", ...HOSTILE_TEXTS],
    required: true,
    reads: (synthesized) => flinkConfiguration(desiredState(synthesized))[HARMLESS_KEY],
  },
  flink("dataVolumeSize", {
    takes: [Size.gibibytes(8), Size.gibibytes(16 * 1024)],
    refuses: [Size.gibibytes(7), Size.gibibytes(16 * 1024 + 1), Size.mebibytes(8193), "20 GiB", 20],
  }),
  flink("volumeEncryptionKey", KEYS),
  flink("imageId", {
    takes: ["ami-01234567", "ami-0123456789abcdef0"],
    refuses: ["ami-", "debian-13", "ami-01234567\n"],
  }),
  flink("software", {
    takes: [Software.fetched(), Software.published()],
    refuses: ["published", { isPublished: true }],
  }),
  flink("terminationProtection", { takes: [true, false], refuses: ["false", 1] }),
  flink("tags", {
    isMap: true,
    takes: [EMPTY, BARE, { team: "a" }, Object.fromEntries(Array.from({ length: 48 }, (_, i) => [`t${i}`, ""]))],
    refuses: [{ Name: "x" }, { name: "x" }, Object.fromEntries(Array.from({ length: 49 }, (_, i) => [`t${i}`, ""]))],
  }),
  {
    input: "FlinkClusterProps.tags",
    about: "a key",
    named: "a key of tags",
    give: (stack, key: string) => cluster(stack, { tags: { [key]: "x" } }),
    takes: ["x", "null", "0.10", "a:b@c+d-e=f._", "x".repeat(128)],
    refuses: [
      "",
      ...HOSTILE_TEXTS.filter((text) => !["x", "null", "0.10", "__proto__"].includes(text)),
      "aws:x",
      "AWS:x",
      "a/b",
      "x".repeat(129),
      TOKENS.text,
    ],
    own: true,
  },
  {
    input: "FlinkClusterProps.tags",
    about: "a value",
    named: 'tags["team"]',
    give: (stack, value) => cluster(stack, { tags: { team: value } }),
    takes: [
      "",
      " ",
      "x",
      " leading and trailing ",
      "key: value",
      "- item",
      "null",
      "0.10",
      "ä",
      "__proto__",
      "漢字",
      "x".repeat(256),
    ],
    refuses: ["x".repeat(257)],
    required: true,
    reads: (synthesized) => asTerraformReads((synthesized.all("aws_instance")[0].tags as { team: string }).team),
  },
  {
    input: "FlinkCluster.allowClientsFrom(peer)",
    ...PEERS,
    give: (stack, value) => {
      refusingCluster().allowClientsFrom(value, "why");
      cluster(stack).allowClientsFrom(value, "why");
    },
  },
  {
    input: "FlinkCluster.allowClientsFrom(description)",
    ...DESCRIPTIONS,
    give: (stack, value) => {
      refusingCluster().allowClientsFrom(PEER, value);
      cluster(stack).allowClientsFrom(PEER, value);
    },
  },
];

const CLUSTER_ATTRIBUTES: FlinkClusterAttributes = {
  clusterName: "orders",
  restAddresses: ["https://node-1.orders.flink.internal:8081"],
  clientSecurityGroupId: "sg-0123456789abcdef0",
  jobRoleName: "orders-job",
  checkpointBucketName: "some-checkpoints",
  nodeAuthorityArn: KEY_ARN,
  clientAuthorityArn: KEY_ARN,
};
const existingCluster = props<FlinkClusterAttributes>("FlinkClusterAttributes", (stack, given) =>
  FlinkCluster.fromFlinkClusterAttributes(stack, "c", { ...CLUSTER_ATTRIBUTES, ...given }),
);
const EXISTING_CLUSTERS: Row[] = [
  existingCluster("clusterName", { takes: ["orders", "null", TOKENS.text], refuses: ["Orders", "a"], required: true }),
  existingCluster("restAddresses", {
    takes: [CLUSTER_ATTRIBUTES.restAddresses, [TOKENS.text], TOKENS.list],
    refuses: [
      "https://a:1",
      ["a:8081"],
      ["http://a:8081"],
      ["https://a:8081/"],
      ...HOSTILE_TEXTS.map((text) => [`https://${text}`]).filter(
        ([x]) => x !== "https://x" && x !== "https://null" && x !== "https://0.10",
      ),
    ],
    required: true,
  }),
  existingCluster("clientSecurityGroupId", { takes: ["sg-01234567", TOKENS.text], refuses: ["sg-"], required: true }),
  existingCluster("jobRoleName", {
    takes: ["x", "null", "0.10", "__proto__", "x".repeat(64), TOKENS.text],
    refuses: ["x".repeat(65), "path/role"],
    required: true,
  }),
  existingCluster("checkpointBucketName", { ...BUCKET_NAMES, required: true }),
  ...AUTHORITIES.flatMap(([name, other]) => [
    existingCluster(name, { ...KEY_ARNS, required: true }),
    existingCluster(
      name,
      { takes: [PRIVATE_CA_ARN, TOKENS.text], refuses: NO_PRIVATE_CA_ARNS, about: "of AWS Private CA", own: true },
      { [other]: PRIVATE_AUTHORITIES[other] },
    ),
  ]),
  existingCluster("clientAuthorityArn", {
    ...{ takes: [KEY_ARN], refuses: [PRIVATE_CA_ARN], about: "of another kind than nodeAuthorityArn", own: true },
  }),
];

const INSTANCE_TYPE: InstanceTypeAttributes = {
  name: "x9q.large",
  vCpus: 2,
  memory: Size.gibibytes(8),
  architecture: Architecture.AMD64,
};
const instanceType = (name: keyof InstanceTypeAttributes, row: Given): Row => ({
  input: `InstanceTypeAttributes.${name}`,
  named: `InstanceType.${name}`,
  give: (_, value) => InstanceType.of({ ...INSTANCE_TYPE, [name]: value }),
  ...row,
  required: true,
});
const software = (name: "lockFile" | "origin", row: Given): Row => ({
  input: `SoftwareOptions.${name}`,
  named: name,
  give: (stack, value) => cluster(stack, { software: Software.fetched({ lockFile: LOCK_FILE, [name]: value }) }),
  ...row,
});
const amount = (of: string, unit: string, takes: number[], make: (amount: number) => unknown): Row => ({
  input: `${of}.${unit}(amount)`,
  named: `${of}.${unit}`,
  give: (_, value) => make(value),
  takes: [0, ...takes],
  refuses: [1e-6, Number.MAX_VALUE, "10"],
  required: true,
});
const options = (struct: string, strategy: string, give: (value: never) => unknown) =>
  [
    props<Record<string, unknown>>(struct, (_, given) => give(given as never)),
    {
      input: `RestartStrategy.${strategy}(options)`,
      named: `the argument of RestartStrategy.${strategy}`,
      give: (_: TerraformStack, value: never) => give(value),
      isMap: true,
      takes: [EMPTY, BARE, ...COMMON.filter(isEmptyOptions)],
    },
  ] as const;

const [failureRate, failureRateOptions] = options("FailureRateOptions", "failureRate", (given) =>
  RestartStrategy.failureRate(given),
);
const [fixedDelay, fixedDelayOptions] = options("FixedDelayOptions", "fixedDelay", (given) =>
  RestartStrategy.fixedDelay(given),
);
const [exponentialDelay, exponentialDelayOptions] = options("ExponentialDelayOptions", "exponentialDelay", (given) =>
  RestartStrategy.exponentialDelay(given),
);
const MAX_INT = 2_147_483_647;
const VALUES: Row[] = [
  {
    input: "KeyAttributes.keyArn",
    named: "keyArn",
    give: (stack, keyArn) => Key.fromKeyAttributes(stack, "k", { keyArn }),
    takes: KEY_ARNS.takes,
    // testStack() stands in eu-west-1.
    refuses: [...KEY_ARNS.refuses, KEY_ARN.replace("eu-west-1", "eu-west-2")],
    required: true,
  },
  {
    input: "Peer.cidr(cidr)",
    named: "Peer.cidr",
    give: (_, value) => Peer.cidr(value),
    takes: ["10.0.0.0/8", "192.168.1.7/32"],
    refuses: PRIVATE_BLOCKS,
    required: true,
  },
  {
    input: "Peer.securityGroup(securityGroupId)",
    named: "Peer.securityGroup",
    give: (_, value) => Peer.securityGroup(value),
    takes: ["sg-01234567", TOKENS.text],
    refuses: ["sg-", "default"],
    required: true,
  },
  {
    input: "FlinkVersion.of(version)",
    named: "FlinkVersion.of",
    give: (_, value) => FlinkVersion.of(value),
    takes: ["1.20", "2.3.0", "9.9"],
    refuses: ["1.19", "2", "2.x", "2.2\n", 2.2],
    required: true,
  },
  {
    input: "InstanceType.fromName(name)",
    named: "InstanceType.fromName",
    give: (_, value) => InstanceType.fromName(value),
    takes: ["m7i.large"],
    refuses: ["m7i.larg", "M7I.LARGE", "m7i.large\n"],
    required: true,
  },
  {
    input: "InstanceType.of(attributes)",
    named: "the argument of InstanceType.of",
    give: (_, value) => InstanceType.of(value),
    takes: [INSTANCE_TYPE],
    isMap: true,
    required: true,
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  },
  instanceType("name", { takes: ["m7i.large"], refuses: ["m7i", "m7i.large\n", "M7i.large"] }),
  instanceType("vCpus", whole(1, 1024)),
  instanceType("memory", {
    takes: [Size.gibibytes(4), Size.gibibytes(32 * 1024)],
    refuses: [Size.mebibytes(4095), Size.gibibytes(32 * 1024 + 1), 8],
  }),
  instanceType("architecture", enumeration(Architecture)),
  failureRateOptions,
  failureRate("maxFailuresPerInterval", whole(1, 128)),
  failureRate("failureRateInterval", duration(Duration.minutes(1), Duration.days(2))),
  failureRate("delay", duration(Duration.seconds(1), Duration.hours(1))),
  fixedDelayOptions,
  fixedDelay("attempts", whole(1, MAX_INT)),
  fixedDelay("delay", duration(Duration.seconds(1), Duration.hours(1))),
  exponentialDelayOptions,
  exponentialDelay("initialBackoff", duration(Duration.millis(100), Duration.hours(1)), {
    maxBackoff: Duration.days(1),
  }),
  exponentialDelay("maxBackoff", duration(Duration.seconds(1), Duration.days(1))),
  exponentialDelay("backoffMultiplier", { takes: [1.01, 1.5, 100], refuses: [1, 1.009, 100.1, "2"] }),
  exponentialDelay("resetBackoffThreshold", duration(Duration.seconds(1), Duration.days(30))),
  exponentialDelay("jitterFactor", { takes: [0, 0.5, 1], refuses: [-0.1, 1.1, "0.1"] }),
  exponentialDelay("attemptsBeforeResetBackoff", whole(1, MAX_INT)),
  amount("Duration", "millis", [1, 864_000_000_000], (given) => Duration.millis(given)),
  amount("Duration", "seconds", [1.5, 0.001], (given) => Duration.seconds(given)),
  amount("Duration", "minutes", [1.5], (given) => Duration.minutes(given)),
  amount("Duration", "hours", [1.5], (given) => Duration.hours(given)),
  amount("Duration", "days", [1.5, 10_000], (given) => Duration.days(given)),
  amount("Size", "bytes", [1, 64 * 1024 ** 4], (given) => Size.bytes(given)),
  amount("Size", "kibibytes", [1.5, 64 * 1024 ** 3], (given) => Size.kibibytes(given)),
  amount("Size", "mebibytes", [1.5], (given) => Size.mebibytes(given)),
  amount("Size", "gibibytes", [1.5], (given) => Size.gibibytes(given)),
  ...(["fetched", "published"] as const).map((factory): Row => ({
    input: `Software.${factory}(options)`,
    named: `the argument of Software.${factory}`,
    give: (_, value) => Software[factory](value),
    isMap: true,
    takes: COMMON.filter(isEmptyOptions),
  })),
  software("lockFile", {
    takes: [LOCK_FILE, ...HOSTILE_TEXTS.filter((text) => !/[\p{Cc}\u2028]/u.test(text))],
    refuses: ["x".repeat(1025), "\u2029"],
  }),
  software("origin", { ...enumeration(SoftwareOrigin) }),
];

/** Texts that may stand as the id of a construct, and nevertheless reach no name in a form that AWS refuses. */
const IDS = ["a b", "${x}", "%{x}", '"', "\\", "line\nbreak", "čeština 漢字 😀", "key: value"];
/** Constructs that are made of nothing but the defaults, once they are told of their network. */
const IN_NETWORK: Readonly<Partial<Record<string, (stack: TerraformStack, id: string) => unknown>>> = {
  "new FlinkCluster": (stack, id) => cluster(stack, {}, id),
  "new KafkaCluster": (stack, id) => new KafkaCluster(stack, id, { network: someNetwork(stack) }),
  "new PostgreSqlCluster": (stack, id) =>
    new PostgreSqlCluster(stack, id, { network: someNetwork(stack), databaseName: "analytics" }),
  "new OpenSearchCluster": (stack, id) => newOpenSearch(stack, id, { network: someNetwork(stack) }),
};
const CONSTRUCTS: Row[] = [
  ["new FlinkNetwork", "props", (s: TerraformStack, id: string, p: never) => new FlinkNetwork(s, id, p)],
  [
    "FlinkNetwork.fromFlinkNetworkAttributes",
    "attributes",
    (s: TerraformStack, id: string, p: never) => FlinkNetwork.fromFlinkNetworkAttributes(s, id, p),
    NETWORK_ATTRIBUTES,
  ],
  [
    "Key.fromKeyAttributes",
    "attributes",
    (s: TerraformStack, id: string, p: never) => Key.fromKeyAttributes(s, id, p),
    { keyArn: KEY_ARN },
  ],
  ["new CheckpointBucket", "props", (s: TerraformStack, id: string, p: never) => new CheckpointBucket(s, id, p)],
  [
    "CheckpointBucket.fromCheckpointBucketAttributes",
    "attributes",
    existingCheckpointBucket,
    { bucketName: "abc", encryptionKeyArn: KEY_ARN },
  ],
  ["new SoftwareBucket", "props", (s: TerraformStack, id: string, p: never) => new SoftwareBucket(s, id, p)],
  [
    "SoftwareBucket.fromSoftwareBucketAttributes",
    "attributes",
    existingSoftwareBucket,
    { bucketName: "abc", encryptionKeyArn: KEY_ARN },
  ],
  ["new DataBucket", "props", (s: TerraformStack, id: string, p: never) => new DataBucket(s, id, p)],
  ["DataBucket.fromDataBucketAttributes", "attributes", existingDataBucket, { bucketName: "abc" }],
  ["KafkaCluster.fromKafkaClusterAttributes", "attributes", existingKafka, KAFKA_ATTRIBUTES],
  ["new KafkaCluster", "props", (s: TerraformStack, id: string, p: never) => new KafkaCluster(s, id, p)],
  ["PostgreSqlCluster.fromPostgreSqlClusterAttributes", "attributes", existingPostgreSql, POSTGRESQL_ATTRIBUTES],
  ["new PostgreSqlCluster", "props", (s: TerraformStack, id: string, p: never) => new PostgreSqlCluster(s, id, p)],
  ["OpenSearchCluster.fromOpenSearchClusterAttributes", "attributes", existingOpenSearch, OPENSEARCH_ATTRIBUTES],
  ["new OpenSearchCluster", "props", (s: TerraformStack, id: string, p: never) => new OpenSearchCluster(s, id, p)],
  ["new FlinkCluster", "props", (s: TerraformStack, id: string, p: never) => new FlinkCluster(s, id, p)],
  [
    "FlinkCluster.fromFlinkClusterAttributes",
    "attributes",
    (s: TerraformStack, id: string, p: never) => FlinkCluster.fromFlinkClusterAttributes(s, id, p),
    CLUSTER_ATTRIBUTES,
  ],
].flatMap(([call, argument, make, given]): Row[] => {
  const of = make as (stack: TerraformStack, id: string, argument: unknown) => unknown;
  const inNetwork = IN_NETWORK[call as string];
  return [
    {
      input: `${call as string}(id)`,
      named: "id",
      give: (stack, id) => (inNetwork ? inNetwork(stack, id) : of(stack, id, given)),
      takes: IDS,
      own: true,
    },
    {
      input: `${call as string}(${argument as string})`,
      named: argument as string,
      give: (stack, value) => of(stack, "x", value),
      isMap: true,
      takes: given === undefined ? (inNetwork ? [] : [EMPTY]) : [given],
      refuses: COMMON.filter((value) => !isEmptyOptions(value)),
      required: argument === "attributes" || inNetwork !== undefined,
      own: true,
    },
  ];
});

/** Whether it passes for options of which none is given. */
function isEmptyOptions(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

export const TABLE: readonly Row[] = [
  ...NETWORKS,
  ...BUCKETS,
  ...EXISTING_BUCKETS,
  ...DATA_FLOW,
  ...KAFKA,
  ...OWN_KAFKA,
  ...POSTGRESQL,
  ...OWN_POSTGRESQL,
  ...OPENSEARCH,
  ...OWN_OPENSEARCH,
  ...CLUSTERS,
  ...EXISTING_CLUSTERS,
  ...VALUES,
  ...CONSTRUCTS,
];
