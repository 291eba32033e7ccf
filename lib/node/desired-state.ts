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
  /** Everything else, unpacked below the node's prefix. */
  readonly software: readonly SoftwareItem[];
  readonly users: readonly UserSpec[];
  readonly directories: readonly DirectorySpec[];
  /** The same on every node. */
  readonly files: readonly FileSpec[];
  /** systemd units, written as they are; which of them a node starts stands in its entry in `nodes`. */
  readonly units: readonly UnitSpec[];
  readonly nodes: readonly NodeSpec[];
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
  /**
   * Folder below `<prefix>/software/<name>-<version>-<first 12 of sha256>` is the default; a part that
   * belongs inside another one (a Flink plugin) names that part and the folder in it instead.
   */
  readonly into?: { readonly part: string; readonly folder: string };
}

/** A system user without login. */
export interface UserSpec {
  readonly name: string;
  readonly comment: string;
}

export interface DirectorySpec {
  readonly path: string;
  readonly owner: string;
  readonly group: string;
  /** Octal, such as `0750`. */
  readonly mode: string;
}

export interface FileSpec extends DirectorySpec {
  readonly content: string;
}

export interface UnitSpec {
  /** Such as `flink-jobmanager.service`. */
  readonly name: string;
  readonly content: string;
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
