import type { LogDocument, LogEntry } from "../log-document";

/** One document, and by which number. */
export interface BulkItem {
  readonly entry: LogEntry;
  readonly document: LogDocument;
}

/** What became of an item. */
export type ItemResult =
  | { readonly kind: "stored" }
  /** Of this form it never will be. */
  | { readonly kind: "refused"; readonly reason: string }
  /** It may be later. */
  | { readonly kind: "later"; readonly status: number; readonly type: string; readonly reason: string };

/** What the answer is to hold: no more than the results. */
export const BULK_QUERY = {
  filter_path: "errors,items.create.status,items.create.error.type,items.create.error.reason",
};

const CREATED_BEFORE = 409;
const MALFORMED = 400;
/** Errors of status 400 that are about the index and not about the document. */
const OF_THE_INDEX = new Set([
  "validation_exception", // such as: the cluster has as many shards as it may have
  "invalid_index_name_exception",
  "index_closed_exception",
  "cluster_block_exception",
]);

/** The body: with the index in the path, as rights are given by it. */
export function bulkBody(items: readonly BulkItem[]): string {
  return items.map(({ entry, document }) => `{"create":{"_id":"${entry.id}"}}\n${JSON.stringify(document)}\n`).join("");
}

/** Results of as many items as were sent; undefined where the answer is not one of `_bulk`. */
export function readBulkAnswer(body: string, count: number): ItemResult[] | undefined {
  let items: unknown;
  try {
    ({ items } = JSON.parse(body) as { items?: unknown });
  } catch {
    return undefined;
  }
  if (!Array.isArray(items) || items.length !== count) return undefined;
  return items.map((item: { create?: BulkItemAnswer } | null) => resultOf(item?.create ?? {}));
}

interface BulkItemAnswer {
  readonly status?: number;
  readonly error?: { readonly type?: string; readonly reason?: string };
}

function resultOf({ status = 0, error = {} }: BulkItemAnswer): ItemResult {
  if ((status >= 200 && status < 300) || status === CREATED_BEFORE) return { kind: "stored" };
  const { type = "", reason = "" } = error;
  const isOfDocument = status === MALFORMED && !OF_THE_INDEX.has(type);
  return isOfDocument ? { kind: "refused", reason: `${type}: ${reason}` } : { kind: "later", status, type, reason };
}
