/** A document of a log line, as OpenSearch gives it back: any field may be missing, and more may be there. */
export interface LogEntry {
  readonly "@timestamp"?: string;
  readonly level?: string;
  readonly logger?: string;
  readonly thread?: string;
  readonly message?: string;
  readonly exception?: string;
  readonly stack_trace?: string;
  readonly job_id?: string;
  readonly node?: string;
  readonly cluster?: string;
  readonly role?: string;
  readonly unit?: string;
  readonly refused?: string;
  readonly [field: string]: unknown;
}

/** What a search found, in the order of time. */
export interface FoundLogEntry {
  /** Of the document in its index: the same line has it again. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly entry: LogEntry;
}
