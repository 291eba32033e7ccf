import { Duration, LogMonitor } from "../../../lib";
import { Block } from "../../support/synthesized";

const searchOf = (monitor: LogMonitor): Block => {
  const [{ search }] = monitor.toRequest().inputs as { search: Block }[];
  return search;
};
const triggerOf = (monitor: LogMonitor): Block => {
  const [trigger] = monitor.toRequest().triggers as { bucket_level_trigger: Block }[];
  return trigger.bucket_level_trigger;
};

test.each<[string, LogMonitor, string[], number, object]>([
  [
    "errors of a cluster",
    LogMonitor.errorRate({ threshold: 7, window: Duration.minutes(2) }),
    ["cluster"],
    2,
    { buckets_path: { lines: "_count" }, script: { source: "params.lines >= 7", lang: "painless" } },
  ],
  [
    "an exception of a job",
    LogMonitor.repeatedException({ threshold: 3, window: Duration.hours(1) }),
    ["cluster", "job_id", "exception"],
    60,
    { buckets_path: { lines: "_count" }, script: { source: "params.lines >= 3", lang: "painless" } },
  ],
  [
    "a node of which no line comes",
    LogMonitor.silentNode({ silence: Duration.minutes(30), watchedFor: Duration.days(2) }),
    ["cluster", "node"],
    2_880,
    { buckets_path: { lately: "lately>_count" }, script: { source: "params.lately == 0", lang: "painless" } },
  ],
])("%s: one bucket for each, judged by itself", (_, monitor, fields, minutes, condition) => {
  const { indices, query } = searchOf(monitor) as { indices: string[]; query: Block };
  expect(indices).toEqual(["logs-*"]);
  expect(query).toMatchObject({
    size: 0,
    query: {
      bool: {
        filter: [
          {
            range: {
              "@timestamp": {
                gte: `{{period_end}}||-${minutes}m`,
                lte: "{{period_end}}",
                format: "epoch_millis",
              },
            },
          },
        ],
      },
    },
    aggregations: {
      each: { composite: { sources: fields.map((field) => ({ [field]: { terms: { field } } })) } },
    },
  });
  expect(triggerOf(monitor).condition).toEqual({ ...condition, parent_bucket_path: "each" });
});

test("a node is silent when none of its lines is of the last minutes", () => {
  expect(searchOf(LogMonitor.silentNode({ silence: Duration.minutes(30) }))).toMatchObject({
    query: {
      aggregations: {
        each: {
          aggregations: { lately: { filter: { range: { "@timestamp": { gte: "{{period_end}}||-30m" } } } } },
        },
      },
    },
  });
});

test("it says what it is, where and how often it looks, and how grave an alert is", () => {
  const monitor = LogMonitor.errorRate({ indexPrefix: "flink", interval: Duration.minutes(5), severity: 1 });
  expect(monitor.toRequest()).toMatchObject({
    type: "monitor",
    name: "Flink flink: many errors",
    monitor_type: "bucket_level_monitor",
    enabled: true,
    schedule: { period: { interval: 5, unit: "MINUTES" } },
    inputs: [{ search: { indices: ["flink-*"] } }],
    triggers: [{ bucket_level_trigger: { severity: "1", actions: [] } }],
  });
});

test.each([83, 92, 200])("of a prefix of %i characters each has a name of its own", (length) => {
  const indexPrefix = "p".repeat(length);
  const of = { indexPrefix };
  const names = [LogMonitor.errorRate(of), LogMonitor.repeatedException(of), LogMonitor.silentNode(of)].map(
    ({ name }) => name,
  );
  expect(names.map((name) => name.replace(/^Flink p+: /, ""))).toEqual([
    "many errors",
    "repeated exception of a job",
    "silent node",
  ]);
  for (const name of names) expect(name.length).toBeLessThanOrEqual(100);
});

test("a channel is told of each alert when it begins and when it ends", () => {
  const { actions } = triggerOf(LogMonitor.silentNode({ notificationChannelId: "E4o5hnsB6KjPKmHtpfCA" })) as {
    actions: Block[];
  };
  expect(actions).toEqual([
    expect.objectContaining({
      destination_id: "E4o5hnsB6KjPKmHtpfCA",
      action_execution_policy: {
        action_execution_scope: { per_alert: { actionable_alerts: ["NEW", "COMPLETED"] } },
      },
    }),
  ]);
  expect(JSON.stringify(actions)).toContain("no line for 1 h of the node {{bucket_keys}}");
});

test("nodes are watched for longer than they have to be silent", () => {
  expect(() => LogMonitor.silentNode({ silence: Duration.hours(2), watchedFor: Duration.hours(3) })).toThrow(
    "watchedFor of LogMonitor.silentNode is 3 h, but must be a Duration from 4 h to 7 d, in whole minutes and at least twice silence: use for example Duration.hours(4)",
  );
});
