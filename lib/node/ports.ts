/** Who may call a port. */
export enum Caller {
  /** Nodes of the same cluster. */
  NODES = "nodes",
  /** Clients that the user names: members of the client security group and allowed peers. */
  CLIENTS = "clients",
  /** Processes of the machine itself: the port listens on loopback only, and no firewall opens it. */
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
  readonly listensOn: "every node" | "ZooKeeper nodes";
  /** Why it exists, in the characters that AWS takes for a rule's description. */
  readonly why: string;
}

function row(
  name: string,
  port: number,
  callers: readonly Caller[],
  why: string,
  listensOn: Port["listensOn"] = "every node",
): Port {
  return { name, port, protocol: "tcp", callers, protection: Protection.NODES, listensOn, why };
}

const nodes = [Caller.NODES];

/**
 * The one port table: security-group rules, the host firewall, Flink's and ZooKeeper's configuration and the page
 * in docs are made of it, and a port is written nowhere else.
 */
export const PORTS = {
  taskManagerData: row("taskmanager-data", 6121, nodes, "Flink: records between TaskManagers"),
  taskManagerRpc: row("taskmanager-rpc", 6122, nodes, "Flink: JobManager calls TaskManager"),
  jobManagerRpc: row("jobmanager-rpc", 6123, nodes, "Flink: TaskManagers and standbys call the leader"),
  jobManagerBlob: row("jobmanager-blob", 6124, nodes, "Flink: TaskManagers fetch job artifacts"),
  taskManagerCollectSink: {
    ...row("taskmanager-collect-sink", 6125, nodes, "Flink: JobManager fetches results of SELECT"),
    protection: Protection.NONE,
  },
  jobManagerMetrics: row("jobmanager-metrics", 6130, nodes, "Flink: metric queries to the JobManager"),
  taskManagerMetrics: row("taskmanager-metrics", 6131, nodes, "Flink: metric queries to the TaskManager"),
  jobManagerRest: {
    ...row("jobmanager-rest", 8081, [Caller.NODES, Caller.CLIENTS], "Flink: REST API and web UI"),
    protection: Protection.NODES_AND_CLIENTS,
  },
  zooKeeperClient: row("zookeeper-client", 2281, nodes, "ZooKeeper: clients", "ZooKeeper nodes"),
  zooKeeperQuorum: row("zookeeper-quorum", 2888, nodes, "ZooKeeper: followers to the leader", "ZooKeeper nodes"),
  zooKeeperElection: row("zookeeper-election", 3888, nodes, "ZooKeeper: leader election", "ZooKeeper nodes"),
  // Below 1024: no job can take it while the agent is away, and hand out credentials of its own.
  jobCredentials: row("job-credentials", 959, [Caller.ITSELF], "Agent: credentials for processes of Flink"),
} as const satisfies Record<string, Port>;

/** Every row of the port table. */
export function allPorts(): readonly Port[] {
  return Object.values(PORTS);
}
