import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { FlinkAlert, RUNBOOKS as RUNBOOKS_OF } from "../../../lib/observability/metric-alerts/flink-alert";
import { FlinkMetricAlerts } from "../../../lib/observability/metric-alerts/flink-metric-alerts";
import type { MetricAlert } from "../../../lib/observability/metric-alerts/metric-alert";
import {
  ALERT_SCENARIOS,
  AlertScenario,
  BEGINNINGS,
  CLUSTER,
  FIRST_LOOK_SECONDS,
  ScenarioSeries,
  STEP_SECONDS,
} from "./alert-scenarios";
import { ensurePromtool } from "./metrics-software";

/** A program is fetched where the cache lacks it. */
const PREPARATION_MILLIS = 600_000;
const RUNBOOKS = "https://wiki.example.com/runbooks";
/** Until then all is well in every scenario. */
const WELL_SECONDS = 19 * 60;

let folder: string;
let promtool: string;
/** What promtool says of all scenarios at once. */
let played: { readonly output: string; readonly status: number | null };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "promtool-"));
  promtool = await ensurePromtool();
  write("rules.yml", new FlinkMetricAlerts({ runbookUrl: RUNBOOKS }).toPrometheusRules());
  played = play(ALERT_SCENARIOS.map(asExpected));
}, PREPARATION_MILLIS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("there is a scenario for each alert", () => {
  expect(ALERT_SCENARIOS.map(({ alert }) => alert).sort()).toEqual(Object.values(FlinkAlert).sort());
});

test("Prometheus takes the file", () => {
  const { output, status } = tool("check", "rules", join(folder, "rules.yml"));
  expect(output).toContain(`SUCCESS: ${Object.keys(FlinkAlert).length} rules found`);
  expect(status).toBe(0);
});

test.each(ALERT_SCENARIOS.map(({ alert }) => alert))(
  "%s is told of when it is so, and not before, and not afterwards",
  (alert) => expect(faultsOf(alert, played.output)).toEqual([]),
);

test("of a cluster that is well nothing is told", () => {
  const file = {
    rule_files: ["rules.yml"],
    evaluation_interval: "1m",
    tests: [
      {
        interval: `${STEP_SECONDS}s`,
        input_series: ALERT_SCENARIOS.flatMap(({ series }) => series.map((each) => inputOf(each, WELL_SECONDS))),
        alert_rule_test: ALERT_SCENARIOS.map(({ alert }) => ({
          eval_time: `${WELL_SECONDS}s`,
          alertname: alert,
          exp_alerts: [],
        })),
      },
    ],
  };
  write("well.yml", stringify(file, { lineWidth: 0 }));
  expect(tool("test", "rules", join(folder, "well.yml"))).toMatchObject({ status: 0 });
});

test("there was no other fault", () => {
  expect(played).toMatchObject({ status: 0 });
});

test("what is told too early, or not at all, is found", () => {
  const [first, second] = ALERT_SCENARIOS;
  const { output, status } = play([
    [first, [[first.before, true]]],
    [second, [[second.fires, false]]],
  ]);
  expect(status).toBe(1);
  for (const { alert } of [first, second]) expect(faultsOf(alert, output)).toHaveLength(1);
});

test("what has just begun is not told of for its first looks", () => {
  const moments = Array.from({ length: 20 }, (_, at) => FIRST_LOOK_SECONDS + at * STEP_SECONDS);
  const { output, status } = playAll(
    BEGINNINGS.map(({ alert, series }) => ({
      interval: `${STEP_SECONDS}s`,
      input_series: series.map((each) => inputOf(each, moments[moments.length - 1])),
      alert_rule_test: moments.map((seconds) => ({ eval_time: `${seconds}s`, alertname: alert, exp_alerts: [] })),
    })),
  );
  expect(output).not.toContain("FAILED");
  expect(status).toBe(0);
});

type Expected = readonly (readonly [seconds: number, fires: boolean])[];

function asExpected(scenario: AlertScenario): [AlertScenario, Expected] {
  const { before, waits = before, fires, over } = scenario;
  return [
    scenario,
    [
      [before, false],
      [waits, false],
      [fires, true],
      [over, false],
    ],
  ];
}

/** What promtool has found of an alert, each with its moment. */
function faultsOf(alert: string, output: string): readonly string[] {
  return output.split(/(?=alertname: )/).filter((part) => part.startsWith(`alertname: ${alert},`));
}

/** Plays the rules over the series of scenarios, and compares which alerts there are at some moments. */
function play(scenarios: readonly (readonly [AlertScenario, Expected])[]): { output: string; status: number | null } {
  return playAll(
    scenarios.map(([scenario, expected]) => ({
      interval: `${STEP_SECONDS}s`,
      input_series: scenario.series.map((each) => inputOf(each, scenario.over)),
      alert_rule_test: expected.map(([seconds, fires]) => ({
        eval_time: `${seconds}s`,
        alertname: scenario.alert,
        exp_alerts: fires ? [toldOf(scenario)] : [],
      })),
    })),
  );
}

function playAll(tests: readonly object[]): { output: string; status: number | null } {
  write("test.yml", stringify({ rule_files: ["rules.yml"], evaluation_interval: "1m", tests }, { lineWidth: 0 }));
  return tool("test", "rules", join(folder, "test.yml"));
}

/** An alert as it must be, to each word. */
function toldOf({ alert, labels, shown = "no value" }: AlertScenario): object {
  const { severity, _summary: summary, _description: description } = alertOf(alert);
  const all: Readonly<Record<string, string>> = { ...labels, cluster: CLUSTER, value: shown };
  const words = (text: string): string => text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => all[name]);
  return {
    exp_labels: { ...labels, severity, cluster: CLUSTER },
    exp_annotations: {
      summary: words(summary),
      description: words(description!),
      runbook_url: `${RUNBOOKS}/${RUNBOOKS_OF[alert]}.md`,
    },
  };
}

function alertOf(alert: FlinkAlert): MetricAlert {
  return new FlinkMetricAlerts({ runbookUrl: RUNBOOKS }).alerts.find(({ name }) => name === String(alert))!;
}

function inputOf({ measurement, field, labels, valueAt }: ScenarioSeries, until: number): object {
  const matchers = Object.entries({ cluster: CLUSTER, ...labels }).map(
    ([label, value]) => `${label}="${value.replace(/[\\"]/g, "\\$&")}"`,
  );
  const values = Array.from({ length: Math.ceil(until / STEP_SECONDS) + 1 }, (_, at) => valueAt(at * STEP_SECONDS));
  return {
    series: `${measurement}_${field}{${matchers.join(", ")}}`,
    values: values.map((value) => value ?? "_").join(" "),
  };
}

function write(name: string, content: string): void {
  writeFileSync(join(folder, name), content);
}

function tool(...argv: string[]): { output: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync(promtool, argv, { encoding: "utf8" });
  return { output: `${stdout}${stderr}`, status };
}
