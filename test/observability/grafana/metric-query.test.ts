import { InfluxDbStore } from "../../../lib/observability/grafana/influxdb-store";
import { AcrossSeries, OverTime } from "../../../lib/metrics/metric-reduction";
import { MetricQuery, MetricQueryProps } from "../../../lib/metrics/metric-query";
import { PostgreSqlStore } from "../../../lib/observability/grafana/postgresql-store";
import { PrometheusStore } from "../../../lib/observability/grafana/prometheus-store";
import { taskQuery } from "./support";

const INFLUXDB = new InfluxDbStore();
const POSTGRESQL = new PostgreSqlStore();
const PROMETHEUS = new PrometheusStore();

const USED_HEAP = new MetricQuery({
  measurement: "flink_taskmanager",
  field: "Status_JVM_Memory_Heap_Used",
  dividedBy: "Status_JVM_Memory_Heap_Max",
  overTime: OverTime.MAX,
  across: AcrossSeries.MAX,
  legend: "All",
});
const READ = new MetricQuery({
  measurement: "diskio",
  field: "io_time",
  overTime: OverTime.RATE,
  across: AcrossSeries.MAX,
  scale: 0.001,
  legend: "{{node}}",
  where: { name: `nvme1n1'"\\` },
});

test("a sum of means is reduced over time first, of each subtask of its own, and then across those of a line", () => {
  expect(PROMETHEUS.expression(taskQuery())).toBe(
    "sum by (job_name, task_name) (max by (cluster, job_id, job_name, task_id, task_name, subtask_index) (" +
      "avg_over_time(flink_taskmanager_job_task_numRecordsOutPerSecond" +
      '{cluster=~"$cluster", node=~"$node", job_name=~"$job"}[$__rate_interval])))',
  );
  const labels = '"cluster", "job_id", "job_name", "task_id", "task_name", "subtask_index"';
  expect(INFLUXDB.expression(taskQuery())).toBe(
    'SELECT sum("value") FROM (SELECT mean("numRecordsOutPerSecond") AS "value" FROM "flink_taskmanager_job_task" WHERE ' +
      '"cluster" =~ /^${cluster:regex}$/ AND "node" =~ /^${node:regex}$/ AND "job_name" =~ /^${job:regex}$/ AND $timeFilter ' +
      `GROUP BY time($__interval), ${labels} fill(none)) WHERE $timeFilter ` +
      'GROUP BY time($__interval), "job_name", "task_name" fill(none)',
  );
  expect(POSTGRESQL.expression(taskQuery())).toBe(
    'SELECT "step" AS "time", concat("job_name", \': \', "task_name") AS "metric", sum("value") AS "value" FROM (' +
      `SELECT $__timeGroup("time", $__interval) AS "step", ${labels}, avg("numRecordsOutPerSecond")::double precision AS "value" ` +
      'FROM "metrics"."flink_taskmanager_job_task" WHERE $__timeFilter("time") AND "numRecordsOutPerSecond" IS NOT NULL ' +
      'AND "cluster" IN (${cluster:sqlstring}) AND "node" IN (${node:sqlstring}) AND "job_name" IN (${job:sqlstring}) ' +
      `GROUP BY "step", ${labels}) AS "series" WHERE "value" IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2`,
  );
});

test("lines of PostgreSQL, which their names alone tell apart, are named by what the legend leaves out of by, too", () => {
  const nameOf = (more: Partial<MetricQueryProps>) =>
    / AS "time", (.+) AS "metric"/.exec(POSTGRESQL.expression(taskQuery(more)))![1];
  const by = ["cluster", "job_name", "task_name"];
  expect(nameOf({ by })).toBe(`concat("job_name", ': ', "task_name", ' (', "cluster", ')')`);
  expect(nameOf({ by, legend: "{{task_name}}" })).toBe(`concat("task_name", ' (', "cluster", ', ', "job_name", ')')`);
  expect(nameOf({ by, legend: "it's" })).toMatch(/^concat\('it''s', ' \(', "cluster", /);
  expect(nameOf({ by: ["job_name"], legend: "{{job_name}}" })).toBe('"job_name"');
});

test.each<[string, Partial<MetricQueryProps>]>([
  ["the highest of all", { across: AcrossSeries.MAX }],
  ["what a counter grew by", { overTime: OverTime.GROWTH }],
  ["how many values there are", { overTime: OverTime.COUNT }],
  ["lines of single attempts", { by: ["node", "task_attempt_id"], legend: "x" }],
])("of a subtask that began anew each attempt counts in %s", (_, more) => {
  expect(PROMETHEUS.expression(taskQuery(more))).not.toContain("max by (cluster, job_id");
  const [influxDb, postgreSql] = [INFLUXDB, POSTGRESQL].map((store) => store.expression(taskQuery(more)));
  expect(influxDb).toContain("GROUP BY time($__interval), * fill(none))");
  expect(postgreSql).toContain('"subtask_index", "task_attempt_id"');
});

test("a part is that of one series and the same step", () => {
  const chosen = '{cluster=~"$cluster", node=~"$node"}[$__rate_interval]';
  expect(PROMETHEUS.expression(USED_HEAP)).toBe(
    `max (max_over_time(flink_taskmanager_Status_JVM_Memory_Heap_Used${chosen}) / ` +
      `max_over_time(flink_taskmanager_Status_JVM_Memory_Heap_Max${chosen}))`,
  );
  expect(INFLUXDB.expression(USED_HEAP)).toContain(
    'SELECT max("Status_JVM_Memory_Heap_Used") / max("Status_JVM_Memory_Heap_Max") AS "value" FROM "flink_taskmanager" ',
  );
  expect(INFLUXDB.expression(USED_HEAP)).toMatch(/WHERE \$timeFilter GROUP BY time\(\$__interval\) fill\(none\)$/);
  expect(POSTGRESQL.expression(USED_HEAP)).toContain(
    'max("Status_JVM_Memory_Heap_Used")::double precision / nullif(max("Status_JVM_Memory_Heap_Max")::double precision, 0) AS "value"',
  );
  expect(POSTGRESQL.expression(USED_HEAP)).toMatch(/^SELECT "step" AS "time", 'All' AS "metric", max\("value"\)/);
});

test("a rate is that of each series, and what a value says is no syntax in any language", () => {
  expect(PROMETHEUS.expression(READ)).toBe(
    'max by (node) (rate(diskio_io_time{cluster=~"$cluster", node=~"$node", ' +
      String.raw`name="nvme1n1'\"\\"}[$__rate_interval]) * 0.001)`,
  );
  expect(INFLUXDB.expression(READ)).toContain('SELECT non_negative_derivative(max("io_time"), 1s) * 0.001 AS "value"');
  expect(INFLUXDB.expression(READ)).toContain(String.raw`"name" = 'nvme1n1\'"\\' AND $timeFilter`);
  const text = POSTGRESQL.expression(READ);
  expect(text).toContain(String.raw`"name" = 'nvme1n1''"\'`);
  expect(text).toContain('max("value" * 0.001) AS "value"');
  expect(text).toContain(
    'lag("value") OVER (PARTITION BY "cluster", "node", "name" ORDER BY "step") AS "valueBefore" FROM (SELECT $__timeGroup',
  );
  expect(text).toContain(
    'CASE WHEN "value" >= "valueBefore" THEN ("value" - "valueBefore") / ("step" - "stepBefore")::double precision END AS "value"',
  );
});

test("where metrics are is said in each language's own way", () => {
  const { measurement } = taskQuery();
  expect(new InfluxDbStore({ retentionPolicy: 'a "month"' }).expression(taskQuery())).toContain(
    String.raw`FROM "a \"month\""."${measurement}"`,
  );
  expect(new PostgreSqlStore({ schemaName: 'our "own"' }).expression(taskQuery())).toContain(
    `FROM "our ""own"""."${measurement}"`,
  );
});

test("what is about the whole cluster does not depend on which nodes were chosen", () => {
  const query = taskQuery({ allNodes: true });
  for (const store of [INFLUXDB, POSTGRESQL, PROMETHEUS]) {
    expect(store.expression(query)).toMatch(/\$\{?cluster\b.*\$\{?job\b/);
    expect(store.expression(query)).not.toMatch(/\$\{?node\b/);
  }
});

test("a measurement that nodes do not ship is asked for by the labels that it has", () => {
  const query = taskQuery({ measurement: "orders", field: "open", seriesLabels: ["shop"], legend: "{{shop}}" });
  expect(PROMETHEUS.expression(query)).toBe(
    'sum by (shop) (avg_over_time(orders_open{cluster=~"$cluster", node=~"$node"}[$__rate_interval]))',
  );
  expect(POSTGRESQL.expression(query)).toContain('GROUP BY "step", "cluster", "node", "shop")');
});

test("a measurement of jobs' own follows what is chosen of jobs, and an attempt that ended does not count beside the next", () => {
  const query = taskQuery({
    ...{ measurement: "orders", field: "open", legend: "{{job_name}}" },
    seriesLabels: ["job_name", "subtask_index", "task_attempt_id"],
  });
  expect(PROMETHEUS.expression(query)).toContain('node=~"$node", job_name=~"$job"}');
  expect(PROMETHEUS.expression(query)).toContain("(max by (cluster, job_name, subtask_index) (");
});

test.each<[string, Partial<MetricQueryProps>]>([
  ["dividedBy of MetricQuery", { dividedBy: "numRecordsInPerSecond", overTime: OverTime.RATE }],
  ["dividedBy of MetricQuery", { dividedBy: "numRecordsInPerSecond", overTime: OverTime.GROWTH }],
  ["legend of MetricQuery", { by: ["job_name"] }],
])("what contradicts itself is refused: %s", (named, wrong) => {
  expect(() => taskQuery(wrong)).toThrow(new RegExp(`^${named} is `));
});
