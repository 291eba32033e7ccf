import type { LogEntry } from "../../../lib/observability/log-search/log-entry";
import type { OpenSearch, OpenSearchAnswer, OpenSearchRequest } from "../../../lib/observability/opensearch/opensearch";

export interface MemoryLine {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly entry?: LogEntry;
}

interface SearchBody {
  readonly size: number;
  readonly query: { readonly bool: { readonly filter: readonly object[]; readonly must_not?: readonly object[] } };
  readonly sort: readonly Readonly<Record<string, { readonly order: string }>>[];
}

/** Plays an OpenSearch for what pages are made of: the span of time, ids that are left out, order and size. */
export class MemoryLogs implements OpenSearch {
  public readonly asked: OpenSearchRequest[] = [];
  /** Given as they are, one for each next call. */
  public readonly nextAnswers: (OpenSearchAnswer | Error)[] = [];

  public constructor(public readonly lines: MemoryLine[] = []) {}

  public async call(request: OpenSearchRequest): Promise<OpenSearchAnswer> {
    this.asked.push(request);
    const next = this.nextAnswers.shift();
    if (next instanceof Error) throw next;
    return next ?? { status: 200, body: this.search(request.body as SearchBody) };
  }

  private search({ size, query, sort }: SearchBody): object {
    const range = query.bool.filter.find((clause): clause is { range: Record<string, { gte: number; lte?: number }> } =>
      Object.hasOwn(clause, "range"),
    )!;
    const { gte, lte = Infinity } = range.range["@timestamp"];
    const [{ ids }] = (query.bool.must_not ?? [{ ids: { values: [] } }]) as [{ ids: { values: string[] } }];
    const without = new Set(ids.values);
    const sign = sort[0]["@timestamp"].order === "asc" ? 1 : -1;
    const hits = this.lines
      .filter(({ id, time }) => time >= gte && time <= lte && !without.has(id))
      .sort((left, right) => sign * (left.time - right.time))
      .slice(0, size)
      .map(({ id, time, entry = {} }) => ({ _id: id, _source: entry, sort: [time, null] }));
    return { timed_out: false, _shards: { total: 1, successful: 1, skipped: 0, failed: 0 }, hits: { hits } };
  }
}

/** A store of these lines, and what it warned of. */
export function storeOf(opensearch: OpenSearch, warnings: string[] = []) {
  return { opensearch, indexPrefix: "logs", warn: (sentence: string) => void warnings.push(sentence) };
}
