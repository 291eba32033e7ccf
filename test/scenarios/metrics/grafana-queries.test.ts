import { Client } from "pg";
import { FlinkMetricDashboards } from "../../../lib/observability/grafana/flink-metric-dashboards";
import { InfluxDbStore } from "../../../lib/observability/grafana/influxdb-store";
import { FlinkMetricQuery } from "../../../lib/metrics/flink-metric-query";
import { MEASUREMENTS } from "../../../lib/metrics/metric-measurements";
import { MetricQuery } from "../../../lib/metrics/metric-query";
import { AcrossSeries, OverTime } from "../../../lib/metrics/metric-reduction";
import { SILENT as NO_NUMBER } from "../../../lib/observability/grafana/metric-store";
import { PostgreSqlStore } from "../../../lib/observability/grafana/postgresql-store";
import { PrometheusStore } from "../../../lib/observability/grafana/prometheus-store";
import { momentSeconds } from "../../../lib/observability/metric-moment";
import { LoopbackPostgreSql } from "../../dataflow/provisioning/postgresql/loopback-postgresql";
import { LoopbackInfluxDb } from "./loopback-influxdb";
import { LoopbackPrometheus } from "./loopback-prometheus";

// A test asks three servers for more than a hundred queries, on a machine that may be busy.
jest.setTimeout(300_000);

/** Programs are built where the cache lacks them. */
const PREPARATION_MILLIS = 1_200_000;
const STEP_SECONDS = 30;
/** A moment that all steps begin at. All that is asked is in the past: no store has values of the future. */
const END = Math.floor(Date.now() / 1_000 / 300) * 300 - 900;
const MOMENTS = Array.from({ length: 21 }, (_, at) => END - (20 - at) * STEP_SECONDS);
/** With what may not be syntax in any language. */
const JOBS = [`Orders, "5" min (a/b)`, "it's $1 + \\d"];
type Choice = Readonly<Record<string, readonly string[]>>;
const CHOSEN: Choice = {
  cluster: ["orders"],
  node: ["orders-node-1", "orders-node-2"],
  job: JOBS,
};

/** One in which something is silent, and the time that is shown of it. */
const CHOSEN_OF_NOW: Choice = { cluster: ["silent"], node: ["silent-node-1", "silent-node-2"], job: JOBS };
const SHOWN_SECONDS = 1_800;

const TASKS = "flink_taskmanager_job_task";

const influxStore = new InfluxDbStore({ retentionPolicy: "month" });
const [postgresStore, prometheusStore] = [new PostgreSqlStore(), new PrometheusStore()];
/** Whatever is chosen of clusters. */
const where = { cluster: "orders" };
const PANELS = new FlinkMetricDashboards().dashboards.flatMap(({ panels }) => panels);
const queriesOf = (isOfNow: boolean) =>
  PANELS.filter((panel) => panel._isOfNow() === isOfNow).flatMap(({ queries }) => queries);
/** What panels show of now alone; each query once. */
const OF_NOW = [...new Map(queriesOf(true).map((query) => [prometheusStore.expression(query), query])).values()];
const QUERIES = [
  ...queriesOf(false),
  // How much something grows in a step is of another length in each store.
  ...OF_NOW.filter(({ _overTime }) => _overTime !== OverTime.GROWTH),
  FlinkMetricQuery.healthyNodes(),
  FlinkMetricQuery.healthyNodes({ where }),
  FlinkMetricQuery.recordsIn({ where: { ...where, job_name: JOBS[0] }, legend: "{{task_name}}" }),
  FlinkMetricQuery.heapUsed({ where, legend: "All" }),
];
/** Values that grow by 30 in each step, one in a second; all others stay what they are. */
const COUNTERS = new Set(
  [...QUERIES, ...OF_NOW]
    .filter(({ _overTime }) => _overTime === OverTime.RATE || _overTime === OverTime.GROWTH)
    .map(({ measurement, field }) => `${measurement}_${field}`),
);

interface FilledSeries {
  readonly measurement: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly moments: readonly number[];
  readonly valueAt: (field: string, at: number) => number;
}

/** Nodes have subtasks of their own of the same tasks. */
function valueOf(label: string, place: number, which: number): string {
  if (label === "job_name") return JOBS[which];
  return `${label} ${label === "subtask_index" ? `${place}.` : ""}${which}`;
}

/** A node of this cluster fell silent when it had told so many values, and so did all that is the second of its kind. */
const SILENT = { cluster: "silent", node: "silent-node-2", told: 5 };

/**
 * Two nodes of the cluster that was chosen, one of another, two of one in which something falls silent; two of all other labels on
 * each of them.
 */
const SERIES: readonly FilledSeries[] = [
  ...new Set([...QUERIES, ...OF_NOW].map(({ measurement }) => measurement)),
].flatMap((measurement) => {
  const others = MEASUREMENTS[measurement].labels.filter((label) => !["cluster", "node"].includes(label));
  const places = [
    ["orders", "orders-node-1"],
    ["orders", "orders-node-2"],
    ["other", "other-node-1"],
    [SILENT.cluster, "silent-node-1"],
    [SILENT.cluster, SILENT.node],
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
        moments:
          cluster === SILENT.cluster && (node === SILENT.node || which === 1) ? MOMENTS.slice(0, SILENT.told) : MOMENTS,
        valueAt: (field, at) => (COUNTERS.has(`${measurement}_${field}`) ? size * STEP_SECONDS * at : size),
      };
    }),
  );
});
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
    [...QUERIES, ...OF_NOW]
      .filter((query) => query.measurement === measurement)
      .flatMap(({ field, _dividedBy }) => (_dividedBy === undefined ? [field] : [field, _dividedBy])),
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

/** Somewhat later than the last look, so that it does not matter whether a window holds its ends. */
const NOW = END + 10;
/** What a window of now holds of looks each half minute. */
const WINDOW_SECONDS = momentSeconds(STEP_SECONDS);
const ASK_NOW = { InfluxDB: askInfluxDbOfNow, PostgreSQL: askPostgreSqlOfNow, Prometheus: askPrometheusOfNow };

describe.each(OF_NOW.map((query) => [prometheusStore.expression(query), query] as const))("of now: %s", (_, query) => {
  test("in all three stores what is silent has no number, and all else has the same", async () => {
    const lines = await nowOf(query, NOW);
    const named = (text: string): readonly number[] =>
      Object.entries(lines).flatMap(([name, value]) => (name.includes(text) ? [value] : []));
    if (query._by.includes("node")) {
      for (const value of named(SILENT.node)) expect(value).toBeNaN();
      expect(named("silent-node-1").some((value) => value > 1)).toBe(true);
    } else if (query._by.includes("job_name")) {
      expect(named(JOBS[0]).every((value) => value > 1)).toBe(true);
      expect(named(JOBS[1])).toEqual([NaN]);
    } else expect(Object.values(lines).every((value) => value > 1)).toBe(true);
  });

  test("ten minutes after the last value no line has a number, and each is there", async () => {
    const lines = await nowOf(query, NOW + 600);
    expect(Object.keys(lines)).toEqual(Object.keys(await nowOf(query, NOW)));
    for (const value of Object.values(lines)) expect(value).toBeNaN();
  });
});

test.each([OverTime.MEAN, OverTime.MAX, OverTime.MIN, OverTime.LAST, OverTime.COUNT, OverTime.RATE, OverTime.GROWTH])(
  "of now, what is silent has no number whatever its values come to: %s",
  async (overTime) => {
    const query = new MetricQuery({
      ...{ measurement: "cdktf_flink_agent", field: "timestamp_seconds", legend: "{{node}}" },
      ...{ overTime, across: AcrossSeries.SUM },
    });
    const { "silent-node-1": there, [SILENT.node]: silent } = await nowOf(query, NOW);
    expect(there).toBeGreaterThan(1);
    expect(silent).toBeNaN();
  },
);

test("PostgreSQL has the values of its own now where the time shown ends in the future", async () => {
  const query = new MetricQuery({
    ...{ measurement: "cdktf_flink_node", field: "healthy", legend: "{{node}}" },
    ...{ overTime: OverTime.MIN, across: AcrossSeries.MIN },
  });
  const seconds = Date.now() / 1_000;
  await session.query("BEGIN");
  try {
    const told = { cluster: SILENT.cluster, node: "silent-node-1" };
    await session.query(
      `INSERT INTO metrics.cdktf_flink_node ("time", "cluster", "node", "healthy") VALUES (now(), $1, $2, 7)`,
      Object.values(told),
    );
    const rows = await rowsOfNow(query, seconds - 3_600, seconds + 3_600);
    expect(rows.map(({ metric, value }) => [metric, value])).toEqual([
      ["silent-node-1", 7],
      [SILENT.node, null],
    ]);
    const [{ now }] = (await session.query<{ now: Date }>("SELECT now()")).rows;
    for (const { time } of rows) expect(time).toEqual(now);
  } finally {
    await session.query("ROLLBACK");
  }
});

/** What all three stores answer at the end of a time of half an hour, by the names of lines. */
async function nowOf(query: MetricQuery, end: number): Promise<Lines> {
  const answers: Record<string, Lines> = {};
  for (const [store, ask] of Object.entries(ASK_NOW)) answers[store] = comparable(await ask(query, end), query);
  for (const [store, lines] of Object.entries(answers)) {
    expect({ store, lines }).toEqual({ store, lines: answers.Prometheus });
  }
  expect(Object.keys(answers.Prometheus).length).toBeGreaterThan(0);
  return answers.Prometheus;
}

/** In the order of names. How much a counter grew is reckoned otherwise in each store, and whether it grew is the same. */
function comparable(lines: Lines, { _overTime }: MetricQuery): Lines {
  const isReckoned = [OverTime.GROWTH, OverTime.RATE].includes(_overTime);
  const isCounter = (value: number): boolean => value > 1 && isReckoned;
  return Object.fromEntries(
    Object.entries(rounded(lines))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, value]) => [name, isCounter(value) ? Infinity : value]),
  );
}

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

const inInfluxQl = (expression: string, choice: Choice): string =>
  chosen(expression, choice, ":regex}", (values) =>
    values.length === 1 ? inRegex(values[0]) : `(${values.map(inRegex).join("|")})`,
  );
const inSql = (expression: string, choice: Choice): string =>
  chosen(expression, choice, ":sqlstring}", (values) =>
    values.map((value) => `'${value.replaceAll("'", "''")}'`).join(","),
  );
const inPromQl = (expression: string, choice: Choice): string =>
  chosen(expression, choice, "", (values) =>
    values.length === 1 ? inQuotedRegex(values[0]) : `(${values.map(inQuotedRegex).join("|")})`,
  );

function askInfluxDb(query: MetricQuery): Promise<Lines> {
  return linesOfInfluxDb(
    query,
    inInfluxQl(influxStore.expression(query), CHOSEN)
      .replaceAll("$timeFilter", `time >= ${MOMENTS[0]}s AND time < ${END}s`)
      .replaceAll("$__interval", `${STEP_SECONDS}s`),
  );
}

function askInfluxDbOfNow(query: MetricQuery, end: number): Promise<Lines> {
  return linesOfInfluxDb(
    query,
    inInfluxQl(influxStore._nowExpression(query, WINDOW_SECONDS), CHOSEN_OF_NOW)
      .replaceAll("${__from}", String((end - SHOWN_SECONDS) * 1_000))
      .replaceAll("${__to}", String(end * 1_000)),
  );
}

async function linesOfInfluxDb(query: MetricQuery, expression: string): Promise<Lines> {
  const found: Record<string, number> = {};
  for (const { tags, points } of await influx.askSeries(expression)) {
    const parts = query._legend.map(({ text, label }) => (label === undefined ? text : tags[label]));
    found[parts.join("")] = points[points.length - 1][1];
  }
  return found;
}

async function askPostgreSql(query: MetricQuery): Promise<Lines> {
  const expression = inSql(postgresStore.expression(query), CHOSEN)
    .replaceAll("$__interval", `${STEP_SECONDS}s`)
    .replaceAll(/\$__timeGroup\(([^,)]*), (\d+)s\)/g, "floor(extract(epoch from $1)/$2)*$2")
    .replaceAll(/\$__timeFilter\(([^)]*)\)/g, `$1 >= to_timestamp(${MOMENTS[0]}) AND $1 < to_timestamp(${END})`);
  const { rows } = await session.query<{ time: string; metric: string; value: number }>(expression);
  return Object.fromEntries(rows.map(({ metric, value }) => [metric, Number(value)]));
}

async function askPostgreSqlOfNow(query: MetricQuery, end: number): Promise<Lines> {
  const rows = await rowsOfNow(query, end - SHOWN_SECONDS, end);
  for (const { time } of rows) expect(time.getTime()).toBe(end * 1_000);
  return Object.fromEntries(rows.map(({ metric, value }) => [metric, Number(value ?? NaN)]));
}

/** Grafana writes moments as texts. */
async function rowsOfNow(query: MetricQuery, ...ends: readonly [from: number, to: number]) {
  const [from, to] = ends.map((seconds) => `'${new Date(seconds * 1_000).toISOString()}'`);
  const expression = inSql(postgresStore._nowExpression(query, WINDOW_SECONDS), CHOSEN_OF_NOW)
    .replaceAll("$__timeTo()", to)
    .replaceAll(/\$__timeFilter\(([^)]*)\)/g, `$1 BETWEEN ${from} AND ${to}`);
  return (await session.query<{ time: Date; metric: string; value: number | null }>(expression)).rows;
}

function askPrometheus(query: MetricQuery): Promise<Lines> {
  const expression = inPromQl(prometheusStore.expression(query), CHOSEN).replaceAll("$__rate_interval", "2m");
  return linesOfPrometheus(query, expression, END - STEP_SECONDS);
}

async function askPrometheusOfNow(query: MetricQuery, end: number): Promise<Lines> {
  const expression = inPromQl(prometheusStore._nowExpression(query, WINDOW_SECONDS), CHOSEN_OF_NOW);
  const lines = await linesOfPrometheus(query, expression.replaceAll("$__range", `${SHOWN_SECONDS}s`), end);
  return Object.fromEntries(Object.entries(lines).map(([name, value]) => [name, value === NO_NUMBER ? NaN : value]));
}

async function linesOfPrometheus(query: MetricQuery, expression: string, end: number): Promise<Lines> {
  const samples = await prometheus.askAt(expression, end);
  return Object.fromEntries(
    samples.map(({ metric, value: [, value] }) => [
      query._legend.map(({ text, label }) => (label === undefined ? text : metric[label])).join(""),
      Number(value),
    ]),
  );
}

/** With what a person chose in the place of the variables, as Grafana does it. */
function chosen(expression: string, choice: Choice, end: string, join: (values: readonly string[]) => string): string {
  return Object.entries(choice).reduce(
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

function linesOf({ measurement, labels, moments, valueAt }: FilledSeries): string[] {
  const escaped = (value: string): string => value.replace(/[ ,=]/g, "\\$&");
  const tags = Object.entries(labels).map(([name, value]) => `${name}=${escaped(value)}`);
  return moments.map((moment, at) => {
    const values = fieldsOf(measurement).map((field) => `${field}=${valueAt(field, at)}i`);
    return `${[measurement, ...tags].join(",")} ${values.join(",")} ${moment * 1_000}`;
  });
}

function samplesOf({ measurement, labels, moments, valueAt }: FilledSeries) {
  return fieldsOf(measurement).map((field) => ({
    labels: { ...labels, __name__: `${measurement}_${field}` },
    samples: moments.map((moment, at): [number, number] => [moment * 1_000, valueAt(field, at)]),
  }));
}

async function fillTable(measurement: string): Promise<void> {
  const fields = fieldsOf(measurement);
  const labels = [...MEASUREMENTS[measurement].labels, ...(measurement === TASKS ? OTHER_LABELS : [])];
  const quoted = (names: readonly string[]): string[] => names.map((name) => `"${name}"`);
  const columns = [...quoted(labels).map((name) => `${name} text`), ...quoted(fields).map((name) => `${name} bigint`)];
  await session.query(`CREATE TABLE metrics."${measurement}" ("time" timestamptz, ${columns.join(", ")})`);
  const rows = FILLED.filter((series) => series.measurement === measurement).flatMap((series) =>
    series.moments.map((moment, at) => ({
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
