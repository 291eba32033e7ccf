import { logIndexTemplate, logIndexTemplateName } from "../../../lib/observability/opensearch-objects/index-template";
import {
  isOurRetentionPolicy,
  logRetentionPolicy,
  logRetentionPolicyId,
} from "../../../lib/observability/opensearch-objects/retention-policy";

/** As OpenSearch matches names of indices with patterns. */
const matches = (patterns: readonly string[], index: string): boolean =>
  patterns.some((pattern) => new RegExp(`^${pattern.replace(/\./g, "\\.").replace(/\*/g, ".*")}$`).test(index));

const patternsOf = (indexPrefix: string): readonly string[] =>
  logRetentionPolicy(indexPrefix, 3).policy.ism_template[0].index_patterns;

test("template and retention are about the daily indices of the prefix, and of nobody else", () => {
  expect(logIndexTemplate("logs").index_patterns).toEqual(patternsOf("logs"));
  for (const index of ["logs-2026.11.29", "logs-1999.12.31"]) expect(matches(patternsOf("logs"), index)).toBe(true);
  for (const index of [
    "logs-nginx-2026.11.29",
    "logs-flink-2026.11.29",
    "logs-2fa-2026.11.29",
    "logs",
    "logs-2026",
    "xlogs-2026.11.29",
  ]) {
    expect([index, matches(patternsOf("logs"), index)]).toEqual([index, false]);
  }
});

test("where a prefix begins with another one and a year, the longer one decides", () => {
  expect(matches(patternsOf("logs"), "logs-20th-2026.11.29")).toBe(true);
  const priorities = ["logs", "logs-20th"].map((prefix) => [
    logIndexTemplate(prefix).priority,
    logRetentionPolicy(prefix, 3).policy.ism_template[0].priority,
  ]);
  expect(priorities[1][0]).toBeGreaterThan(priorities[0][0]);
  expect(priorities[1][1]).toBeGreaterThan(priorities[0][1]);
});

test("types of the fields: what is counted is kept whole, and no value is too long for it", () => {
  const { mappings } = logIndexTemplate("logs").template as { mappings: { dynamic: boolean; properties: object } };
  expect(mappings.dynamic).toBe(false);
  expect(mappings.properties).toMatchObject({
    "@timestamp": { type: "date" },
    level: { type: "keyword", ignore_above: 1024 },
    job_id: { type: "keyword" },
    message: { type: "text", fields: { keyword: { type: "keyword", ignore_above: 1024 } } },
    stack_trace: { type: "text" },
    sequence: { type: "long" },
  });
  // Lucene's longest term has 32,766 bytes, and a character up to four.
  expect(JSON.stringify(mappings).match(/"keyword","ignore_above":1024/g)).toHaveLength(
    JSON.stringify(mappings).match(/"type":"keyword"/g)!.length,
  );
});

test("an index goes when its last line, of the end of its day, has been kept for the days", () => {
  const { policy } = logRetentionPolicy("logs", 3);
  expect(policy.states).toEqual([
    { name: "kept", actions: [], transitions: [{ state_name: "deleted", conditions: { min_index_age: "4d" } }] },
    { name: "deleted", actions: [{ delete: {} }], transitions: [] },
  ]);
  expect(policy.default_state).toBe("kept");
  expect(logRetentionPolicy("logs", 10_000).policy.states[0]).toMatchObject({
    transitions: [{ conditions: { min_index_age: "10001d" } }],
  });
});

test("a policy holds what Index State Management reads, and nothing beside it", () => {
  // Policy.parse, State.parse and ISMTemplate.parse of the plugin refuse every other key.
  const { policy } = logRetentionPolicy("logs", 3);
  expect(Object.keys(policy).sort()).toEqual(["default_state", "description", "ism_template", "states"]);
  for (const state of policy.states) expect(Object.keys(state).sort()).toEqual(["actions", "name", "transitions"]);
  expect(Object.keys(policy.ism_template[0]).sort()).toEqual(["index_patterns", "priority"]);
});

test("both say that they are ours", () => {
  expect(logIndexTemplate("logs")._meta.managed_by).toBe("cdktf-flink");
  expect(isOurRetentionPolicy(logRetentionPolicy("logs", 1).policy.description)).toBe(true);
  expect(isOurRetentionPolicy("keeps logs for a day")).toBe(false);
  expect([logIndexTemplateName("logs"), logRetentionPolicyId("logs")]).toEqual(["logs-lines", "logs-retention"]);
});

test.each([
  () => logIndexTemplate("Logs"),
  () => logRetentionPolicy("l", 3),
  () => logRetentionPolicy("logs", 0),
  () => logRetentionPolicy("logs", 10_001),
  () => logRetentionPolicy("logs", 1.5),
])("what is out of range is refused: %#", (make) => {
  expect(make).toThrow(/^(indexPrefix|retentionDays) is .*, but must be .*/);
});
