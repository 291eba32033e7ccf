import type { SoftwareItem } from "./desired-state";

/**
 * Where everything lies on a node. All of it is below one prefix, but for systemd's units and users and
 * what lies in memory.
 */

/** All that we lay on a machine. */
export const PREFIX = "/opt/cdktf-flink";
/** Mount point of the data volume: the only thing that outlives the machine. */
export const DATA = `${PREFIX}/data`;
/** Configuration that the processes read. */
export const ETC = `${PREFIX}/etc`;
/** Unpacked software, one folder per part, see `softwareFolder`. */
export const SOFTWARE = `${PREFIX}/software`;
/** What the agent remembers: the applied desired state and the one before. */
export const STATE = `${PREFIX}/state`;

/** Who this machine is; written by its user data. */
export const IDENTITY_FILE = `${PREFIX}/identity.json`;
/** The frozen first program; written by the machine's user data. */
export const BOOTSTRAP_FILE = `${PREFIX}/bootstrap.py`;
/** The unit that runs the bootstrap, which becomes the agent; written by the machine's user data. */
export const AGENT_UNIT = "flink-agent.service";

/** The desired state that this node applied: the exact bytes of the object. */
export const APPLIED_STATE_FILE = `${STATE}/desired-state.json`;
/** Which version of the object that is. */
export const APPLIED_VERSION_FILE = `${STATE}/desired-state.version.json`;
/** The desired state applied before it. */
export const PREVIOUS_STATE_FILE = `${STATE}/previous-desired-state.json`;
export const PREVIOUS_VERSION_FILE = `${STATE}/previous-desired-state.version.json`;
/** The desired state as the bootstrap fetched it, not applied yet. */
export const FETCHED_STATE_FILE = `${STATE}/fetched.json`;
export const FETCHED_VERSION_FILE = `${STATE}/fetched.version.json`;
/** There since the applied state was healthy for the first time. */
export const WAS_HEALTHY_FILE = `${STATE}/was-healthy`;
/** With which inputs each unit was started last. */
export const STARTED_UNITS_FILE = `${STATE}/started-units.json`;
/** There while what was taken over has not been shown to hold. */
export const TRIAL_FILE = `${STATE}/trial.json`;
/** Room on the disk for going back from it. */
export const TRIAL_RESERVE_FILE = `${STATE}/trial-reserve`;
/** What this machine went back from by itself, and why. */
export const FALL_BACK_FILE = `${STATE}/fall-back.json`;
/** There while Flink must not be started here before the bucket was asked: the cluster may run another line of it. */
export const FLINK_HOLD_FILE = `${STATE}/flink-hold`;
/** There while an empty data volume is being formatted. */
export const FORMATTING_FILE = `${STATE}/formatting-data-volume`;
/** On the data volume: whose it is. */
export const VOLUME_OWNER_FILE = `${DATA}/.cdktf-flink-volume.json`;
/** Held for as long as an agent runs: there is never a second one. */
export const AGENT_LOCK_FILE = `${STATE}/agent.lock`;

/** Trust store of the Java programs, made by the agent from the operating system's; type JKS, readable without its password. */
export const TRUST_STORE = `${ETC}/truststore.jks`;

/** Rules of the machine's own firewall, as iptables-restore and ip6tables-restore take them. */
export const HOST_FIREWALL_FILES = {
  ipv4: `${ETC}/host-firewall-ipv4.rules`,
  ipv6: `${ETC}/host-firewall-ipv6.rules`,
} as const;

/** What must not outlive a boot: in memory, made by the agent. */
export const RUNTIME = "/run/cdktf-flink";
/** What a caller of the job credentials shows: Flink's processes can read it. */
export const JOB_CREDENTIALS_TOKEN_FILE = `${RUNTIME}/job-credentials-token`;
/** The same as an assignment for systemd, where a process takes it from its environment only; root's alone. */
export const JOB_CREDENTIALS_TOKEN_ENVIRONMENT_FILE = `${RUNTIME}/job-credentials-token.env`;
/** As whom jobs call the systems of connections, in the form that each client takes: Flink's processes can read it. */
export const CONNECTION_CREDENTIALS = `${RUNTIME}/connections`;
/** Users and passwords of all connections to PostgreSQL, one service each (libpq, "The Connection Service File"). */
export const POSTGRESQL_SERVICES = `${CONNECTION_CREDENTIALS}/pg_service.conf`;

/** Flink's configuration (config.yaml, log4j): the JobManager and the TaskManager read the same. */
export const FLINK_CONF = `${ETC}/flink`;
/** One symbolic link per plugin, beside those that come with Flink. */
export const FLINK_PLUGINS = `${ETC}/flink-plugins`;
/** One symbolic link per jar of Flink's own class path: those that come with Flink, and those of connectors. */
export const FLINK_LIB = `${ETC}/flink-lib`;
/** One JSON file per connection, which jobs read, and where it is needed the authorities of its system. */
export const CONNECTIONS = `${ETC}/connections`;
/** What a table of each connection has in common, as statements of Flink SQL. */
export const CONNECTION_TABLES_FILE = `${CONNECTIONS}/tables.sql`;
/** ZooKeeper's configuration (zoo.cfg, logback). */
export const ZOOKEEPER_CONF = `${ETC}/zookeeper`;

/** ZooKeeper's snapshots, transaction log and `myid`. */
export const ZOOKEEPER_DATA = `${DATA}/zookeeper`;
/** Everything of Flink that needs a disk. */
export const FLINK_DATA = `${DATA}/flink`;

/** Folders of one of Flink's processes: all but the first are its user's. */
export interface FlinkProcessPaths {
  /** The folder of the others: root's, which the user may read and not write. */
  readonly home: string;
  /** `env.log.dir`, FLINK_LOG_DIR. */
  readonly log: string;
  /** `io.tmp.dirs`. */
  readonly tmp: string;
  /** `process.working-dir` and its kin. */
  readonly work: string;
  /**
   * What it sees as /tmp, where Presto's client and libraries of jobs lay files as large as a checkpoint: neither in the
   * machine's memory nor on its root volume, which root's own programs need.
   */
  readonly systemTmp: string;
}

function flinkProcessPaths(process: "jobmanager" | "taskmanager"): FlinkProcessPaths {
  const home = `${FLINK_DATA}/${process}`;
  return {
    home,
    log: `${home}/log`,
    tmp: `${home}/tmp`,
    work: `${home}/work`,
    systemTmp: `${home}/system-tmp`,
  };
}

export const JOB_MANAGER_PATHS = flinkProcessPaths("jobmanager");
export const TASK_MANAGER_PATHS = flinkProcessPaths("taskmanager");
/** ZooKeeper's own log folder. */
export const ZOOKEEPER_LOG = `${ZOOKEEPER_DATA}/log`;

/** What the shipping of logs needs on a disk: root's, which all may pass through and none may list. */
export const LOGS_DATA = `${DATA}/logs`;
/** Lines of Flink's two processes as JSON until they are delivered: each folder is its process's, and the shipping may read it. */
export const LOG_LINES = { jobManager: `${LOGS_DATA}/jobmanager`, taskManager: `${LOGS_DATA}/taskmanager` } as const;
/** The file in such a folder that is written to; older ones have a number behind it. */
export const LOG_LINES_FILE_NAME = "lines.json";
/** Environment variable by which a process of Flink knows its folder. */
export const LOG_LINES_VARIABLE = "FLINK_LOG_LINES";
/** How far the collector has read. */
export const LOG_COLLECTOR_DATA = `${LOGS_DATA}/collector`;
/** Which lines the exporter has delivered. */
export const LOG_EXPORTER_DATA = `${LOGS_DATA}/exporter`;
export const LOG_EXPORTER_STATE_FILE = `${LOG_EXPORTER_DATA}/delivered.json`;
/** Behind which entry of the journal it goes on. */
export const LOG_JOURNAL_CURSOR_FILE = `${LOG_EXPORTER_DATA}/journal-cursor`;
/** systemd's own, by which any program writes entries of its own making into the journal. */
export const JOURNAL_SOCKETS = "/run/systemd/journal";
/** Configuration of both: root's, which both may read. */
export const LOGS_CONF = `${ETC}/logs`;
export const LOG_COLLECTOR_CONFIGURATION_FILE = `${LOGS_CONF}/collector.yaml`;
/** The program that the collector starts to read the journal. */
export const LOG_JOURNAL_READER_FILE = `${LOGS_CONF}/read-journal.sh`;
export const LOG_EXPORTER_CONFIGURATION_FILE = `${LOGS_CONF}/exporter.json`;

/** In memory, made by the agent: root's, which both may read (0750). */
export const LOGS_RUNTIME = `${RUNTIME}/logs`;
/** What the collector shows to the exporter: the whole value of the header `Authorization`. Root's, which both may read (0640). */
export const LOG_COLLECTOR_TOKEN_FILE = `${LOGS_RUNTIME}/collector-token`;
/**
 * What the exporter alone shall see: root's (0750), and hidden from the collector, which reads folders in which a job may
 * lay links.
 */
export const LOG_SECRETS = `${LOGS_RUNTIME}/secrets`;
/** With which name and password the exporter logs in: JSON. Root's, which the exporter may read (0640). */
export const LOG_LOGIN_FILE = `${LOG_SECRETS}/login.json`;
/** What the exporter shows to the agent for credentials of the logs role. Root's, which the exporter may read (0640). */
export const LOG_CREDENTIALS_TOKEN_FILE = `${LOG_SECRETS}/credentials-token`;
/** The exporter's own (0700): what it says of itself. */
export const LOG_STATUS = `${LOGS_RUNTIME}/status`;
export const LOG_STATUS_FILE = `${LOG_STATUS}/status.json`;

/** Configuration of what ships metrics: root's, which it may read. */
export const METRICS_CONF = `${ETC}/metrics`;
export const METRICS_CONFIGURATION_FILE = `${METRICS_CONF}/telegraf.conf`;
/** The program by which it gives metrics their names. */
export const METRICS_NAMES_FILE = `${METRICS_CONF}/names.star`;
/** PEM of the authorities that sign the certificates of where metrics go; where the system trusts them, none. */
export const METRICS_AUTHORITIES_FILE = `${METRICS_CONF}/authorities.pem`;

/** In memory, made by the agent: root's, which what ships metrics may read (0750). */
export const METRICS_RUNTIME = `${RUNTIME}/metrics`;
/** What the agent knows of the node, in the text format of Prometheus. Root's, which what ships metrics may read (0640). */
export const METRICS_OF_AGENT_FILE = `${METRICS_RUNTIME}/agent.prom`;
/** One file for each text of the login, readable in the same way. */
export const METRICS_LOGIN = `${METRICS_RUNTIME}/login`;
/** What is shown to the agent for credentials of the metrics' role, readable in the same way. */
export const METRICS_CREDENTIALS_TOKEN_FILE = `${METRICS_RUNTIME}/credentials-token`;
/** The shipping's own (0700): what it says of itself, a line of JSON each time. */
export const METRICS_STATUS = `${METRICS_RUNTIME}/status`;
export const METRICS_STATUS_FILE = `${METRICS_STATUS}/written.json`;

/** What jobs read of a connection: how to reach it, and no secret. */
export function connectionFile(name: string): string {
  return `${CONNECTIONS}/${name}.json`;
}

/** PEM of the authorities that sign the certificates of what a connection leads to; where the system trusts them, none. */
export function connectionAuthoritiesFile(name: string): string {
  return `${CONNECTIONS}/${name}.pem`;
}

/** As whom jobs call what a connection leads to, as a Java properties file: in memory. PostgreSQL has services instead. */
export function connectionCredentialsFile(name: string): string {
  return `${CONNECTION_CREDENTIALS}/${name}.properties`;
}

/** Private key and certificates by which jobs are known to what a connection leads to, as PEM: in memory. */
export function connectionKeyStoreFile(name: string): string {
  return `${CONNECTION_CREDENTIALS}/${name}.keystore.pem`;
}

/** The folder of a part: its hash is in it, so that a folder never changes its content. */
export function softwareFolder(item: Pick<SoftwareItem, "name" | "version" | "sha256">): string {
  return `${SOFTWARE}/${item.name}-${item.version}-${item.sha256.slice(0, 12)}`;
}
