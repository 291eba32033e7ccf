import type { MaintenanceWindowSpec } from "./maintenance-window";
import type { MetricsLoginForm } from "./metrics/metrics-login";

/**
 * What the nodes of one cluster shall run: the one object that Terraform writes and every node reads.
 * It is concrete (whole files, no templates), so that a person can read what a node will do.
 */
export interface DesiredState {
  /** Of this format: a node refuses one that it does not know. */
  readonly schemaVersion: 1;
  readonly cluster: string;
  /** The agent that applies this state, and the Node.js that runs it: what the bootstrap fetches. */
  readonly agent: SoftwareItem;
  readonly nodeJs: SoftwareItem;
  /** Everything else, each part laid out in a folder of its own (`softwareFolder` of paths.ts). */
  readonly software: readonly SoftwareItem[];
  readonly users: readonly UserSpec[];
  readonly jobCredentials: JobCredentialsSpec;
  /** As whom jobs call other systems; absent as empty: nobody asks. */
  readonly connectionCredentials?: readonly ConnectionCredentialSpec[];
  /** As whom logs are shipped; absent: nobody asks. */
  readonly logs?: LogsSpec;
  /** As whom metrics are shipped; absent: nobody asks. */
  readonly metrics?: MetricsSpec;
  readonly directories: readonly DirectorySpec[];
  /** Folders of symbolic links, made after the software is there. */
  readonly linkFolders: readonly LinkFolderSpec[];
  /** The same on every node. */
  readonly files: readonly FileSpec[];
  /** systemd units, written as they are; which of them a node starts stands in its entry in `nodes`. */
  readonly units: readonly UnitSpec[];
  readonly certificates: CertificatesSpec;
  /** When nodes that are well may begin to take this state over, and to renew their certificates; absent: at any time. */
  readonly maintenanceWindow?: MaintenanceWindowSpec;
  /** Whether this state may be taken over where its Flink reads no savepoint of what runs; absent: it may not. */
  readonly allowStateLoss?: true;
  readonly nodes: readonly NodeSpec[];
}

/** A larger one is read by nobody: hundreds of nodes have a few megabytes. */
export const LARGEST_STATE_BYTES = 64 << 20;

/** Who signs the certificates of the nodes' processes, and how long they are good. */
export interface CertificatesSpec {
  /** ARN of the KMS key that the machines may sign with, or of the private CA that signs for them. */
  readonly nodeAuthorityArn: string;
  /** ARN of the same kind of what signs for clients; the machines may read its public half. */
  readonly clientAuthorityArn: string;
  /** 600 (10 minutes) to 34 300 800 (397 days). */
  readonly validitySeconds: number;
}

/** One published part of the software. */
export interface SoftwareItem {
  /** Name in the software table, such as `flink`. */
  readonly name: string;
  readonly version: string;
  /** Key in the software bucket. */
  readonly key: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** `tar.gz`: unpacked, its single top folder stripped; `file`: laid down as it is under `fileName`. */
  readonly kind: "tar.gz" | "file";
  readonly fileName: string;
}

/** A system user without login; its own group has the same name and number. */
export interface UserSpec {
  readonly name: string;
  readonly comment: string;
  /**
   * Its number: wished for, so that a new machine reads the files of the old one's data volume at once;
   * where it is taken the system chooses another, and the agent hands the files over.
   */
  readonly id: number;
  /** Further groups it is a member of; made where they do not exist. */
  readonly groups: readonly string[];
}

/** What the agent gives Flink's processes for their calls of AWS. */
export interface JobCredentialsSpec {
  /** The role whose credentials they are; the machine's own role may take it. */
  readonly roleArn: string;
  /** On loopback, where the agent serves them. */
  readonly port: number;
}

/** What the agent gives the program that ships what a node tells of itself. */
export interface ShippingSpec {
  /** A role of its own, and never that of jobs; the machine's own role may take it. */
  readonly credentials: JobCredentialsSpec;
  /**
   * ARN in Secrets Manager, in the node's own region, of a JSON object with the texts of a login; the role of `credentials`
   * may read it. Absent where no login is asked for.
   */
  readonly secretArn?: string;
}

/** That of logs: the texts are `username` and `password`. */
export type LogsSpec = ShippingSpec;

/** That of metrics. */
export interface MetricsSpec extends ShippingSpec {
  /** Seconds from one look at all values to the next. */
  readonly intervalSeconds: number;
  /** The texts of the login, and how they are laid down; there if and only if `secretArn` is. */
  readonly loginForm?: MetricsLoginForm;
}

/** A secret that the agent reads for jobs, and keeps in memory in the form that a client takes. */
export interface ConnectionCredential {
  /**
   * Each is a JSON object, with the texts `username` and `password` but for `kafka-certificate`. `kafka-scram` becomes a
   * Java properties file with `username`, `password` and `sasl.jaas.config`; `basic` one with `username` and `password`;
   * `postgresql` a service of the connection's name in the file of PostgreSQL's services. `kafka-certificate` has the texts
   * `certificate` and `privateKey`, which become a key store in PEM.
   */
  readonly kind: "kafka-scram" | "kafka-certificate" | "basic" | "postgresql";
  /** ARN in Secrets Manager, in the node's own region; the role of `jobCredentials` may read it. */
  readonly secretArn: string;
}

/** That of one connection. */
export interface ConnectionCredentialSpec extends ConnectionCredential {
  /** As in `CONNECTION_NAME` of connections.ts, each once: names its file or its service. */
  readonly name: string;
}

export interface DirectorySpec {
  /** Absolute, below the node's prefix; a file may be a setting of the operating system as well (host-settings.ts). */
  readonly path: string;
  readonly owner: string;
  readonly group: string;
  /** Octal, such as `0750`. */
  readonly mode: string;
}

/** A folder that holds nothing but symbolic links. */
export interface LinkFolderSpec {
  readonly path: string;
  /** One link for each entry of these folders, under the entry's name. */
  readonly entriesOf: readonly string[];
  /** Links named one by one: they win over an entry of the same name. */
  readonly links: readonly LinkSpec[];
}

export interface LinkSpec {
  readonly name: string;
  /** What it points to: absolute. */
  readonly target: string;
}

export interface FileSpec extends DirectorySpec {
  readonly content: string;
}

export interface UnitSpec {
  /** Such as `flink-jobmanager.service`. */
  readonly name: string;
  readonly content: string;
  /**
   * Files and folders that it reads when it starts: a change in one of them asks for a new start, as a change of
   * `content` does (which names the software by its hash). Absent: all that the state lays out.
   */
  readonly reads?: readonly string[];
  /** How the agent sees that it does its work; absent: that systemd calls it active. */
  readonly health?: HealthCheckSpec;
  /**
   * It serves those who run the node, and not its work: its trouble is reported, makes the node no less healthy, and stops
   * neither a roll nor a trial.
   */
  readonly auxiliary?: true;
}

/** What the agent asks a process, on the node's own host name. */
export interface HealthCheckSpec {
  /**
   * `zookeeper`: answers `srvr` as leader, follower or standalone server.
   * `flink-jobmanager`: its REST API gives the overview of a cluster that has a leader.
   * `flink-taskmanager`: the JobManager at `port` lists the TaskManager of this host as registered.
   */
  readonly kind: "zookeeper" | "flink-jobmanager" | "flink-taskmanager";
  readonly port: number;
}

export interface NodeSpec {
  /** Such as `orders-node-1`. */
  readonly name: string;
  /** Fully qualified name in the private zone. */
  readonly host: string;
  /** Number of its ZooKeeper server, 1 to 5; absent where none runs. */
  readonly zooKeeperId?: number;
  /** Files of this node alone. */
  readonly files: readonly FileSpec[];
  /** Units that run here, in the order in which they start. */
  readonly units: readonly string[];
}
