import fc from "fast-check";
import type { FoundLogEntry } from "../../../lib/observability/log-search/log-entry";
import { logPages, type LogPageOptions } from "../../../lib/observability/log-search/log-pages";
import { OpenSearchLogs } from "../../../lib/observability/log-search/opensearch-logs";
import { MemoryLogs, storeOf } from "./memory-logs";

const FOREVER = { since: 0 };

async function all(logs: MemoryLogs, options: Partial<LogPageOptions>, warnings?: string[]): Promise<FoundLogEntry[]> {
  const found: FoundLogEntry[] = [];
  const asked = { filter: {}, span: FOREVER, order: "oldest first" as const, ...options };
  for await (const page of logPages(storeOf(logs, warnings), asked)) found.push(...page);
  return found;
}

/** Lines of few different times, so that many come in the same millisecond. */
const lines = fc
  .array(fc.integer({ min: 0, max: 5 }), { maxLength: 60 })
  .map((times) => times.map((time, index) => ({ id: `line-${index}`, time })));

test("every line of a span comes once and in its order, however many share a millisecond and a page", async () => {
  await fc.assert(
    fc.asyncProperty(
      lines,
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom("oldest first" as const, "newest first" as const),
      fc.integer({ min: 0, max: 5 }),
      async (there, pageSize, order, since) => {
        const found = await all(new MemoryLogs(there), { pageSize, order, span: { since, until: 4 } });
        const sign = order === "oldest first" ? 1 : -1;
        const times = found.map(({ time }) => time);
        expect(times).toEqual([...times].sort((left, right) => sign * (left - right)));
        expect(found.map(({ id }) => id).sort()).toEqual(
          there.flatMap(({ id, time }) => (time >= since && time <= 4 ? [id] : [])).sort(),
        );
      },
    ),
  );
});

test("lines that come while pages are read neither come twice nor push others away", async () => {
  const logs = new MemoryLogs([1, 2, 3, 4, 5, 6].map((time) => ({ id: `line-${time}`, time })));
  const found: string[] = [];
  const options = { filter: {}, span: FOREVER, order: "newest first" as const, pageSize: 2 };
  for await (const page of logPages(storeOf(logs), options)) {
    found.push(...page.map(({ id }) => id));
    logs.lines.unshift({ id: `new-${found.length}`, time: 100 + found.length });
  }
  expect(found).toEqual(["line-6", "line-5", "line-4", "line-3", "line-2", "line-1"]);
});

test("the newest lines are given the oldest first, and whether there are older ones", async () => {
  const there = Array.from({ length: 2500 }, (_, time) => ({ id: `line-${time}`, time }));
  const newest = async (limit: number) => {
    const { entries, more } = await new OpenSearchLogs(storeOf(new MemoryLogs([...there]))).newest({}, FOREVER, limit);
    return { first: entries[0]?.time, last: entries.at(-1)?.time, count: entries.length, more };
  };
  expect(await newest(3)).toEqual({ first: 2497, last: 2499, count: 3, more: true });
  expect(await newest(2400)).toEqual({ first: 100, last: 2499, count: 2400, more: true });
  expect(await newest(2500)).toEqual({ first: 0, last: 2499, count: 2500, more: false });
  expect(await newest(10_000)).toEqual({ first: 0, last: 2499, count: 2500, more: false });
});

test("the daily indices of the prefix are searched, and no others that begin alike", async () => {
  const logs = new MemoryLogs();
  await all(logs, {});
  expect(logs.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /logs-19*.*.*,logs-20*.*.*/_search?ignore_unavailable=true&allow_no_indices=true",
  ]);
});

describe("what was not searched", () => {
  const answer = (body: object) => ({ status: 200, body: { hits: { hits: [] }, ...body } });
  const failures = [{ shard: 0, reason: { type: "some_exception", reason: "it is\n\u001b[31m on fire" } }];

  test("in some parts is told, and the rest is shown", async () => {
    const logs = new MemoryLogs();
    logs.nextAnswers.push(answer({ _shards: { total: 3, failed: 1, failures }, timed_out: true }));
    const warnings: string[] = [];
    expect(await all(logs, {}, warnings)).toEqual([]);
    expect(warnings).toEqual([
      "1 of 3 parts of the indices could not be searched: it is [31m on fire",
      "OpenSearch gave up before it had searched all: name a shorter time",
    ]);
  });

  test("in all parts is a failure", async () => {
    const logs = new MemoryLogs();
    logs.nextAnswers.push(answer({ _shards: { total: 3, failed: 3, failures } }));
    await expect(all(logs, {})).rejects.toThrow("searching logs-… failed in all its parts: it is [31m on fire");
  });

  // As OpenSearch 2.19.3 with its security plugin answers.
  test.each([
    [
      403,
      {
        error: {
          root_cause: [],
          type: "security_exception",
          reason:
            "no permissions for [indices:data/read/search] and User [name=reader, backend_roles=[], requestedTenant=null]",
        },
        status: 403,
      },
      "searching logs-… is not allowed (no permissions for [indices:data/read/search] and User [name=reader, backend_roles=[], requestedTenant=null]): log in as somebody who may do it",
    ],
    [401, undefined, "OpenSearch refuses the login: check the user and the password"],
    [
      503,
      {
        error: {
          type: "cluster_block_exception",
          reason: "all shards failed",
          caused_by: { reason: "no\u001b[2J master" },
        },
      },
      "searching logs-… failed: OpenSearch answered 503 (no [2J master)",
    ],
    [
      403,
      { Message: "User: nobody is not authorized to perform: es:ESHttpPost." },
      "searching logs-… is not allowed (User: nobody is not authorized to perform: es:ESHttpPost): log in as somebody who may do it",
    ],
    [200, undefined, "searching logs-… failed: OpenSearch answered 200"],
  ])("by an answer of %s is one sentence", async (status, body, sentence) => {
    const logs = new MemoryLogs();
    logs.nextAnswers.push({ status, body });
    await expect(all(logs, {})).rejects.toThrow(sentence);
  });
});
