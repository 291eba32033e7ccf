import type { FoundLogEntry } from "./log-entry";
import type { LogFilter, TimeSpan } from "./log-filter";
import { logPages, type LogStore } from "./log-pages";

export interface NewestLogEntries {
  /** The oldest first. */
  readonly entries: readonly FoundLogEntry[];
  /** Whether there are older ones in the span. */
  readonly more: boolean;
}

const LARGEST_PAGE = 1000;

/** The newest lines of a span, as many as asked for. */
export async function newestEntries(
  store: LogStore,
  filter: LogFilter,
  span: TimeSpan,
  limit: number,
): Promise<NewestLogEntries> {
  const found: FoundLogEntry[] = [];
  // One more than is shown tells whether there are more.
  const pageSize = Math.min(limit + 1, LARGEST_PAGE);
  for await (const page of logPages(store, { filter, span, order: "newest first", pageSize })) {
    found.push(...page);
    if (found.length > limit) break;
  }
  return { entries: found.slice(0, limit).reverse(), more: found.length > limit };
}
