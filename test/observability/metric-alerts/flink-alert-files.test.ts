import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Command } from "commander";
import { addDashboards } from "../../../bin/dashboards-command";
import { Duration } from "../../../lib/core/duration";
import { InfluxDbStore } from "../../../lib/observability/grafana/influxdb-store";
import { PrometheusStore } from "../../../lib/observability/grafana/prometheus-store";
import { FlinkAlert } from "../../../lib/observability/metric-alerts/flink-alert";
import { flinkAlertFiles } from "../../../lib/observability/metric-alerts/flink-alert-files";
import { FlinkMetricAlerts } from "../../../lib/observability/metric-alerts/flink-metric-alerts";

const [OF_PROMETHEUS, OF_GRAFANA] = ["prometheus/cdktf-flink.yaml", "grafana/alerting/cdktf-flink.yaml"];

let out: string;
beforeEach(() => (out = mkdtempSync(path.join(tmpdir(), "alerts-"))));
afterEach(() => {
  rmSync(out, { recursive: true });
  jest.restoreAllMocks();
});

async function run(...flags: string[]): Promise<string> {
  const said = jest.spyOn(console, "log").mockImplementation();
  jest.spyOn(process.stderr, "write").mockReturnValue(true);
  const cli = new Command().exitOverride();
  addDashboards(cli);
  await cli.parseAsync(["dashboards", "--no-logs", "--out", out, ...flags], { from: "user" });
  return said.mock.calls.flat().join("\n");
}
const read = (name: string): string => readFileSync(path.join(out, name), "utf8");

test("Prometheus has a file of rules where metrics are in it, Grafana where its data source is known", () => {
  const names = (...given: Parameters<typeof flinkAlertFiles>): string[] =>
    flinkAlertFiles(...given).map(({ name }) => name);
  expect(names(new PrometheusStore(), undefined)).toEqual([OF_PROMETHEUS]);
  expect(names(new PrometheusStore(), "metrics")).toEqual([OF_PROMETHEUS, OF_GRAFANA]);
  expect(names(new InfluxDbStore(), undefined)).toEqual([]);
  expect(names(new InfluxDbStore(), "metrics")).toEqual([OF_GRAFANA]);
});

test("the command writes them beside the dashboards, and says what is left to do", async () => {
  const said = await run("--metrics", "prometheus", "--interval", "1m", "--data-source-uid", "our-metrics");
  const alerts = new FlinkMetricAlerts({ interval: Duration.minutes(1), without: [FlinkAlert.LOGS_FAILING] });
  expect(read(OF_PROMETHEUS)).toBe(alerts.toPrometheusRules());
  expect(read(OF_GRAFANA)).toBe(alerts.toGrafanaRules({ store: new PrometheusStore(), dataSourceUid: "our-metrics" }));
  expect(said).toContain(`${OF_PROMETHEUS} `);
  expect(said).toContain("in its rule_files");
  expect(said).toContain("One of the two is enough.");
});

test("without the data source there is none for Grafana, and the command says how there is one", async () => {
  expect(await run("--metrics", "influxdb")).toContain("Alerts for Grafana are written with --data-source-uid");
  expect(existsSync(path.join(out, "grafana/alerting"))).toBe(false);
});

test.each<[string, string[]]>([
  ["without a store", ["--data-source-uid", "x"]],
  ["of other characters", ["--metrics", "influxdb", "--data-source-uid", "a b"]],
])("a data source is refused by its name: %s", async (_, flags) => {
  await expect(run(...flags)).rejects.toThrow(/--data-source-uid|--no-logs/);
});
