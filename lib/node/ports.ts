/** Who may call a port. */
export enum Caller {
  /** Nodes of the same cluster. */
  NODES = "nodes",
  /** Clients that the user names: members of the client security group and allowed peers. */
  CLIENTS = "clients",
  /** Processes of the machine itself: no firewall opens it, and it listens on loopback only or the host firewall holds it. */
  ITSELF = "itself",
}

/** How what passes through a port is protected. */
export enum Protection {
  /** TLS 1.2, and both sides show a certificate of the node authority. */
  NODES = "mutual TLS, certificates of nodes",
  /** TLS 1.2, and the caller shows a certificate of the node or the client authority. */
  NODES_AND_CLIENTS = "mutual TLS, certificates of nodes and clients",
  /** Flink knows no TLS for it. */
  NONE = "none",
  /** Plain HTTP that never leaves the machine, for callers that show a token which other users cannot read. */
  LOOPBACK = "none: loopback only, with a token",
  /** Plain HTTP that listens on every address: who is not on the machine is turned away by its firewall. */
  HOST_FIREWALL = "none: closed by the host firewall to all but the machine itself",
}

/** One row of the port table. */
export interface Port {
  /** Stable name; part of construct ids and of messages. */
  readonly name: string;
  readonly port: number;
  readonly protocol: "tcp";
  readonly callers: readonly Caller[];
  readonly protection: Protection;
  /** On which nodes it listens. */
  readonly listensOn: "every node" | "ZooKeeper nodes" | "nodes that ship logs" | "nodes that ship metrics";
  /** Why it exists, in the characters that AWS takes for a rule's description. */
  readonly why: string;
}

function row(
  name: string,
  port: number,
  callers: readonly Caller[],
  protection: Protection,
  why: string,
  listensOn: Port["listensOn"] = "every node",
): Port {
  return { name, port, protocol: "tcp", callers, protection, listensOn, why };
}

/** A port between nodes, over mutual TLS. */
function between(name: string, port: number, why: string, listensOn?: Port["listensOn"]): Port {
  return row(name, port, [Caller.NODES], Protection.NODES, why, listensOn);
}

/** Where a process of Flink answers with its metrics. */
function reporter(name: string, port: number, why: string): Port {
  return row(name, port, [Caller.ITSELF], Protection.HOST_FIREWALL, why, "nodes that ship metrics");
}

/**
 * The one port table: security-group rules, the host firewall, Flink's and ZooKeeper's configuration and the page
 * in docs are made of it, and a port is written nowhere else.
 */
export const PORTS = {
  taskManagerData: between("taskmanager-data", 6121, "Flink: records between TaskManagers"),
  taskManagerRpc: between("taskmanager-rpc", 6122, "Flink: JobManager calls TaskManager"),
  jobManagerRpc: between("jobmanager-rpc", 6123, "Flink: TaskManagers and standbys call the leader"),
  jobManagerBlob: between("jobmanager-blob", 6124, "Flink: TaskManagers fetch job artifacts"),
  taskManagerCollectSink: row(
    "taskmanager-collect-sink",
    6125,
    [Caller.NODES],
    Protection.NONE,
    "Flink: JobManager fetches results of SELECT",
  ),
  jobManagerMetrics: between("jobmanager-metrics", 6130, "Flink: metric queries to the JobManager"),
  taskManagerMetrics: between("taskmanager-metrics", 6131, "Flink: metric queries to the TaskManager"),
  jobManagerRest: row(
    "jobmanager-rest",
    8081,
    [Caller.NODES, Caller.CLIENTS],
    Protection.NODES_AND_CLIENTS,
    "Flink: REST API and web UI",
  ),
  zooKeeperClient: between("zookeeper-client", 2281, "ZooKeeper: clients", "ZooKeeper nodes"),
  zooKeeperQuorum: between("zookeeper-quorum", 2888, "ZooKeeper: followers to the leader", "ZooKeeper nodes"),
  zooKeeperElection: between("zookeeper-election", 3888, "ZooKeeper: leader election", "ZooKeeper nodes"),
  // Below 1024: no job can take one while its owner is away, and hand out credentials of its own, or take in logs.
  jobCredentials: row(
    "job-credentials",
    959,
    [Caller.ITSELF],
    Protection.LOOPBACK,
    "Agent: credentials for processes of Flink",
  ),
  logs: row(
    "logs",
    958,
    [Caller.ITSELF],
    Protection.LOOPBACK,
    "Log exporter: records from the log collector",
    "nodes that ship logs",
  ),
  logCredentials: row(
    "log-credentials",
    957,
    [Caller.ITSELF],
    Protection.LOOPBACK,
    "Agent: credentials for the log exporter",
    "nodes that ship logs",
  ),
  metricsCredentials: row(
    "metrics-credentials",
    956,
    [Caller.ITSELF],
    Protection.LOOPBACK,
    "Agent: credentials for what ships metrics",
    "nodes that ship metrics",
  ),
  // Flink's reporter for Prometheus knows neither TLS nor an address to listen on.
  jobManagerReporter: reporter("jobmanager-reporter", 9249, "Flink: metrics of the JobManager"),
  taskManagerReporter: reporter("taskmanager-reporter", 9250, "Flink: metrics of the TaskManager"),
} as const satisfies Record<string, Port>;

/** Every row of the port table. */
export function allPorts(): readonly Port[] {
  return Object.values(PORTS);
}
