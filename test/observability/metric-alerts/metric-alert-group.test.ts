import { parse } from "yaml";
import { Duration } from "../../../lib/core/duration";
import { OverTime } from "../../../lib/metrics/metric-reduction";
import { InfluxDbStore } from "../../../lib/observability/grafana/influxdb-store";
import type { MetricStore } from "../../../lib/observability/grafana/metric-store";
import { MetricUnit } from "../../../lib/observability/grafana/metric-unit";
import { PostgreSqlStore } from "../../../lib/observability/grafana/postgresql-store";
import { PrometheusStore } from "../../../lib/observability/grafana/prometheus-store";
import { MetricAlertProps } from "../../../lib/observability/metric-alerts/metric-alert";
import { MetricAlertGroup } from "../../../lib/observability/metric-alerts/metric-alert-group";
import { MetricCondition } from "../../../lib/observability/metric-alerts/metric-condition";
import { memoryAlert, memoryQuery } from "./support";

const WATCHED = { watchedFor: Duration.hours(1) };
const GROWTH = { query: memoryQuery(OverTime.GROWTH) };
const RATE = { query: memoryQuery(OverTime.RATE) };

function groupOf(more: Partial<MetricAlertProps> = {}): MetricAlertGroup {
  const group = new MetricAlertGroup({ name: "Ours", labels: { team: "orders" } });
  group.add(memoryAlert(more));
  return group;
}
const expressionOf = (more: Partial<MetricAlertProps>): string =>
  (parse(groupOf(more).toPrometheusRules()) as { groups: [{ rules: [{ expr: string }] }] }).groups[0].rules[0].expr;
const modelOf = (store: MetricStore, more: Partial<MetricAlertProps> = {}): Record<string, unknown> => {
  const text = groupOf(more).toGrafanaRules({ store, dataSourceUid: "metrics" });
  type File = { groups: [{ rules: [{ data: [{ model: Record<string, unknown> }] }] }] };
  return (parse(text) as File).groups[0].rules[0].data[0].model;
};

test("as a file of rules of Prometheus", () => {
  const group = groupOf({
    ...{ description: "See {{ node }}.", unit: MetricUnit.PERCENT, lastsFor: Duration.seconds(90) },
    runbookUrl: "https://wiki.example.com/memory",
  });
  expect(group.toPrometheusRules()).toBe(
    [
      "# Made by cdktf-flink.",
      "groups:",
      "  - name: Ours",
      "    interval: 1m",
      "    rules:",
      "      - alert: Memory",
      `        expr: (min by (node) (min_over_time(mem_available_percent{cluster="o'r"}[5m]))) < 5`,
      "        for: 90s",
      "        labels:",
      "          team: orders",
      "          severity: warning",
      "        annotations:",
      `          summary: '{{ .Labels.node }} has {{ printf "%.1f" .Value }} % of its memory left'`,
      "          description: See {{ .Labels.node }}.",
      "          runbook_url: https://wiki.example.com/memory",
      "",
    ].join("\n"),
  );
});

test.each<[string, Partial<MetricAlertProps>, string]>([
  ["above", { condition: MetricCondition.above(1.5) }, "(V) > 1.5"],
  ["within", { condition: MetricCondition.within(1, 2) }, "(V) > 1 < 2"],
  ["outside", { condition: MetricCondition.outside(1, 2) }, "(V) < 1 or (V) > 2"],
])("a condition in PromQL: %s", (_, more, expected) => {
  const value = `min by (node) (min_over_time(mem_available_percent{cluster="o'r"}[5m]))`;
  expect(expressionOf(more)).toBe(expected.replaceAll("V", value));
});

test("what has gone is 0 in PromQL, and what a counter grew by is what Prometheus calls its increase", () => {
  const matcher = `{cluster="o'r"}`;
  expect(expressionOf({ ...GROWTH, ...WATCHED })).toBe(
    `(min by (node) (increase(mem_available_percent${matcher}[5m])) or ` +
      `0 * min by (node) (last_over_time(mem_available_percent${matcher}[1h]))) < 5`,
  );
});

test("InfluxDB is asked in steps that end now, by its own clock", () => {
  const inside = `WHERE "cluster" = 'o\\'r' AND time >= now() - 300s AND time < now()`;
  expect(modelOf(new InfluxDbStore()).query).toBe(
    `SELECT min("value") FROM (SELECT min("available_percent") AS "value" FROM "mem" ${inside} ` +
      `GROUP BY time(300s, now()), * fill(none)) WHERE time >= now() - 300s AND time < now() ` +
      `GROUP BY time(300s, now()), "node" fill(none)`,
  );
  const watched = "time >= now() - 3600s AND time < now()";
  expect(modelOf(new InfluxDbStore(), { ...RATE, ...WATCHED }).query).toBe(
    `SELECT min("value") FROM (SELECT sum("grown") / 300 AS "value" FROM (` +
      `SELECT non_negative_difference("available_percent") AS "grown" FROM "mem" WHERE "cluster" = 'o\\'r' AND ${watched} GROUP BY *) ` +
      `WHERE ${watched} GROUP BY time(300s, now()), * fill(none)) WHERE ${watched} GROUP BY time(300s, now()), "node" fill(0)`,
  );
});

test("PostgreSQL is asked by its own clock; of what has gone there is a row with 0", () => {
  const since = (seconds: number, column = "time"): string =>
    `"${column}" > now() - interval '${seconds} seconds' AND "${column}" <= now()`;
  const where = `"available_percent" IS NOT NULL AND "cluster" = 'o''r'`;
  expect(modelOf(new PostgreSqlStore())).toMatchObject({ format: "table", rawQuery: true });
  expect(modelOf(new PostgreSqlStore()).rawSql).toBe(
    `SELECT "node", min("value") AS "value" FROM (SELECT "cluster", "node", min("available_percent")::double precision AS "value" ` +
      `FROM "metrics"."mem" WHERE ${since(300)} AND ${where} GROUP BY "cluster", "node") AS "series" ` +
      'WHERE "value" IS NOT NULL GROUP BY "node"',
  );
  expect(modelOf(new PostgreSqlStore(), WATCHED).rawSql).toBe(
    `SELECT "node", coalesce(min("value"), 0) AS "value" FROM (SELECT "cluster", "node", ` +
      `min("available_percent") FILTER (WHERE ${since(300)})::double precision AS "value" ` +
      `FROM "metrics"."mem" WHERE ${since(3600)} AND ${where} GROUP BY "cluster", "node") AS "series" GROUP BY "node"`,
  );
  const grown = modelOf(new PostgreSqlStore(), GROWTH).rawSql as string;
  expect(grown).toContain(
    'sum("value" - CASE WHEN "value" >= "valueBefore" THEN "valueBefore" ELSE 0 END) ' +
      `FILTER (WHERE ${since(300, "timeBefore")}) AS "value"`,
  );
});

test("Grafana asks Prometheus for one moment, and a rule has its own words for the value", () => {
  expect(modelOf(new PrometheusStore())).toMatchObject({
    ...{ refId: "A", instant: true, range: false, datasource: { type: "prometheus", uid: "metrics" } },
    expr: `min by (node) (min_over_time(mem_available_percent{cluster="o'r"}[5m]))`,
  });
  expect(groupOf().toGrafanaRules({ store: new PrometheusStore(), dataSourceUid: "metrics" })).toContain(
    '"{{ .Labels.node }} has {{ humanize .Values.B.Value }} of its memory left"',
  );
});

test("a label of a group covers none of the metrics' own", () => {
  const group = new MetricAlertGroup({ name: "Ours", labels: { team: "orders", node: "x" } });
  expect(() => group.add(memoryAlert())).toThrow(
    'a key of labels of MetricAlertGroup is "node", but must be another label than those of the lines of Memory, which are node: choose another name for it',
  );
  expect(group.alerts).toEqual([]);
});

test("a name is in a group once", () => {
  const group = groupOf();
  expect(() => group.add(memoryAlert())).toThrow(
    'name of the argument of MetricAlertGroup.add is "Memory", but must be a name that is not in the group yet: choose another name',
  );
  expect(group.alerts.map(({ name }) => name)).toEqual(["Memory"]);
});
