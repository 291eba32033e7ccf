import { metricAlerts } from "../../examples/metric-dashboards/alerts";
import { metricDashboards } from "../../examples/metric-dashboards/dashboards";
import { FlinkAlert, FlinkCluster, FlinkMetricDashboards, PrometheusStore } from "../../lib";
import { CLUSTER_ATTRIBUTES } from "../cluster/bad-input/clusters";
import { testStack } from "../support/synth";

const flink = FlinkCluster.fromFlinkClusterAttributes(testStack(), "flink", {
  ...{ ...CLUSTER_ATTRIBUTES, clusterName: "shop" },
});
const dashboards = metricDashboards(flink);
const store = new PrometheusStore();

test("it holds all that the library brings, with one panel more on its overview", () => {
  const ours = new FlinkMetricDashboards();
  expect(dashboards.map(({ uid }) => uid)).toEqual([...ours.dashboards.map(({ uid }) => uid), "orders"]);
  const added = dashboards[0].panels.slice(ours.overview.panels.length);
  expect(added.map(({ title, queries }) => [title, queries.map((query) => store.expression(query))])).toEqual([
    [
      "Late orders",
      [
        "sum by (job_name) (rate(flink_taskmanager_job_task_operator_numLateRecordsDropped" +
          '{cluster=~"$cluster", node=~"$node", job_name=~"$job"}[$__rate_interval]))',
      ],
    ],
  ]);
});

test("it has a dashboard of its own, about one cluster alone", () => {
  const { panels } = dashboards[dashboards.length - 1];
  expect(panels).toHaveLength(5);
  const expressions = panels.flatMap(({ queries }) => queries.map((query) => store.expression(query)));
  expect(expressions.filter((each) => !each.includes('cluster="shop"'))).toEqual([]);
  expect(expressions.filter((each) => each.includes('job_name="orders"'))).toHaveLength(4);
});

test("it is told of what the library knows but for free slots, by thresholds of its own, and of one thing more", () => {
  const alerts = metricAlerts(flink);
  const names = alerts.alerts.map(({ name }) => name);
  const expected = Object.values<string>(FlinkAlert).filter((name) => name !== String(FlinkAlert.NO_FREE_SLOTS));
  expect([...names].sort()).toEqual([...expected, "OrdersStill"].sort());
  const rules = alerts.toPrometheusRules();
  for (const part of ["> 75", "> 300", "https://wiki.example.com/flink/runbooks/job-down.md", "team: orders"]) {
    expect(rules).toContain(part);
  }
  expect(rules).toContain('numRecordsOutPerSecond{job_name="orders", cluster="shop"}[5m]');
});
