import {
  AcrossSeries,
  Duration,
  FlinkCluster,
  FlinkMetricDashboards,
  FlinkMetricDashboardsProps,
  FlinkMetricOptions,
  FlinkMetricQuery,
  GrafanaDashboard,
  GrafanaDashboardProps,
  GrafanaPanelPlace,
  GrafanaPanelProps,
  IFlinkCluster,
  InfluxDbStore,
  InfluxDbStoreProps,
  MetricLimits,
  MetricQuery,
  MetricQueryProps,
  MetricStore,
  MetricThresholds,
  MetricUnit,
  OverTime,
  PanelSummary,
  PostgreSqlStore,
  PostgreSqlStoreProps,
  PrometheusStore,
  StatPanel,
  StatPanelProps,
  TablePanel,
  TablePanelProps,
  TimeSeriesPanel,
  TimeSeriesPanelProps,
} from "../../../lib";
import { CLUSTER_ATTRIBUTES } from "./clusters";
import { line, made, MOMENTS, NO_ENTRIES } from "./lines";
import { cluster, duration, enumeration, Given, isEmptyOptions, once, props, Row, whole } from "./row";
import { BARE, COMMON, EMPTY } from "./values";

const LEAST: MetricQueryProps = {
  ...{ measurement: "disk", field: "used_percent", legend: "x" },
  ...{ overTime: OverTime.MAX, across: AcrossSeries.MAX },
};
const QUERY = new MetricQuery(LEAST);
const STORES = { InfluxDbStore: new InfluxDbStore(), PrometheusStore: new PrometheusStore() };

const NAMES: Given = {
  takes: ["x", "null", "__proto__", "Status_JVM_CPU_Load", "a".repeat(200)],
  refuses: ["1a", "a-b", "a.b", "a:b", "a".repeat(201), "x\n"],
};
const ONE_VALUE: Given = {
  isMap: true,
  takes: [EMPTY, BARE, { path: "/" }, { node: "x".repeat(1_000) }],
  refuses: [{ path: "" }, { path: " a" }, { path: 1 }, { "a b": "x" }, { job_name: "x" }],
};
const LEGENDS: Given = {
  ...line(200),
  takes: [...line(200).takes, "{{node}}: {{ path }}", "{node}"],
  refuses: [...line(200).refuses!, "{{node", "node}}", "{{node}} {{{{path}}", "{{job_name}}", "{{}}", "{{node}} {{x}}"],
};
const LABELS: Given = {
  takes: [...NO_ENTRIES, ["node"], ["cluster", "node", "path"]],
  refuses: [["node", "node"], ["job_name"], "node", ["a b"], Array.from({ length: 9 }, () => "node")],
};
/** As far as numbers are the same in every program that reads them. */
const NUMBERS: Given = {
  takes: [0, -1, 1.5, 999_999_999_999_999, -999_999_999_999_999],
  refuses: [1e15, -1e15, "1"],
};

const query = props<MetricQueryProps>("MetricQueryProps", (_, given) => new MetricQuery(given), "MetricQuery");
const option = props<FlinkMetricOptions>(
  "FlinkMetricOptions",
  (_, given) => FlinkMetricQuery.memoryAvailable(given),
  "MetricQuery",
);
const OPTIONS: Given = {
  isMap: true,
  takes: [undefined, null, EMPTY, BARE, { legend: "x" }],
  refuses: ["x", 1, false, [], ["x"], { x: 1 }],
  own: true,
};

/** Every way to ask for a metric, of all clusters and of one. */
const METHODS = Object.getOwnPropertyNames(FlinkMetricQuery).filter(
  (name) => !["length", "name", "prototype"].includes(name),
);
type Ask = Readonly<Record<string, (options: unknown) => MetricQuery>>;
const ownCluster = once((stack) => cluster(stack));
const existingCluster = once((stack) => FlinkCluster.fromFlinkClusterAttributes(stack, "c", CLUSTER_ATTRIBUTES));
const OF_CLUSTERS: readonly (readonly [string, () => IFlinkCluster])[] = [
  ["FlinkCluster", ownCluster],
  ["IFlinkCluster", existingCluster],
];
const ofCluster = ([of, made]: (typeof OF_CLUSTERS)[number]): Row[] => [
  {
    input: `${of}.metric(props)`,
    named: "props of MetricQuery",
    give: (_, value) => made().metric(value),
    isMap: true,
    takes: [LEAST],
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  },
  ...METHODS.map((name) => `metric${name[0].toUpperCase()}${name.slice(1)}`).map((name): Row => ({
    input: `${of}.${name}(options)`,
    named: `options of ${name}`,
    give: (_, value) => (made() as unknown as Ask)[name](value),
    ...OPTIONS,
  })),
];

const PANEL_LEAST = { title: "x", description: "x", queries: [QUERY], unit: MetricUnit.COUNT };
const THRESHOLDS = [
  MetricThresholds.above({ warning: 1, critical: 2 }),
  MetricThresholds.below({ warning: 2, critical: 1 }),
];

/** What every panel takes. */
const panelRows = <T extends GrafanaPanelProps>(struct: string, of: string, give: (props: T) => unknown): Row[] => {
  const row = props<GrafanaPanelProps>(struct, (_, given) => give({ ...PANEL_LEAST, ...given } as T), of);
  return [
    made(of, (value) => give(value), PANEL_LEAST),
    row("title", { ...line(200), required: true }),
    row("description", { ...line(1_000), required: true }),
    row("runbook", line(1_000)),
    row("queries", {
      takes: [[QUERY], Array.from({ length: 10 }, () => QUERY)],
      refuses: [QUERY, [], [LEAST], Array.from({ length: 11 }, () => QUERY)],
      required: true,
    }),
    row("unit", { ...enumeration(MetricUnit), required: true }),
    row("thresholds", { takes: THRESHOLDS, refuses: [{ warning: 1, critical: 2 }] }),
    row("min", NUMBERS),
    row("max", NUMBERS),
    { ...row("max", { takes: [2], refuses: [1, 0] }, { min: 1 }), about: "above min", own: true },
  ];
};
const stat = props<StatPanelProps>("StatPanelProps", (_, given) => new StatPanel(given), "StatPanel");
const table = props<TablePanelProps>("TablePanelProps", (_, given) => new TablePanel(given), "TablePanel");
const timeSeries = props<TimeSeriesPanelProps>(
  "TimeSeriesPanelProps",
  (_, given) => new TimeSeriesPanel(given),
  "TimeSeriesPanel",
);

const limits = (method: "above" | "below", critical: number, warning: number): Row[] => {
  const of = `MetricThresholds.${method}`;
  const row = props<MetricLimits>("MetricLimits", (_, given) => MetricThresholds[method](given), of);
  const { takes, refuses } = NUMBERS;
  const beyond = (number: number): boolean => (method === "above" ? number > warning : number < warning);
  const [farthest, others] = method === "above" ? [takes[3], takes.slice(0, 3)] : [takes[4], takes.slice(0, 3)];
  return [
    {
      ...{ input: `${of}(limits)`, named: of, give: (_: unknown, value: never) => MetricThresholds[method](value) },
      ...{ isMap: true, takes: [{ warning, critical }], own: true },
      refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    },
    {
      ...row("warning", { takes: others, refuses, required: true }, { critical: farthest as number }),
      about: method,
    },
    {
      ...row(
        "critical",
        {
          takes: [critical, ...takes.filter((number) => beyond(number as number))],
          refuses: [warning, ...refuses!],
          required: true,
        },
        { warning },
      ),
      about: method,
    },
  ];
};

const DASHBOARD_LEAST: GrafanaDashboardProps = { title: "x", description: "x", uid: "x" };
const dashboard = props<GrafanaDashboardProps>(
  "GrafanaDashboardProps",
  (_, given) => new GrafanaDashboard({ ...DASHBOARD_LEAST, ...given }),
  "GrafanaDashboard",
);
const PANEL = new StatPanel(PANEL_LEAST);
const ADD = "the argument of GrafanaDashboard.add";
const place = props<GrafanaPanelPlace>(
  "GrafanaPanelPlace",
  (_, given) => new GrafanaDashboard(DASHBOARD_LEAST).add(given),
  ADD,
);
const INTERVALS = duration(Duration.seconds(5), Duration.minutes(5));

export const METRIC_OBJECTS: Row[] = [
  made("MetricQuery", (value) => new MetricQuery(value), LEAST),
  query(
    "measurement",
    {
      takes: ["mem", "flink_jobmanager_job"],
      refuses: ["Mem", "mem\n", "flink_jobmanager_job_numRestarts"],
      required: true,
    },
    LEAST,
  ),
  {
    ...query("measurement", { ...NAMES, required: true }, { ...LEAST, seriesLabels: ["path"] }),
    about: "which no node ships",
  },
  query("field", { ...NAMES, required: true }, LEAST),
  query("dividedBy", NAMES, LEAST),
  query("scale", { takes: [1, 1.5, 1e-6, 1e6], refuses: [9e-7, 1e6 + 1, "1"] }, LEAST),
  query("overTime", { ...enumeration(OverTime), required: true }, LEAST),
  query("across", { ...enumeration(AcrossSeries), required: true }, LEAST),
  query("by", LABELS, LEAST),
  query("where", ONE_VALUE, LEAST),
  query("allNodes", { takes: [true, false], refuses: ["true", 1] }, LEAST),
  query("legend", { ...LEGENDS, required: true }, LEAST),
  query(
    "seriesLabels",
    {
      takes: [...NO_ENTRIES, ...COMMON.filter((value) => Array.isArray(value) && value[0] === "x"), ["path", "node"]],
      refuses: [["x", "x"], ["a b"], "x", Array.from({ length: 9 }, (_, at) => `a${at}`)],
    },
    LEAST,
  ),

  option("legend", {
    ...LEGENDS,
    takes: LEGENDS.takes.filter((legend) => legend !== "{{node}}: {{ path }}"),
    refuses: [...LEGENDS.refuses!, "{{node}}: {{ path }}"],
  }),
  option("by", { ...LABELS, takes: [...NO_ENTRIES, ["node"], ["cluster", "node"]] }, { legend: "x" }),
  option("overTime", enumeration(OverTime)),
  option("across", enumeration(AcrossSeries)),
  option("where", { ...ONE_VALUE, takes: [EMPTY, BARE, { node: "x" }] }),
  ...METHODS.map((name): Row => ({
    input: `FlinkMetricQuery.${name}(options)`,
    named: `options of FlinkMetricQuery.${name}`,
    give: (_, value) => (FlinkMetricQuery as unknown as Ask)[name](value),
    ...OPTIONS,
  })),
  ...OF_CLUSTERS.flatMap(ofCluster),

  made("InfluxDbStore", (value) => new InfluxDbStore(value)),
  props<InfluxDbStoreProps>(
    "InfluxDbStoreProps",
    (_, given) => new InfluxDbStore(given),
    "InfluxDbStore",
  )("retentionPolicy", line(200)),
  made("PostgreSqlStore", (value) => new PostgreSqlStore(value)),
  props<PostgreSqlStoreProps>(
    "PostgreSqlStoreProps",
    (_, given) => new PostgreSqlStore(given),
    "PostgreSqlStore",
  )("schemaName", line(63)),
  ...Object.entries<MetricStore>({
    ...STORES,
    PostgreSqlStore: new PostgreSqlStore(),
    MetricStore: new PrometheusStore(),
  }).map(([of, store]): Row => ({
    input: `${of}.expression(query)`,
    named: "the argument of expression",
    give: (_, value) => store.expression(value),
    takes: [QUERY],
    refuses: [LEAST],
    required: true,
  })),

  ...panelRows<StatPanelProps>("StatPanelProps", "StatPanel", (given) => new StatPanel(given)),
  stat("summary", enumeration(PanelSummary), PANEL_LEAST),
  ...panelRows<TablePanelProps>("TablePanelProps", "TablePanel", (given) => new TablePanel(given)),
  table(
    "columns",
    {
      takes: [
        [PanelSummary.NOW],
        [PanelSummary.LAST],
        Object.values(PanelSummary).filter((each) => each !== PanelSummary.NOW),
      ],
      refuses: [
        PanelSummary.LAST,
        [],
        ["LAST"],
        [PanelSummary.LAST, PanelSummary.LAST],
        [PanelSummary.NOW, PanelSummary.MAX],
      ],
    },
    PANEL_LEAST,
  ),
  ...panelRows<TimeSeriesPanelProps>("TimeSeriesPanelProps", "TimeSeriesPanel", (given) => new TimeSeriesPanel(given)),
  timeSeries("stacked", { takes: [true, false], refuses: ["true", 1] }, PANEL_LEAST),
  ...limits("above", 2, 1),
  ...limits("below", 1, 2),

  made("GrafanaDashboard", (value) => new GrafanaDashboard(value), DASHBOARD_LEAST),
  dashboard("title", { ...line(200), required: true }),
  dashboard("description", { ...line(1_000), required: true }),
  dashboard("uid", {
    takes: ["x", "null", "__proto__", "cdktf-flink-jobs", "A_1", "x".repeat(40)],
    refuses: ["a b", "a.b", "a/b", "x".repeat(41), "x\n"],
    required: true,
  }),
  dashboard("from", MOMENTS),
  dashboard("refreshInterval", duration(Duration.seconds(10), Duration.days(1))),
  dashboard("interval", INTERVALS),
  {
    input: "GrafanaDashboard.addHeading(title)",
    named: "the argument of GrafanaDashboard.addHeading",
    give: (_, value) => new GrafanaDashboard(DASHBOARD_LEAST).addHeading(value),
    ...line(200),
    required: true,
  },
  {
    input: "GrafanaDashboard.add(place)",
    named: ADD,
    give: (_, value) => new GrafanaDashboard(DASHBOARD_LEAST).add(value),
    isMap: true,
    takes: [{ panel: PANEL }],
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  },
  place("panel", { takes: [PANEL, new TablePanel(PANEL_LEAST)], refuses: [PANEL_LEAST, QUERY], required: true }),
  place("width", whole(2, 24), { panel: PANEL }),
  place("height", whole(2, 50), { panel: PANEL }),
  {
    input: "GrafanaDashboard.toJson(store)",
    named: "the argument of GrafanaDashboard.toJson",
    give: (_, value) => new GrafanaDashboard(DASHBOARD_LEAST).toJson(value),
    takes: Object.values(STORES),
    refuses: ["prometheus", QUERY],
    required: true,
  },
  made("FlinkMetricDashboards", (value) => new FlinkMetricDashboards(value)),
  props<FlinkMetricDashboardsProps>(
    "FlinkMetricDashboardsProps",
    (_, given) => new FlinkMetricDashboards(given),
    "FlinkMetricDashboards",
  )("interval", INTERVALS),
];
