import type { LogDestinationSpec } from "./log-shipping";

/** What the log exporter of one node is told when it starts: a file of JSON, whose path is in `LOG_EXPORTER_CONFIGURATION`. */
export interface LogExporterConfiguration {
  /** Of this format: an exporter refuses one that it does not know. */
  readonly schemaVersion: 1;
  readonly cluster: string;
  /** Such as `orders-node-1`. */
  readonly node: string;
  /** Fully qualified name of the node in the private zone. */
  readonly host: string;
  /**
   * Where the collector hands it records, as OTLP over plain HTTP with JSON: `POST /v1/logs`. Answers are 200, when all of
   * them are delivered, or 503: what is answered otherwise (also 400, 401 and 413) the collector drops.
   */
  readonly listen: { readonly host: "127.0.0.1"; readonly port: number };
  /** Holds the whole value of the header `Authorization` that the collector shows; in memory, written by the agent. */
  readonly tokenFile: string;
  readonly destination: LogDestinationSpec;
  /**
   * JSON with the texts `username` and `password`, with which it logs in to OpenSearch: in memory, written by the agent,
   * and replaced as a whole when the secret changes. There if and only if the destination's login is `basic`. (For calls
   * of AWS the SDK's own environment variables lead to the credentials of the logs role.)
   */
  readonly loginFile?: string;
  /** Fields of documents beside `@timestamp` and `message`; absent: all. */
  readonly fields?: readonly string[];
  /** What the agent reads of it; replaced as a whole. */
  readonly statusFile: string;
  /** Which lines it has delivered, on the data volume; replaced as a whole. */
  readonly stateFile: string;
  /**
   * The field `__CURSOR` of the last entry of the journal that is delivered, and nothing else: behind it the journal is read
   * on when the collector starts, as the collector's own note of it is ahead of what is delivered. Replaced as a whole.
   */
  readonly journalCursorFile: string;
  /** Processes whose lines come from files. */
  readonly processes: readonly LoggedProcess[];
  /** Roles of units in the journal, by unit; lines of all others are the system's. */
  readonly roles: Readonly<Record<string, LogRole>>;
}

/** Of which kind of program a line is. */
export type LogRole = "jobmanager" | "taskmanager" | "zookeeper" | "agent" | "kernel" | "audit" | "system";

/** A process of Flink, and where its lines lie until they are delivered. */
export interface LoggedProcess {
  /** Value of the attribute `LOG_SOURCE` of its records. */
  readonly role: "jobmanager" | "taskmanager";
  /** Such as `flink-jobmanager.service`. */
  readonly unit: string;
  /** The folder is the process's own: what lies in it may be anything, a link too. */
  readonly folder: string;
  /**
   * The file that is written to. It becomes `<fileName>.<n>` when it is full, and when the process starts anew: a file holds
   * lines of one run. The whole number `n` grows by one each time: the smallest is the oldest. Lines that were written at the
   * same moment may stand a few places out of order.
   */
  readonly fileName: string;
}

/** Attribute of each record that the collector hands over: a process's role, or `JOURNAL`. */
export const LOG_SOURCE = "source";
/** Its value for records of the journal, whose body is the map of the entry's fields; those of files have the line as body. */
export const JOURNAL = "journal";
