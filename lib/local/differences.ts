import type { FlinkConfiguration } from "../settings";

/** What a local cluster has in the place of what production says. */
export interface LocalPlace {
  readonly restPort: number;
  readonly jobManagerRpcPort: number;
  /** `file:` URIs. */
  readonly checkpointsUri: string;
  readonly savepointsUri: string;
  readonly jobManagerWork: string;
  /** Memory of both processes. */
  readonly memory: FlinkConfiguration;
  readonly jobManagerFlags: string;
  readonly taskManagerFlags: string;
  /** Those that open modules of Java. */
  readonly moduleFlags: string;
}

/** A key in which a local cluster differs from production, or all keys below a prefix, which ends in a dot. */
export interface Difference {
  readonly key: string;
  readonly why: string;
  /** Absent, or nothing: the key is left out, and Flink's default holds or the process is told by itself. */
  readonly local?: (place: LocalPlace, key: string) => string | undefined;
  /** A local cluster has it also where production says nothing of it. */
  readonly isAdded?: true;
}

const LOOPBACK = "127.0.0.1";
/** Flink asks the system for a free one. */
const ANY_PORT = "0";

const loopback = (): string => LOOPBACK;
const anyPort = (): string => ANY_PORT;
function rows(why: string, local: Difference["local"], keys: readonly string[]): readonly Difference[] {
  return keys.map((key) => ({ key, why, local }));
}

/**
 * All keys in which the configuration of a local cluster may differ from the one it is made of. Whatever else differs is a
 * mistake.
 */
export const DIFFERENCES: readonly Difference[] = [
  ...rows("address: one machine, whose loopback alone is listened on", loopback, [
    "jobmanager.rpc.address",
    "jobmanager.bind-host",
    "rest.address",
    "rest.bind-address",
    "taskmanager.host",
    "taskmanager.bind-host",
  ]),
  ...rows("address: each TaskManager has a name of its own, which it is told as it starts", undefined, [
    "taskmanager.resource-id",
  ]),
  ...rows("address: 8081, or the next port on which nothing listens", ({ restPort }) => String(restPort), [
    "rest.port",
  ]),
  ...rows("address: it is rest.port, which the SQL client beside it would want for itself", undefined, [
    "rest.bind-port",
  ]),
  ...rows(
    "address: a port on which nothing listens, as two local clusters may be up",
    ({ jobManagerRpcPort }) => String(jobManagerRpcPort),
    ["jobmanager.rpc.port"],
  ),
  ...rows("address: no firewall has to know the port, so Flink takes any that is free", anyPort, [
    "blob.server.port",
    "taskmanager.rpc.port",
    "taskmanager.data.port",
    "taskmanager.collect-sink.port",
  ]),
  ...rows("address: by default Flink takes any port that is free", undefined, ["metrics.internal.query-service.port"]),
  {
    key: "web.access-control-allow-origin",
    why: "address: its own alone: by Flink's default any page in a browser here may read its answers",
    local: ({ restPort }) => `http://${LOOPBACK}:${restPort}`,
    isAdded: true,
  },
  ...rows("path: the folder of the local cluster", ({ jobManagerWork }) => jobManagerWork, [
    "process.jobmanager.working-dir",
    "web.upload.dir",
  ]),
  ...rows("path: Flink makes it below the folder for temporary files", undefined, ["web.tmpdir"]),
  ...rows("path: a folder of each process, which it is told as it starts", undefined, [
    "process.taskmanager.working-dir",
    "io.tmp.dirs",
  ]),
  ...rows("memory size: what --memory gives, or what follows from it", ({ memory }, key) => memory[key], [
    "jobmanager.memory.",
    "taskmanager.memory.",
  ]),
  ...rows(
    "memory size and key store: the collector for that heap; no flags for TLS to ZooKeeper",
    ({ jobManagerFlags }) => jobManagerFlags,
    ["env.java.default-opts.jobmanager"],
  ),
  ...rows(
    "memory size and key store: the collector for that heap; no flags for TLS to ZooKeeper",
    ({ taskManagerFlags }) => taskManagerFlags,
    ["env.java.default-opts.taskmanager"],
  ),
  ...rows("Java: it warns of flags for modules that it does not have", ({ moduleFlags }) => moduleFlags, [
    "env.java.opts.all",
  ]),
  ...rows("key store: what the machine's own Java trusts is trusted", undefined, ["env.java.default-opts.all"]),
  ...rows("key store: nothing leaves the machine, so there is no TLS and there are no keys", undefined, [
    "security.ssl.",
  ]),
  ...rows("high availability: one JobManager, without ZooKeeper", undefined, ["high-availability.", "zookeeper."]),
  ...rows("S3: checkpoints lie in the folder of the local cluster", ({ checkpointsUri }) => checkpointsUri, [
    "execution.checkpointing.dir",
  ]),
  ...rows("S3: savepoints lie in the folder of the local cluster", ({ savepointsUri }) => savepointsUri, [
    "execution.checkpointing.savepoint-dir",
  ]),
  ...rows("S3: the endpoint is that of the cluster's region", undefined, ["s3.endpoint"]),
  ...rows(
    "address: reporters would send a developer's metrics to production's store, or listen beyond loopback",
    undefined,
    ["metrics.reporters", "metrics.reporter."],
  ),
];

/** The row that allows a key to differ; undefined where it has to be as in production. */
export function differenceOf(key: string): Difference | undefined {
  return DIFFERENCES.find((row) => (row.key.endsWith(".") ? key.startsWith(row.key) : key === row.key));
}

/** The configuration of a local cluster: that of production, but for the keys above. */
export function localConfiguration(production: FlinkConfiguration, place: LocalPlace): FlinkConfiguration {
  const added = DIFFERENCES.filter(({ isAdded }) => isAdded).map(({ key }) => [key, ""] as const);
  return Object.fromEntries(
    Object.entries({ ...production, ...Object.fromEntries(added) }).flatMap(([key, value]) => {
      const row = differenceOf(key);
      if (!row) return [[key, value]];
      const local = row.local?.(place, key);
      return local === undefined ? [] : [[key, local]];
    }),
  );
}
