import type { Destination } from "../destination";
import type { HttpsAnswer, HttpsClient } from "../https-client";
import type { LogEntry } from "../log-document";
import { NotDelivered } from "../not-delivered";
import { BULK_QUERY, bulkBody, BulkItem, ItemResult, readBulkAnswer } from "./bulk";
import type { OpenSearchLogin } from "./opensearch-login";
import { reducedDocument } from "./reduced-document";
import { answerProblem, itemProblem } from "./opensearch-problem";

const HEADERS = { "content-type": "application/x-ndjson", accept: "application/json" };
const TOO_LARGE = 413;

/** OpenSearch: documents of a day lie in an index of that day. */
export class OpenSearchDestination implements Destination {
  public constructor(
    private readonly client: Pick<HttpsClient, "post">,
    private readonly login: OpenSearchLogin,
    private readonly indexPrefix: string,
  ) {}

  public async write(entries: readonly LogEntry[], signal: AbortSignal): Promise<number> {
    let rejected = 0;
    for (const [index, ofDay] of this.byIndex(entries)) rejected += await this.writeDay(index, ofDay, signal);
    return rejected;
  }

  private async writeDay(index: string, entries: readonly LogEntry[], signal: AbortSignal): Promise<number> {
    const items = entries.map((entry) => ({ entry, document: entry.document }));
    const refused = await this.bulk(index, items, signal);
    if (refused.length === 0) return 0;
    const reduced = refused.map(({ entry, reason }) => ({ entry, document: reducedDocument(entry, reason) }));
    return (await this.bulk(index, reduced, signal)).length;
  }

  /** Gives those that are refused for good. */
  private async bulk(index: string, items: readonly BulkItem[], signal: AbortSignal): Promise<RefusedEntry[]> {
    const answer = await this.post(index, items, signal);
    if (answer.status === TOO_LARGE) return this.inHalves(index, items, signal);
    const results = answer.status === 200 ? readBulkAnswer(answer.body, items.length) : undefined;
    if (!results) throw new NotDelivered(answerProblem(answer, { login: this.login, index }));
    const later = results.find((result) => result.kind === "later");
    if (later) throw new NotDelivered(itemProblem(later, { login: this.login, index }));
    return results.flatMap((result, at) => refusal(items[at], result));
  }

  /** What one request may hold differs by domain. */
  private async inHalves(index: string, items: readonly BulkItem[], signal: AbortSignal): Promise<RefusedEntry[]> {
    if (items.length === 1) return [{ entry: items[0].entry, reason: "the request is too large" }];
    const middle = items.length >> 1;
    const [first, second] = [items.slice(0, middle), items.slice(middle)];
    return [...(await this.bulk(index, first, signal)), ...(await this.bulk(index, second, signal))];
  }

  private async post(index: string, items: readonly BulkItem[], signal: AbortSignal): Promise<HttpsAnswer> {
    const path = `/${index}/_bulk?${new URLSearchParams(BULK_QUERY).toString()}`;
    const request = { path, headers: HEADERS, body: bulkBody(items) };
    return this.client.post({ ...request, headers: await this.login.headers(request) }, signal);
  }

  private byIndex(entries: readonly LogEntry[]): Map<string, LogEntry[]> {
    const found = new Map<string, LogEntry[]>();
    for (const entry of entries) {
      const day = entry.document["@timestamp"].slice(0, "YYYY-MM-DD".length).replaceAll("-", ".");
      const index = `${this.indexPrefix}-${day}`;
      const ofDay = found.get(index);
      if (ofDay) ofDay.push(entry);
      else found.set(index, [entry]);
    }
    return found;
  }
}

interface RefusedEntry {
  readonly entry: LogEntry;
  readonly reason: string;
}

function refusal({ entry }: BulkItem, result: ItemResult): RefusedEntry[] {
  return result.kind === "refused" ? [{ entry, reason: result.reason }] : [];
}
