import type { MetricVariable } from "../../metrics/metric-measurements";
import type { MetricQuery } from "../../metrics/metric-query";
import type { LabelValues, MetricStore } from "./metric-store";

/** Each node ships it, whatever else it does. */
const OF_ALL_NODES = { measurement: "cdktf_flink_node", field: "healthy" };
const CLUSTER = ["cluster", "cluster"] as const;

/** Where the values of each variable come from, in the order in which a person chooses. */
const VARIABLES: readonly (readonly [variable: MetricVariable, label: string, values: LabelValues])[] = [
  ["cluster", "Cluster", { ...OF_ALL_NODES, label: "cluster", chosen: [] }],
  ["node", "Node", { ...OF_ALL_NODES, label: "node", chosen: [CLUSTER] }],
  ["job", "Job", { measurement: "flink_jobmanager_job", field: "uptime", label: "job_name", chosen: [CLUSTER] }],
];

/**
 * The data source, and what some of the queries let a person choose: all of it, at first.
 *
 * @param dataSourceUid id of the data source that is chosen at first; absent: Grafana's choice of those of the store's kind
 */
export function dashboardVariables(
  store: MetricStore,
  queries: readonly MetricQuery[],
  dataSourceUid?: string,
): readonly object[] {
  const chosen = new Set(queries.flatMap((query) => query._chosen().map(([variable]) => variable)));
  const all = { text: "All", value: "$__all" };
  return [
    {
      ...{ name: "datasource", label: "Data source", type: "datasource", query: store._plugin },
      ...(dataSourceUid !== undefined && { current: { text: dataSourceUid, value: dataSourceUid } }),
    },
    ...VARIABLES.filter(([variable]) => chosen.has(variable)).map(([name, label, values]) => ({
      name,
      label,
      type: "query",
      datasource: { type: store._plugin, uid: "${datasource}" },
      query: store._labelValues(values),
      multi: true,
      includeAll: true,
      current: all,
      // When the time changes: nodes and jobs come and go.
      refresh: 2,
      // By the alphabet, without regard to case.
      sort: 5,
    })),
  ];
}
