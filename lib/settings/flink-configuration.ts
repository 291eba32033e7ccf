import { REPORTER } from "../node/metrics/flink-reporter";
import { JOB_MANAGER_PATHS, TASK_MANAGER_PATHS } from "../node/paths";
import { PORTS } from "../node/ports";
import { JOB_MANAGER_TLS, TASK_MANAGER_TLS } from "../node/tls-paths";
import type { FlinkSettings } from "./flink-settings";
import { moduleFlags, trustStoreFlags } from "./java-options";
import { livenessTimeouts, splitMemory, type MemorySplit, type ZooKeeperSession } from "./memory-split";
import { jobManagerKeyStore, taskManagerKeyStore, tlsConfiguration, zooKeeperClientFlags } from "./tls";

/** Where Flink's durable files lie and whom it talks to: the same on every node of a cluster. */
export interface FlinkSurroundings {
  readonly cluster: string;
  /** Such as `s3p://bucket/checkpoints/orders`. */
  readonly checkpointsUri: string;
  readonly savepointsUri: string;
  readonly highAvailabilityUri: string;
  /** The region's own, such as `https://s3.eu-west-1.amazonaws.com`. */
  readonly s3Endpoint: string;
  /** Such as `node-1.orders.flink.internal:2281,…`. */
  readonly zooKeeperConnect: string;
  /** There where metrics are shipped. */
  readonly metrics?: ReportedMetrics;
}

/** Which metrics Flink's processes give to what ships them. */
export interface ReportedMetrics {
  /** Whether those of single operators are among them. */
  readonly operatorMetrics: boolean;
}

/** The node whose configuration it is. */
export interface FlinkNode {
  /** Such as `orders-node-1`. */
  readonly name: string;
  /** Fully qualified name by which the other nodes reach it. */
  readonly host: string;
}

/** Flat keys of Flink's configuration. */
export type FlinkConfiguration = Readonly<Record<string, string>>;

/** The whole configuration of one node, in the order in which a person reads it; the JobManager and the TaskManager share it. */
export function renderFlinkConfiguration(
  settings: FlinkSettings,
  surroundings: FlinkSurroundings,
  node: FlinkNode,
): FlinkConfiguration {
  const split = splitMemory(settings.instanceType);
  return {
    ...addresses(node),
    ...ports(),
    ...folders(),
    ...tlsConfiguration(),
    ...highAvailability(surroundings, split),
    ...checkpointing(settings, surroundings),
    ...settings.restartStrategy.toFlinkConfiguration(),
    ...tasks(settings),
    ...memoryConfiguration(split),
    ...javaFlags(settings, split),
    ...settings.flinkConfiguration,
    ...(surroundings.metrics ? reporter(surroundings.metrics, settings.flinkConfiguration) : {}),
  };
}

/** Beside reporters of the user's, also where those that are to run are named one by one. */
function reporter({ operatorMetrics }: ReportedMetrics, user: FlinkConfiguration): FlinkConfiguration {
  const prefix = `metrics.reporter.${REPORTER}`;
  const named = user["metrics.reporters"];
  return {
    ...(named === undefined ? {} : { "metrics.reporters": `${named},${REPORTER}` }),
    [`${prefix}.factory.class`]: "org.apache.flink.metrics.prometheus.PrometheusReporterFactory",
    // Names of jobs and machines as they are: without it each dot, dash and blank in them would be an underscore.
    [`${prefix}.filterLabelValueCharacters`]: "false",
    ...(operatorMetrics ? {} : { [`${prefix}.filter.excludes`]: "*.operator;*.operator.*" }),
  };
}

function addresses(node: FlinkNode): FlinkConfiguration {
  return {
    "jobmanager.rpc.address": node.host,
    "jobmanager.bind-host": "0.0.0.0",
    "rest.address": node.host,
    "rest.bind-address": "0.0.0.0",
    "taskmanager.host": node.host,
    "taskmanager.bind-host": "0.0.0.0",
    // A TaskManager that comes back under its old name replaces the lost one at once, and people know it by name.
    "taskmanager.resource-id": node.name,
  };
}

function ports(): FlinkConfiguration {
  return {
    "jobmanager.rpc.port": String(PORTS.jobManagerRpc.port),
    "high-availability.jobmanager.port": String(PORTS.jobManagerRpc.port),
    "blob.server.port": String(PORTS.jobManagerBlob.port),
    "rest.port": String(PORTS.jobManagerRest.port),
    "rest.bind-port": String(PORTS.jobManagerRest.port),
    "taskmanager.rpc.port": String(PORTS.taskManagerRpc.port),
    "taskmanager.data.port": String(PORTS.taskManagerData.port),
    "taskmanager.collect-sink.port": String(PORTS.taskManagerCollectSink.port),
  };
}

function folders(): FlinkConfiguration {
  return {
    "process.jobmanager.working-dir": JOB_MANAGER_PATHS.work,
    "process.taskmanager.working-dir": TASK_MANAGER_PATHS.work,
    "web.upload.dir": JOB_MANAGER_PATHS.work,
  };
}

function highAvailability(surroundings: FlinkSurroundings, split: MemorySplit): FlinkConfiguration {
  const timeouts = livenessTimeouts(split);
  return {
    "high-availability.type": "zookeeper",
    "high-availability.cluster-id": `/${surroundings.cluster}`,
    "high-availability.storageDir": surroundings.highAvailabilityUri,
    "high-availability.zookeeper.quorum": surroundings.zooKeeperConnect,
    ...sessionConfiguration(timeouts.jobManagerSession),
    "high-availability.zookeeper.client.retry-wait": "1 s",
    "high-availability.zookeeper.client.max-retry-attempts": "10",
    // A ZooKeeper server that restarts is no reason to lead no more: the session is, when it is lost.
    "high-availability.zookeeper.client.tolerate-suspended-connections": "true",
    // The tracker would replace the names above by addresses that it read from the servers.
    "high-availability.zookeeper.client.ensemble-tracker": "false",
    "zookeeper.sasl.disable": "true",
    "heartbeat.interval": timeouts.heartbeatInterval.toString(),
    "heartbeat.timeout": timeouts.heartbeatTimeout.toString(),
  };
}

function sessionConfiguration({ timeout, connectionTimeout }: ZooKeeperSession): FlinkConfiguration {
  return {
    "high-availability.zookeeper.client.session-timeout": timeout.toString(),
    "high-availability.zookeeper.client.connection-timeout": connectionTimeout.toString(),
  };
}

function checkpointing(settings: FlinkSettings, surroundings: FlinkSurroundings): FlinkConfiguration {
  return {
    "state.backend.type": "hashmap",
    "execution.checkpointing.storage": "filesystem",
    "execution.checkpointing.dir": surroundings.checkpointsUri,
    "execution.checkpointing.savepoint-dir": surroundings.savepointsUri,
    "execution.checkpointing.interval": settings.checkpointInterval.toString(),
    "execution.checkpointing.timeout": settings.checkpointTimeout.toString(),
    "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
    "execution.checkpointing.num-retained": "3",
    "execution.checkpointing.tolerable-failed-checkpoints": "3",
    "s3.endpoint": surroundings.s3Endpoint,
    // The plugin names an ACL with every object; of a bucket without ACLs this is the one that S3 takes.
    "s3.upload-acl-type": "BUCKET_OWNER_FULL_CONTROL",
    // After each file the plugin would delete what may stand for its folders, up to the bucket's root, where jobs may not.
    "fs.s3a.directory.marker.retention": "keep",
  };
}

function tasks(settings: FlinkSettings): FlinkConfiguration {
  return {
    "jobmanager.execution.failover-strategy": "region",
    "taskmanager.numberOfTaskSlots": String(settings.numberOfTaskSlots),
    "parallelism.default": String(settings.parallelism),
    "pekko.ask.timeout": settings.pekkoAskTimeout.toString(),
    // A question that the leader has taken and then died with is given up after this, and not after 10 minutes. Until then a
    // JobManager that leads itself in the meantime waits for it when it is stopped: its shutdown ends by force after 5 s, without
    // handing the leadership over.
    "web.timeout": "30 s",
    "pekko.framesize": `${settings.pekkoFrameSize.toBytes()}b`,
    "taskmanager.jvm-exit-on-oom": "true",
    // The nodes are equal and none is ever given back for being idle: each carries its part.
    "taskmanager.load-balance.mode": "SLOTS",
    // 240 days, of the 248 that Flink can wait for. When this time is over (5 minutes by default), requests for slots that are not
    // there fail at once: with a restart every 10 seconds a job would end for good two minutes after its only TaskManager.
    "resourcemanager.standalone.start-up-time": "20736000000",
  };
}

/** Sizes of both processes; what they do not name, Flink's own formulas leave over. */
export function memoryConfiguration({
  jobManager,
  taskManager,
}: Pick<MemorySplit, "jobManager" | "taskManager">): FlinkConfiguration {
  const mib = (amount: number): string => `${amount}m`;
  return {
    "jobmanager.memory.process.size": mib(jobManager.processMib),
    "jobmanager.memory.jvm-metaspace.size": mib(jobManager.metaspaceMib),
    "jobmanager.memory.jvm-overhead.min": mib(jobManager.overheadMib),
    "jobmanager.memory.jvm-overhead.max": mib(jobManager.overheadMib),
    "taskmanager.memory.process.size": mib(taskManager.processMib),
    "taskmanager.memory.jvm-metaspace.size": mib(taskManager.metaspaceMib),
    "taskmanager.memory.jvm-overhead.min": mib(taskManager.overheadMib),
    "taskmanager.memory.jvm-overhead.max": mib(taskManager.overheadMib),
    "taskmanager.memory.managed.size": mib(taskManager.managedMib),
    "taskmanager.memory.network.min": mib(taskManager.networkMib),
    "taskmanager.memory.network.max": mib(taskManager.networkMib),
    "taskmanager.memory.task.off-heap.size": mib(taskManager.taskOffHeapMib),
  };
}

function javaFlags(settings: FlinkSettings, { jobManager, taskManager }: MemorySplit): FlinkConfiguration {
  return {
    "env.java.opts.all": moduleFlags(settings.version),
    "env.java.default-opts.all": trustStoreFlags(),
    "env.java.default-opts.jobmanager": [...jobManager.javaOptions, zooKeeperClientFlags(JOB_MANAGER_TLS)].join(" "),
    "env.java.default-opts.taskmanager": [...taskManager.javaOptions, zooKeeperClientFlags(TASK_MANAGER_TLS)].join(" "),
  };
}

/**
 * What differs between the two processes of one node, to be given on the command line as `-D key=value` (with
 * the space: `jobmanager.sh` takes `-Dkey=value` for a host name).
 */
export function jobManagerOverrides(): FlinkConfiguration {
  return {
    "io.tmp.dirs": JOB_MANAGER_PATHS.tmp,
    "metrics.internal.query-service.port": String(PORTS.jobManagerMetrics.port),
    ...jobManagerKeyStore(),
  };
}

/** The same for the TaskManager. */
export function taskManagerOverrides({ instanceType }: Pick<FlinkSettings, "instanceType">): FlinkConfiguration {
  return {
    ...sessionConfiguration(livenessTimeouts(splitMemory(instanceType)).taskManagerSession),
    "io.tmp.dirs": TASK_MANAGER_PATHS.tmp,
    "metrics.internal.query-service.port": String(PORTS.taskManagerMetrics.port),
    ...taskManagerKeyStore(),
  };
}
