import { filterClauses } from "../../../lib/observability/log-search/log-filter";

const SPAN = { since: 1000, until: 2000 };
const RANGE = { range: { "@timestamp": { gte: 1000, lte: 2000, format: "epoch_millis" } } };
const either = (...should: object[]) => ({ bool: { should, minimum_should_match: 1 } });
/** In indices with the template, and in those that OpenSearch guessed. */
const anyOf = (field: string, ...values: string[]) =>
  either({ terms: { [field]: values } }, { terms: { [`${field}.keyword`]: values } });

test("without a filter there is the span alone, and it may have no end", () => {
  expect(filterClauses({}, SPAN)).toEqual([RANGE]);
  expect(filterClauses({}, { since: 1000 })).toEqual([
    { range: { "@timestamp": { gte: 1000, format: "epoch_millis" } } },
  ]);
});

test("what is said exactly is looked for exactly", () => {
  const jobId = "0123456789ABCDEF0123456789ABCDEF";
  expect(filterClauses({ cluster: "orders", node: "orders-node-1", role: "taskmanager", jobId }, SPAN)).toEqual([
    RANGE,
    anyOf("cluster", "orders"),
    anyOf("job_id", jobId.toLowerCase()),
    anyOf("node", "orders-node-1"),
    anyOf("role", "taskmanager"),
  ]);
});

test("a level stands for itself and graver ones", () => {
  expect(filterClauses({ level: "WARN" }, SPAN)[1]).toEqual(anyOf("level", "FATAL", "ERROR", "WARN"));
  expect(filterClauses({ level: "FATAL" }, SPAN)[1]).toEqual(anyOf("level", "FATAL"));
});

test("a logger is also all of a package, and no other that begins alike", () => {
  const under = (field: string) =>
    either({ term: { [field]: "com.example" } }, { prefix: { [field]: "com.example." } });
  expect(filterClauses({ logger: "com.example" }, SPAN)[1]).toEqual(either(under("logger"), under("logger.keyword")));
});

test("words are looked for in all that a person reads", () => {
  expect(filterClauses({ text: 'boom "at once"' }, SPAN)[1]).toEqual({
    simple_query_string: {
      query: 'boom "at once"',
      fields: ["message", "exception", "stack_trace"],
      default_operator: "and",
      lenient: true,
    },
  });
});
