import { LOG_SOURCE } from "../logs/log-exporter-configuration";

/** A record of the collector, as far as it matters here. */
export interface CollectedRecord {
  /** Value of the attribute `LOG_SOURCE`. */
  readonly source: string;
  /** A line of a file, or the fields of an entry of the journal. */
  readonly body: string | Readonly<Record<string, unknown>>;
  /** When it happened, as far as the collector knows; else when it read it. Milliseconds of the Unix epoch. */
  readonly timeMillis: number;
}

const NANOS_PER_MILLI = 1e6;

/**
 * Reads a `LogRecord` of OTLP in JSON. What is not there is empty: a record is never dropped for its form.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export function readRecord(record: unknown): CollectedRecord {
  const { body, attributes, timeUnixNano, observedTimeUnixNano } = objectOf(record);
  const source = mapOf(attributes)[LOG_SOURCE];
  const content = valueOf(body);
  return {
    source: typeof source === "string" ? source : "",
    body: typeof content === "string" || isObject(content) ? content : JSON.stringify(content ?? ""),
    // A record without a time of its own has the number 0, or none.
    timeMillis: millis(timeUnixNano) || millis(observedTimeUnixNano) || Date.now(),
  };
}

function millis(nanos: unknown): number {
  return Math.floor(Number(nanos ?? 0) / NANOS_PER_MILLI);
}

/** An `AnyValue` as what it says. */
function valueOf(any: unknown): unknown {
  const value = objectOf(any);
  if ("stringValue" in value) return value.stringValue;
  if ("kvlistValue" in value) return mapOf(objectOf(value.kvlistValue).values);
  if ("arrayValue" in value) {
    const { values } = objectOf(value.arrayValue);
    return Array.isArray(values) ? values.map(valueOf) : [];
  }
  if ("intValue" in value) return Number(value.intValue);
  return value.doubleValue ?? value.boolValue ?? value.bytesValue;
}

function mapOf(pairs: unknown): Record<string, unknown> {
  if (!Array.isArray(pairs)) return {};
  return Object.fromEntries(pairs.map(objectOf).map(({ key, value }) => [String(key), valueOf(value)]));
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
