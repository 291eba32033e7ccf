import { softwareKey } from "../../../lib/core/bucket-layout";
import type { SoftwareItem } from "../../../lib/node/desired-state";
import type { ClusterLayoutInput } from "../../../lib/node/node-layout";

export function part(name: string, kind: SoftwareItem["kind"], digit: string): SoftwareItem {
  const item = {
    name,
    version: "1.0.0",
    sha256: digit.repeat(64),
    fileName: kind === "file" ? `${name}.jar` : `${name}.tgz`,
  };
  return { ...item, kind, key: softwareKey(item), sizeBytes: 1000 };
}

/** Three nodes, ZooKeeper on the first only. */
export function clusterInput(changes: Partial<ClusterLayoutInput> = {}): ClusterLayoutInput {
  return {
    cluster: "orders",
    jobRoleArn: "arn:aws:iam::123456789012:role/orders-job-1",
    software: {
      agent: part("agent", "file", "a"),
      nodeJs: part("nodejs", "tar.gz", "b"),
      java: part("java", "tar.gz", "c"),
      flink: part("flink", "tar.gz", "d"),
      zooKeeper: part("zookeeper", "tar.gz", "e"),
      plugins: [part("flink-s3-fs-presto", "file", "f")],
      connectors: [part("flink-connector-kafka", "tar.gz", "0")],
    },
    nodes: [1, 2, 3].map((number) => ({
      name: `orders-node-${number}`,
      host: `node-${number}.orders.flink.internal`,
      ...(number === 1 ? { zooKeeperId: 1 } : {}),
      flinkConfiguration: `rest.address: node-${number}.orders.flink.internal\n`,
    })),
    flinkFiles: { "log4j-console.properties": "rootLogger.level = INFO\n" },
    zooKeeperFiles: { "zoo.cfg": "tickTime=2000\n" },
    zooKeeperHeapMebibytes: 384,
    jobManagerSettings: { "io.tmp.dirs": "/opt/cdktf-flink/data/flink/jobmanager/tmp" },
    taskManagerSettings: { "metrics.internal.query-service.port": "6131" },
    certificates: {
      nodeAuthorityArn: "arn:aws:kms:eu-west-1:123456789012:key/node-authority",
      clientAuthorityArn: "arn:aws:kms:eu-west-1:123456789012:key/client-authority",
      validitySeconds: 90 * 86_400,
    },
    connections: [
      {
        name: "bookings",
        description: { kind: "kafka", topics: { read: ["bookings"], write: [] } },
        tables: [{ name: "bookings", tableOptions: { connector: "kafka" } }],
        credential: {
          kind: "kafka-scram",
          secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:AmazonMSK_bookings-AbCdEf",
        },
      },
    ],
    ...changes,
  };
}
