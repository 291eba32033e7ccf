import type { LogPanel } from "../../../lib/observability/opensearch-objects/log-panel";
import type { SearchAnswer } from "./log-search";

/** Titles of those that were answered nothing: no line, or no value of what they count. */
export function emptyPanels(
  panels: readonly Pick<LogPanel, "title">[],
  answers: readonly Pick<SearchAnswer, "hits" | "aggregations">[],
): string[] {
  return panels.map(({ title }) => title).filter((_, at) => isEmpty(answers[at]));
}

function isEmpty({ hits, aggregations = {} }: Pick<SearchAnswer, "hits" | "aggregations">): boolean {
  const counted = Object.values(aggregations);
  return hits.total.value === 0 || counted.some(({ buckets, value }) => buckets?.length === 0 || value === null);
}
