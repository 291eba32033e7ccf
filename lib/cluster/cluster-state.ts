import { CHECKPOINTS_PREFIX, HA_PREFIX, SAVEPOINTS_PREFIX, stateUri } from "../core/bucket-layout";
import { DesiredState } from "../node/desired-state";
import { ConnectionInput } from "../node/connections";
import { LogShippingInput } from "../node/logs/log-shipping";
import { MetricsShippingInput } from "../node/metrics/metrics-shipping";
import { ClusterSoftware, clusterDesiredState } from "../node/node-layout";
import { ZOOKEEPER_DATA } from "../node/paths";
import {
  jobManagerOverrides,
  renderYaml,
  renderFlinkConfiguration,
  renderLog4jProperties,
  renderZooCfg,
  splitMemory,
  taskManagerOverrides,
  zooKeeperConnect,
} from "../settings";
import { ClusterSettings } from "./cluster-settings";

export interface ClusterStateInput {
  readonly settings: ClusterSettings;
  readonly software: ClusterSoftware;
  readonly bucketName: string;
  readonly s3Endpoint: string;
  readonly nodeAuthorityArn: string;
  readonly clientAuthorityArn: string;
  readonly jobRoleArn: string;
  readonly connections: readonly ConnectionInput[];
  readonly logs?: LogShippingInput;
  readonly metrics?: MetricsShippingInput;
}

/** What the nodes of a cluster shall run, made of its settings. */
export function clusterState(input: ClusterStateInput): DesiredState {
  const { settings, bucketName } = input;
  const { clusterName, flink } = settings;
  const uri = (prefix: string): string => stateUri(bucketName, prefix, clusterName);
  const servers = settings.nodes.flatMap(({ host, zooKeeperId }) =>
    zooKeeperId === undefined ? [] : [{ id: zooKeeperId, host }],
  );
  const surroundings = {
    cluster: clusterName,
    checkpointsUri: uri(CHECKPOINTS_PREFIX),
    savepointsUri: uri(SAVEPOINTS_PREFIX),
    highAvailabilityUri: uri(HA_PREFIX),
    s3Endpoint: input.s3Endpoint,
    zooKeeperConnect: zooKeeperConnect(servers),
    metrics: input.metrics,
  };
  const { zooKeeper } = splitMemory(settings.instanceType);
  return clusterDesiredState({
    cluster: clusterName,
    software: input.software,
    jobRoleArn: input.jobRoleArn,
    connections: input.connections,
    logs: input.logs,
    metrics: input.metrics,
    nodes: settings.nodes.map((node) => ({
      ...node,
      flinkConfiguration: renderYaml(renderFlinkConfiguration(flink, surroundings, node)),
    })),
    flinkFiles: {
      "log4j-console.properties": renderLog4jProperties(flink.logLevel, {
        levels: flink.logLevels,
        bufferBytes: input.logs?.bufferBytes,
      }),
    },
    zooKeeperFiles: { "zoo.cfg": renderZooCfg(servers, ZOOKEEPER_DATA) },
    zooKeeperHeapMebibytes: zooKeeper.heapMib,
    zooKeeperJvmOptions: zooKeeper.javaOptions,
    jobManagerSettings: jobManagerOverrides(),
    taskManagerSettings: taskManagerOverrides(flink),
    maintenanceWindow: settings.maintenanceWindow?._spec,
    allowStateLoss: settings.allowStateLoss,
    certificates: {
      nodeAuthorityArn: input.nodeAuthorityArn,
      clientAuthorityArn: input.clientAuthorityArn,
      validitySeconds: settings.certificateValidity.toSeconds(),
    },
  });
}
