import { readForeignFile } from "../shipping/foreign-file";
import type { MetricsReport } from "../../report";
import { METRICS_STATUS_FILE } from "../../paths";

/** The file has 64 KiB before it is followed by another. */
const LARGEST_BYTES = 128 << 10;

/** What Telegraf has said of itself last. */
export interface TelegrafStatus extends Omit<MetricsReport, "problem"> {
  /** Seconds since 1970. */
  readonly at: number;
}

/**
 * Nothing where it has not said anything, or has just begun a new file. It is another user's file: lines that are not of the
 * known form are passed over.
 */
export async function readTelegrafStatus(file: string = METRICS_STATUS_FILE): Promise<TelegrafStatus | undefined> {
  const lines = (await readForeignFile(file, LARGEST_BYTES))?.split("\n") ?? [];
  return lines
    .reverse()
    .map(asStatus)
    .find((status) => status !== undefined);
}

function asStatus(line: string): TelegrafStatus | undefined {
  const { fields, timestamp } = parse(line);
  const {
    metrics_written: written,
    metrics_dropped: dropped,
    metrics_rejected: rejected,
    buffer_size: waiting,
  } = asRecord(fields);
  if (![timestamp, written, dropped, rejected, waiting].every(isCount)) return undefined;
  return {
    at: timestamp as number,
    written: written as number,
    lost: (dropped as number) + (rejected as number),
    waiting: waiting as number,
  };
}

function parse(line: string): Readonly<Record<string, unknown>> {
  try {
    return asRecord(JSON.parse(line));
  } catch {
    return {};
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
