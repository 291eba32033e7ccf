import type { OpenSearchDashboard } from "../../../lib";
import { BarsContent, PanelContent, Picture, plainNumber, TableContent } from "./picture";
import { SavedAggregation, savedFormOf, SavedLines, SavedPanel, SavedVisualization } from "./saved-dashboard";
import { Aggregated, Bucket, bucketsOf, numberOf, SearchAnswer, stepOf } from "./search-answer";
import type { Span } from "./span";

const GRID = { columns: 48, rowHeight: 20 };
const TIME = "@timestamp";

/**
 * A dashboard with what OpenSearch answered to the search of each of its panels.
 *
 * @param answers one for each panel, in their order
 * @param span without it the axes of time reach from the first bar to the last
 */
export function pictureOf(
  dashboard: OpenSearchDashboard,
  answers: readonly SearchAnswer[],
  subtitle: string,
  span?: Span,
): Picture {
  const { title, panels } = savedFormOf(dashboard);
  if (answers.length !== panels.length) {
    throw new Error(`"${title}" has ${panels.length} panels, and there are ${answers.length} answers`);
  }
  const drawn = panels.map(({ place, shown }, index) => {
    const answer = answers[index];
    if (answer._shards.failed > 0) throw new Error(`the search of panel "${shown.title}" failed in part`);
    return { title: shown.title, place, content: contentOf(shown, answer, span) };
  });
  return { title, subtitle, grid: GRID, panels: drawn };
}

function contentOf(shown: SavedPanel["shown"], answer: SearchAnswer, span?: Span): PanelContent {
  if (shown.type === "search") return linesOf(shown, answer);
  const { kind, title, metrics, buckets } = shown;
  const [metric] = metrics;
  const label = metric.params.customLabel;
  switch (kind) {
    case "metric": {
      const value = numberOf(metric, answer.hits.total.value, answer.aggregations) ?? NaN;
      return { kind: "number", label, value };
    }
    case "histogram":
      return barsOf(shown, answer.aggregations, span);
    case "horizontal_bar": {
      const terms = bucketsOf(buckets[0], answer.aggregations).map((bucket) => ({
        name: String(bucket.key),
        value: numberOf(metric, bucket.doc_count, bucket) ?? 0,
      }));
      return { kind: "terms", label, terms };
    }
    case "table":
      return tableOf(shown, answer.aggregations);
    default:
      throw new Error(`panel "${title}" is of the kind ${kind}, which is not drawn yet`);
  }
}

/** Bars divided by the values of a field, of which those with most come first. */
function barsOf({ title, metrics, buckets }: SavedVisualization, found?: Aggregated, span?: Span): BarsContent {
  const [[metric], [ofTime, split]] = [metrics, buckets];
  const label = metric.params.customLabel;
  const times = bucketsOf(ofTime, found);
  if (times.length === 0) throw new Error(`panel "${title}" has nothing to show`);
  const step = stepOf(ofTime, found);
  const values = new Map<string, Map<number, number>>();
  for (const time of times) {
    const parts = split ? bucketsOf(split, time) : [{ ...time, key: label }];
    for (const part of parts) {
      const ofName = values.get(String(part.key)) ?? new Map<number, number>();
      values.set(String(part.key), ofName.set(Number(time.key), numberOf(metric, part.doc_count, part) ?? 0));
    }
  }
  const all = (ofName: ReadonlyMap<number, number>) => [...ofName.values()].reduce((sum, value) => sum + value, 0);
  const series = [...values]
    .sort(([, one], [, other]) => all(other) - all(one))
    .map(([name, ofName]) => ({
      name,
      points: times.map(({ key }) => [Number(key), ofName.get(Number(key)) ?? 0] as const),
    }));
  const [from, to] = span
    ? [Date.parse(span.from), Date.parse(span.to)]
    : [Number(times[0].key), Number(times[times.length - 1].key) + step];
  return { kind: "bars", label, from, to, step, series };
}

/** A row of each combination of values. */
function tableOf({ metrics, buckets }: SavedVisualization, found?: Aggregated): TableContent {
  const rowsWithin = ([first, ...rest]: readonly SavedAggregation[], within?: Aggregated): string[][] =>
    bucketsOf(first, within).flatMap((bucket) => {
      const inner = rest.length > 0 ? rowsWithin(rest, bucket) : [metrics.map((metric) => cellOf(metric, bucket))];
      return inner.map((row) => [String(bucket.key), ...row]);
    });
  const rows = rowsWithin(buckets, found);
  const columns = [...buckets, ...metrics].map((aggregation) => ({
    name: aggregation.params.customLabel,
    align: metrics.includes(aggregation) && aggregation.params.field !== TIME ? ("right" as const) : ("left" as const),
  }));
  return { kind: "table", columns, rows, total: rows.length };
}

function cellOf(metric: SavedAggregation, bucket: Bucket): string {
  const value = numberOf(metric, bucket.doc_count, bucket);
  if (value === null) return "-";
  return metric.params.field === TIME ? clock(value) : plainNumber(value);
}

function linesOf({ columns }: SavedLines, { hits }: SearchAnswer): TableContent {
  return {
    ...{ kind: "table", total: hits.total.value },
    columns: ["Time", ...columns].map((name) => ({ name, align: "left" })),
    rows: hits.hits.map(({ _source: line }) => [
      clock(Date.parse(String(line[TIME]))),
      ...columns.map((name) => (line[name] === undefined ? "-" : String(line[name] as number | string))),
    ]),
  };
}

function clock(millis: number): string {
  return new Date(millis).toISOString().slice(0, 19).replace("T", " ");
}
