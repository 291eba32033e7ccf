import {
  DashboardPanel,
  Duration,
  FlinkLogDashboards,
  FlinkLogDashboardsProps,
  IndexPattern,
  IndexPatternProps,
  LogCountOverTime,
  LogCountOverTimeProps,
  LogMetric,
  LogMetricProps,
  LogMonitor,
  LogMonitorOptions,
  LogPanel,
  LogPanelProps,
  LogQuery,
  LogTable,
  LogTableColumn,
  LogTableProps,
  LogTimeRange,
  LogTopTerms,
  LogTopTermsProps,
  OpenSearchDashboard,
  OpenSearchDashboardProps,
  SavedObjects,
  SavedSearch,
  SavedSearchProps,
} from "../../../lib";
import { line, LINES, made, MOMENTS, NO_ENTRIES } from "./lines";
import { duration, Given, isEmptyOptions, props, Row, whole } from "./row";
import { COMMON } from "./values";

const INDEX_PREFIXES = {
  takes: ["null", "0.10", "logs", "a.b_c-d", "x".repeat(200)],
  refuses: ["l", "Logs", "-logs", "logs/", "logs*", "x".repeat(201), "logs\n"],
};
const OBJECT_IDS = {
  takes: ["x", "null", "0.10", "our-errors", "A_1.2", "x".repeat(300)],
  refuses: ["-x", "a/b", "a?", "x".repeat(301), "x\n"],
};
const ALL_FIELDS = {
  takes: ["@timestamp", "message", "stack_trace", "job_id"],
  refuses: ["timestamp", "message.keyword", "*", "level\n"],
};
const COUNTABLE_FIELDS = {
  takes: ["@timestamp", "message", "job_id"],
  refuses: ["timestamp", "message.keyword", "stack_trace", "level\n"],
};
/** What everything takes that shows lines. */
const panelRows = <T extends LogPanelProps>(struct: string, of: string, give: (props: T) => unknown): Row[] => {
  const row = props<LogPanelProps>(struct, (_, given) => give(given as T), of);
  const titled = (name: keyof LogPanelProps, given: Given) => row(name, given, { title: "x" });
  return [
    row("title", { ...line(200), required: true }),
    titled("description", line(1_000)),
    titled("query", { takes: [LogQuery.all(), LogQuery.lucene("x")] }),
    titled("indexPattern", { takes: [new IndexPattern(), new IndexPattern({ indexPrefix: "other" })] }),
    titled("objectId", OBJECT_IDS),
  ];
};

const savedSearch = props<SavedSearchProps>("SavedSearchProps", (_, given) => new SavedSearch(given), "SavedSearch");
const countOverTime = props<LogCountOverTimeProps>(
  "LogCountOverTimeProps",
  (_, given) => new LogCountOverTime(given),
  "LogCountOverTime",
);
const topTerms = props<LogTopTermsProps>("LogTopTermsProps", (_, given) => new LogTopTerms(given), "LogTopTerms");
const metric = props<LogMetricProps>("LogMetricProps", (_, given) => new LogMetric(given), "LogMetric");
const table = props<LogTableProps>("LogTableProps", (_, given) => new LogTable(given), "LogTable");
const dashboard = props<OpenSearchDashboardProps>(
  "OpenSearchDashboardProps",
  (_, given) => new OpenSearchDashboard(given),
  "OpenSearchDashboard",
);
const ADD = "the argument of OpenSearchDashboard.add";
const panel = props<DashboardPanel>(
  "DashboardPanel",
  (_, given) => new OpenSearchDashboard({ title: "x" }).add(given),
  ADD,
);
const PANEL = new LogMetric({ title: "x" });
const timeRange = props<LogTimeRange>("LogTimeRange", (_, given) => PANEL.searchRequest(given), "timeRange");

const SEARCHES: readonly [string, LogPanel][] = [
  ["LogPanel", PANEL],
  ["LogVisualization", PANEL],
  ["LogMetric", PANEL],
  ["SavedSearch", new SavedSearch({ title: "x" })],
  ["LogCountOverTime", new LogCountOverTime({ title: "x" })],
  ["LogTopTerms", new LogTopTerms({ title: "x", field: "level" })],
  ["LogTable", new LogTable({ title: "x", fields: ["level"] })],
];

const MINUTES = (min: Duration, max: Duration) => {
  const { takes, refuses } = duration(min, max);
  return { takes, refuses: [...refuses!, Duration.seconds(min.toSeconds() + 1)] };
};
const DAY = Duration.days(1);
const MINUTE = Duration.minutes(1);

const monitorRows = (
  struct: string,
  method: "errorRate" | "repeatedException" | "silentNode",
  own: readonly (readonly [string, Given, object?])[],
): Row[] => {
  const make = (options: unknown): LogMonitor => LogMonitor[method](options as never);
  const row = props<Record<string, unknown>>(struct, (_, given) => make(given), `LogMonitor.${method}`);
  const common: [keyof LogMonitorOptions, Given][] = [
    ["name", line(100)],
    ["indexPrefix", INDEX_PREFIXES],
    ["interval", MINUTES(MINUTE, DAY)],
    ["severity", whole(1, 5)],
    [
      "notificationChannelId",
      {
        takes: ["x", "null", "__proto__", "E4o5hnsB6KjPKmHtpfCA", "x".repeat(100)],
        refuses: ["a b", "a.b", "x".repeat(101), "x\n"],
      },
    ],
  ];
  return [
    {
      input: `LogMonitor.${method}(options)`,
      named: `the argument of LogMonitor.${method}`,
      give: (_, value) => make(value),
      isMap: true,
      takes: COMMON.filter(isEmptyOptions),
    },
    ...common.map(([name, given]) => row(name, given)),
    ...own.map(([name, given, more]) => row(name, given, more as Record<string, unknown>)),
  ];
};

export const LOG_OBJECTS: Row[] = [
  {
    input: "LogQuery.lucene(query)",
    named: "LogQuery.lucene",
    give: (_, value) => LogQuery.lucene(value),
    takes: [...LINES.filter((text) => !text.endsWith("\\")), "(a OR b) AND c", 'a:"(" AND b:\\(', "x".repeat(4_096)],
    refuses: ["(a", "a)", ")a(", 'a"', "x".repeat(4_097)],
    required: true,
  },
  {
    input: "LogQuery.where(field)",
    named: "the field of LogQuery.where",
    give: (_, value) => LogQuery.where(value, "x"),
    ...ALL_FIELDS,
    required: true,
  },
  {
    input: "LogQuery.where(values)",
    named: "the values of LogQuery.where",
    give: (_, value) => LogQuery.where("message", value),
    ...line(1_000),
    required: true,
  },
  {
    input: "LogQuery.where(values)",
    about: "that there are some",
    named: "the values of LogQuery.where",
    give: (_, values: readonly string[]) => LogQuery.where("message", ...values),
    takes: [["x"], ["x", "y"]],
    refuses: [[], ["x", ""]],
    own: true,
  },
  {
    input: "LogQuery.exists(field)",
    named: "LogQuery.exists",
    give: (_, value) => LogQuery.exists(value),
    ...ALL_FIELDS,
    required: true,
  },
  ...(["and", "or", "except"] as const).map((method): Row => ({
    input: `LogQuery.${method}(other)`,
    named: `the argument of LogQuery.${method}`,
    give: (_, value) => LogQuery.exists("level")[method](value),
    takes: [LogQuery.all(), LogQuery.exists("job_id")],
    required: true,
  })),

  made("IndexPattern", (value) => new IndexPattern(value)),
  ...(["indexPrefix", "objectId"] as const).map((name) =>
    props<IndexPatternProps>(
      "IndexPatternProps",
      (_, given) => new IndexPattern(given),
      "IndexPattern",
    )(name, name === "indexPrefix" ? INDEX_PREFIXES : OBJECT_IDS),
  ),

  ...SEARCHES.map(([of, shown]): Row => ({
    input: `${of}.searchRequest(timeRange)`,
    named: "timeRange",
    give: (_, value) => shown.searchRequest(value),
    isMap: true,
    takes: [{ from: "now-1h" }],
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  })),
  timeRange("from", { ...MOMENTS, required: true }),
  timeRange("to", MOMENTS, { from: "now-1h" }),

  made("SavedSearch", (value) => new SavedSearch(value), { title: "x" }),
  ...panelRows<SavedSearchProps>("SavedSearchProps", "SavedSearch", (given) => new SavedSearch(given)),
  savedSearch(
    "columns",
    { takes: [["level"], ALL_FIELDS.takes], refuses: [["level", "level"], ["nothing"], "level"] },
    { title: "x" },
  ),
  savedSearch("oldestFirst", { takes: [true, false] }, { title: "x" }),

  made("LogCountOverTime", (value) => new LogCountOverTime(value), { title: "x" }),
  ...panelRows<LogCountOverTimeProps>(
    "LogCountOverTimeProps",
    "LogCountOverTime",
    (given) => new LogCountOverTime(given),
  ),
  countOverTime("splitBy", COUNTABLE_FIELDS, { title: "x" }),
  countOverTime("maxSeries", whole(1, 50), { title: "x" }),

  made("LogTopTerms", (value) => new LogTopTerms(value), { title: "x", field: "level" }),
  ...panelRows<LogTopTermsProps>(
    "LogTopTermsProps",
    "LogTopTerms",
    (given) => new LogTopTerms({ ...given, field: "level" }),
  ),
  topTerms("field", { ...COUNTABLE_FIELDS, required: true }, { title: "x" }),
  topTerms("size", whole(1, 100), { title: "x", field: "level" }),

  made("LogMetric", (value) => new LogMetric(value), { title: "x" }),
  ...panelRows<LogMetricProps>("LogMetricProps", "LogMetric", (given) => new LogMetric(given)),
  metric("label", line(100), { title: "x" }),
  metric("distinct", COUNTABLE_FIELDS, { title: "x" }),

  made("LogTable", (value) => new LogTable(value), { title: "x", fields: ["level"] }),
  ...panelRows<LogTableProps>("LogTableProps", "LogTable", (given) => new LogTable({ ...given, fields: ["level"] })),
  table(
    "fields",
    {
      takes: [["level"], ["level", "node", "role", "host", "unit"]],
      refuses: [["level", "level"], ["stack_trace"], ["level", "node", "role", "host", "unit", "run"], "level"],
      required: true,
    },
    { title: "x" },
  ),
  table(
    "columns",
    {
      takes: [...NO_ENTRIES, Object.values(LogTableColumn)],
      refuses: [[LogTableColumn.LAST_LINE, LogTableColumn.LAST_LINE], LogTableColumn.LAST_LINE, ["LAST_LINE"]],
    },
    { title: "x", fields: ["level"] },
  ),
  table("size", whole(1, 100), { title: "x", fields: ["level"] }),

  made("OpenSearchDashboard", (value) => new OpenSearchDashboard(value), { title: "x" }),
  dashboard("title", { ...line(200), required: true }),
  dashboard("description", line(1_000), { title: "x" }),
  dashboard("panels", { takes: [...NO_ENTRIES, [{ panel: PANEL }]], refuses: [{ panel: PANEL }] }, { title: "x" }),
  dashboard("from", MOMENTS, { title: "x" }),
  dashboard("refreshInterval", duration(Duration.seconds(10), DAY), { title: "x" }),
  dashboard("objectId", OBJECT_IDS, { title: "x" }),
  {
    input: "OpenSearchDashboard.add(panel)",
    named: ADD,
    give: (_, value) => new OpenSearchDashboard({ title: "x" }).add(value),
    isMap: true,
    takes: [{ panel: PANEL }],
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  },
  panel("panel", { takes: [PANEL, new SavedSearch({ title: "y" })], refuses: [new IndexPattern()], required: true }),
  panel("width", whole(4, 48), { panel: PANEL }),
  panel("height", whole(4, 100), { panel: PANEL }),

  {
    input: "SavedObjects.of(objects)",
    named: "objects",
    give: (_, value) => SavedObjects.of(value),
    takes: [PANEL, new IndexPattern()],
    required: true,
  },
  {
    input: "SavedObjects.of(objects)",
    about: "together",
    named: "objects",
    give: (_, values: readonly LogPanel[]) => SavedObjects.of(...values),
    takes: [
      [PANEL, PANEL],
      [PANEL, new LogMetric({ title: "x" })],
    ],
    refuses: [[], [PANEL, new LogMetric({ title: "X" })]],
    own: true,
  },

  made("FlinkLogDashboards", (value) => new FlinkLogDashboards(value)),
  props<FlinkLogDashboardsProps>(
    "FlinkLogDashboardsProps",
    (_, given) => new FlinkLogDashboards(given),
    "FlinkLogDashboards",
  )("indexPrefix", INDEX_PREFIXES),

  ...monitorRows("ErrorRateMonitorOptions", "errorRate", [
    ["threshold", whole(1, 1_000_000)],
    ["window", MINUTES(MINUTE, DAY)],
  ]),
  ...monitorRows("RepeatedExceptionMonitorOptions", "repeatedException", [
    ["threshold", whole(2, 1_000_000)],
    ["window", MINUTES(MINUTE, DAY)],
  ]),
  ...monitorRows("SilentNodeMonitorOptions", "silentNode", [
    ["silence", MINUTES(Duration.minutes(5), Duration.hours(12))],
    ["watchedFor", MINUTES(Duration.minutes(10), Duration.days(7)), { silence: Duration.minutes(5) }],
  ]),
];
