import { Client } from "pg";
import { FlinkMetricDashboards } from "../../../lib/observability/grafana/flink-metric-dashboards";
import { InfluxDbStore } from "../../../lib/observability/grafana/influxdb-store";
import { FlinkMetricQuery } from "../../../lib/metrics/flink-metric-query";
import { MEASUREMENTS } from "../../../lib/metrics/metric-measurements";
import { MetricQuery } from "../../../lib/metrics/metric-query";
import { AcrossSeries, OverTime } from "../../../lib/metrics/metric-reduction";
import { PostgreSqlStore } from "../../../lib/observability/grafana/postgresql-store";
import { PrometheusStore } from "../../../lib/observability/grafana/prometheus-store";
import { LoopbackPostgreSql } from "../../dataflow/provisioning/postgresql/loopback-postgresql";
import { LoopbackInfluxDb } from "./loopback-influxdb";
import { LoopbackPrometheus } from "./loopback-prometheus";

// A test asks three servers for more than a hundred queries, on a machine that may be busy.
jest.setTimeout(300_000);

/** Programs are built where the cache lacks them. */
const PREPARATION_MILLIS = 1_200_000;
const STEP_SECONDS = 30;
/** A moment that all steps begin at; its values are in the past, as Prometheus takes none of the future. */
const END = Math.floor(Date.now() / 1_000 / 300) * 300;
const MOMENTS = Array.from({ length: 21 }, (_, at) => END - (20 - at) * STEP_SECONDS);
/** With what may not be syntax in any language. */
const JOBS = [`Orders, "5" min (a/b)`, "it's $1 + \\d"];
const CHOSEN: Readonly<Record<string, readonly string[]>> = {
  cluster: ["orders"],
  node: ["orders-node-1", "orders-node-2"],
  job: JOBS,
};

const TASKS = "flink_taskmanager_job_task";

const influxStore = new InfluxDbStore({ retentionPolicy: "month" });
const [postgresStore, prometheusStore] = [new PostgreSqlStore(), new PrometheusStore()];
/** Whatever is chosen of clusters. */
const where = { cluster: "orders" };
const QUERIES = [
  ...new FlinkMetricDashboards().dashboards.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries)),
  FlinkMetricQuery.healthyNodes(),
  FlinkMetricQuery.healthyNodes({ where }),
  FlinkMetricQuery.recordsIn({ where: { ...where, job_name: JOBS[0] }, legend: "{{task_name}}" }),
  FlinkMetricQuery.heapUsed({ where, legend: "All" }),
];
/** Values that grow by 30 in each step, one in a second; all others stay what they are. */
const COUNTERS = new Set(
  QUERIES.filter(({ _overTime }) => _overTime === OverTime.RATE).map(
    ({ measurement, field }) => `${measurement}_${field}`,
  ),
);

interface FilledSeries {
  readonly measurement: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly valueAt: (field: string, at: number) => number;
}

/** Nodes have subtasks of their own of the same tasks. */
function valueOf(label: string, place: number, which: number): string {
  if (label === "job_name") return JOBS[which];
  return `${label} ${label === "subtask_index" ? `${place}.` : ""}${which}`;
}

/** Two nodes of the cluster that was chosen, one of another; two of all other labels on each of them. */
const SERIES: readonly FilledSeries[] = [...new Set(QUERIES.map(({ measurement }) => measurement))].flatMap(
  (measurement) => {
    const others = MEASUREMENTS[measurement].labels.filter((label) => !["cluster", "node"].includes(label));
    const places = [
      ["orders", "orders-node-1"],
      ["orders", "orders-node-2"],
      ["other", "other-node-1"],
    ];
    return places.flatMap(([cluster, node], place) =>
      (others.length === 0 ? [0] : [0, 1]).map((which): FilledSeries => {
        const more = others.map((label) => [label, valueOf(label, place, which)]);
        const size = 10 + 3 * place + which;
        return {
          measurement,
          labels: {
            ...{ cluster, node, ...(Object.fromEntries(more) as Record<string, string>) },
            ...(measurement === TASKS && { host: `${node}.internal`, tm_id: node, task_attempt_num: "1" }),
          },
          valueAt: (field, at) => (COUNTERS.has(`${measurement}_${field}`) ? size * STEP_SECONDS * at : size),
        };
      }),
    );
  },
);
/** The first subtask of one node, as it was on the other before it began anew: within the same step as afterwards. */
const [AFTERWARDS] = SERIES.filter(({ measurement }) => measurement === TASKS);
const BEFORE = {
  ...AFTERWARDS,
  labels: {
    ...{ ...AFTERWARDS.labels, node: "orders-node-2", task_attempt_id: "before" },
    ...{ host: "orders-node-2.internal", tm_id: "orders-node-2", task_attempt_num: "0" },
  },
};
/** What else Flink's reporter puts on series of tasks: it is of the attempt and of its place, too. */
const OTHER_LABELS = ["host", "tm_id", "task_attempt_num"];
const FILLED = [...SERIES, BEFORE];
const fieldsOf = (measurement: string): readonly string[] => [
  ...new Set(
    QUERIES.filter((query) => query.measurement === measurement).flatMap(({ field, _dividedBy }) =>
      _dividedBy === undefined ? [field] : [field, _dividedBy],
    ),
  ),
];

let influx: LoopbackInfluxDb;
let postgres: LoopbackPostgreSql;
let session: Client;
let prometheus: LoopbackPrometheus;

beforeAll(async () => {
  influx = await LoopbackInfluxDb.start();
  prometheus = await LoopbackPrometheus.start("Bearer none");
  postgres = await LoopbackPostgreSql.start();
  await postgres.reset();
  session = await postgres.session(postgres.administrator);
  await influx.write(FILLED.flatMap(linesOf));
  await prometheus.write(FILLED.flatMap(samplesOf));
  await session.query("CREATE SCHEMA metrics");
  for (const measurement of new Set(SERIES.map((each) => each.measurement))) await fillTable(measurement);
}, PREPARATION_MILLIS);
afterAll(async () => {
  await session?.end();
  await postgres?.stop();
  await prometheus?.stop();
  await influx?.stop();
});

/** What the lines of a panel end with, by a text of their labels' values. */
type Lines = Readonly<Record<string, number>>;

test.each(QUERIES.map((query): [string, MetricQuery] => [prometheusStore.expression(query), query]))(
  "all three stores answer the same: %s",
  async (_, query) => {
    const answers = {
      influx: await askInfluxDb(query),
      postgres: await askPostgreSql(query),
      prometheus: await askPrometheus(query),
    };
    expect(Object.keys(answers.prometheus).length).toBeGreaterThan(0);
    for (const [store, lines] of Object.entries(answers)) {
      expect({ store, lines: rounded(lines) }).toEqual({ store, lines: rounded(answers.prometheus) });
    }
    expect(JSON.stringify(answers)).not.toContain("other");
  },
);

test("lines that the legend does not tell apart are none the less lines of their own in PostgreSQL", async () => {
  const memory = (legend: string) =>
    new MetricQuery({
      ...{ measurement: "mem", field: "available_percent", by: ["cluster", "node"], legend },
      ...{ overTime: OverTime.MIN, across: AcrossSeries.MIN },
    });
  const named = { "Memory (orders, orders-node-1)": 10, "Memory (orders, orders-node-2)": 13 };
  expect(await askPostgreSql(memory("Memory"))).toEqual(named);
  const legend = "Memory ({{cluster}}, {{node}})";
  expect(await askInfluxDb(memory(legend))).toEqual(named);
  expect(await askPrometheus(memory(legend))).toEqual(named);
});

test("a subtask that began anew counts once in a sum", async () => {
  const query = new MetricQuery({
    ...{ measurement: TASKS, field: "numRecordsInPerSecond", legend: "{{job_name}}" },
    ...{ overTime: OverTime.MEAN, across: AcrossSeries.SUM },
  });
  const sums = Object.fromEntries(JOBS.map((job, which) => [job, 10 + which + 13 + which]));
  expect(await askInfluxDb(query)).toEqual(sums);
  expect(await askPostgreSql(query)).toEqual(sums);
  expect(await askPrometheus(query)).toEqual(sums);
});

async function askInfluxDb(query: MetricQuery): Promise<Lines> {
  const expression = chosen(influxStore.expression(query), ":regex}", (values) =>
    values.length === 1 ? inRegex(values[0]) : `(${values.map(inRegex).join("|")})`,
  )
    .replaceAll("$timeFilter", `time >= ${MOMENTS[0]}s AND time < ${END}s`)
    .replaceAll("$__interval", `${STEP_SECONDS}s`);
  const found: Record<string, number> = {};
  for (const { tags, points } of await influx.askSeries(expression)) {
    const parts = query._legend.map(({ text, label }) => (label === undefined ? text : tags[label]));
    found[parts.join("")] = points[points.length - 1][1];
  }
  return found;
}

async function askPostgreSql(query: MetricQuery): Promise<Lines> {
  const expression = chosen(postgresStore.expression(query), ":sqlstring}", (values) =>
    values.map((value) => `'${value.replaceAll("'", "''")}'`).join(","),
  )
    .replaceAll("$__interval", `${STEP_SECONDS}s`)
    .replaceAll(/\$__timeGroup\(([^,)]*), (\d+)s\)/g, "floor(extract(epoch from $1)/$2)*$2")
    .replaceAll(/\$__timeFilter\(([^)]*)\)/g, `$1 >= to_timestamp(${MOMENTS[0]}) AND $1 < to_timestamp(${END})`);
  const { rows } = await session.query<{ time: string; metric: string; value: number }>(expression);
  return Object.fromEntries(rows.map(({ metric, value }) => [metric, Number(value)]));
}

async function askPrometheus(query: MetricQuery): Promise<Lines> {
  const expression = chosen(prometheusStore.expression(query), "", (values) =>
    values.length === 1 ? inQuotedRegex(values[0]) : `(${values.map(inQuotedRegex).join("|")})`,
  ).replaceAll("$__rate_interval", "2m");
  const samples = await prometheus.askAt(expression, END - STEP_SECONDS);
  return Object.fromEntries(
    samples.map(({ metric, value: [, value] }) => [
      query._legend.map(({ text, label }) => (label === undefined ? text : metric[label])).join(""),
      Number(value),
    ]),
  );
}

/** With what a person chose in the place of the variables, as Grafana does it. */
function chosen(expression: string, end: string, join: (values: readonly string[]) => string): string {
  return Object.entries(CHOSEN).reduce(
    (text, [name, values]) => text.replaceAll(end === "" ? `$${name}` : `\${${name}${end}`, () => join(values)),
    expression,
  );
}

/** Grafana's format `regex`. */
function inRegex(value: string): string {
  return value.replace(/[\\^$*+?.()|[\]{}/]/g, "\\$&");
}

/** What Grafana's data source of Prometheus makes of a value between quotes. */
function inQuotedRegex(value: string): string {
  return value
    .replace(/\\/g, "\\\\\\\\")
    .replace(/[$^*{}[\]'+?.()|]/g, "\\\\$&")
    .replace(/"/g, '\\"');
}

function rounded(lines: Lines): Lines {
  return Object.fromEntries(Object.entries(lines).map(([name, value]) => [name, Number(value.toPrecision(9))]));
}

function linesOf({ measurement, labels, valueAt }: FilledSeries): string[] {
  const escaped = (value: string): string => value.replace(/[ ,=]/g, "\\$&");
  const tags = Object.entries(labels).map(([name, value]) => `${name}=${escaped(value)}`);
  return MOMENTS.map((moment, at) => {
    const values = fieldsOf(measurement).map((field) => `${field}=${valueAt(field, at)}i`);
    return `${[measurement, ...tags].join(",")} ${values.join(",")} ${moment * 1_000}`;
  });
}

function samplesOf({ measurement, labels, valueAt }: FilledSeries) {
  return fieldsOf(measurement).map((field) => ({
    labels: { ...labels, __name__: `${measurement}_${field}` },
    samples: MOMENTS.map((moment, at): [number, number] => [moment * 1_000, valueAt(field, at)]),
  }));
}

async function fillTable(measurement: string): Promise<void> {
  const fields = fieldsOf(measurement);
  const labels = [...MEASUREMENTS[measurement].labels, ...(measurement === TASKS ? OTHER_LABELS : [])];
  const quoted = (names: readonly string[]): string[] => names.map((name) => `"${name}"`);
  const columns = [...quoted(labels).map((name) => `${name} text`), ...quoted(fields).map((name) => `${name} bigint`)];
  await session.query(`CREATE TABLE metrics."${measurement}" ("time" timestamptz, ${columns.join(", ")})`);
  const rows = FILLED.filter((series) => series.measurement === measurement).flatMap((series) =>
    MOMENTS.map((moment, at) => ({
      time: new Date(moment * 1_000),
      ...series.labels,
      ...Object.fromEntries(fields.map((field) => [field, series.valueAt(field, at)])),
    })),
  );
  await session.query(
    `INSERT INTO metrics."${measurement}" SELECT * FROM json_populate_recordset(NULL::metrics."${measurement}", $1)`,
    [JSON.stringify(rows)],
  );
}
