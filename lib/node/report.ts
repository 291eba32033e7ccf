import type { RollReport } from "./roll";

/** A report that is older is of a node that is gone: nodes report every 30 s at least. */
export const FRESH_REPORT_SECONDS = 90;

/** What a node says of itself: one object per node in the bucket, written by its agent. */
export interface NodeReport {
  readonly schemaVersion: 1;
  readonly cluster: string;
  readonly node: string;
  /** When this report was made, ISO 8601 in UTC. */
  readonly reportedAt: string;
  /** Of the machine: tells a reboot. */
  readonly bootId: string;
  /** Of which the machine was made, such as `ami-0123456789abcdef0`; absent while that is not known. */
  readonly imageId?: string;
  /** `starting` until the first time all checks pass. */
  readonly status: "starting" | "healthy" | "unhealthy";
  /** Why it is not healthy, one sentence each; empty when it is. */
  readonly reasons: readonly string[];
  /** What runs here. */
  readonly running?: StateReference;
  /** A newer desired state that was seen and is not applied. */
  readonly pending?: StateReference;
  /** Whether this node's JobManager leads, as its TaskManager sees it; absent while that is not known. */
  readonly leads?: boolean;
  /** How this node stands to a rolling change that it wants; absent when there is none. */
  readonly roll?: RollReport;
  /** How far it is with another line of Flink; absent where none is on. */
  readonly lineChange?: LineChangeReport;
  readonly units: readonly UnitReport[];
  /** Software that is laid out, `name version`. */
  readonly software: readonly string[];
  /** Absent until the node has them. */
  readonly certificates?: CertificatesReport;
  /** Absent until it was looked at. */
  readonly dataVolume?: DataVolumeReport;
  /** Absent while nobody has changed it. */
  readonly hostFirewall?: HostFirewallReport;
  /**
   * Why jobs lack the credential of a connection, have an old one, or have one that ends soon: a sentence without a full
   * stop each; absent where all are new and good. The node is no less healthy for it: a change that mends it must be able
   * to roll.
   */
  readonly connectionProblems?: readonly string[];
  /** Absent where none are shipped. The node is no less healthy for what it tells. */
  readonly logs?: LogsReport;
  /** The same of metrics. */
  readonly metrics?: MetricsReport;
  /** What Flink says of the whole cluster; absent where this node does not lead, or has not been told yet. */
  readonly flink?: FlinkReport;
}

/** How far a node is with a change of Flink's line, which all nodes take over together. */
export interface LineChangeReport {
  /** ETag of the lock as the node saw it: what it says of itself holds for that one alone; empty where there is none. */
  readonly lock: string;
  /** `prepared`: it has all that it needs; `stopped`: Flink is stopped here, and does not start unless the lock says so. */
  readonly standing: "prepared" | "stopped";
}

/** As many jobs a report tells of one by one. */
export const MOST_REPORTED_JOBS = 20;

/** What Flink says of the cluster as a whole, as the node whose JobManager leads was told it. */
export interface FlinkReport {
  /** When it was told, ISO 8601 in UTC. */
  readonly lookedAt: string;
  /** Of Flink, such as `2.2.1`. */
  readonly version: string;
  /** Registered ones. */
  readonly taskManagers: number;
  readonly slotsTotal: number;
  readonly slotsFree: number;
  /** Those that have not ended come first, then the newest; at most `MOST_REPORTED_JOBS`. */
  readonly jobs: readonly JobReport[];
  /** How many jobs there are beside them; absent where there are none. */
  readonly moreJobs?: number;
}

export interface JobReport {
  /** Flink's id of it, 32 hexadecimal digits. */
  readonly id: string;
  /** Shortened where it is long. */
  readonly name: string;
  /** Flink's own word, such as `RUNNING`, which it is also while its tasks wait for slots. */
  readonly state: string;
  /** When it ended, or the state of one of its tasks changed last, ISO 8601 in UTC. */
  readonly since: string;
  /** How often it began anew since it was submitted or another JobManager took over; absent where it is not known. */
  readonly restarts?: number;
  /** Absent where it has ended, or they are not known. */
  readonly tasks?: TasksReport;
  /** The newest one that is complete since then; absent where there is none. */
  readonly checkpoint?: CheckpointReport;
}

/** How many tasks a job has, and how they are: those of every vertex, as many as its parallelism. */
export interface TasksReport {
  readonly total: number;
  readonly running: number;
  readonly finished: number;
  /** Those that have no slot yet: Flink's `CREATED` and `SCHEDULED`. Others begin just now, or restore their state. */
  readonly waiting: number;
}

export interface CheckpointReport {
  /** ISO 8601 in UTC. */
  readonly completedAt: string;
  readonly durationMillis: number;
  /** Of the state as a whole. */
  readonly sizeBytes: number;
}

/** The data volume of a node, and how much of it the node uses. */
export interface DataVolumeReport {
  readonly sizeBytes: number;
  /** What its file system can hold, used or not. */
  readonly fileSystemBytes: number;
  /** Why it does not use all of it, in words without a full stop at their end; absent where it does. */
  readonly problem?: string;
}

/** How the metrics of a node reach what they are shipped to, since what ships them runs. */
export interface MetricsReport {
  /** Metrics that were written, or that the destination refused for good; each is a group of values. */
  readonly written: number;
  /** Metrics that found no place while the destination was away. */
  readonly lost: number;
  /** Metrics that wait for the destination. */
  readonly waiting: number;
  /** What is wrong just now, in words without a full stop at their end; absent where nothing is. */
  readonly problem?: string;
}

/** How the logs of a node reach what they are shipped to. */
export interface LogsReport {
  /** Records that are there, as far as it is known. */
  readonly delivered: number;
  /** Lines of Flink that were gone before they could be delivered. */
  readonly lost: number;
  /** Records that the destination takes in no form. */
  readonly rejected: number;
  /** When records were delivered last, ISO 8601 in UTC; absent before the first. */
  readonly lastDeliveredAt?: string;
  /** What is wrong just now, in words without a full stop at their end; absent where nothing is. */
  readonly problem?: string;
}

/** That the machine's own firewall was not as it should be, since the agent runs. */
export interface HostFirewallReport {
  /** How often it was loaded anew. */
  readonly restored: number;
  /** ISO 8601 in UTC. */
  readonly lastRestoredAt: string;
  /** What was changed the last time, such as `INPUT of iptables`. */
  readonly changed: readonly string[];
  /** Where another program's rules came first even after that, such as `INPUT of iptables`; absent where none did. */
  readonly overtaken?: readonly string[];
}

/** The certificates that the processes of a node show. */
export interface CertificatesReport {
  /** Certificate of the node authority, PEM: what clients have to trust. */
  readonly nodeAuthority: string;
  readonly issued: readonly CertificateReport[];
  /** When the first of them is to be renewed, ISO 8601 in UTC. */
  readonly renewalDueAt: string;
  /** Why no new ones can be had although they are due, one sentence without a full stop. */
  readonly renewalProblem?: string;
}

export interface CertificateReport {
  /** Such as `jobmanager`. */
  readonly process: string;
  /** Such as `O=orders, OU=jobmanager, CN=orders-node-1`. */
  readonly subject: string;
  /** Upper-case hexadecimal. */
  readonly serialNumber: string;
  /** ISO 8601 in UTC. */
  readonly notBefore: string;
  /** ISO 8601 in UTC. */
  readonly notAfter: string;
}

export interface StateReference {
  /** S3 version id of the desired state. */
  readonly versionId: string;
  /** SHA-256 of its bytes, lower-case hexadecimal. */
  readonly sha256: string;
  /** Since when it runs (or, when pending, was seen here), ISO 8601 in UTC. */
  readonly since: string;
}

export interface UnitReport {
  readonly name: string;
  readonly active: boolean;
  /** systemd's own words, such as `active (running)` or `failed (Result: exit-code)`. */
  readonly state: string;
  readonly restarts: number;
  /** When it last became active, ISO 8601 in UTC. */
  readonly since?: string;
  /** Whether its health check is content; absent where the unit has none, or was not asked yet. */
  readonly healthy?: boolean;
  /** What its health check says. */
  readonly health?: string;
}
