import { TerraformStack } from "cdktf";
import {
  AmazonPrometheusOptions,
  Duration,
  InfluxDb2Options,
  InfluxDbOptions,
  M3Options,
  MetricsAuthentication,
  MetricsDestination,
  MetricsIntegration,
  MetricsIntegrationProps,
  PostgreSqlMetricsOptions,
  RemoteWriteOptions,
  TokenSecret,
} from "../../../lib";
import { BY_PROXY, EGRESSES } from "./egress";
import { BUCKET, CLUSTER, DATABASE, NETWORK } from "./made-in-stack";
import { cluster, duration, Given, isEmptyOptions, props, Row, whole } from "./row";
import { GROUP_IDS, HOSTS, KEY_ARNS, PEMS, SECRET_ARNS } from "./shared-values";
import { existingPostgreSql, PASSWORD, POSTGRESQL_ATTRIBUTES, SECRET_ARN } from "./systems";
import { BARE, COMMON, EMPTY, TOKENS } from "./values";

const BY_NAME = MetricsAuthentication.basic({ secretArn: SECRET_ARN });
const BY_TOKEN = MetricsAuthentication.token({ secretArn: SECRET_ARN });
const SERVER: M3Options = {
  host: "metrics.example.internal",
  securityGroupId: "sg-01234567",
  authentication: BY_NAME,
};
const INFLUXDB: InfluxDbOptions = { ...SERVER, databaseName: "metrics" };
const INFLUXDB_2: InfluxDb2Options = {
  ...{ ...SERVER, authentication: BY_TOKEN },
  ...{ organization: "ops", bucket: "metrics" },
};
const TO_INFLUXDB = MetricsDestination.influxDb(INFLUXDB);
/** Of an existing database, without what is its construct's own. */
const { host, databaseName, securityGroupId, authentication } = POSTGRESQL_ATTRIBUTES;
const DATABASE_ADDRESS = { host, databaseName, securityGroupId, authentication };

const shipTo = (stack: TerraformStack, destination: MetricsDestination) =>
  new MetricsIntegration(stack, "m", { source: cluster(stack), destination });

const integration = props<Partial<MetricsIntegrationProps>>("MetricsIntegrationProps", (stack, given) => {
  const whole = "source" in given ? given : { source: cluster(stack), ...given };
  return new MetricsIntegration(stack, "m", { destination: TO_INFLUXDB, ...whole } as MetricsIntegrationProps);
});

/** Of each kind of server, by the struct of its options; `takes` and `refuses` are of its logins. */
const servers: readonly {
  readonly struct: string;
  readonly to: (given: never) => MetricsDestination;
  readonly least: M3Options;
  readonly logins: Given;
}[] = [
  {
    struct: "InfluxDbOptions",
    to: (given) => MetricsDestination.influxDb(given),
    least: INFLUXDB,
    logins: { takes: [BY_NAME], refuses: [BY_TOKEN] },
  },
  {
    struct: "InfluxDb2Options",
    to: (given) => MetricsDestination.influxDb2(given),
    least: INFLUXDB_2,
    logins: { takes: [BY_TOKEN], refuses: [BY_NAME] },
  },
  {
    struct: "RemoteWriteOptions",
    to: (given) => MetricsDestination.prometheusRemoteWrite(given),
    least: SERVER,
    logins: { takes: [BY_NAME, BY_TOKEN] },
  },
  {
    struct: "M3Options",
    to: (given) => MetricsDestination.m3(given),
    least: SERVER,
    logins: { takes: [BY_NAME, BY_TOKEN] },
  },
];

const ofServers = servers.flatMap(({ struct, to, least, logins }): Row[] => {
  const server = props<M3Options>(struct, (stack, given) => shipTo(stack, to({ ...least, ...given } as never)));
  return [
    server("host", HOSTS),
    server("port", whole(1, 65_535)),
    server("securityGroupId", GROUP_IDS),
    {
      input: `${struct}.egress`,
      ...EGRESSES,
      takes: [...EGRESSES.takes, BY_PROXY],
      give: (stack, egress) => shipTo(stack, to({ ...least, securityGroupId: undefined, egress } as never)),
    },
    server("authentication", {
      takes: logins.takes,
      refuses: [...(logins.refuses ?? []), "password", { secretArn: SECRET_ARN }, PASSWORD],
      required: true,
    }),
    server("certificateAuthorities", PEMS),
  ];
});

const influxDb = props<InfluxDbOptions>(
  "InfluxDbOptions",
  (stack, given) => shipTo(stack, MetricsDestination.influxDb({ ...INFLUXDB, ...given })),
  "MetricsDestination.influxDb",
);
const influxDb2 = props<InfluxDb2Options>(
  "InfluxDb2Options",
  (stack, given) => shipTo(stack, MetricsDestination.influxDb2({ ...INFLUXDB_2, ...given })),
  "MetricsDestination.influxDb2",
);
const remoteWrite = props<RemoteWriteOptions>(
  "RemoteWriteOptions",
  (stack, given) => shipTo(stack, MetricsDestination.prometheusRemoteWrite({ ...SERVER, ...given })),
  "MetricsDestination.prometheusRemoteWrite",
);
const amazon = props<AmazonPrometheusOptions>(
  "AmazonPrometheusOptions",
  (stack, given) => shipTo(stack, MetricsDestination.amazonPrometheus(given)),
  "MetricsDestination.amazonPrometheus",
);
const postgreSql = props<PostgreSqlMetricsOptions>(
  "PostgreSqlMetricsOptions",
  (stack, given) => shipTo(stack, MetricsDestination.postgreSql(DATABASE_ADDRESS, given)),
  "MetricsDestination.postgreSql",
);
const token = props<TokenSecret>(
  "TokenSecret",
  (stack, given) => {
    const byToken = MetricsAuthentication.token(given);
    return shipTo(stack, MetricsDestination.m3({ ...SERVER, authentication: byToken }));
  },
  "MetricsAuthentication.token",
);

const INFLUXDB_NAMES = {
  takes: ["x", "null", "0.10", "__proto__", "_internal", "a".repeat(64), "a-1._"],
  refuses: ["-a", ".a", "a b", "a/b", 'a"', "a,b", "a".repeat(65), "a\n"],
};
const isListOfX = (value: unknown): boolean => Array.isArray(value) && value[0] === "x";
const isListOf = (value: unknown, one: string) => Array.isArray(value) && value.length === 1 && value[0] === one;
const PATTERNS: Given = {
  takes: [
    ...COMMON.filter(isListOfX),
    ["*"],
    ["flink_jobmanager_*", "cpu_usage_idle"],
    Array.from({ length: 100 }, () => "a".repeat(200)),
  ],
  refuses: ["flink_*", ["a b"], ["a".repeat(201)], ["a-b"], ["a\n"], [""], Array.from({ length: 101 }, () => "a")],
};

/** An argument that is an object of options, of which none may be left out. */
const argument = (factory: string, parameter: string, least: object, others: readonly unknown[] = []): Row => ({
  input: `${factory}(${parameter})`,
  named: `the argument of ${factory}`,
  give: (stack, value) => {
    const method = factory.split(".")[1] as "m3";
    return shipTo(stack, MetricsDestination[method](value));
  },
  isMap: true,
  takes: [least],
  refuses: [...COMMON.filter((value) => !isEmptyOptions(value)), NETWORK, ...others],
  own: true,
});

const secretOf = (kind: "basic" | "token"): Row => ({
  input: `MetricsAuthentication.${kind}(secret)`,
  named: `the argument of MetricsAuthentication.${kind}`,
  give: (_, value) => MetricsAuthentication[kind](value),
  isMap: true,
  takes: [{ secretArn: SECRET_ARN }],
  refuses: COMMON.filter((value) => !isEmptyOptions(value)),
  own: true,
});

export const METRICS: Row[] = [
  integration("source", { takes: [CLUSTER], refuses: [NETWORK, BUCKET, "flink"], required: true }),
  integration("destination", { takes: [TO_INFLUXDB], refuses: ["influxdb", INFLUXDB, DATABASE], required: true }),
  integration("interval", {
    ...duration(Duration.seconds(5), Duration.minutes(5)),
    refuses: [Duration.millis(4_999), Duration.millis(5_500), Duration.seconds(301), 30],
  }),
  integration("tags", {
    isMap: true,
    takes: [EMPTY, BARE, { environment: "production", Team_1: "a b" }, { ["a".repeat(63)]: "a".repeat(128) }],
    refuses: [
      { environment: "" },
      { environment: " a" },
      { environment: "a\n" },
      { environment: 'a"' },
      { environment: "a".repeat(129) },
      { environment: TOKENS.text },
      { ["a".repeat(64)]: "a" },
      { "a-b": "a" },
      { "1a": "a" },
      { __name: "a" },
      { node: "a" },
      { job_name: "a" },
      Object.fromEntries(Array.from({ length: 21 }, (_, number) => [`a${number}`, "a"])),
    ],
  }),
  integration("include", PATTERNS),
  integration("exclude", {
    ...{
      takes: PATTERNS.takes.filter((value) => !isListOf(value, "*")),
      refuses: [...PATTERNS.refuses!, ["*"], ["cpu_*", "**"]],
    },
  }),
  integration("operatorMetrics", { takes: [true, false], refuses: ["true", 1] }),
  integration("bufferedMetrics", whole(1_000, 100_000)),
  ...ofServers,
  influxDb("databaseName", { ...INFLUXDB_NAMES, required: true }),
  influxDb("retentionPolicy", INFLUXDB_NAMES),
  influxDb2("organization", {
    takes: ["x", "null", "0.10", "My company", "a".repeat(64)],
    refuses: ["_a", "a ", " a", "a/b", "a&b", "a".repeat(65), "a\n"],
    required: true,
  }),
  influxDb2("bucket", {
    takes: ["x", "null", "0.10", "metrics/month", "My metrics", "a".repeat(64)],
    refuses: ["_monitoring", "a ", " a", "/a", "a/", "a?b", "a".repeat(65), "a\n"],
    required: true,
  }),
  remoteWrite("path", {
    takes: ["/", "/api/v1/push", `/${"a".repeat(200)}`],
    refuses: ["api/v1/push", "/a b", "/a?b=c", "/a#b", "/a%20", `/${"a".repeat(201)}`, "/a\n"],
  }),
  amazon("workspaceId", {
    takes: ["ws-12345678-1234-1234-1234-123456789012", "ws-a", TOKENS.text],
    refuses: ["12345678", "ws-", "ws-*", "ws-a/b", `ws-${"a".repeat(62)}`, "ws-a\n"],
    required: true,
  }),
  postgreSql("schemaName", {
    takes: ["x", "__proto__", "metrics", "a".repeat(56)],
    refuses: ["a".repeat(57), "rds_metrics", "Metrics", "1a", "a-b", "pg_metrics", "user", "a\n"],
  }),
  postgreSql("retentionDays", whole(0, 10_000)),
  postgreSql("readerName", {
    takes: ["x", "null", "__proto__", "grafana", "a".repeat(63)],
    refuses: ["a".repeat(64), "Grafana", "1a", "a-b", 'a"', "a\n"],
  }),
  token("secretArn", SECRET_ARNS),
  token("encryptionKeyArn", KEY_ARNS, { secretArn: SECRET_ARN }),
  secretOf("basic"),
  secretOf("token"),
  argument("MetricsDestination.influxDb", "options", INFLUXDB),
  argument("MetricsDestination.influxDb2", "options", INFLUXDB_2),
  argument("MetricsDestination.prometheusRemoteWrite", "options", SERVER),
  argument("MetricsDestination.amazonPrometheus", "options", { workspaceId: "ws-a" }),
  argument("MetricsDestination.m3", "options", SERVER),
  argument("MetricsDestination.postgreSql", "address", DATABASE_ADDRESS, [DATABASE]),
  {
    input: "MetricsDestination.postgreSql(options)",
    named: "options of MetricsDestination.postgreSql",
    give: (stack, value) => shipTo(stack, MetricsDestination.postgreSql(DATABASE_ADDRESS, value)),
    isMap: true,
    takes: [EMPTY, BARE, ...COMMON.filter(isEmptyOptions)],
  },
  {
    input: "MetricsDestination.postgreSqlCluster(options)",
    named: "options of MetricsDestination.postgreSqlCluster",
    give: (stack, value) => {
      const database = existingPostgreSql(stack, "db", POSTGRESQL_ATTRIBUTES);
      return shipTo(stack, MetricsDestination.postgreSqlCluster(database, value));
    },
    isMap: true,
    takes: [EMPTY, BARE, ...COMMON.filter(isEmptyOptions)],
  },
  {
    input: "MetricsDestination.postgreSqlCluster(database)",
    named: "the argument of MetricsDestination.postgreSqlCluster",
    give: (stack, value) => shipTo(stack, MetricsDestination.postgreSqlCluster(value)),
    takes: [DATABASE],
    refuses: [NETWORK, BUCKET, DATABASE_ADDRESS],
    required: true,
  },
];
