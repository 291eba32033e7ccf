import type { SavedAggregation } from "./saved-dashboard";

/** What `POST <indices>/_search` answers. */
export interface SearchAnswer {
  readonly hits: {
    readonly total: { readonly value: number };
    readonly hits: readonly { readonly _source: Readonly<Record<string, unknown>> }[];
  };
  readonly _shards: { readonly failed: number };
  readonly aggregations?: Aggregated;
}

/** Numbers and buckets by the ids of their aggregations. */
export type Aggregated = Readonly<Record<string, unknown>>;

/** With what is within it, by the ids of the aggregations. */
export interface Bucket {
  readonly key: number | string;
  readonly doc_count: number;
  readonly [aggregation: string]: unknown;
}

interface BucketList {
  readonly buckets: readonly Bucket[];
  /** Of spans of time, such as `30m`. */
  readonly interval?: string;
}

const UNIT_MILLIS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The buckets of an aggregation: none where no line has the field. */
export function bucketsOf({ id }: SavedAggregation, within: Aggregated = {}): readonly Bucket[] {
  return (within[id] as BucketList | undefined)?.buckets ?? [];
}

/** How wide the spans of time are that OpenSearch has chosen, in milliseconds. */
export function stepOf({ id }: SavedAggregation, within: Aggregated = {}): number {
  const { interval = "" } = (within[id] as BucketList | undefined) ?? {};
  const [, count, unit] = /^(\d+)([smhd])$/.exec(interval) ?? [];
  if (unit === undefined) throw new Error(`OpenSearch answered with bars of ${interval || "no"} time`);
  return Number(count) * UNIT_MILLIS[unit];
}

/** A number of some lines; `null` where none of them has the field. */
export function numberOf({ id, type }: SavedAggregation, lines: number, within: Aggregated = {}): number | null {
  return type === "count" ? lines : (within[id] as { readonly value: number | null }).value;
}
