import type { LogEntry } from "../log-document";

/** As `PutLogEvents` takes it. */
export interface LogEvent {
  /** Milliseconds of the Unix epoch. */
  readonly timestamp: number;
  readonly message: string;
}

/** Bounds of one call (Amazon CloudWatch Logs API Reference, "PutLogEvents"). */
const MOST_EVENTS = 10_000;
const LARGEST_BATCH = 1_048_576;
/** What each event counts for beside its message. */
const OVERHEAD = 26;
const LONGEST_SPAN_MILLIS = 24 * 3_600_000 - 1;
/** Largest message that is sent as a document, below the 1 MB that the service takes of one. */
const LARGEST_MESSAGE = 1_000_000;
/** What is left of a line whose document is larger. */
const SHORTENED_CHARACTERS = 100_000;

/** Events in batches that one call may hold each, in order of time. */
export function batchesOf(entries: readonly LogEntry[]): readonly (readonly LogEvent[])[] {
  const events = entries.map(eventOf).sort((one, other) => one.timestamp - other.timestamp);
  const batches: LogEvent[][] = [];
  let [batch, bytes]: [LogEvent[], number] = [[], 0];
  for (const event of events) {
    const size = Buffer.byteLength(event.message) + OVERHEAD;
    const isFull = batch.length === MOST_EVENTS || bytes + size > LARGEST_BATCH;
    if (batch.length > 0 && (isFull || event.timestamp - batch[0].timestamp > LONGEST_SPAN_MILLIS)) {
      batches.push(batch);
      [batch, bytes] = [[], 0];
    }
    batch.push(event);
    bytes += size;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}

/** The id goes along: the service keeps a repeat, and a reader can tell it by it. */
function eventOf({ id, timeMillis, document }: LogEntry): LogEvent {
  const message = JSON.stringify({ ...document, id });
  if (Buffer.byteLength(message) <= LARGEST_MESSAGE) return { timestamp: timeMillis, message };
  const shortened = (text: string) => text.slice(0, SHORTENED_CHARACTERS);
  const { stack_trace: stackTrace } = document;
  const short = {
    ...document,
    id,
    message: shortened(document.message),
    ...(stackTrace !== undefined && { stack_trace: shortened(stackTrace) }),
    refused: `longer than ${LARGEST_MESSAGE} bytes`,
  };
  return { timestamp: timeMillis, message: JSON.stringify(short) };
}
