import {
  AcrossSeries,
  FlinkCluster,
  FlinkMetricOptions,
  FlinkMetricQuery,
  IFlinkCluster,
  MetricQuery,
  OverTime,
  PostgreSqlStore,
  PrometheusStore,
} from "../../lib";
import { CLUSTER_ATTRIBUTES } from "../cluster/bad-input/clusters";
import { TOKENS } from "../cluster/bad-input/values";
import { cluster } from "../cluster/support";
import { shippedFields } from "../observability/grafana/shipped-fields";
import { testStack } from "../support/synth";

type Methods = Readonly<Record<string, (options?: FlinkMetricOptions) => MetricQuery>>;

const PROMETHEUS = new PrometheusStore();
const NAMES = Object.getOwnPropertyNames(FlinkMetricQuery).filter(
  (name) => !["length", "name", "prototype"].includes(name),
);
const ofAll = (name: string, options?: FlinkMetricOptions): MetricQuery =>
  (FlinkMetricQuery as unknown as Methods)[name](options);
const methodOf = (name: string): string => `metric${name[0].toUpperCase()}${name.slice(1)}`;
const ofOne = (flink: IFlinkCluster, name: string, options?: FlinkMetricOptions): MetricQuery =>
  (flink as unknown as Methods)[methodOf(name)](options);

const stack = testStack();
const flink = cluster(stack, { clusterName: "orders" });
const existing = FlinkCluster.fromFlinkClusterAttributes(stack, "existing", {
  ...{ ...CLUSTER_ATTRIBUTES, clusterName: "payments" },
});

test("a cluster has a method for each that there is, and no other", () => {
  const methods = new Set<string>();
  for (let each: object = flink; each !== Object.prototype; each = Object.getPrototypeOf(each) as object) {
    for (const name of Object.getOwnPropertyNames(each)) if (/^metric[A-Z]/.test(name)) methods.add(name);
  }
  expect([...methods].sort()).toEqual(NAMES.map(methodOf).sort());
});

describe.each(NAMES)("%s", (name) => {
  test("asks for what nodes ship", () => {
    const { measurement, field, _dividedBy: dividedBy } = ofAll(name);
    const shipped = shippedFields().get(measurement);
    expect(shipped).toContain(field);
    if (dividedBy !== undefined) expect(shipped).toContain(dividedBy);
  });

  test("is of all clusters that a person chooses, or of one whatever is chosen", () => {
    const all = PROMETHEUS.expression(ofAll(name));
    expect(all).toContain('cluster=~"$cluster"');
    for (const each of [flink, existing]) {
      const one = PROMETHEUS.expression(ofOne(each, name));
      expect(one).not.toContain("$cluster");
      expect(one).toContain(`cluster="${each.clusterName}"`);
      // Of all clusters, jobs and tasks are told apart by theirs, too.
      const ofAll = all.replace(/^(\w+) by \((.*?), cluster\)/, "$1 by ($2)");
      const withoutCluster = (text: string) => text.replace(/(, )?cluster=(~"\$cluster"|"[a-z]+")(, )?/g, "");
      expect(withoutCluster(one)).toBe(withoutCluster(ofAll));
    }
  });
});

test("what is changed of one is changed, and the rest is as it was", () => {
  const orders = flink.metricCheckpointDuration({ where: { job_name: "orders" }, legend: "Orders" });
  expect(PROMETHEUS.expression(orders)).toBe(
    'max (max_over_time(flink_jobmanager_job_lastCheckpointDuration{job_name="orders", cluster="orders"}[$__rate_interval]))',
  );
  const mean = flink.metricRecordsIn({ overTime: OverTime.MAX, across: AcrossSeries.MEAN, by: ["node"], legend: "x" });
  expect(PROMETHEUS.expression(mean)).toMatch(
    /^avg by \(node\) \(max by \(cluster, node, job_id, job_name, task_id, task_name, subtask_index\) \(max_over_time\(flink_taskmanager_job_task_numRecordsInPerSecond\{/,
  );
});

test("any metric of a cluster is its own", () => {
  const threads = flink.metric({
    ...{ measurement: "flink_taskmanager", field: "Status_JVM_Threads_Count", legend: "{{node}}" },
    ...{ overTime: OverTime.MAX, across: AcrossSeries.MAX, where: { node: "orders-node-1" } },
  });
  expect(new PostgreSqlStore().expression(threads)).toContain(
    `WHERE $__timeFilter("time") AND "Status_JVM_Threads_Count" IS NOT NULL AND "node" = 'orders-node-1' AND "cluster" = 'orders' GROUP`,
  );
});

test("a cluster whose name only Terraform knows is refused, and so is another cluster's name", () => {
  const unknown = FlinkCluster.fromFlinkClusterAttributes(stack, "unknown", {
    ...{ ...CLUSTER_ATTRIBUTES, clusterName: TOKENS.text },
  });
  expect(() => unknown.metricRestarts()).toThrow(
    "clusterName is a value known only when Terraform runs, but must be known when the program runs where metrics of it " +
      "are asked for: give the name as a text",
  );
  const sentence =
    'where["cluster"] of metricRestarts is "payments", but must be left out, as it is about this cluster alone: leave it out, ' +
    "or make a MetricQuery";
  expect(() => flink.metricRestarts({ where: { cluster: "payments" } })).toThrow(sentence);
});
