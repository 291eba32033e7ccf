import { Client } from "pg";
import { MEASUREMENTS } from "../../../lib/metrics/metric-measurements";
import { MetricQuery } from "../../../lib/metrics/metric-query";
import { AcrossSeries, OverTime } from "../../../lib/metrics/metric-reduction";
import { InfluxDbStore } from "../../../lib/observability/grafana/influxdb-store";
import { PostgreSqlStore } from "../../../lib/observability/grafana/postgresql-store";
import { FlinkAlert } from "../../../lib/observability/metric-alerts/flink-alert";
import { FlinkMetricAlerts } from "../../../lib/observability/metric-alerts/flink-metric-alerts";
import type { MetricAlert } from "../../../lib/observability/metric-alerts/metric-alert";
import { LoopbackPostgreSql } from "../../dataflow/provisioning/postgresql/loopback-postgresql";
import { ALERT_SCENARIOS, AlertScenario, ScenarioSeries, STEP_SECONDS } from "./alert-scenarios";
import { LoopbackInfluxDb } from "./loopback-influxdb";

// Two servers are asked, on a machine that may be busy. (Prometheus plays the rules themselves: prometheus-alerts.test.ts.)
jest.setTimeout(300_000);

/** Programs are built where the cache lacks them. */
const PREPARATION_MILLIS = 1_200_000;
/** What stands for the stores' own time, so that it does not matter how long after the writing they are asked. */
const NOW = Math.floor(Date.now() / 1_000);

/** Moments of a scenario, each with a cluster of its own in which that moment is now. */
const MOMENTS = ["before", "fires", "over"] as const;
type Moment = (typeof MOMENTS)[number];

const influxStore = new InfluxDbStore({ retentionPolicy: "month" });
const postgresStore = new PostgreSqlStore();

interface Sample {
  readonly seconds: number;
  readonly value: number;
}
interface StoredSeries {
  readonly series: ScenarioSeries;
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly Sample[];
}

const STORED: readonly StoredSeries[] = ALERT_SCENARIOS.flatMap((scenario) =>
  MOMENTS.flatMap((moment) => scenario.series.map((series) => storedAt(scenario, series, moment))),
);

let influx: LoopbackInfluxDb;
let postgres: LoopbackPostgreSql;
let session: Client;

beforeAll(async () => {
  influx = await LoopbackInfluxDb.start();
  postgres = await LoopbackPostgreSql.start();
  await postgres.reset();
  session = await postgres.session(postgres.administrator);
  await influx.write(STORED.flatMap(linesOf));
  await session.query("CREATE SCHEMA metrics");
  for (const measurement of new Set(STORED.map(({ series }) => series.measurement))) await fillTable(measurement);
}, PREPARATION_MILLIS);
afterAll(async () => {
  await session?.end();
  await postgres?.stop();
  await influx?.stop();
});

interface Line {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
type Ask = (alert: MetricAlert) => Promise<readonly Line[]>;

const STORES: readonly (readonly [string, Ask])[] = [
  ["InfluxDB", askInfluxDb],
  ["PostgreSQL", askPostgreSql],
];

describe.each(STORES)("%s", (_, ask) => {
  test.each(ALERT_SCENARIOS.map((scenario): [string, AlertScenario] => [scenario.alert, scenario]))(
    "%s is so when it is, and not before, and not afterwards",
    async (name, scenario) => {
      const alert = new FlinkMetricAlerts().alerts.find((each) => each.name === name)!;
      const lines = await ask(alert);
      // Each of the three has something that is judged.
      for (const moment of MOMENTS) {
        expect(lines.map(({ labels }) => labels.cluster)).toContain(clusterOf(scenario, moment));
      }
      const told = lines.filter(({ value }) => isMet(alert, value));
      expect(told.map(({ labels }) => labels)).toEqual([{ ...scenario.labels, cluster: clusterOf(scenario, "fires") }]);
      expect(told[0].value).toBeCloseTo(scenario.value, 0);
    },
  );
});

test.each([3_600, undefined])(
  "one line of all has no value of what was never there (watched for %j seconds)",
  async (watchedSeconds) => {
    const told = async (cluster: string): Promise<readonly (readonly number[])[]> => {
      const query = new MetricQuery({
        ...{ measurement: "flink_jobmanager_job", field: "uptime", legend: "All", where: { cluster } },
        ...{ overTime: OverTime.LAST, across: AcrossSeries.MAX },
      });
      const alert = { query, _span: { windowSeconds: 300, watchedSeconds } } as MetricAlert;
      return Promise.all(STORES.map(async ([, ask]) => (await ask(alert)).map(({ value }) => value)));
    };
    expect(await told("never")).toEqual([[], []]);
    const gone = watchedSeconds === undefined ? [] : [0];
    expect(await told(`${FlinkAlert.JOB_GONE} fires`)).toEqual([gone, gone]);
  },
);

test("stores take the rules as they are, too", async () => {
  for (const { query, _span: span } of new FlinkMetricAlerts().alerts) {
    await influx.askSeries(influxStore._alertExpression(query, span));
    await session.query(postgresStore._alertExpression(query, span));
  }
});

async function askInfluxDb({ query, _span: span }: MetricAlert): Promise<readonly Line[]> {
  const expression = influxStore
    ._alertExpression(query, span)
    .replaceAll(`time(${span.windowSeconds}s, now())`, `time(${span.windowSeconds}s, ${NOW % span.windowSeconds}s)`)
    .replaceAll("now()", `${NOW}s`);
  const found = await influx.askSeries(expression);
  // The last one, as the rule's step B takes it.
  return found.map(({ tags, points }) => ({ labels: tags, value: points[points.length - 1][1] }));
}

async function askPostgreSql({ query, _span: span }: MetricAlert): Promise<readonly Line[]> {
  const expression = postgresStore._alertExpression(query, span).replaceAll("now()", `to_timestamp(${NOW})`);
  const { rows } = await session.query<Record<string, string | number>>(expression);
  return rows.map(({ value, ...labels }) => ({ labels: labels as Record<string, string>, value: Number(value) }));
}

/** What Grafana's threshold would say. */
function isMet({ _condition: condition }: MetricAlert, value: number): boolean {
  const { type, params } = condition._evaluator() as { readonly type: string; readonly params: readonly number[] };
  if (type === "gt") return value > params[0];
  if (type === "lt") return value < params[0];
  throw new Error(`no alert of ours is ${type}`);
}

/** One for each alert: several are about the same series. */
function clusterOf({ alert }: AlertScenario, moment: Moment): string {
  return `${alert} ${moment}`;
}

/** With a moment of the scenario at the present. */
function storedAt(scenario: AlertScenario, series: ScenarioSeries, moment: Moment): StoredSeries {
  const steps = Array.from({ length: Math.floor(scenario[moment] / STEP_SECONDS) + 1 }, (_, at) => at * STEP_SECONDS);
  return {
    series,
    labels: { cluster: clusterOf(scenario, moment), ...series.labels },
    samples: steps.flatMap((at) => {
      const value = series.valueAt(at);
      return value === undefined ? [] : [{ seconds: NOW - 1 - (scenario[moment] - at), value }];
    }),
  };
}

function linesOf({ series: { measurement, field }, labels, samples }: StoredSeries): string[] {
  const escaped = (value: string): string => value.replace(/[ ,=]/g, "\\$&");
  const tags = Object.entries(labels).map(([name, value]) => `${name}=${escaped(value)}`);
  return samples.map(
    ({ seconds, value }) => `${[measurement, ...tags].join(",")} ${field}=${value} ${seconds * 1_000}`,
  );
}

async function fillTable(measurement: string): Promise<void> {
  const stored = STORED.filter(({ series }) => series.measurement === measurement);
  const fields = [...new Set(stored.map(({ series }) => series.field))];
  const columns = [
    ...MEASUREMENTS[measurement].labels.map((name) => `"${name}" text`),
    ...fields.map((name) => `"${name}" double precision`),
  ];
  await session.query(`CREATE TABLE metrics."${measurement}" ("time" timestamptz, ${columns.join(", ")})`);
  // As nodes do it, all values of one moment with the same labels are one row.
  const rows = new Map<string, Record<string, unknown>>();
  for (const { series, labels, samples } of stored) {
    for (const { seconds, value } of samples) {
      const key = JSON.stringify([labels, seconds]);
      rows.set(key, { ...rows.get(key), ...labels, time: new Date(seconds * 1_000), [series.field]: value });
    }
  }
  await session.query(
    `INSERT INTO metrics."${measurement}" SELECT * FROM json_populate_recordset(NULL::metrics."${measurement}", $1)`,
    [JSON.stringify([...rows.values()])],
  );
}
