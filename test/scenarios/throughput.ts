/** What is known of a job at one moment. */
export interface Reading {
  /** That its receivers have taken in. */
  readonly records: number;
  /** Processor time of all TaskManagers since they started, in seconds. */
  readonly processorSeconds: number;
  /** When that was, in milliseconds. */
  readonly at: number;
  /** Of every subtask, in their order. */
  readonly attempts: readonly number[];
  /** How often it was restored from a checkpoint. */
  readonly restores: number;
}

/** What a job does between two readings. */
export interface Throughput {
  /** Records that one second of one processor passes. */
  readonly recordsPerProcessorSecond: number;
  readonly recordsPerSecond: number;
  /** Whether these are as many as it was given: else it was held up, or caught up with what it had missed. */
  readonly isAtRate: boolean;
}

const TOLERANCE = 0.05;

/** What a job is held against. */
export interface Conditions {
  /** Records that it is given a second. */
  readonly givenPerSecond: number;
  /** Processor time that all TaskManagers take a second, in seconds, when they run no job. */
  readonly idleProcessorSeconds: number;
}

/** What a job that ran undisturbed did between two readings; fails where it did not, or passed nothing. */
export function throughput(
  first: Reading,
  last: Reading,
  { givenPerSecond, idleProcessorSeconds }: Conditions,
): Throughput {
  const disturbance = ({ attempts, restores }: Reading) => JSON.stringify({ attempts, restores });
  if (disturbance(first) !== disturbance(last)) {
    throw new Error(`the job restarted while it was measured: ${disturbance(first)}, then ${disturbance(last)}`);
  }
  const [records, milliseconds] = [last.records - first.records, last.at - first.at];
  const processorSeconds =
    last.processorSeconds - first.processorSeconds - (idleProcessorSeconds * milliseconds) / 1000;
  if (records <= 0 || milliseconds <= 0 || processorSeconds <= 0) {
    throw new Error(
      `nothing was measured: ${records} records in ${milliseconds} milliseconds and ${processorSeconds} processor seconds`,
    );
  }
  const recordsPerSecond = Math.round((records * 1000) / milliseconds);
  return {
    recordsPerProcessorSecond: Math.round(records / processorSeconds),
    recordsPerSecond,
    isAtRate: Math.abs(recordsPerSecond / givenPerSecond - 1) <= TOLERANCE,
  };
}
