import type { MetricQuery } from "../../metrics/metric-query";
import { AcrossSeries, OverTime } from "../../metrics/metric-reduction";
import { AlertSpan, decimal, LabelValues, MetricStore, SILENT } from "./metric-store";
import { prometheusDuration } from "./prometheus-duration";

const OVER_TIME: Readonly<Record<OverTime, string>> = {
  [OverTime.MEAN]: "avg_over_time",
  [OverTime.MAX]: "max_over_time",
  [OverTime.MIN]: "min_over_time",
  [OverTime.LAST]: "last_over_time",
  [OverTime.COUNT]: "count_over_time",
  [OverTime.RATE]: "rate",
  [OverTime.GROWTH]: "increase",
};
const ACROSS: Readonly<Record<AcrossSeries, string>> = {
  [AcrossSeries.SUM]: "sum",
  [AcrossSeries.MEAN]: "avg",
  [AcrossSeries.MAX]: "max",
  [AcrossSeries.MIN]: "min",
};

/** What takes Prometheus' remote write and is asked by PromQL: Prometheus, Amazon's, M3, Thanos, Mimir, VictoriaMetrics. */
export class PrometheusStore extends MetricStore {
  /** @internal */
  public readonly _plugin = "prometheus";

  /**
   * Of a step as long as four looks at least: with one look alone there would be holes, and no rate.
   *
   * @see https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/#use-__rate_interval
   * @internal
   */
  public _expression(query: MetricQuery): string {
    const matchers = [...query._chosen().map(matches), ...fixed(query)];
    return across(query, valueOfSeries(query, matchers, "$__rate_interval"));
  }

  /**
   * With the shortest step, from which Grafana computes `$__rate_interval`: by itself it takes what the data source was told.
   * @internal
   */
  public _target(query: MetricQuery, stepSeconds: number): object {
    return {
      expr: this._expression(query),
      legendFormat: legendOf(query),
      editorMode: "code",
      range: true,
      interval: `${stepSeconds}s`,
    };
  }

  /**
   * At the end of the time shown: the last step of a range may be much older.
   * @internal
   */
  public _nowTarget(query: MetricQuery, windowSeconds: number): object {
    return {
      expr: this._nowExpression(query, windowSeconds),
      legendFormat: legendOf(query),
      editorMode: "code",
      instant: true,
      range: false,
    };
  }

  /**
   * With a number for what is silent: MetricsQL, and M3 by its own engine, drop what is not one.
   *
   * @see https://docs.victoriametrics.com/victoriametrics/metricsql/
   * @internal
   */
  public _nowExpression(query: MetricQuery, windowSeconds: number): string {
    const matchers = [...query._chosen().map(matches), ...fixed(query)];
    const value = across(query, valueOfSeries(query, matchers, prometheusDuration(windowSeconds)));
    return `${value} or ${SILENT} + 0 * ${knownWithin(query, matchers, "$__range")}`;
  }

  /** @internal */
  public _alertExpression(query: MetricQuery, { windowSeconds, watchedSeconds }: AlertSpan): string {
    const value = across(query, valueOfSeries(query, fixed(query), prometheusDuration(windowSeconds)));
    if (watchedSeconds === undefined) return value;
    return `${value} or 0 * ${knownWithin(query, fixed(query), prometheusDuration(watchedSeconds))}`;
  }

  /** @internal */
  public _alertTarget(query: MetricQuery, span: AlertSpan): object {
    return { expr: this._alertExpression(query, span), editorMode: "code", instant: true, range: false };
  }

  /** @internal */
  public _labelValues({ measurement, field, label, chosen }: LabelValues): string {
    const matchers = chosen.length === 0 ? "" : `{${chosen.map(matches).join(", ")}}`;
    return `label_values(${measurement}_${field}${matchers}, ${label})`;
  }
}

/**
 * What all series of a line come to. Those of one thing are known by the labels that stay: beside those that we name, series
 * have others of Flink's that an attempt changes, such as `host`, `tm_id` and `task_attempt_num`.
 */
function across({ _across, _by, _passing, _identity }: MetricQuery, value: string): string {
  const each = _passing.length === 0 ? value : `max by (${_identity.join(", ")}) (${value})`;
  return `${ACROSS[_across]}${_by.length === 0 ? "" : ` by (${_by.join(", ")})`} (${each})`;
}

/** One value for each series, of what it had within a time. */
function valueOfSeries(query: MetricQuery, matchers: readonly string[], time: string): string {
  const { field, _overTime: overTime, _dividedBy: dividedBy, _scale: scale } = query;
  const of = (name: string): string => `${OVER_TIME[overTime]}(${selector(query, name, matchers)}[${time}])`;
  const divided = dividedBy === undefined ? of(field) : `${of(field)} / ${of(dividedBy)}`;
  return scale === 1 ? divided : `${divided} * ${decimal(scale)}`;
}

/** The lines that had a value within a time. */
function knownWithin(query: MetricQuery, matchers: readonly string[], time: string): string {
  return across(query, `last_over_time(${selector(query, query.field, matchers)}[${time}])`);
}

function legendOf({ _legend }: MetricQuery): string {
  return _legend.map(({ text = "", label }) => (label ? `{{${label}}}` : text)).join("");
}

function selector({ measurement }: MetricQuery, field: string, matchers: readonly string[]): string {
  return `${measurement}_${field}${matchers.length === 0 ? "" : `{${matchers.join(", ")}}`}`;
}

/** Labels that have one value. */
function fixed({ _where }: MetricQuery): readonly string[] {
  return Object.entries(_where).map(([label, value]) => `${label}="${escaped(value)}"`);
}

/** One of those that were chosen: Grafana joins them, and escapes them as a text in quotes needs it. */
function matches([variable, label]: readonly [string, string]): string {
  return `${label}=~"$${variable}"`;
}

function escaped(value: string): string {
  return value.replace(/[\\"]/g, "\\$&");
}
