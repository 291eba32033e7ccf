/** A key, or every key below a prefix, that the library sets or that would break what it promises. */
interface OwnedKeys {
  /** Exact keys; one that ends in a dot stands for everything below it. Old names of the same things included. */
  readonly keys: readonly string[];
  /** What to do instead, as the end of a sentence. */
  readonly instead: string;
}

/** Below these prefixes everything is ours, but for the keys listed here. */
const EXCEPTIONS: ReadonlySet<string> = new Set([
  "env.java.opts.jobmanager",
  "env.java.opts.taskmanager",
  "env.java.opts.client",
  "env.java.opts.sql-gateway",
]);

const byName = "leave it out: it follows from the node's name";
const byPortTable = "leave it out: it comes from the port table, from which the firewall is made as well";
const byInstanceType = "set instanceType, from which memory is split";
const byTls = "leave it out: encryption is always on and the library's, see certificateValidity";

const OWNED: readonly OwnedKeys[] = [
  { keys: ["taskmanager.numberOfTaskSlots"], instead: "set numberOfTaskSlots" },
  { keys: ["parallelism.default"], instead: "set parallelism" },
  { keys: ["restart-strategy", "restart-strategy."], instead: "set restartStrategy" },
  { keys: ["execution.checkpointing.interval"], instead: "set checkpointInterval" },
  { keys: ["execution.checkpointing.timeout"], instead: "set checkpointTimeout" },
  { keys: ["pekko.ask.timeout", "akka.ask.timeout"], instead: "set pekkoAskTimeout" },
  { keys: ["pekko.framesize", "akka.framesize"], instead: "set pekkoFrameSize" },
  {
    keys: [
      "taskmanager.memory.",
      "jobmanager.memory.",
      "taskmanager.heap.",
      "jobmanager.heap.",
      "taskmanager.network.memory.",
      "taskmanager.network.numberOfBuffers",
      "taskmanager.cpu.cores",
      "taskmanager.jvm-exit-on-oom",
    ],
    instead: byInstanceType,
  },
  {
    keys: ["heartbeat.interval", "heartbeat.timeout"],
    instead: "set instanceType, with whose memory the time for a garbage collection grows",
  },
  {
    keys: [
      "execution.checkpointing.dir",
      "state.checkpoints.dir",
      "execution.checkpointing.savepoint-dir",
      "state.savepoints.dir",
      "savepoints.state.backend.fs.dir",
      "state.backend.fs.checkpointdir",
      "execution.checkpointing.storage",
      "state.checkpoint-storage",
      "execution.checkpointing.create-subdir",
      "state.checkpoints.create-subdir",
      "job-result-store.storage-path",
      "application-result-store.storage-path",
    ],
    instead: "set checkpointBucket, in which state lies",
  },
  {
    keys: ["execution.checkpointing.externalized-checkpoint-retention"],
    instead: "leave it out: checkpoints are kept when a job is cancelled",
  },
  {
    keys: ["state.backend", "state.backend.type"],
    instead: "leave it out: memory is split for the HashMap state backend; a job may choose another one for itself",
  },
  {
    keys: [
      "high-availability",
      "high-availability.",
      "recovery.",
      "cluster.id",
      "zookeeper.sasl.",
      "taskmanager.resource-id",
      "jobmanager.resource-id",
    ],
    instead: "leave it out: high availability is always on and the library's",
  },
  {
    keys: [
      "jobmanager.rpc.address",
      "jobmanager.bind-host",
      "jobmanager.web.address",
      "rest.address",
      "rest.bind-address",
      "web.address",
      "taskmanager.host",
      "taskmanager.hostname",
      "taskmanager.bind-host",
      "taskmanager.network.bind-policy",
    ],
    instead: byName,
  },
  {
    keys: [
      "jobmanager.rpc.port",
      "jobmanager.rpc.bind-port",
      "jobmanager.web.port",
      "rest.port",
      "rest.bind-port",
      "web.port",
      "blob.server.port",
      "taskmanager.rpc.port",
      "taskmanager.rpc.bind-port",
      "taskmanager.data.port",
      "taskmanager.data.bind-port",
      "taskmanager.collect-sink.port",
      "metrics.internal.query-service.port",
      "queryable-state.proxy.ports",
      "queryable-state.server.ports",
      "query.proxy.ports",
      "query.server.ports",
    ],
    instead: byPortTable,
  },
  {
    keys: ["metrics.reporter.cdktf-flink."],
    instead: "leave it out: this reporter is the library's, so give one of yours another name",
  },
  {
    keys: [
      "io.tmp.dirs",
      "taskmanager.tmp.dirs",
      "process.working-dir",
      "process.jobmanager.working-dir",
      "process.taskmanager.working-dir",
      "web.upload.dir",
      "jobmanager.web.upload.dir",
      "web.tmpdir",
      "jobmanager.web.tmpdir",
      "blob.storage.directory",
      "jobmanager.web.log.path",
      "web.log.path",
      "taskmanager.log.path",
    ],
    instead: "leave it out: the folders of a node are the library's",
  },
  {
    keys: ["env."],
    instead:
      "leave it out: the start scripts are the library's, and flags for Java go into env.java.opts.jobmanager, .taskmanager, .client or .sql-gateway",
  },
  {
    keys: [
      "security.ssl.",
      "blob.service.ssl.enabled",
      "taskmanager.data.ssl.enabled",
      "pekko.ssl.enabled",
      "akka.ssl.enabled",
    ],
    instead: byTls,
  },
  {
    keys: ["s3.endpoint", "s3a.endpoint", "fs.s3a.endpoint", "presto.s3.endpoint"],
    instead: "leave it out: it is the region's own",
  },
  {
    keys: ["s3.directory.marker.retention", "s3a.directory.marker.retention", "fs.s3a.directory.marker.retention"],
    instead: "leave it out: it is keep, as jobs may write to folders and not to what holds them",
  },
  {
    keys: ["s3.upload-acl-type", "presto.s3.upload-acl-type"],
    instead: "leave it out: buckets have no ACLs, and S3 takes no other one there",
  },
  {
    keys: [
      "s3.access-key",
      "s3.access.key",
      "s3.secret-key",
      "s3.secret.key",
      "s3a.access-key",
      "s3a.access.key",
      "s3a.secret-key",
      "s3a.secret.key",
      "fs.s3a.access.key",
      "fs.s3a.secret.key",
      "fs.s3a.session.token",
      "presto.s3.access-key",
      "presto.s3.secret-key",
    ],
    instead: "leave it out: Flink uses the role of its machine, and a secret must not stand in a configuration",
  },
  {
    keys: [
      "s3.sse.",
      "s3a.sse.",
      "presto.s3.sse.",
      "s3.kms-key-id",
      "presto.s3.kms-key-id",
      "s3.encryption-materials-provider",
      "presto.s3.encryption-materials-provider",
      "s3.encryption.",
      "s3a.encryption.",
      "fs.s3a.encryption.",
      ...["s3", "s3a", "fs.s3a"].flatMap((prefix) => [
        `${prefix}.server-side-encryption-algorithm`,
        `${prefix}.server-side-encryption.key`,
        `${prefix}.server-side-encryption-key`,
      ]),
    ],
    instead:
      "leave it out: objects are encrypted under the checkpointBucket's key, and a request may not choose another",
  },
  {
    keys: ["jobmanager.execution.failover-strategy"],
    instead: "leave it out: only the tasks that a failure touches are restarted",
  },
  {
    keys: ["scheduler-mode", "jobmanager.scheduler-mode"],
    instead: "leave it out: reactive mode is not for a session cluster",
  },
  {
    keys: ["kubernetes.", "yarn.", "containerized.", "flink.yarn.", "internal.", "$internal."],
    instead: "leave it out: it has no effect on a cluster of virtual machines",
  },
];

/** What to do instead of setting the key; nothing where the key is the user's. */
export function ownedKeyAdvice(key: string): string | undefined {
  if (EXCEPTIONS.has(key)) return undefined;
  return OWNED.find(({ keys }) => keys.some((owned) => (owned.endsWith(".") ? key.startsWith(owned) : key === owned)))
    ?.instead;
}
