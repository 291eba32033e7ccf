import {
  AcrossSeries,
  AlertSeverity,
  Duration,
  FlinkAlert,
  FlinkMetricAlerts,
  FlinkMetricAlertsProps,
  GrafanaRulesProps,
  InfluxDbStore,
  MetricAlert,
  MetricAlertGroup,
  MetricAlertGroupProps,
  MetricAlertProps,
  MetricCondition,
  MetricQuery,
  MetricUnit,
  OverTime,
  PrometheusStore,
} from "../../../lib";
import { line, made, NO_ENTRIES } from "./lines";
import { duration, enumeration, Given, isEmptyOptions, props, Row, whole } from "./row";
import { BARE, COMMON, EMPTY } from "./values";

const QUERY = new MetricQuery({
  ...{ measurement: "disk", field: "used_percent", legend: "{{node}}" },
  ...{ overTime: OverTime.MAX, across: AcrossSeries.MAX },
});
const LEAST: MetricAlertProps = {
  ...{ name: "Disks", query: QUERY, condition: MetricCondition.above(90), window: Duration.minutes(5) },
  ...{ severity: AlertSeverity.WARNING, summary: "x" },
};
const ALERT = new MetricAlert(LEAST);
const STORE = new PrometheusStore();

/** A line in which nothing is a template, nor a variable of an environment. */
const plain = (longest: number): Given => {
  const { takes, refuses } = line(longest);
  const isPlain = (text: unknown): boolean => !/[$`]/.test(text as string);
  return { takes: takes.filter(isPlain), refuses: [...refuses!, ...takes.filter((text) => !isPlain(text)), "{{x}}"] };
};
const words = (longest: number): Given => {
  const { takes, refuses } = plain(longest);
  return { takes: [...takes, "{{node}}: {{ value }}"], refuses: [...refuses!, "{{job_name}}", "{{}}", "{{node"] };
};
const seconds = (min: Duration, max: Duration): Pick<Row, "takes" | "refuses"> => {
  const { takes, refuses } = duration(min, max);
  return { takes, refuses: [...refuses!, Duration.millis(min.toMilliseconds() + 10_500)] };
};
const LABELS: Given = {
  isMap: true,
  takes: [EMPTY, BARE, { x: "y" }, { team: "x".repeat(200) }, { x: 'a "b" {c}' }],
  refuses: [{ severity: "x" }, { __x: "y" }, { "a b": "x" }, { x: "" }, { x: 1 }, { x: "$y" }, { x: "{{y}}" }],
};
const ADDRESSES = ["https://a.example.com", "https://a.example.com:8443/x/y"];
const NO_ADDRESSES = ["http://a.example.com", "https://", "https://a b", "https://a.example.com/$x", "javascript:x"];
const EVALUATION: Given = {
  takes: [Duration.seconds(10), Duration.minutes(10)],
  refuses: [Duration.seconds(15), Duration.seconds(5), Duration.minutes(11), Duration.millis(10_500), "1m"],
};

const alert = props<MetricAlertProps>("MetricAlertProps", (_, given) => new MetricAlert(given), "MetricAlert");
const ofAlert = (name: keyof MetricAlertProps, given: Given): Row => alert(name, given, LEAST);
const group = props<MetricAlertGroupProps>(
  "MetricAlertGroupProps",
  (_, given) => new MetricAlertGroup(given),
  "MetricAlertGroup",
);
const RULES = "the argument of MetricAlertGroup.toGrafanaRules";
const rules = props<GrafanaRulesProps>(
  "GrafanaRulesProps",
  (_, given) => new MetricAlertGroup({ name: "x" }).toGrafanaRules(given),
  RULES,
);
const RULES_LEAST: GrafanaRulesProps = { store: STORE, dataSourceUid: "x" };
const give = (_: unknown, given: FlinkMetricAlertsProps): unknown => new FlinkMetricAlerts(given);
const ours = props<FlinkMetricAlertsProps>("FlinkMetricAlertsProps", give, "FlinkMetricAlerts");
/** What is a group's as well is refused by its name. */
const ofGroup = props<FlinkMetricAlertsProps>("FlinkMetricAlertsProps", give, "MetricAlertGroup");

/** Four looks of half a minute each. */
const LEAST_TIME = Duration.minutes(2);
const [HALF_HOUR, HOUR, DAY, WEEK] = [Duration.minutes(30), Duration.hours(1), Duration.days(1), Duration.days(7)];
const TIMES: readonly (readonly [keyof FlinkMetricAlertsProps, Duration, Duration])[] = [
  ["watchedFor", HOUR, WEEK],
  ["jobDownAfter", LEAST_TIME, DAY],
  ["jobGoneAfter", LEAST_TIME, HALF_HOUR],
  ["restartsWithin", LEAST_TIME, DAY],
  ["failedCheckpointsWithin", LEAST_TIME, DAY],
  ["backPressureFor", LEAST_TIME, DAY],
  ["heapFor", LEAST_TIME, DAY],
  ["taskManagerMissingAfter", LEAST_TIME, DAY],
  ["noFreeSlotsAfter", LEAST_TIME, WEEK],
  ["noLeaderAfter", LEAST_TIME, HALF_HOUR],
  ["noQuorumAfter", LEAST_TIME, HALF_HOUR],
  ["nodeUnhealthyAfter", LEAST_TIME, DAY],
  ["nodeSilentAfter", LEAST_TIME, HALF_HOUR],
  ["diskFor", LEAST_TIME, DAY],
  ["clockOffAfter", HOUR, WEEK],
  ["certificateRemaining", Duration.minutes(1), Duration.days(365)],
  ["logsFailingAfter", LEAST_TIME, DAY],
  ["lostMetricsWithin", LEAST_TIME, DAY],
  ["rollStoppedAfter", LEAST_TIME, WEEK],
];
const COUNTS: readonly (readonly [keyof FlinkMetricAlertsProps, number, number])[] = [
  ["restarts", 1, 1_000],
  ["failedCheckpoints", 1, 1_000],
  ["missedCheckpoints", 2, 100],
  ["lostMetrics", 1, 1_000_000],
];
const PARTS: readonly (readonly [keyof FlinkMetricAlertsProps, number, number])[] = [
  ["slowCheckpointPart", 0.01, 1],
  ["backPressurePart", 0.01, 0.99],
  ["heapPart", 0.5, 0.99],
  ["metaspacePart", 0.5, 0.99],
  ["diskPercent", 50, 99],
];

const threshold = (method: "above" | "below"): Row => ({
  input: `MetricCondition.${method}(threshold)`,
  named: `the argument of MetricCondition.${method}`,
  give: (_, value) => MetricCondition[method](value),
  takes: [0, -1, 1.5, 999_999_999_999_999],
  refuses: [1e15, "1"],
  required: true,
});
const range = (method: "within" | "outside"): Row[] => {
  const common = { takes: [0, -1, 1.5], refuses: [1e15, "1"], required: true };
  return [
    {
      input: `MetricCondition.${method}(from)`,
      named: `the first argument of MetricCondition.${method}`,
      give: (_, value) => MetricCondition[method](value, 7),
      ...common,
    },
    {
      input: `MetricCondition.${method}(to)`,
      named: `the second argument of MetricCondition.${method}`,
      give: (_, value) => MetricCondition[method](-7, value),
      ...{ ...common, refuses: [...common.refuses, -7, -8] },
    },
  ];
};

export const METRIC_ALERTS: Row[] = [
  threshold("above"),
  threshold("below"),
  ...range("within"),
  ...range("outside"),

  made("MetricAlert", (value) => new MetricAlert(value), LEAST),
  ofAlert("name", {
    takes: ["x", "null", "OrdersLate", "A1", "x".repeat(100)],
    refuses: ["1a", "a b", "a-b", "a_b", "x".repeat(101), "x\n"],
    required: true,
  }),
  ofAlert("query", { takes: [QUERY], refuses: [{ measurement: "disk" }], required: true }),
  ofAlert("condition", { takes: [MetricCondition.below(1)], refuses: [90], required: true }),
  ofAlert("window", { ...seconds(Duration.seconds(10), Duration.days(30)), required: true }),
  ofAlert("lastsFor", {
    takes: [Duration.seconds(0), WEEK],
    refuses: [Duration.millis(500), Duration.seconds(7 * 86_400 + 1), "5m"],
  }),
  ofAlert("watchedFor", seconds(Duration.seconds(301), Duration.days(31))),
  ofAlert("severity", { ...enumeration(AlertSeverity), required: true }),
  ofAlert("summary", { ...words(200), required: true }),
  ofAlert("description", words(1_000)),
  ofAlert("unit", enumeration(MetricUnit)),
  ofAlert("runbookUrl", { takes: [...ADDRESSES, "https://a.example.com/x?y=z#w"], refuses: NO_ADDRESSES }),

  made("MetricAlertGroup", (value) => new MetricAlertGroup(value), { name: "x" }),
  group("name", { ...plain(100), required: true }),
  group("evaluationInterval", EVALUATION, { name: "x" }),
  group("labels", LABELS, { name: "x" }),
  {
    input: "MetricAlertGroup.add(alert)",
    named: "the argument of MetricAlertGroup.add",
    give: (_, value) => new MetricAlertGroup({ name: "x" }).add(value),
    takes: [ALERT],
    refuses: [LEAST, QUERY],
    required: true,
  },
  {
    input: "FlinkMetricAlerts.add(alert)",
    named: "the argument of MetricAlertGroup.add",
    give: (_, value) => new FlinkMetricAlerts().add(value),
    takes: [ALERT],
    refuses: [LEAST, QUERY],
    required: true,
  },
  ...["MetricAlertGroup", "FlinkMetricAlerts"].map((of): Row => ({
    input: `${of}.toGrafanaRules(props)`,
    named: RULES,
    give: (_, value) => new MetricAlertGroup({ name: "x" }).toGrafanaRules(value),
    isMap: true,
    takes: [RULES_LEAST],
    refuses: COMMON.filter((value) => !isEmptyOptions(value)),
    own: true,
  })),
  rules("store", { takes: [STORE, new InfluxDbStore()], refuses: ["prometheus"], required: true }, RULES_LEAST),
  rules(
    "dataSourceUid",
    {
      takes: ["x", "null", "__proto__", "A_1-b", "x".repeat(40)],
      refuses: ["a b", "a.b", "x".repeat(41), "x\n"],
      required: true,
    },
    RULES_LEAST,
  ),
  rules("folder", plain(100), RULES_LEAST),

  made("FlinkMetricAlerts", (value) => new FlinkMetricAlerts(value)),
  ours("interval", duration(Duration.seconds(5), Duration.minutes(5))),
  ofGroup("evaluationInterval", EVALUATION),
  ours("clusterName", {
    takes: ["null", "orders", "orders-2"],
    refuses: ["o", "Orders", "orders_2", "sg-1", "x".repeat(33), "orders\n"],
  }),
  ofGroup("labels", { ...LABELS, refuses: [...LABELS.refuses!, { cluster: "x" }] }),
  ours("runbookUrl", { takes: ADDRESSES, refuses: [...NO_ADDRESSES, "https://a.example.com/?x"] }),
  ours("without", {
    takes: [...NO_ENTRIES, [FlinkAlert.JOB_GONE], Object.values(FlinkAlert)],
    refuses: [FlinkAlert.JOB_GONE, ["JOB_GONE"], [FlinkAlert.JOB_GONE, FlinkAlert.JOB_GONE]],
  }),
  ours("checkpointInterval", duration(Duration.millis(100), HOUR)),
  ours("checkpointTimeout", duration(Duration.millis(100), DAY)),
  ...TIMES.map(([name, min, max]) => ours(name, seconds(min, max))),
  ...COUNTS.map(([name, min, max]) => ours(name, whole(min, max))),
  ...PARTS.map(([name, min, max]) =>
    ours(name, { takes: [min, max, 0.7].filter((each) => each >= min), refuses: [min / 2, max * 1.01, String(min)] }),
  ),
];
