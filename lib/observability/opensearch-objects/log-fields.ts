/** How OpenSearch keeps a field. */
export type LogFieldType = "countable text" | "date" | "keyword" | "long" | "text";

/** Every field that a document of a log line may have, and how OpenSearch keeps it. */
export const LOG_FIELD_TYPES = {
  "@timestamp": "date",
  level: "keyword",
  logger: "keyword",
  thread: "keyword",
  message: "countable text",
  /** Class of the exception. */
  exception: "keyword",
  stack_trace: "text",
  job_id: "keyword",
  /** Fully qualified name of the node. */
  host: "keyword",
  node: "keyword",
  cluster: "keyword",
  role: "keyword",
  unit: "keyword",
  /** One start of a process. */
  run: "keyword",
  /** Number of the line in its run, from 1. */
  sequence: "long",
  /** Why the whole document was not taken; it is there in documents alone that were reduced to their message. */
  refused: "countable text",
} as const satisfies Readonly<Record<string, LogFieldType>>;

/** The time of the line itself. */
export const TIME_FIELD = "@timestamp";

/** Fields by which lines can be counted and sorted: all but the one that is only ever searched. */
export const COUNTABLE_FIELDS = Object.entries(LOG_FIELD_TYPES)
  .filter(([, type]) => type !== "text")
  .map(([name]) => name);

/** As what OpenSearch counts a field: of a text its part that is kept whole. */
export function countedAs(field: string): string {
  const types: Readonly<Record<string, LogFieldType>> = LOG_FIELD_TYPES;
  return types[field] === "countable text" ? `${field}.keyword` : field;
}
