/** What is known of a job at one moment. */
export interface Reading {
  /** That its receivers have taken in. */
  readonly records: number;
  /** When that was, in milliseconds. */
  readonly at: number;
  /** Of every subtask, in their order. */
  readonly attempts: readonly number[];
  /** How often it was restored from a checkpoint. */
  readonly restores: number;
}

/** Records a second between two readings of a job that ran undisturbed; fails where it did not, or passed nothing. */
export function recordsPerSecond(first: Reading, last: Reading): number {
  const disturbance = ({ attempts, restores }: Reading) => JSON.stringify({ attempts, restores });
  if (disturbance(first) !== disturbance(last)) {
    throw new Error(`the job restarted while it was measured: ${disturbance(first)}, then ${disturbance(last)}`);
  }
  const [records, milliseconds] = [last.records - first.records, last.at - first.at];
  if (records <= 0 || milliseconds <= 0) {
    throw new Error(`nothing was measured: ${records} records in ${milliseconds} milliseconds`);
  }
  return Math.round((records * 1000) / milliseconds);
}
