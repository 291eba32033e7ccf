import type { MetricQuery } from "../../metrics/metric-query";
import { AcrossSeries, OverTime } from "../../metrics/metric-reduction";
import { decimal, LabelValues, MetricStore } from "./metric-store";

const OVER_TIME: Readonly<Record<OverTime, string>> = {
  [OverTime.MEAN]: "avg_over_time",
  [OverTime.MAX]: "max_over_time",
  [OverTime.MIN]: "min_over_time",
  [OverTime.LAST]: "last_over_time",
  [OverTime.RATE]: "rate",
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
    const matchers = [
      ...query._chosen().map(matches),
      ...Object.entries(query._where).map(([label, value]) => `${label}="${escaped(value)}"`),
    ].join(", ");
    const of = (field: string): string =>
      `${OVER_TIME[query._overTime]}(${query.measurement}_${field}{${matchers}}[$__rate_interval])`;
    const divided = query._dividedBy === undefined ? of(query.field) : `${of(query.field)} / ${of(query._dividedBy)}`;
    const value = query._scale === 1 ? divided : `${divided} * ${decimal(query._scale)}`;
    const by = query._by.length === 0 ? "" : ` by (${query._by.join(", ")})`;
    return `${ACROSS[query._across]}${by} (${value})`;
  }

  /** @internal */
  public _target(query: MetricQuery): object {
    const legend = query._legend.map(({ text = "", label }) => (label ? `{{${label}}}` : text));
    return {
      expr: this._expression(query),
      legendFormat: legend.join(""),
      editorMode: "code",
      range: true,
    };
  }

  /** @internal */
  public _labelValues({ measurement, field, label, chosen }: LabelValues): string {
    const matchers = chosen.length === 0 ? "" : `{${chosen.map(matches).join(", ")}}`;
    return `label_values(${measurement}_${field}${matchers}, ${label})`;
  }
}

/** One of those that were chosen: Grafana joins them, and escapes them as a text in quotes needs it. */
function matches([variable, label]: readonly [string, string]): string {
  return `${label}=~"$${variable}"`;
}

function escaped(value: string): string {
  return value.replace(/[\\"]/g, "\\$&");
}
