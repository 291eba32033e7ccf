import type { CertificatesSpec, DesiredState, DirectorySpec, FileSpec, NodeSpec, SoftwareItem } from "./desired-state";
import type { UnitSpec } from "./desired-state";
import { connectionCredentials, connectionFiles, ConnectionInput } from "./connections";
import { CONNECTIONS, FLINK_CONF, FLINK_DATA, FLINK_LIB, FLINK_PLUGINS, FlinkProcessPaths } from "./paths";
import { JOB_MANAGER_PATHS, softwareFolder, TASK_MANAGER_PATHS, ZOOKEEPER_CONF, ZOOKEEPER_DATA } from "./paths";
import { CERTIFICATE_HOLDERS } from "./certificate-holders";
import { TLS } from "./tls-paths";
import { JOB_MANAGER_UNIT, jobManagerUnit, TASK_MANAGER_UNIT, taskManagerUnit } from "./flink-services";
import { logShippingLayout } from "./logs/log-shipping-layout";
import type { LogShippingInput } from "./logs/log-shipping";
import type { MaintenanceWindowSpec } from "./maintenance-window";
import { reporterSettings } from "./metrics/flink-reporter";
import { metricsShippingLayout } from "./metrics/metrics-shipping-layout";
import type { MetricsShippingInput } from "./metrics/metrics-shipping";
import { FLINK_GROUP, JOB_MANAGER_USER, TASK_MANAGER_USER, USERS, ZOOKEEPER_USER } from "./users";
import { hostFirewallFiles } from "./host-firewall";
import { HOST_SETTINGS } from "./host-settings";
import { PORTS } from "./ports";
import { NO_SHIPPING } from "./shipping-layout";
import { ZOOKEEPER_LOGBACK, ZOOKEEPER_LOGBACK_LINES, ZOOKEEPER_UNIT, zooKeeperUnit } from "./zookeeper-service";

export type { ConnectionInput };

/** One cluster, as far as its nodes are concerned: all text is final. */
export interface ClusterLayoutInput {
  readonly cluster: string;
  readonly software: ClusterSoftware;
  /** Role whose credentials Flink's processes get. */
  readonly jobRoleArn: string;
  readonly nodes: readonly NodeLayoutInput[];
  /** Files of Flink's configuration folder that are the same on every node, by name, such as `log4j-console.properties`. */
  readonly flinkFiles: Readonly<Record<string, string>>;
  /** Files of ZooKeeper's configuration folder by name: `zoo.cfg`; `logback.xml` where the default does not do. */
  readonly zooKeeperFiles: Readonly<Record<string, string>>;
  /** Heap of ZooKeeper in MiB. */
  readonly zooKeeperHeapMebibytes: number;
  /** Further JVM options of ZooKeeper; none by default. */
  readonly zooKeeperJvmOptions?: readonly string[];
  /** Settings in which the JobManager differs from config.yaml: given to it as `-D key=value`. */
  readonly jobManagerSettings?: Readonly<Record<string, string>>;
  /** Settings in which the TaskManager differs from config.yaml. */
  readonly taskManagerSettings?: Readonly<Record<string, string>>;
  readonly certificates: CertificatesSpec;
  /** Absent: nodes take changes over at any time. */
  readonly maintenanceWindow?: MaintenanceWindowSpec;
  /** Whether jobs may lose their state by another line of Flink; absent as false. */
  readonly allowStateLoss?: boolean;
  /** Systems that jobs read from and write to; empty where there are none. */
  readonly connections: readonly ConnectionInput[];
  /** How logs leave the nodes; absent: they stay there. */
  readonly logs?: LogShippingInput;
  /** How metrics leave the nodes; absent: nobody gathers them. */
  readonly metrics?: MetricsShippingInput;
}

/** The parts that a node needs, each published. */
export interface ClusterSoftware {
  readonly agent: SoftwareItem;
  readonly nodeJs: SoftwareItem;
  readonly java: SoftwareItem;
  readonly flink: SoftwareItem;
  readonly zooKeeper: SoftwareItem;
  /** Flink plugins beside those that come with it, such as `flink-s3-fs-presto`; each a jar. */
  readonly plugins: readonly SoftwareItem[];
  /** Connectors in Flink's own class path, such as `flink-connector-kafka`; each with jars in its folder `lib`. */
  readonly connectors: readonly SoftwareItem[];
  /** The OpenTelemetry Collector; there, as the exporter, where logs are shipped. */
  readonly logCollector?: SoftwareItem;
  /** The log exporter, a file. */
  readonly logExporter?: SoftwareItem;
  /** Telegraf; there where metrics are shipped. */
  readonly telegraf?: SoftwareItem;
}

export interface NodeLayoutInput {
  /** Such as `orders-node-1`. */
  readonly name: string;
  /** Fully qualified name in the private zone. */
  readonly host: string;
  /** Number of its ZooKeeper server; absent where none runs. */
  readonly zooKeeperId?: number;
  /** This node's config.yaml. */
  readonly flinkConfiguration: string;
}

/** What the nodes of a cluster shall run. Pure: the same input gives the same state, byte for byte. */
export function clusterDesiredState(input: ClusterLayoutInput): DesiredState {
  const { software } = input;
  const logs = input.logs ? logShippingLayout(input.cluster, input.logs, software) : NO_SHIPPING;
  const metrics = input.metrics ? metricsShippingLayout(input.cluster, input.metrics, software.telegraf) : NO_SHIPPING;
  const jobCredentials = { roleArn: input.jobRoleArn, port: PORTS.jobCredentials.port };
  const logback = input.logs ? ZOOKEEPER_LOGBACK_LINES : ZOOKEEPER_LOGBACK;
  const flinkServices = {
    jobCredentials,
    java: software.java,
    flink: software.flink,
    jobManagerSettings: { ...input.jobManagerSettings, ...(input.metrics ? reporterSettings("jobmanager") : {}) },
    taskManagerSettings: { ...input.taskManagerSettings, ...(input.metrics ? reporterSettings("taskmanager") : {}) },
    shipsLogs: input.logs !== undefined,
    shipsMetrics: input.metrics !== undefined,
  };
  return {
    schemaVersion: 1,
    cluster: input.cluster,
    agent: software.agent,
    nodeJs: software.nodeJs,
    software: [
      ...[software.java, software.flink, software.zooKeeper],
      ...[...software.plugins, ...software.connectors, ...logs.software, ...metrics.software],
    ],
    users: [...USERS, ...logs.users, ...metrics.users],
    jobCredentials,
    connectionCredentials: connectionCredentials(input.connections),
    ...(logs.spec ? { logs: logs.spec } : {}),
    ...(metrics.spec ? { metrics: metrics.spec } : {}),
    directories: [...DIRECTORIES, ...logs.directories, ...metrics.directories],
    linkFolders: [
      {
        path: FLINK_LIB,
        entriesOf: [software.flink, ...software.connectors].map((part) => `${softwareFolder(part)}/lib`),
        links: [],
      },
      {
        path: FLINK_PLUGINS,
        entriesOf: [`${softwareFolder(software.flink)}/plugins`],
        links: software.plugins.map((plugin) => ({ name: plugin.name, target: softwareFolder(plugin) })),
      },
    ],
    files: [
      ...Object.entries(input.flinkFiles).map(([name, content]) => flinkFile(name, content)),
      ...Object.entries({ "logback.xml": logback, ...input.zooKeeperFiles }).map(([name, content]) =>
        zooKeeperFile(name, content),
      ),
      ...connectionFiles(input.connections),
      ...logs.files,
      ...metrics.files,
      ...HOST_SETTINGS,
    ],
    units: [
      zooKeeperUnit({
        java: software.java,
        zooKeeper: software.zooKeeper,
        heapMebibytes: input.zooKeeperHeapMebibytes,
        jvmOptions: input.zooKeeperJvmOptions ?? [],
      }),
      jobManagerUnit(flinkServices),
      taskManagerUnit(flinkServices),
      ...logs.units,
      ...metrics.units,
    ],
    certificates: input.certificates,
    ...(input.maintenanceWindow ? { maintenanceWindow: input.maintenanceWindow } : {}),
    ...(input.allowStateLoss ? { allowStateLoss: true } : {}),
    nodes: input.nodes.map((node) =>
      nodeSpec(node, [...logs.filesOf(node), ...metrics.filesOf(node)], [...logs.units, ...metrics.units]),
    ),
  };
}

/** Each process has one folder of the data volume, which no other may read or write. */
const DIRECTORIES: readonly DirectorySpec[] = [
  { path: FLINK_CONF, owner: "root", group: FLINK_GROUP, mode: "0750" },
  { path: CONNECTIONS, owner: "root", group: FLINK_GROUP, mode: "0750" },
  { path: ZOOKEEPER_CONF, owner: "root", group: ZOOKEEPER_USER, mode: "0750" },
  { path: TLS, owner: "root", group: "root", mode: "0755" },
  ...CERTIFICATE_HOLDERS.map(({ files, user }) => ({ path: files.folder, owner: "root", group: user, mode: "0750" })),
  privateDirectory(ZOOKEEPER_DATA, ZOOKEEPER_USER),
  { path: FLINK_DATA, owner: "root", group: FLINK_GROUP, mode: "0750" },
  ...flinkProcessDirectories(JOB_MANAGER_PATHS, JOB_MANAGER_USER),
  ...flinkProcessDirectories(TASK_MANAGER_PATHS, TASK_MANAGER_USER),
];

/**
 * The folder of them all is root's: a job could else put a link in the place of one of them, and the agent, which
 * is root, would make the link's target what the folder should be.
 */
function flinkProcessDirectories(paths: FlinkProcessPaths, user: string): readonly DirectorySpec[] {
  const { home, ...own } = paths;
  return [
    { path: home, owner: "root", group: user, mode: "0750" },
    ...Object.values(own).map((path) => privateDirectory(path, user)),
  ];
}

function privateDirectory(path: string, user: string): DirectorySpec {
  return { path, owner: user, group: user, mode: "0700" };
}

function flinkFile(name: string, content: string): FileSpec {
  return { path: `${FLINK_CONF}/${name}`, owner: "root", group: FLINK_GROUP, mode: "0640", content };
}

function zooKeeperFile(name: string, content: string): FileSpec {
  return { path: `${ZOOKEEPER_CONF}/${name}`, owner: "root", group: ZOOKEEPER_USER, mode: "0640", content };
}

function nodeSpec(
  node: NodeLayoutInput,
  filesOfShipping: readonly FileSpec[],
  unitsOfShipping: readonly UnitSpec[],
): NodeSpec {
  const runsZooKeeper = node.zooKeeperId !== undefined;
  const myId: FileSpec = {
    path: `${ZOOKEEPER_DATA}/myid`,
    owner: ZOOKEEPER_USER,
    group: ZOOKEEPER_USER,
    mode: "0640",
    content: `${node.zooKeeperId}\n`,
  };
  return {
    name: node.name,
    host: node.host,
    ...(runsZooKeeper ? { zooKeeperId: node.zooKeeperId } : {}),
    files: [
      flinkFile("config.yaml", node.flinkConfiguration),
      ...(runsZooKeeper ? [myId] : []),
      ...hostFirewallFiles({ runsZooKeeper }),
      ...filesOfShipping,
    ],
    units: [
      ...[...(runsZooKeeper ? [ZOOKEEPER_UNIT] : []), JOB_MANAGER_UNIT, TASK_MANAGER_UNIT],
      ...unitsOfShipping.map(({ name }) => name),
    ],
  };
}
