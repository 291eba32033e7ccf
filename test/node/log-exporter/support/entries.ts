import type { CollectedRecord } from "../../../../lib/node/log-exporter/collected-record";
import { entryOfRecord, LogOrigin } from "../../../../lib/node/log-exporter/entry-of-record";
import type { LogEntry } from "../../../../lib/node/log-exporter/log-document";

export const NOW = Date.parse("2026-11-29T12:00:00.000Z");

export const ORIGIN: LogOrigin = {
  cluster: "orders",
  node: "orders-node-1",
  host: "node-1.orders.flink.internal",
  processes: [
    { role: "jobmanager", unit: "flink-jobmanager.service", folder: "/nowhere", fileName: "lines" },
    { role: "taskmanager", unit: "flink-taskmanager.service", folder: "/nowhere", fileName: "lines" },
  ],
  roles: { "flink-jobmanager.service": "jobmanager", "zookeeper.service": "zookeeper", "agent.service": "agent" },
};

/** A line as Flink's layout writes it. */
export function flinkLine(sequence: number, more: Readonly<Record<string, unknown>> = {}): string {
  const line = {
    "@timestamp": "2026-11-29T11:59:58.123Z",
    sequence: String(sequence),
    run: "run-1",
    level: "INFO",
    logger: "org.apache.flink.Something",
    thread: "main",
    message: `line ${sequence}`,
  };
  return JSON.stringify({ ...line, ...more });
}

export function flinkRecord(sequence: number, more: Readonly<Record<string, unknown>> = {}): CollectedRecord {
  return { source: "taskmanager", body: flinkLine(sequence, more), timeMillis: NOW };
}

export function flinkEntry(sequence: number, more: Readonly<Record<string, unknown>> = {}): LogEntry {
  return entryOfRecord(flinkRecord(sequence, more), ORIGIN, NOW);
}

/** A request of OTLP as the collector writes it. */
export function otlpRequest(records: readonly CollectedRecord[]): string {
  const logRecords = records.map(({ source, body, timeMillis }) => ({
    observedTimeUnixNano: `${timeMillis}000000`,
    body: anyValue(body),
    attributes: [{ key: "source", value: { stringValue: source } }],
    traceId: "",
    spanId: "",
  }));
  return JSON.stringify({ resourceLogs: [{ resource: {}, scopeLogs: [{ scope: {}, logRecords }] }] });
}

function anyValue(value: unknown): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "number") return { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  const values = Object.entries(value as object).map(([key, each]) => ({ key, value: anyValue(each) }));
  return { kvlistValue: { values } };
}
