import { metricDashboards } from "../../../examples/metric-dashboards/dashboards";
import { FlinkCluster } from "../../../lib";
import { FlinkMetricDashboards } from "../../../lib/observability/grafana/flink-metric-dashboards";
import { GrafanaDashboard } from "../../../lib/observability/grafana/grafana-dashboard";
import { InfluxDbStore } from "../../../lib/observability/grafana/influxdb-store";
import { MetricStore } from "../../../lib/observability/grafana/metric-store";
import { MetricThresholds } from "../../../lib/observability/grafana/metric-thresholds";
import { MetricUnit } from "../../../lib/observability/grafana/metric-unit";
import { PostgreSqlStore } from "../../../lib/observability/grafana/postgresql-store";
import { PrometheusStore } from "../../../lib/observability/grafana/prometheus-store";
import { TablePanel } from "../../../lib/observability/grafana/table-panel";
import { TimeSeriesPanel } from "../../../lib/observability/grafana/time-series-panel";
import { CLUSTER_ATTRIBUTES } from "../../cluster/bad-input/clusters";
import { testStack } from "../../support/synth";
import { GrafanaSchema } from "./grafana-schema";
import { taskQuery } from "./support";

const STORES: readonly [string, MetricStore][] = [
  ["InfluxDB", new InfluxDbStore()],
  ["PostgreSQL", new PostgreSqlStore()],
  ["Prometheus", new PrometheusStore()],
];
/** What ours make no use of. */
const OTHERS = new GrafanaDashboard({ title: "Others", description: "Others", uid: "others" });
const common = { description: "x", queries: [taskQuery()], unit: MetricUnit.COUNT, min: 0, max: 1 };
const thresholds = MetricThresholds.above({ warning: 1, critical: 2 });
OTHERS.add({ panel: new TimeSeriesPanel({ ...common, title: "stacked", stacked: true, thresholds }) });
OTHERS.add({ panel: new TablePanel({ ...common, title: "coloured", thresholds }) });

let schema: GrafanaSchema;
beforeAll(() => {
  schema = new GrafanaSchema();
});

describe.each(STORES)("in %s", (_, store) => {
  test.each([...new FlinkMetricDashboards().dashboards, OTHERS].map((each) => [each.title, each] as const))(
    "%s is as Grafana's published types have it",
    (__, dashboard) => expect(schema.faultsOf(dashboard.toJson(store))).toEqual([]),
  );
});

test("the dashboards of the example are, too", () => {
  const flink = FlinkCluster.fromFlinkClusterAttributes(testStack(), "flink", CLUSTER_ATTRIBUTES);
  const store = new PrometheusStore();
  expect(metricDashboards(flink).flatMap((dashboard) => schema.faultsOf(dashboard.toJson(store)))).toEqual([]);
});

/** Values in the file of the overview, whose first panel is a heading; `undefined`: it is not there. */
const WRONG: readonly [what: string, place: string, value: unknown, fault: string][] = [
  ["a property that there is none", "sortedBy", "title", '"additionalProperty":"sortedBy"'],
  ["a time that is a number", "time.from", 5, "/time/from must be string"],
  ["a place without its width", "panels.1.gridPos.w", undefined, "/panels/1/gridPos must have"],
  ["a heading without its panels", "panels.0.panels", undefined, '"missingProperty":"panels"'],
  [
    "a rule of colours that there is none",
    "panels.1.fieldConfig.defaults.color.mode",
    "ours",
    "color/mode must be equal",
  ],
  ["a limit that is a text", "panels.1.fieldConfig.defaults.thresholds.steps.0.value", "2", "steps/0/value must be"],
  ["a kind of variable that there is none", "templating.list.1.type", "ask", "/templating/list/1/type must be"],
  ["an option that a number has not", "panels.1.options.legend", {}, '"additionalProperty":"legend"'],
  ["a look that there is none", "panels.11.fieldConfig.defaults.custom.drawStyle", "dots", "/custom/drawStyle must be"],
  ["a kind of panel that is not checked", "panels.1.type", "graph", "is a graph, which is not checked"],
];
test.each(WRONG)("finds fault with %s", (_, place, value, fault) => {
  const dashboard = JSON.parse(new FlinkMetricDashboards().overview.toJson(new PrometheusStore())) as object;
  const names = place.split(".");
  const last = names.pop()!;
  const holder = names.reduce((within, name) => (within as Record<string, object>)[name], dashboard);
  Object.assign(holder, { [last]: value });
  expect(schema.faultsOf(JSON.stringify(dashboard)).join("\n")).toContain(fault);
});
