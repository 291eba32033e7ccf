/** What the log exporter says of itself in its status file, a JSON object that it replaces as a whole. */
export interface LogExporterStatus {
  /** Of this format: the agent reads no other. */
  readonly schemaVersion: 1;
  /** ISO 8601 in UTC; of the last 30 seconds while it works, also where nothing else is new. */
  readonly updatedAt: string;
  /** When records were delivered last, ISO 8601 in UTC; absent before the first. */
  readonly lastDeliveredAt?: string;
  /** Records. */
  readonly delivered: number;
  /** Lines of Flink that were gone before they could be delivered. */
  readonly lost: number;
  /** Records that the destination takes in no form. */
  readonly rejected: number;
  /** What keeps records from being delivered just now, one sentence without a full stop; absent where nothing does. */
  readonly problem?: string;
}
