import {
  Duration,
  FlinkCluster,
  FlinkClusterAttributes,
  FlinkClusterProps,
  FlinkVersion,
  InstanceType,
  LogLevel,
  MaintenanceWindow,
  Peer,
  PrivateAuthorities,
  RestartStrategy,
  Rollout,
  Size,
  Software,
} from "../../../lib";
import { asTerraformReads, desiredState, flinkConfiguration, KEY_ARN } from "../support";
import { NO_ENTRIES } from "./lines";
import { BUCKET, KEYS, NETWORK, OWN_BUCKET, OWN_NETWORK } from "./made-in-stack";
import { cluster, duration, enumeration, once, props, Row, whole } from "./row";
import { BUCKET_NAMES, DESCRIPTIONS, KEY_ARNS, PEER, PEERS } from "./shared-values";
import { BARE, EMPTY, HOSTILE_TEXTS, TOKENS } from "./values";

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

const flink = props<FlinkClusterProps>("FlinkClusterProps", cluster);
/** Nobody acts on these: parameters that jobs may look up. */
const HARMLESS_KEY = "pipeline.global-job-parameters.text";
const refusingCluster = once((stack) => cluster(stack));

export const CLUSTERS: Row[] = [
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
  flink("allowStateLoss", { takes: [true, false], refuses: ["true", 1, [true]] }),
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
  flink("maintenanceWindow", {
    takes: [MaintenanceWindow.daily({ start: "22:30", duration: Duration.hours(4) })],
    refuses: ["sun:02:00-sun:05:00", { start: "02:00", duration: Duration.hours(3) }],
  }),
  flink("rollout", {
    takes: [Rollout.wait(), Rollout.wait({ timeout: Duration.hours(2) }), Rollout.detached()],
    refuses: ["detached", true, { isDetached: true }, Duration.minutes(30)],
  }),
  flink("access", {
    takes: [...NO_ENTRIES, [PEER], [PEER, Peer.securityGroup("sg-01234567"), Peer.prefixList("pl-0123456789abcdef0")]],
    refuses: [PEER, [PEER, PEER], [PEER, Peer.cidr(PEER.cidrBlock!)], ["10.2.0.0/16"], [undefined], TOKENS.list],
  }),
  flink("additionalSecurityGroupIds", {
    takes: [...NO_ENTRIES, ["sg-0123456789abcdef0", "sg-01234567"], [TOKENS.text]],
    refuses: [
      "sg-0123456789abcdef0",
      ["default"],
      ["sg-01234567", "sg-01234567"],
      ["1", "2", "3", "4", "5"].map((digit) => `sg-0123456${digit}`),
      ...HOSTILE_TEXTS.map((text) => [text]),
    ],
  }),
  flink("logLevel", enumeration(LogLevel)),
  flink("logLevels", {
    isMap: true,
    takes: [EMPTY, BARE, { "org.apache.flink.runtime": LogLevel.WARN, Main$Inner: LogLevel.ERROR }],
    refuses: [
      { "org.apache.flink": "DEBUG" },
      { "org.apache.flink": "warn" },
      { "org..flink": LogLevel.WARN },
      { "org.apache.flink ": LogLevel.WARN },
      { ["a".repeat(257)]: LogLevel.WARN },
      Object.fromEntries(Array.from({ length: 101 }, (_, number) => [`a${number}`, LogLevel.WARN])),
    ],
  }),
  {
    input: "FlinkClusterProps.logLevels",
    about: "a logger",
    named: "a key of logLevels",
    give: (stack, key: string) => cluster(stack, { logLevels: { [key]: LogLevel.WARN } }),
    takes: ["org.apache.flink"],
    refuses: [
      "",
      "root",
      "ROOT",
      ...HOSTILE_TEXTS.filter((text) => !["x", "null", "__proto__"].includes(text)),
      TOKENS.text,
    ],
    own: true,
  },
  {
    input: "FlinkClusterProps.logLevels",
    about: "a level",
    named: 'logLevels["org.apache.flink"]',
    give: (stack, value) => cluster(stack, { logLevels: { "org.apache.flink": value } }),
    ...enumeration(LogLevel),
    required: true,
  },
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
      "cdktf-flink-bucket",
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
  {
    input: "FlinkCluster.grantOperate(roleName)",
    named: "roleName",
    give: (stack, value) => {
      refusingCluster().grantOperate(value);
      cluster(stack).grantOperate(value);
    },
    takes: ["operators", "a".repeat(64), "A+=,.@_-1", "x", "null", "0.10", "__proto__", TOKENS.text],
    refuses: ["a".repeat(65), "operators\n", "path/operators", "arn:aws:iam::123456789012:role/operators"],
    required: true,
  },
];

export const CLUSTER_ATTRIBUTES: FlinkClusterAttributes = {
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

export const EXISTING_CLUSTERS: Row[] = [
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
