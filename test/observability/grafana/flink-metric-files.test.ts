import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Command } from "commander";
import ts from "typescript";
import { parse } from "yaml";
import { addDashboards } from "../../../bin/dashboards-command";
import { Duration } from "../../../lib/core/duration";
import { FlinkMetricDashboards } from "../../../lib/observability/grafana/flink-metric-dashboards";
import { flinkMetricFiles } from "../../../lib/observability/grafana/flink-metric-files";
import { InfluxDbStore } from "../../../lib/observability/grafana/influxdb-store";
import { MetricStore } from "../../../lib/observability/grafana/metric-store";
import { PostgreSqlStore } from "../../../lib/observability/grafana/postgresql-store";
import { PrometheusStore } from "../../../lib/observability/grafana/prometheus-store";
import { FlinkAlert } from "../../../lib/observability/metric-alerts/flink-alert";
import { flinkAlertFiles } from "../../../lib/observability/metric-alerts/flink-alert-files";

const PROVISIONING = "/etc/grafana/provisioning";

let out: string;
beforeEach(() => (out = mkdtempSync(path.join(tmpdir(), "dashboards-"))));
afterEach(() => {
  rmSync(out, { recursive: true });
  jest.restoreAllMocks();
});

async function run(...flags: string[]): Promise<string> {
  const said = jest.spyOn(console, "log").mockImplementation();
  const cli = new Command().exitOverride();
  addDashboards(cli);
  await cli.parseAsync(["dashboards", "--out", out, ...flags], { from: "user" });
  return said.mock.calls.flat().join("\n");
}

const written = (): string[] =>
  readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(out, path.join(entry.parentPath, entry.name)))
    .sort();
const read = (name: string): string => readFileSync(path.join(out, name), "utf8");
const overviewOf = (store: MetricStore, seconds = 30): string =>
  new FlinkMetricDashboards({ interval: Duration.seconds(seconds) }).overview.toJson(store);
const OVERVIEW = "grafana/dashboards/cdktf-flink/cdktf-flink-overview.json";

test("each file is written, and what it is for is said", async () => {
  const said = await run("--metrics", "prometheus", "--no-logs");
  const alerts = flinkAlertFiles(new PrometheusStore(), undefined, { without: [FlinkAlert.LOGS_FAILING] });
  const files = [...flinkMetricFiles(new PrometheusStore()), ...alerts];
  expect(written()).toEqual(files.map(({ name }) => name).sort());
  for (const { name, purpose, text } of files) {
    expect(said).toMatch(new RegExp(`  ${name} +${purpose}`));
    expect(read(name)).toBe(text);
  }
  expect(said).not.toContain("Saved objects");
});

test("dashboards of logs are beside those of metrics, and without a store there are these alone", async () => {
  await expect(run()).resolves.not.toContain("Grafana");
  const logs = written();
  expect(logs).toContain("saved-objects.ndjson");
  await expect(run("--metrics", "influxdb")).resolves.toMatch(/prepare-logs.*InfluxQL/s);
  expect(written().filter((name) => !name.startsWith("grafana/"))).toEqual(logs);
  expect(written()).toContain(OVERVIEW);
});

test.each<[readonly string[], RegExp, string]>([
  [["prometheus"], /type Prometheus/, overviewOf(new PrometheusStore())],
  [["influxdb"], /type InfluxDB/, overviewOf(new InfluxDbStore())],
  [
    ["influxdb2", "--retention-policy", "month"],
    /dbrp create/,
    overviewOf(new InfluxDbStore({ retentionPolicy: "month" })),
  ],
  [["postgresql"], /readerSecretArn/, overviewOf(new PostgreSqlStore())],
  [["postgresql", "--schema", "ops"], /readerSecretArn/, overviewOf(new PostgreSqlStore({ schemaName: "ops" }))],
  [["prometheus", "--interval", "1m"], /type Prometheus/, overviewOf(new PrometheusStore(), 60)],
])("%p asks in the language of the store, which is said", async (store, dataSource, overview) => {
  await expect(run("--no-logs", "--metrics", ...store)).resolves.toMatch(dataSource);
  expect(read(OVERVIEW)).toBe(overview);
});

test("what is in the folder of Grafana is laid out as Grafana reads it", async () => {
  await run("--metrics", "postgresql", "--no-logs");
  const provisioned = new Map(written().map((name) => [name.replace(/^grafana/, PROVISIONING), read(name)]));
  const folder = `${PROVISIONING}/dashboards`;
  const { apiVersion, providers } = parse(provisioned.get(`${folder}/cdktf-flink.yaml`)!) as {
    readonly apiVersion: number;
    readonly providers: readonly { readonly type: string; readonly options: { readonly path: string } }[];
  };
  expect([apiVersion, providers.map(({ type }) => type)]).toEqual([1, ["file"]]);
  // Each file of JSON below that path is taken for a dashboard, and must not have an id of another Grafana.
  const dashboards = [...provisioned].filter(([name]) => name.startsWith(`${providers[0].options.path}/`));
  const uids = dashboards.map(([, text]) => JSON.parse(text) as { readonly uid: string; readonly id?: number });
  expect(uids.map(({ uid }) => uid).sort()).toEqual(
    new FlinkMetricDashboards().dashboards.map(({ uid }) => uid).sort(),
  );
  expect(uids.filter((dashboard) => "id" in dashboard)).toEqual([]);
});

test.each<[readonly string[], RegExp]>([
  [["--no-logs"], /^--no-logs is true, but must be left out without --metrics.*: .*--metrics prometheus$/],
  [["--metrics", "graphite"], /Give one of prometheus, influxdb, influxdb2, postgresql\./],
  [["--schema", "ops"], /^--schema is "ops", but must be given with --metrics postgresql alone/],
  [["--metrics", "influxdb", "--schema", "ops"], /^--schema is "ops", but must be given with --metrics postgresql/],
  [["--metrics", "postgresql", "--schema", "a\nb"], /^--schema is .*, but must be a text of 1 to 63 characters/],
  [
    ["--metrics", "prometheus", "--retention-policy", "month"],
    /^--retention-policy is "month", but must be given with --metrics influxdb or influxdb2 alone/,
  ],
  [["--data-source-uid", "x"], /^--data-source-uid is "x", but must be given with --metrics <store> alone/],
  [["--interval", "1m"], /^--interval is given without --metrics, but is of metrics alone/],
  [
    ["--metrics", "prometheus", "--no-logs", "--index-prefix", "ours"],
    /^--index-prefix is given with --no-logs, but is of logs alone/,
  ],
  [
    ["--metrics", "prometheus", "--no-logs", "--retention-days", "3"],
    /^--retention-days is given with --no-logs, but is of logs alone/,
  ],
  [["--metrics", "prometheus", "--interval", "1s"], /Give a time from 5s to 5m/],
  [["--metrics", "prometheus", "--interval", "10m"], /Give a time from 5s to 5m/],
  [["--metrics", "prometheus", "--interval", "30"], /Give a number and a unit/],
])("%p is refused, and nothing is written", async (flags, sentence) => {
  jest.spyOn(process.stderr, "write").mockReturnValue(true);
  await expect(run(...flags)).rejects.toThrow(sentence);
  expect(written()).toEqual([]);
});

test("what the files are made of knows nothing of Terraform: the command line bundles it", () => {
  const found = new Set<string>();
  const packages = new Set<string>();
  const follow = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    for (const { fileName } of ts.preProcessFile(readFileSync(file, "utf8")).importedFiles) {
      if (fileName.startsWith(".")) follow(`${path.resolve(path.dirname(file), fileName)}.ts`);
      else packages.add(fileName);
    }
  };
  for (const file of ["grafana/flink-metric-files.ts", "metric-alerts/flink-alert-files.ts"]) {
    follow(path.resolve(__dirname, "../../../lib/observability", file));
  }
  expect(found.size).toBeGreaterThan(30);
  expect([...packages].filter((name) => /cdktf|constructs/.test(name))).toEqual([]);
});
