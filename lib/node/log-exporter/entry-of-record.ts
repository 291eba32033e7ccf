import { createHash } from "crypto";
import { withoutSecrets } from "../../core/without-secrets";
import { JOURNAL, LogExporterConfiguration } from "../logs/log-exporter-configuration";
import type { CollectedRecord } from "./collected-record";
import { readFlinkLine } from "./flink-line";
import { readJournalEntry } from "./journal-entry";
import type { LineContent, LinePosition, LogDocument, LogEntry } from "./log-document";

/** Who the node is, as documents say it, and what runs on it. */
export type LogOrigin = Pick<LogExporterConfiguration, "cluster" | "node" | "host" | "processes" | "roles" | "fields">;

/** Fields that each document has, whatever the user selects. */
const NEEDED = new Set(["@timestamp", "message"]);
const ID_BYTES = 20;

/**
 * Which times are believed: a job can write lines of its own into the file, and each day that is not there yet is an index
 * more.
 */
const OLDEST_MILLIS = 31 * 86_400_000;
const NEWEST_MILLIS = 3_600_000;

/** What the destination is to keep of a record. Never fails: what has no form we know is a message. */
export function entryOfRecord(record: CollectedRecord, origin: LogOrigin, now: number = Date.now()): LogEntry {
  return record.source === JOURNAL ? ofJournal(record, origin, now) : ofFile(record, origin, now);
}

function ofFile(record: CollectedRecord, origin: LogOrigin, now: number): LogEntry {
  const raw = textOf(record.body);
  const content = readFlinkLine(raw);
  const process = origin.processes.find(({ role }) => role === record.source);
  const { run, sequence } = content;
  const position: LinePosition | undefined =
    process && run !== undefined && sequence !== undefined ? { role: process.role, run, sequence } : undefined;
  const place = process && { role: process.role, unit: process.unit };
  return {
    ...entry(record, origin, { raw, key: raw, content: { ...content, ...place }, now }),
    ...(position && { position }),
  };
}

function ofJournal(record: CollectedRecord, origin: LogOrigin, now: number): LogEntry {
  const fields = typeof record.body === "string" ? { MESSAGE: record.body } : record.body;
  const { cursor, content } = readJournalEntry(fields, origin.roles);
  const raw = content.message;
  return {
    ...entry(record, origin, { raw, key: `${raw}${cursor ?? ""}`, content, now }),
    ...(cursor !== undefined && { cursor }),
  };
}

interface ReadLine {
  readonly raw: string;
  readonly key: string;
  readonly content: LineContent;
  readonly now: number;
}

function entry(
  record: CollectedRecord,
  origin: LogOrigin,
  { raw, key, content, now }: ReadLine,
): Omit<LogEntry, "position" | "cursor"> {
  const { timeMillis: own, message, stack_trace: stackTrace, ...rest } = content;
  const timeMillis = own !== undefined && isCredible(own, now) ? own : record.timeMillis;
  const { host, node, cluster } = origin;
  const document: LogDocument = {
    "@timestamp": new Date(timeMillis).toISOString(),
    message: withoutSecrets(message),
    ...rest,
    ...(stackTrace !== undefined && { stack_trace: withoutSecrets(stackTrace) }),
    ...{ host, node, cluster },
  };
  return {
    id: idOf(node, record.source, key),
    timeMillis,
    document: selected(document, origin.fields),
    role: document.role,
    line: () => withoutSecrets(raw),
  };
}

function isCredible(millis: number, now: number): boolean {
  return millis > now - OLDEST_MILLIS && millis < now + NEWEST_MILLIS;
}

function idOf(...parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest().subarray(0, ID_BYTES).toString("base64url");
}

function selected(document: LogDocument, fields: readonly string[] | undefined): LogDocument {
  if (!fields) return document;
  const wanted = Object.entries(document).filter(([name]) => NEEDED.has(name) || fields.includes(name));
  return Object.fromEntries(wanted) as unknown as LogDocument;
}

function textOf(body: CollectedRecord["body"]): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}
