import { Duration } from "../../../lib/core/duration";
import { FlinkMetricDashboards } from "../../../lib/observability/grafana/flink-metric-dashboards";
import { GrafanaDashboard } from "../../../lib/observability/grafana/grafana-dashboard";
import { InfluxDbStore } from "../../../lib/observability/grafana/influxdb-store";
import { MEASUREMENTS } from "../../../lib/metrics/metric-measurements";
import { MetricQuery } from "../../../lib/metrics/metric-query";
import { MetricStore } from "../../../lib/observability/grafana/metric-store";
import { MetricThresholds } from "../../../lib/observability/grafana/metric-thresholds";
import { MetricUnit } from "../../../lib/observability/grafana/metric-unit";
import { PanelSummary } from "../../../lib/observability/grafana/panel-summary";
import { PostgreSqlStore } from "../../../lib/observability/grafana/postgresql-store";
import { PrometheusStore } from "../../../lib/observability/grafana/prometheus-store";
import { StatPanel } from "../../../lib/observability/grafana/stat-panel";
import { TablePanel } from "../../../lib/observability/grafana/table-panel";
import { TimeSeriesPanel } from "../../../lib/observability/grafana/time-series-panel";
import { shippedFields } from "./shipped-fields";
import { taskQuery } from "./support";

const STORES: readonly [string, MetricStore][] = [
  ["InfluxDB", new InfluxDbStore()],
  ["PostgreSQL", new PostgreSqlStore()],
  ["Prometheus", new PrometheusStore()],
];

interface Position {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}
interface Written {
  readonly uid: string;
  readonly panels: readonly {
    readonly id: number;
    readonly type: string;
    readonly title: string;
    readonly description: string;
    readonly interval: string;
    readonly gridPos: Position;
    readonly targets: readonly Readonly<Record<string, unknown>>[];
    readonly fieldConfig: { readonly defaults: Readonly<Record<string, unknown>> };
    readonly options: Readonly<Record<string, unknown>>;
    readonly transformations: readonly object[];
  }[];
  readonly timepicker: { readonly quick_ranges: readonly { readonly to: string }[] };
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: string }[] };
}

/** What a query asks for. */
const placesOf = ({
  measurement,
  field,
  _dividedBy: dividedBy,
}: MetricQuery): readonly (readonly [string, string])[] => [
  [measurement, field],
  ...(dividedBy === undefined ? [] : [[measurement, dividedBy] as const]),
];
const cellsOf = ({ x, y, w, h }: Position): readonly string[] =>
  Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`);
const written = (dashboard: GrafanaDashboard, store: MetricStore) => JSON.parse(dashboard.toJson(store)) as Written;
const SHIPPED = shippedFields();
const ours = new FlinkMetricDashboards();
const EACH: readonly [string, GrafanaDashboard][] = ours.dashboards.map((dashboard) => [dashboard.uid, dashboard]);

test("each has an address of its own", () => {
  expect(new Set(ours.dashboards.map(({ uid }) => uid)).size).toBe(8);
});

test.each(EACH)("%s asks for nothing but what nodes ship, by labels that it has", (_, { panels }) => {
  const asked = panels.flatMap(({ queries }) => queries).flatMap(placesOf);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter(([measurement, field]) => !SHIPPED.get(measurement)?.includes(field))).toEqual([]);
});

test.each(EACH)("%s has lines of their own for what is of one name in several clusters", (_, { panels }) => {
  // A node has its cluster in its own name.
  const merged = panels
    .flatMap(({ queries }) => queries)
    .filter(({ _by }) => !_by.includes("cluster") && !_by.includes("node"))
    .map(({ measurement, field }) => `${measurement}_${field}`);
  expect(merged).toEqual([]);
});

test("what is known of measurements is about those that nodes ship", () => {
  expect([...SHIPPED.keys()]).toEqual(expect.arrayContaining(Object.keys(MEASUREMENTS)));
});

describe.each(STORES)("in %s", (_, store) => {
  test.each(EACH)(
    "%s has panels that do not lie upon each other, each with what it shows and what to do",
    (__, dashboard) => {
      const { panels } = written(dashboard, store);
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      const cells = panels.flatMap(({ gridPos }) => cellsOf(gridPos));
      expect(new Set(cells).size).toBe(cells.length);
      expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
      for (const { type, description } of panels) {
        if (type !== "row") expect(description).toMatch(/^\S.*\n\n\*\*What to do:\*\* \S/s);
      }
    },
  );

  test.each(EACH)("%s names no variable that it does not have, and has none that it does not name", (__, dashboard) => {
    const { panels, templating } = written(dashboard, store);
    const named = new Set(
      [...JSON.stringify([panels, templating]).matchAll(/\$\{?([a-z][A-Za-z]*)/g)]
        .map(([, name]) => name)
        .filter((name) => name !== "timeFilter"),
    );
    expect([...named].sort()).toEqual(templating.list.map(({ name }) => name).sort());
  });
});

test("variables are asked for in the language of the store, by what was chosen before", () => {
  const queries = (store: MetricStore) => written(ours.jobs, store).templating.list.map(({ query }) => query);
  expect(queries(new PrometheusStore())).toEqual([
    "prometheus",
    "label_values(cdktf_flink_node_healthy, cluster)",
    'label_values(cdktf_flink_node_healthy{cluster=~"$cluster"}, node)',
    'label_values(flink_jobmanager_job_uptime{cluster=~"$cluster"}, job_name)',
  ]);
  expect(queries(new InfluxDbStore())).toEqual([
    "influxdb",
    'SHOW TAG VALUES FROM "cdktf_flink_node" WITH KEY = "cluster"',
    'SHOW TAG VALUES FROM "cdktf_flink_node" WITH KEY = "node" WHERE "cluster" =~ /^${cluster:regex}$/',
    'SHOW TAG VALUES FROM "flink_jobmanager_job" WITH KEY = "job_name" WHERE "cluster" =~ /^${cluster:regex}$/',
  ]);
  expect(queries(new PostgreSqlStore())).toEqual([
    "grafana-postgresql-datasource",
    'SELECT DISTINCT "cluster" FROM "metrics"."cdktf_flink_node" WHERE $__timeFilter("time") AND "cluster" IS NOT NULL ORDER BY 1',
    'SELECT DISTINCT "node" FROM "metrics"."cdktf_flink_node" WHERE $__timeFilter("time") AND "node" IS NOT NULL ' +
      'AND "cluster" IN (${cluster:sqlstring}) ORDER BY 1',
    'SELECT DISTINCT "job_name" FROM "metrics"."flink_jobmanager_job" WHERE $__timeFilter("time") AND "job_name" IS NOT NULL ' +
      'AND "cluster" IN (${cluster:sqlstring}) ORDER BY 1',
  ]);
});

const result = { text: "no data", color: "red", index: 0 };
const NO_DATA = [
  { type: "special", options: { match: "null+nan", result } },
  // Both ends, and both finite: without one, Grafana 10 has the range end at 0.
  { type: "range", options: { from: -2e300, to: -5e299, result } },
];

test("a panel of now asks for the last four looks, and has what is silent in red", () => {
  const dashboard = new GrafanaDashboard({
    ...{ title: "Ours", description: "Ours", uid: "ours", interval: Duration.minutes(1) },
  });
  const common = { title: "x", description: "x", queries: [taskQuery()], unit: MetricUnit.COUNT };
  dashboard.add({ panel: new StatPanel(common) });
  dashboard.add({ panel: new TablePanel({ ...common, columns: [PanelSummary.NOW] }) });
  for (const [, store] of STORES) {
    const [stat, table] = written(dashboard, store).panels;
    for (const { fieldConfig } of [stat, table]) {
      expect(fieldConfig.defaults).toMatchObject({
        mappings: NO_DATA,
        thresholds: { steps: [{ color: "text", value: null }] },
      });
    }
    expect(stat.options).toMatchObject({ reduceOptions: { calcs: ["last"] }, graphMode: "none" });
    expect(table.transformations).toMatchObject([{ options: { reducers: ["last"] } }]);
    expect(table.fieldConfig.defaults.custom).toMatchObject({ cellOptions: { type: "color-text" } });
    expect(table.targets).toEqual(stat.targets);
  }
  const targetIn = (store: MetricStore) => written(dashboard, store).panels[0].targets[0];
  expect(targetIn(new PrometheusStore())).toMatchObject({
    ...{ instant: true, range: false, legendFormat: "{{job_name}}: {{task_name}}" },
    expr: expect.stringMatching(/\[4m\].* or -1e\+300 \+ 0 \* sum by .*\[\$__range\]/) as string,
  });
  expect(targetIn(new InfluxDbStore())).toMatchObject({
    query: expect.stringMatching(/ time\(240s, \$\{__to\}ms\), .* fill\(null\) ORDER BY time DESC LIMIT 1$/) as string,
  });
  expect(targetIn(new PostgreSqlStore())).toMatchObject({
    ...{ format: "time_series" },
    rawSql: expect.stringContaining(`> least(now(), $__timeTo()::timestamptz) - interval '240 seconds'`) as string,
  });
});

test("no time that a dashboard offers ends in the future, where all would be silent", () => {
  const { timepicker } = written(ours.overview, new PrometheusStore());
  const ends = new Set(timepicker.quick_ranges.map(({ to }) => to));
  expect([...ends].sort()).toEqual(["now", "now-1d/d"]);
});

test("what a panel shows of other times than now has nothing in the place of what is not there", () => {
  const dashboard = new GrafanaDashboard({ title: "Ours", description: "Ours", uid: "ours" });
  const common = { title: "x", description: "x", queries: [taskQuery()], unit: MetricUnit.COUNT };
  dashboard.add({ panel: new StatPanel({ ...common, summary: PanelSummary.LAST }) });
  dashboard.add({ panel: new TablePanel(common) });
  dashboard.add({ panel: new TimeSeriesPanel(common) });
  for (const { fieldConfig, targets } of written(dashboard, new PrometheusStore()).panels) {
    expect(fieldConfig.defaults.mappings).toEqual([]);
    expect(targets[0]).toMatchObject({ range: true });
  }
});

test("a panel has its unit, its thresholds, its range and the names of its lines", () => {
  const dashboard = new GrafanaDashboard({
    ...{ title: "Ours", description: "Ours", uid: "ours", interval: Duration.minutes(1) },
  });
  const common = { title: "x", description: "What it shows.", queries: [taskQuery(), taskQuery()] };
  const limits = { warning: 1, critical: 2 };
  dashboard.add({
    panel: new TimeSeriesPanel({
      ...{ ...common, unit: MetricUnit.BYTES, min: 0, max: 3, stacked: true },
      thresholds: MetricThresholds.above(limits),
    }),
  });
  const belowLimits = MetricThresholds.below({ warning: 2, critical: 1 });
  dashboard.add({
    panel: new StatPanel({ ...common, unit: MetricUnit.COUNT, thresholds: belowLimits, summary: PanelSummary.GROWTH }),
  });
  dashboard.add({ panel: new TablePanel({ ...common, unit: MetricUnit.COUNT, columns: [PanelSummary.LAST] }) });
  const of = (store: MetricStore) => written(dashboard, store).panels;
  const [lines, number, table] = of(new PrometheusStore());
  expect(lines).toMatchObject({ type: "timeseries", description: "What it shows.", interval: "60s" });
  expect(lines.fieldConfig.defaults).toMatchObject({
    ...{ unit: "bytes", min: 0, max: 3 },
    thresholds: {
      steps: [
        { color: "green", value: null },
        { color: "yellow", value: 1 },
        { color: "red", value: 2 },
      ],
    },
    custom: { stacking: { mode: "normal" }, thresholdsStyle: { mode: "dashed" } },
  });
  expect(number.fieldConfig.defaults.thresholds).toEqual({
    mode: "absolute",
    steps: [
      { color: "red", value: null },
      { color: "yellow", value: 1 },
      { color: "green", value: 2 },
    ],
  });
  expect(number.options).toMatchObject({ reduceOptions: { calcs: ["delta"] }, textMode: "value_and_name" });
  expect(table.transformations).toEqual([
    { id: "reduce", options: { mode: "seriesToRows", reducers: ["lastNotNull"] } },
  ]);
  expect(lines.targets.map(({ refId, legendFormat, interval }) => [refId, legendFormat, interval])).toEqual([
    ["A", "{{job_name}}: {{task_name}}", "60s"],
    ["B", "{{job_name}}: {{task_name}}", "60s"],
  ]);
  expect(of(new InfluxDbStore())[0].targets[0]).toMatchObject({
    ...{ alias: "[[tag_job_name]]: [[tag_task_name]]", rawQuery: true, resultFormat: "time_series" },
  });
});
