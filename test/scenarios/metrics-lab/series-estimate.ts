/** What docs/metrics.md says of how many series there are, "How many series". */
export const ESTIMATED_SERIES = {
  /** Of a JobManager and a TaskManager, so each node. */
  node: 75,
  /** Of a job, of the leader alone. */
  job: 26,
  /** Of a subtask. */
  subtask: 61,
} as const;

/** How many series something has, and how many docs/metrics.md says. */
export interface SeriesRecord {
  readonly what: string;
  readonly measured: number;
  readonly estimated: number;
}

/** Some values are there only after something has happened, and none of those that are no number. */
const TOLERANCE = 0.25;

export function estimateOfJob(subtasks: number): number {
  return ESTIMATED_SERIES.job + subtasks * ESTIMATED_SERIES.subtask;
}

/** Those that are further from what was said than a user would take for the same. */
export function wrongEstimates(records: readonly SeriesRecord[]): readonly SeriesRecord[] {
  return records.filter(({ measured, estimated }) => Math.abs(measured - estimated) > TOLERANCE * estimated);
}
