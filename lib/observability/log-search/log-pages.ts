import { printable } from "../../core/printable";
import { dailyIndicesOf } from "../opensearch-objects/index-names";
import { TIME_FIELD } from "../opensearch-objects/log-fields";
import { expectDone, OpenSearchRefusal } from "../opensearch/refusal";
import type { OpenSearch } from "../opensearch/opensearch";
import type { FoundLogEntry, LogEntry } from "./log-entry";
import { filterClauses, type LogFilter, type TimeSpan } from "./log-filter";

/** Where lines are looked for. */
export interface LogStore {
  readonly opensearch: OpenSearch;
  /** Of the daily indices. */
  readonly indexPrefix: string;
  /** Told of what was not searched, one sentence each; a search goes on without it. */
  readonly warn: (sentence: string) => void;
}

export interface LogPageOptions {
  readonly filter: LogFilter;
  readonly span: TimeSpan;
  readonly order: "oldest first" | "newest first";
  /** Ids of documents that are left out. */
  readonly without?: readonly string[];
  /** Entries of one page; default 1000. */
  readonly pageSize?: number;
}

const DEFAULT_PAGE_SIZE = 1000;

interface Hit {
  readonly _id: string;
  readonly _source?: LogEntry;
  readonly sort?: readonly unknown[];
}

interface SearchBody {
  readonly hits?: { readonly hits?: readonly Hit[] };
  readonly timed_out?: boolean;
  readonly _shards?: {
    readonly total: number;
    readonly failed: number;
    readonly failures?: readonly { readonly reason?: { readonly reason?: unknown } }[];
  };
}

/**
 * All lines of a span, page by page. A page begins at the time at which the last one ended, without those that were there
 * already: neither a sort by ids, which OpenSearch would have to hold in memory, nor anything that it keeps between two
 * calls, for which a reader would need a permission. The reader needs `read` on the indices and nothing else.
 */
export async function* logPages(store: LogStore, options: LogPageOptions): AsyncGenerator<readonly FoundLogEntry[]> {
  const { order, without = [], pageSize = DEFAULT_PAGE_SIZE } = options;
  let { span } = options;
  let there = [...without];
  for (;;) {
    const body = searchBody({ ...options, span, without: there, pageSize });
    const page = found(await search(store, body));
    if (page.length > 0) yield page;
    if (page.length < pageSize) return;
    const edge = page[page.length - 1].time;
    const previous = order === "oldest first" ? span.since : span.until;
    const atEdge = page.filter(({ time }) => time === edge).map(({ id }) => id);
    there = [...(edge === previous ? there : without), ...atEdge];
    span = order === "oldest first" ? { ...span, since: edge } : { ...span, until: edge };
  }
}

/** The body of one search. */
export function searchBody(options: LogPageOptions & { readonly pageSize: number }): object {
  const { filter, span, order, without = [], pageSize } = options;
  const direction = order === "oldest first" ? "asc" : "desc";
  return {
    size: pageSize,
    track_total_hits: false,
    query: {
      bool: {
        filter: filterClauses(filter, span),
        ...(without.length > 0 ? { must_not: [{ ids: { values: without } }] } : {}),
      },
    },
    sort: [
      { [TIME_FIELD]: { order: direction, unmapped_type: "date" } },
      // Of one process, lines of the same millisecond stay as they were written.
      { sequence: { order: direction, unmapped_type: "long" } },
    ],
  };
}

async function search({ opensearch, indexPrefix, warn }: LogStore, body: object): Promise<SearchBody> {
  const indices = dailyIndicesOf(indexPrefix).join(",");
  const doing = `searching ${indexPrefix}-…`;
  const path = `/${indices}/_search?ignore_unavailable=true&allow_no_indices=true`;
  const answer = expectDone(doing, await opensearch.call({ method: "POST", path, body })) as SearchBody;
  const { total = 0, failed = 0, failures = [] } = answer._shards ?? {};
  const reason = failures[0]?.reason?.reason;
  const because = typeof reason === "string" ? `: ${printable(reason)}` : "";
  if (failed > 0 && failed === total) throw new OpenSearchRefusal(200, `${doing} failed in all its parts${because}`);
  if (failed > 0) warn(`${failed} of ${total} parts of the indices could not be searched${because}`);
  if (answer.timed_out) warn("OpenSearch gave up before it had searched all: name a shorter time");
  return answer;
}

function found({ hits }: SearchBody): readonly FoundLogEntry[] {
  return (hits?.hits ?? []).map(({ _id, _source = {}, sort = [] }) => ({
    ...{ id: _id, entry: _source },
    time: Number(sort[0]),
  }));
}
