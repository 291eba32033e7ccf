import type { LogRole } from "../logs/log-exporter-configuration";

/** A line of a log as the destination keeps it. */
export interface LogDocument {
  /** ISO 8601 in UTC, with milliseconds. */
  readonly "@timestamp": string;
  readonly message: string;
  /** TRACE, DEBUG, INFO, WARN, ERROR or FATAL. */
  readonly level?: string;
  /** Name of the logger; of a line of the journal the program's name. */
  readonly logger?: string;
  readonly thread?: string;
  /** Class of the exception. */
  readonly exception?: string;
  readonly stack_trace?: string;
  readonly job_id?: string;
  readonly host?: string;
  readonly node?: string;
  readonly cluster?: string;
  readonly role?: LogRole;
  /** Of systemd. */
  readonly unit?: string;
  /** Names the start of the process that wrote it. */
  readonly run?: string;
  /** Lines of a run are numbered from 1. */
  readonly sequence?: number;
  /** Why the destination refused the whole document: then this one has the line as its message. */
  readonly refused?: string;
}

/** What a line says of itself; its texts may hold secrets. */
export type LineContent = Omit<LogDocument, "@timestamp" | "host" | "node" | "cluster" | "refused"> & {
  /** Absent where the line has none. */
  readonly timeMillis?: number;
};

/** Which line of which start of a process it is. */
export interface LinePosition {
  readonly role: string;
  readonly run: string;
  readonly sequence: number;
}

/** A record on its way to the destination. */
export interface LogEntry {
  /** The same for the same line, however often it is read. */
  readonly id: string;
  readonly timeMillis: number;
  readonly document: LogDocument;
  /** What it comes from, also where its document does not tell. */
  readonly role?: LogRole;
  /** What was read, without secrets: made when it is asked for, as hardly any is. */
  readonly line: () => string;
  /** Of lines of Flink's processes. */
  readonly position?: LinePosition;
  /** Of entries of the journal. */
  readonly cursor?: string;
}
