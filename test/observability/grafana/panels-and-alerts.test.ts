import { FlinkMetricDashboards } from "../../../lib/observability/grafana/flink-metric-dashboards";
import { PrometheusStore } from "../../../lib/observability/grafana/prometheus-store";
import { AlertSeverity } from "../../../lib/observability/metric-alerts/alert-severity";
import { FlinkAlert } from "../../../lib/observability/metric-alerts/flink-alert";
import { FlinkMetricAlerts } from "../../../lib/observability/metric-alerts/flink-metric-alerts";
import type { MetricAlert } from "../../../lib/observability/metric-alerts/metric-alert";
import { OverTime } from "../../../lib/metrics/metric-reduction";
import { MetricQuery } from "../../../lib/metrics/metric-query";

interface Step {
  readonly color: string;
  readonly value: number | null;
}

const PANELS = new FlinkMetricDashboards().dashboards.flatMap(({ panels }) => panels);
const sameValue = (one: MetricQuery, other: MetricQuery): boolean =>
  one.measurement === other.measurement && one.field === other.field && one._dividedBy === other._dividedBy;
const panelsOf = ({ query }: MetricAlert) =>
  PANELS.filter(({ queries }) => queries.some((each) => sameValue(each, query)));
const ALERTS = new FlinkMetricAlerts().alerts.map((alert) => [alert.name, alert] as const);
const isWatched = ({ _span: span }: MetricAlert): boolean => span.watchedSeconds !== undefined;

test.each(ALERTS.filter(([, alert]) => isWatched(alert)))(
  "%s tells of what is silent, and a panel of now shows it",
  (_, alert) => expect(panelsOf(alert).filter((panel) => panel._isOfNow())).not.toEqual([]),
);

// How many values there are is no value of a panel.
const TOLD_BY_VALUE = ALERTS.filter(([, { query }]) => query._overTime !== OverTime.COUNT);
const SHOWN = TOLD_BY_VALUE.flatMap(([name, alert]) =>
  panelsOf(alert).flatMap((panel) => {
    const steps = stepsOf(panel);
    return steps.length === 1 ? [] : [[name, panel.title, alert, steps] as const];
  }),
);

const NO_PANEL = "no panel has what it is about";
/** Alerts that no panel has limits for, and why. */
const WITHOUT_LIMITS: Readonly<Record<string, string>> = {
  [FlinkAlert.JOB_GONE]: "told by silence alone, which is red",
  [FlinkAlert.NO_LEADER]: "told by silence alone, which is red",
  [FlinkAlert.CHECKPOINTS_MISSING]: "how many there should be depends on each job's interval",
  [FlinkAlert.CHECKPOINTS_SLOW]: "how long one may take depends on each cluster's timeout",
  [FlinkAlert.CERTIFICATE_EXPIRING]: "how much is well depends on each cluster's certificateValidity",
  [FlinkAlert.ROLL_STOPPED]: "a change is well, but not for long",
  [FlinkAlert.TASK_MANAGER_MISSING]: NO_PANEL,
  [FlinkAlert.CLOCK_OFF]: NO_PANEL,
  [FlinkAlert.LOGS_FAILING]: NO_PANEL,
};

test("every alert is about what a panel has limits for, but for those that are named", () => {
  const shown = new Set(SHOWN.map(([name]) => name));
  const others = ALERTS.filter(([name]) => !shown.has(name));
  expect(others.map(([name]) => name).sort()).toEqual(Object.keys(WITHOUT_LIMITS).sort());
  const unseen = others.filter(([, alert]) => panelsOf(alert).length === 0).map(([name]) => name);
  expect(unseen).toEqual(Object.keys(WITHOUT_LIMITS).filter((name) => WITHOUT_LIMITS[name] === NO_PANEL));
});

test.each(["Running jobs", "TaskManagers", "Certificates end in"])(
  "%s is in no color: how much of it is well, only its owner knows",
  (title) => {
    const panel = PANELS.find((each) => each.title === title)!;
    expect(stepsOf(panel)).toEqual([{ color: "text", value: null }]);
    expect(panel._isOfNow()).toBe(true);
  },
);

test.each(SHOWN)(
  "what %s is told of is not green in the panel %s, and red where it is critical",
  (_, title, alert, steps) => {
    const panel = panelsOf(alert).find((each) => each.title === title)!;
    const { _scale: scale } = panel.queries.find((each) => sameValue(each, alert.query))!;
    const { type, params } = alert._condition._evaluator() as {
      readonly type: string;
      readonly params: readonly number[];
    };
    const beyond =
      type === "gt" ? params[0] + 0.5 * Number(alert.query._overTime === OverTime.GROWTH) : params[0] - 1e-9;
    const value = (beyond * scale) / alert.query._scale;
    const reached = steps.filter((step) => step.value === null || value >= step.value);
    const allowed = alert.severity === AlertSeverity.CRITICAL ? ["red"] : ["yellow", "red"];
    expect(allowed).toContain(reached[reached.length - 1].color);
  },
);

test("no panel shows in green what may be old", () => {
  const old = PANELS.filter((panel) => {
    const { type, options, transformations } = written(panel);
    const reducers = [
      ...(options.reduceOptions?.calcs ?? []),
      ...transformations.flatMap((each) => each.options.reducers),
    ];
    return (
      type !== "timeseries" && reducers.includes("lastNotNull") && stepsOf(panel).some(({ color }) => color === "green")
    );
  });
  expect(old.map(({ title }) => title)).toEqual([]);
});

function stepsOf(panel: (typeof PANELS)[number]): readonly Step[] {
  return written(panel).fieldConfig.defaults.thresholds.steps;
}

function written(panel: (typeof PANELS)[number]) {
  return panel._panel(new PrometheusStore(), 1, { x: 0, y: 0, w: 1, h: 1 }, 30) as {
    readonly type: string;
    readonly fieldConfig: { readonly defaults: { readonly thresholds: { readonly steps: readonly Step[] } } };
    readonly options: { readonly reduceOptions?: { readonly calcs: readonly string[] } };
    readonly transformations: readonly { readonly options: { readonly reducers: readonly string[] } }[];
  };
}
