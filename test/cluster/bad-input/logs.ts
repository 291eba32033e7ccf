import { TerraformStack } from "cdktf";
import {
  CloudWatchLogOptions,
  Duration,
  LogDestination,
  LogField,
  LogIntegration,
  LogIntegrationProps,
  OpenSearchAddress,
  Size,
} from "../../../lib";
import { BUCKET, CLUSTER, KEYS, NETWORK, SEARCH } from "./made-in-stack";
import { cluster, duration, isEmptyOptions, props, Row, whole } from "./row";
import { OPENSEARCH_ATTRIBUTES } from "./systems";
import { BARE, COMMON, EMPTY, TOKENS } from "./values";

const ADDRESS: OpenSearchAddress = { ...OPENSEARCH_ATTRIBUTES };
const TO_OPENSEARCH = LogDestination.openSearch(ADDRESS);
const TO_CLOUDWATCH = LogDestination.cloudWatch();
/** Whose data volume has room for the largest buffers. */
const LARGE_VOLUME = { dataVolumeSize: Size.gibibytes(400) };

const shipTo = (stack: TerraformStack, destination: LogDestination) =>
  new LogIntegration(stack, "l", { source: cluster(stack), destination });

const integration = props<Partial<LogIntegrationProps>>("LogIntegrationProps", (stack, given) => {
  const whole = "source" in given ? given : { source: cluster(stack, LARGE_VOLUME), ...given };
  return new LogIntegration(stack, "l", { destination: TO_OPENSEARCH, ...whole } as LogIntegrationProps);
});

const logGroup = props<CloudWatchLogOptions>(
  "CloudWatchLogOptions",
  (stack, given) => shipTo(stack, LogDestination.cloudWatch(given)),
  "LogDestination.cloudWatch",
);

const LOG_GROUP_NAMES = {
  takes: ["x", "null", "0.10", "__proto__", "/flink/orders", "A-1._/#", "a".repeat(512)],
  refuses: ["aws/orders", "a*", "a:b", "a b", "a".repeat(513), "a\n"],
};

export const LOGS: Row[] = [
  integration("source", { takes: [CLUSTER], refuses: [NETWORK, BUCKET, "flink"], required: true }),
  integration("destination", {
    takes: [TO_OPENSEARCH, TO_CLOUDWATCH],
    refuses: ["opensearch", ADDRESS, SEARCH],
    required: true,
  }),
  integration("indexPrefix", {
    takes: ["ab", "null", "0.10", "logs", "flink-logs_1.x", "a".repeat(200)],
    refuses: ["a", "a".repeat(201), "Logs", "-a", "_a", ".a", "lo*", "a/b", "a,b", "logs\n"],
  }),
  integration("retentionDays", whole(1, 10_000)),
  integration("fields", {
    takes: [[LogField.LEVEL], Object.values(LogField)],
    refuses: [[LogField.LEVEL, LogField.LEVEL], LogField.LEVEL, ["@timestamp"], [LogField.LEVEL, "LEVEL"]],
  }),
  integration("bufferSize", {
    takes: [Size.mebibytes(64), Size.gibibytes(100)],
    refuses: [Size.mebibytes(63), Size.bytes(100 * 1024 ** 3 + 1), 512],
  }),
  integration("timeout", duration(Duration.seconds(10), Duration.seconds(120))),
  logGroup("logGroupName", LOG_GROUP_NAMES),
  logGroup("existingLogGroupName", { ...LOG_GROUP_NAMES, takes: [...LOG_GROUP_NAMES.takes, TOKENS.text] }),
  logGroup("retention", {
    takes: [Duration.days(1), Duration.days(180), Duration.days(365), Duration.days(3653)],
    refuses: [Duration.days(2), Duration.days(364), Duration.hours(25), 365],
  }),
  logGroup("encryptionKey", KEYS),
  {
    input: "LogDestination.cloudWatch(options)",
    named: "the argument of LogDestination.cloudWatch",
    give: (stack, value) => shipTo(stack, LogDestination.cloudWatch(value)),
    isMap: true,
    takes: [EMPTY, BARE, ...COMMON.filter(isEmptyOptions)],
  },
  {
    input: "LogDestination.openSearch(address)",
    named: "the argument of LogDestination.openSearch",
    give: (stack, value) => shipTo(stack, LogDestination.openSearch(value)),
    isMap: true,
    takes: [ADDRESS],
    refuses: [...COMMON.filter((value) => !isEmptyOptions(value)), SEARCH, NETWORK],
    own: true,
  },
  {
    input: "LogDestination.openSearchCluster(search)",
    named: "the argument of LogDestination.openSearchCluster",
    give: (stack, value) => shipTo(stack, LogDestination.openSearchCluster(value)),
    takes: [SEARCH],
    refuses: [NETWORK, BUCKET, ADDRESS],
    required: true,
  },
];
