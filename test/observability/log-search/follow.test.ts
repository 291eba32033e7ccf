import { followEntries } from "../../../lib/observability/log-search/follow";
import { OpenSearchLogs } from "../../../lib/observability/log-search/opensearch-logs";
import { OpenSearchRefusal } from "../../../lib/observability/opensearch/refusal";
import { OpenSearchUnreachable } from "../../../lib/observability/opensearch/unreachable";
import { MemoryLogs, storeOf, type MemoryLine } from "./memory-logs";

const MINUTE = 60_000;
const line = (id: string, time: number): MemoryLine => ({ id, time });

/** What is shown where these lines come, a list between two looks each. */
async function follow(shown: readonly MemoryLine[], looks: readonly (MemoryLine[] | Error)[], warnings: string[] = []) {
  const logs = new MemoryLogs([...shown]);
  const left = [...looks];
  const pause = async (): Promise<boolean> => {
    const next = left.shift();
    if (next instanceof Error) logs.nextAnswers.push(next);
    else logs.lines.push(...(next ?? []));
    return next !== undefined;
  };
  const entries = shown.map(({ id, time }) => ({ id, time, entry: {} }));
  const pages: string[] = [];
  const warn = (sentence: string) => void warnings.push(sentence);
  const source = new OpenSearchLogs(storeOf(logs));
  for await (const page of followEntries(source, { filter: {}, shown: entries, since: 0, pause, warn })) {
    pages.push(page.map(({ id }) => id).join(" "));
  }
  return { pages, logs };
}

test("new lines are shown once, also where they come a little later than a line after them", async () => {
  const { pages } = await follow(
    [line("first", 10 * MINUTE)],
    [
      [line("next", 11 * MINUTE), line("early", 10 * MINUTE - 1)],
      [],
      [line("late", 10.5 * MINUTE)],
      [line("last", 12 * MINUTE)],
    ],
  );
  expect(pages).toEqual(["early next", "late", "last"]);
});

test("what comes more than a minute later than a line after it is not shown", async () => {
  const { pages } = await follow([line("first", 10 * MINUTE)], [[line("too late", 9 * MINUTE - 1)]]);
  expect(pages).toEqual([]);
});

test("where nothing was shown, all from the beginning of the span is", async () => {
  const { pages } = await follow([], [[], [line("one", 5)], [line("two", 3)]]);
  expect(pages).toEqual(["one", "two"]);
});

test("a minute with very many lines is forgotten from its beginning, and none of them comes again", async () => {
  const many = Array.from({ length: 30_000 }, (_, index) => line(`line-${index}`, MINUTE + index));
  const { pages, logs } = await follow([], [many, [], [line("last", 2 * MINUTE)]]);
  expect(pages.flatMap((page) => page.split(" "))).toEqual([...many.map(({ id }) => id), "last"]);
  const { ids } = (logs.asked.at(-1)!.body as { query: { bool: { must_not: [{ ids: { values: string[] } }] } } }).query
    .bool.must_not[0];
  expect(ids.values).toHaveLength(20_000);
});

test("while OpenSearch is away or busy it is asked again, and that is told once", async () => {
  const away = new OpenSearchUnreachable("nobody listens at search:9200", { cause: undefined });
  const busy = new OpenSearchRefusal(429, "searching logs-… failed: OpenSearch answered 429");
  const warnings: string[] = [];
  const { pages } = await follow([], [away, away, busy, [line("one", 5)]], warnings);
  expect(pages).toEqual(["one"]);
  expect(warnings).toEqual([
    "nobody listens at search:9200; it is asked again",
    "searching logs-… failed: OpenSearch answered 429; it is asked again",
  ]);
});

test("a refusal ends it", async () => {
  const refusal = new OpenSearchRefusal(403, "searching logs-… is not allowed");
  await expect(follow([], [refusal, []])).rejects.toThrow(refusal);
});
