import { TerraformStack } from "cdktf";
import {
  CheckpointBucket,
  DataBucket,
  FlinkCluster,
  FlinkClusterAlarms,
  FlinkNetwork,
  GrafanaDashboards,
  KafkaCluster,
  Key,
  LogDestination,
  LogIntegration,
  MetricsDestination,
  MetricsIntegration,
  OpenSearchCluster,
  PostgreSqlCluster,
  SoftwareBucket,
} from "../../../lib";
import { KEY_ARN, NETWORK_ATTRIBUTES, someNetwork } from "../support";
import { existingCheckpointBucket, existingDataBucket, existingSoftwareBucket } from "./buckets";
import { CLUSTER_ATTRIBUTES } from "./clusters";
import { newGrafanaDashboards } from "./grafana-deploy";
import { newOpenSearch } from "./opensearch";
import { cluster, isEmptyOptions, Row } from "./row";
import {
  existingKafka,
  existingOpenSearch,
  existingPostgreSql,
  KAFKA_ATTRIBUTES,
  OPENSEARCH_ATTRIBUTES,
  POSTGRESQL_ATTRIBUTES,
} from "./systems";
import { COMMON, EMPTY } from "./values";

/** Texts that may stand as the id of a construct, and nevertheless reach no name in a form that AWS refuses. */
const IDS = ["a b", "${x}", "%{x}", '"', "\\", "line\nbreak", "čeština 漢字 😀", "key: value"];

/** Constructs that are made of nothing but the defaults, once they are told of their network. */
const IN_NETWORK: Readonly<Partial<Record<string, (stack: TerraformStack, id: string) => unknown>>> = {
  "new FlinkCluster": (stack, id) => cluster(stack, {}, id),
  "new KafkaCluster": (stack, id) => new KafkaCluster(stack, id, { network: someNetwork(stack) }),
  "new PostgreSqlCluster": (stack, id) =>
    new PostgreSqlCluster(stack, id, { network: someNetwork(stack), databaseName: "analytics" }),
  "new OpenSearchCluster": (stack, id) => newOpenSearch(stack, id, { network: someNetwork(stack) }),
  "new FlinkClusterAlarms": (stack, id) => new FlinkClusterAlarms(stack, id, { cluster: cluster(stack) }),
  "new LogIntegration": (stack, id) =>
    new LogIntegration(stack, id, { source: cluster(stack), destination: LogDestination.cloudWatch() }),
  "new MetricsIntegration": (stack, id) => {
    const destination = MetricsDestination.amazonPrometheus({ workspaceId: "ws-12345678" });
    return new MetricsIntegration(stack, id, { source: cluster(stack), destination });
  },
  "new GrafanaDashboards": (stack, id) => newGrafanaDashboards(stack, id),
};

export const CONSTRUCTS: Row[] = [
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
  ["new FlinkClusterAlarms", "props", (s: TerraformStack, id: string, p: never) => new FlinkClusterAlarms(s, id, p)],
  ["new LogIntegration", "props", (s: TerraformStack, id: string, p: never) => new LogIntegration(s, id, p)],
  ["new MetricsIntegration", "props", (s: TerraformStack, id: string, p: never) => new MetricsIntegration(s, id, p)],
  ["new GrafanaDashboards", "props", (s: TerraformStack, id: string, p: never) => new GrafanaDashboards(s, id, p)],
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
