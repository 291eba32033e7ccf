import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Duration } from "../../../lib/core/duration";
import { OverTime } from "../../../lib/metrics/metric-reduction";
import { FlinkAlert, RUNBOOKS } from "../../../lib/observability/metric-alerts/flink-alert";
import { FlinkMetricAlerts } from "../../../lib/observability/metric-alerts/flink-metric-alerts";
import { shippedFields } from "../grafana/shipped-fields";
import { memoryAlert } from "./support";

const DOCS = path.resolve(__dirname, "../../../docs");
const SHIPPED = shippedFields();
const ALL = Object.values(FlinkAlert);
const { alerts } = new FlinkMetricAlerts();

test("all of them are on", () => {
  expect(alerts.map(({ name }) => name).sort()).toEqual([...ALL].sort());
});

test.each(alerts.map((alert) => [alert.name, alert] as const))(
  "%s looks at nothing but what nodes ship, and tells of which cluster it is",
  (_, { query: { measurement, field, _dividedBy: dividedBy, _by: by } }) => {
    const fields = [field, ...(dividedBy === undefined ? [] : [dividedBy])];
    expect(SHIPPED.get(measurement)).toEqual(expect.arrayContaining(fields));
    expect(by).toContain("cluster");
  },
);

test.each(ALL)("%s has a page that says what to do, and a row in the table", (alert) => {
  const page = path.join(DOCS, "runbooks", `${RUNBOOKS[alert]}.md`);
  expect(existsSync(page)).toBe(true);
  const text = readFileSync(page, "utf8");
  expect(text).toMatch(new RegExp(`^# \`${RUNBOOKS[alert]}\``));
  for (const heading of ["**What it means.**", "**What to look at**", "**What to do**", "**The threshold.**"]) {
    expect(text).toContain(heading);
  }
  expect(text).toContain(`\`${alert}\``);
  expect(readFileSync(path.join(DOCS, "alerts.md"), "utf8")).toMatch(
    new RegExp(`^\\| \\[\`${alert}\`\\]\\(runbooks/${RUNBOOKS[alert]}\\.md\\)`, "m"),
  );
});

test("each page that has a threshold is that of an alert", () => {
  const pages = readdirSync(path.join(DOCS, "runbooks")).filter((page) =>
    readFileSync(path.join(DOCS, "runbooks", page), "utf8").includes("**The threshold.**"),
  );
  expect(pages.sort()).toEqual([...new Set(Object.values(RUNBOOKS))].map((name) => `${name}.md`).sort());
});

test("those that are left out are not there, and others stand beside them", () => {
  const ours = new FlinkMetricAlerts({ without: [FlinkAlert.NO_FREE_SLOTS, FlinkAlert.JOB_GONE] });
  ours.add(memoryAlert());
  const names = ours.alerts.map(({ name }) => name);
  expect(names).toHaveLength(ALL.length - 1);
  expect(names).not.toContain(FlinkAlert.NO_FREE_SLOTS);
  expect(names[names.length - 1]).toBe("Memory");
});

test("those of one cluster are about it alone", () => {
  const rules = new FlinkMetricAlerts({ clusterName: "orders" }).toPrometheusRules();
  expect(rules).toContain("- name: Flink orders");
  const [selectors, ofCluster] = [/\[\d+[smhd]\]/g, /cluster="orders"\}\[\d+[smhd]\]/g].map(
    (each) => rules.match(each)!.length,
  );
  expect(selectors).toBeGreaterThan(ALL.length);
  expect(ofCluster).toBe(selectors);
});

test("where values come seldom, no window is too short for them", () => {
  const seldom = new FlinkMetricAlerts({ interval: Duration.minutes(5) }).alerts;
  // Half of four looks, for the other half of which it has to stay so.
  expect(Math.min(...seldom.map(({ _span }) => _span.windowSeconds))).toBe(10 * 60);
  expect(Math.min(...alerts.map(({ _span }) => _span.windowSeconds))).toBe(60);
  // Where one value is not enough, all four.
  const growing = seldom.filter(({ query }) => query._overTime === OverTime.GROWTH);
  expect(Math.min(...growing.map(({ _span }) => _span.windowSeconds))).toBe(20 * 60);
});

test("what is given as a threshold is in the rule, with what the cluster has of it", () => {
  const rules = new FlinkMetricAlerts({
    ...{ restarts: 10, restartsWithin: Duration.hours(1), diskPercent: 70, backPressurePart: 0.7 },
    ...{ checkpointInterval: Duration.minutes(5), missedCheckpoints: 4, checkpointTimeout: Duration.minutes(20) },
    ...{ watchedFor: Duration.hours(6), nodeSilentAfter: Duration.minutes(10) },
    ...{ runbookUrl: "https://wiki.example.com/flink/", labels: { team: "orders" } },
  }).toPrometheusRules();
  for (const part of [
    "increase(flink_jobmanager_job_numRestarts[1h]))) > 9.5",
    "increase(flink_jobmanager_job_numberOfCompletedCheckpoints[10m]))) < 0.5\n        for: 10m",
    "last_over_time(flink_jobmanager_job_lastCheckpointDuration[2m]) * 0.001)) > 960",
    "min_over_time(disk_used_percent[5m]))) > 70\n        for: 5m",
    "avg_over_time(flink_taskmanager_job_task_backPressuredTimeMsPerSecond[450s]) * 0.001)) > 0.7\n        for: 450s",
    "increase(cdktf_flink_agent_timestamp_seconds[9m])) or 0 * max by (cluster, node) (last_over_time(cdktf_flink_agent_timestamp_seconds[6h]))) < 1\n        for: 1m",
    "runbook_url: https://wiki.example.com/flink/job-down.md",
    "team: orders",
  ]) {
    expect(rules).toContain(part);
  }
  expect(rules).not.toContain("Runbook:");
});

test("without an address of runbooks the words name the page", () => {
  expect(new FlinkMetricAlerts().toPrometheusRules()).toContain("Runbook: docs/runbooks/job-down.md of cdktf-flink");
});
