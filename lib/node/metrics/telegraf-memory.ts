/** What Telegraf may take of a machine's memory. */
export interface TelegrafMemory {
  /** Bytes beyond which it gives back what it can. */
  readonly goBytes: number;
  /** Bytes beyond which it is ended. */
  readonly largestBytes: number;
}

/** Program, plugins, and an answer of Flink that is as large as it may be: about 60 MiB with one of 600 KB. */
const WORKING_BYTES = 96 << 20;
/** Of one metric that waits: about 7 KiB where it has nine values. */
const BYTES_OF_METRIC = 8 << 10;
const LEAST_BYTES = 256 << 20;
/** Long before it is ended. */
const PART_OF_GO = 7 / 8;

/** What it needs with so many metrics that wait for their destination. */
export function telegrafMemory(bufferedMetrics: number): TelegrafMemory {
  const largestBytes = Math.max(LEAST_BYTES, WORKING_BYTES + bufferedMetrics * BYTES_OF_METRIC);
  return { largestBytes, goBytes: Math.floor(largestBytes * PART_OF_GO) };
}
