import type { FoundLogEntry } from "./log-entry";
import type { LogFilter, TimeSpan } from "./log-filter";
import { logPages, type LogStore } from "./log-pages";
import type { LogSource, NewestLogEntries } from "./log-source";

const LARGEST_PAGE = 1000;

/** Lines in daily indices of OpenSearch. */
export class OpenSearchLogs implements LogSource {
  public constructor(private readonly store: LogStore) {}

  public pages(
    filter: LogFilter,
    span: TimeSpan,
    without: readonly string[] = [],
  ): AsyncIterable<readonly FoundLogEntry[]> {
    return logPages(this.store, { filter, span, order: "oldest first", without });
  }

  public async newest(filter: LogFilter, span: TimeSpan, limit: number): Promise<NewestLogEntries> {
    const found: FoundLogEntry[] = [];
    // One more than is shown tells whether there are more.
    const pageSize = Math.min(limit + 1, LARGEST_PAGE);
    for await (const page of logPages(this.store, { filter, span, order: "newest first", pageSize })) {
      found.push(...page);
      if (found.length > limit) break;
    }
    return { entries: found.slice(0, limit).reverse(), more: found.length > limit };
  }
}
