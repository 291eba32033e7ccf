import { countedAs, TIME_FIELD } from "./log-fields";

/**
 * A number that is counted, or a field by which lines are sorted into buckets: as a visualization keeps it and as a search
 * asks it, so that the two are the same thing.
 */
export interface Aggregation {
  readonly id: string;
  readonly type: string;
  /** Part that it plays in the visualization. */
  readonly schema: string;
  readonly params: object;
  /** Nothing for the count of lines, which OpenSearch gives of itself. */
  readonly asked?: object;
}

/** What the first number of every visualization is. */
export const LINES = "1";
/** As many bars of time as Dashboards aims at. */
const BARS = 50;

export function lineCount(label: string): Aggregation {
  return { id: LINES, type: "count", schema: "metric", params: { customLabel: label } };
}

/** How many values of a field there are. */
export function distinctValues(id: string, field: string, label: string): Aggregation {
  const of = { field: countedAs(field) };
  return {
    id,
    type: "cardinality",
    schema: "metric",
    params: { ...of, customLabel: label },
    asked: { cardinality: of },
  };
}

/** The least or the greatest value of a field. */
export function extreme(id: string, type: "max" | "min", field: string, label: string): Aggregation {
  return { id, type, schema: "metric", params: { field, customLabel: label }, asked: { [type]: { field } } };
}

/** The values of a field that most lines have. */
export function topValues(id: string, schema: string, field: string, size: number): Aggregation {
  const counted = countedAs(field);
  return {
    id,
    type: "terms",
    schema,
    params: {
      field: counted,
      size,
      order: "desc",
      orderBy: LINES,
      otherBucket: false,
      otherBucketLabel: "Other",
      missingBucket: false,
      missingBucketLabel: "Missing",
      customLabel: field,
    },
    asked: { terms: { field: counted, size, order: { _count: "desc" } } },
  };
}

/** Spans of time, as wide as it fits. */
export function spansOfTime(id: string): Aggregation {
  return {
    id,
    type: "date_histogram",
    schema: "segment",
    params: {
      field: TIME_FIELD,
      useNormalizedOpenSearchInterval: true,
      scaleMetricValues: false,
      interval: "auto",
      drop_partials: false,
      min_doc_count: 1,
      extended_bounds: {},
      customLabel: TIME_FIELD,
    },
    asked: { auto_date_histogram: { field: TIME_FIELD, buckets: BARS, time_zone: "UTC" } },
  };
}

/** As the part `aggs` of a search: each bucket within the one before it, and the numbers in the last. */
export function askedTogether(buckets: readonly Aggregation[], metrics: readonly Aggregation[]): object {
  const [first, ...rest] = buckets;
  if (first !== undefined) {
    const inner = askedTogether(rest, metrics);
    return { [first.id]: { ...first.asked, ...(Object.keys(inner).length > 0 ? { aggs: inner } : {}) } };
  }
  return Object.fromEntries(metrics.flatMap(({ id, asked }) => (asked === undefined ? [] : [[id, asked]])));
}
