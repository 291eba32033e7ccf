import { parse } from "yaml";
import { Duration } from "../../../lib/core/duration";
import { InfluxDbStore } from "../../../lib/observability/grafana/influxdb-store";
import type { MetricStore } from "../../../lib/observability/grafana/metric-store";
import { PostgreSqlStore } from "../../../lib/observability/grafana/postgresql-store";
import { PrometheusStore } from "../../../lib/observability/grafana/prometheus-store";
import { FlinkMetricAlerts } from "../../../lib/observability/metric-alerts/flink-metric-alerts";

const STORES: readonly [string, MetricStore][] = [
  ["InfluxDB", new InfluxDbStore()],
  ["PostgreSQL", new PostgreSqlStore()],
  ["Prometheus", new PrometheusStore()],
];
/** As Prometheus' own library reads it, which Grafana uses. */
const DURATION = /^\d+(ms|[smhdwy])$/;
type Fields = Readonly<Record<string, unknown>>;

/**
 * What Grafana reads of a file of rules, and of which kind each is; it passes over all else without a word.
 *
 * @see https://grafana.com/docs/grafana/latest/alerting/set-up/provision-alerting-resources/file-provisioning/#import-alert-rules
 */
const GROUP = { orgId: Number, name: String, folder: String, interval: String, rules: Array };
const RULE = {
  ...{ uid: String, title: String, condition: String, data: Array, noDataState: String, execErrState: String },
  ...{ for: String, annotations: Object, labels: Object, isPaused: Boolean },
};
const STEP = { refId: String, relativeTimeRange: Object, datasourceUid: String, model: Object };

/** Names that are missing, are more than there may be, or have a value of another kind. */
function faultsOf(value: Fields, fields: Readonly<Record<string, unknown>>): readonly string[] {
  const names = new Set([...Object.keys(value), ...Object.keys(fields)]);
  return [...names].filter((name) => (value[name] as object | undefined)?.constructor !== fields[name]);
}

describe.each(STORES)("in %s", (_, store) => {
  const file = parse(new FlinkMetricAlerts().toGrafanaRules({ store, dataSourceUid: "metrics" })) as Fields;
  const [group] = file.groups as Fields[];
  const rules = group.rules as (Fields & { readonly data: (Fields & { readonly model: Fields })[] })[];

  test("a file has what Grafana reads, and nothing that it passes over", () => {
    expect(Object.keys(file)).toEqual(["apiVersion", "groups"]);
    expect(file.apiVersion).toBe(1);
    expect(faultsOf(group, GROUP)).toEqual([]);
    expect(rules.flatMap((rule) => faultsOf(rule, RULE))).toEqual([]);
    expect(rules.flatMap(({ data }) => data.flatMap((step) => faultsOf(step, STEP)))).toEqual([]);
    for (const { for: lastsFor } of rules) expect(lastsFor).toMatch(DURATION);
    expect(group.interval).toMatch(DURATION);
  });

  test("each rule has an id of its own, of at most 40 characters", () => {
    const uids = rules.map(({ uid }) => uid as string);
    expect(new Set(uids).size).toBe(rules.length);
    for (const uid of uids) expect(uid).toMatch(/^[A-Za-z0-9_-]{1,40}$/);
  });

  test("a rule asks the store, takes one value of each line, and compares it", () => {
    for (const { condition, data } of rules) {
      expect(condition).toBe("C");
      expect(data.map(({ refId, datasourceUid }) => [refId, datasourceUid])).toEqual([
        ["A", "metrics"],
        ["B", "__expr__"],
        ["C", "__expr__"],
      ]);
      expect(data.map(({ model: { refId } }) => refId)).toEqual(["A", "B", "C"]);
      expect(data[1].model).toMatchObject({ type: "reduce", expression: "A", reducer: "last" });
      expect(data[2].model).toMatchObject({ type: "threshold", expression: "B" });
      const [{ evaluator }] = data[2].model.conditions as [{ evaluator: { type: string; params: number[] } }];
      expect(["gt", "lt"]).toContain(evaluator.type);
      expect(evaluator.params.every((each) => Number.isFinite(each))).toBe(true);
      const { from, to } = data[0].relativeTimeRange as { from: number; to: number };
      expect(from).toBeGreaterThan(to);
    }
  });

  test("nothing is a variable of Grafana's environment but what a query says itself", () => {
    const rest = rules.map((rule) => ({ ...rule, data: undefined }));
    expect(JSON.stringify([rest, group.name, group.folder])).not.toContain("$");
    expect(JSON.stringify(rules)).not.toContain("$__");
  });

  test("without lines all is well, unless lines are watched", () => {
    const told = rules.filter(({ noDataState }) => noDataState === "NoData").map(({ title }) => title);
    expect(told).toEqual(["FlinkJobGone", "FlinkNoLeader", "FlinkNoQuorum", "FlinkNodeSilent"]);
    expect(new Set(rules.map(({ execErrState }) => execErrState))).toEqual(new Set(["Error"]));
  });
});

test("rules of two clusters do not replace each other", () => {
  const uidsOf = (clusterName: string): string[] => {
    const alerts = new FlinkMetricAlerts({ clusterName, evaluationInterval: Duration.seconds(30) });
    const text = alerts.toGrafanaRules({ store: new PrometheusStore(), dataSourceUid: "x", folder: "Ours" });
    const { groups } = parse(text) as { groups: [{ name: string; folder: string; rules: { uid: string }[] }] };
    expect(groups[0]).toMatchObject({ name: `Flink ${clusterName}`, folder: "Ours", interval: "30s" });
    return groups[0].rules.map(({ uid }) => uid);
  };
  const both = [...uidsOf("orders"), ...uidsOf("payments")];
  expect(new Set(both).size).toBe(both.length);
});
