import { requireLine } from "../../core/require-line";
import { OptionNames, requireOptionsOf } from "../../core/validation";
import type { MetricQuery } from "../../metrics/metric-query";
import { OverTime } from "../../metrics/metric-reduction";
import { decimal, LabelValues, MetricStore } from "./metric-store";

/** What an `InfluxDbStore` can be told. */
export interface InfluxDbStoreProps {
  /**
   * The retention policy that metrics are written to, as that of the `MetricsDestination`.
   *
   * @default - the database's default
   */
  readonly retentionPolicy?: string;
}

const PROPS: OptionNames<InfluxDbStoreProps> = { retentionPolicy: true };

/** InfluxDB, by InfluxQL: version 1, and version 2 where a database and retention policy stand for the bucket. */
export class InfluxDbStore extends MetricStore {
  /** @internal */
  public readonly _plugin = "influxdb";
  private readonly retentionPolicy?: string;

  public constructor(props: InfluxDbStoreProps = {}) {
    requireOptionsOf("props of InfluxDbStore", props, PROPS);
    super();
    if (props.retentionPolicy != null) requireLine("retentionPolicy of InfluxDbStore", props.retentionPolicy, 200);
    this.retentionPolicy = props.retentionPolicy ?? undefined;
  }

  /**
   * The inner part is about each series of its own; what has no value within a step is no point.
   *
   * @see https://docs.influxdata.com/influxdb/v1/query_language/explore-data/#subqueries
   * @internal
   */
  public _expression(query: MetricQuery): string {
    const conditions = [
      ...query._chosen().map(matches),
      ...Object.entries(query._where).map(([label, value]) => `${identifier(label)} = ${text(value)}`),
      "$timeFilter",
    ].join(" AND ");
    const series =
      `SELECT ${valueOfStep(query)} AS "value" FROM ${this.from(query.measurement)} ` +
      `WHERE ${conditions} GROUP BY time($__interval), * fill(none)`;
    const by = ["time($__interval)", ...query._by.map(identifier)].join(", ");
    return `SELECT ${query._across}("value") FROM (${series}) WHERE $timeFilter GROUP BY ${by} fill(none)`;
  }

  /** @internal */
  public _target(query: MetricQuery): object {
    const alias = query._legend.map(({ text: words = "", label }) => (label ? `[[tag_${label}]]` : words));
    return {
      rawQuery: true,
      resultFormat: "time_series",
      query: this._expression(query),
      alias: alias.join(""),
    };
  }

  /** @internal */
  public _labelValues({ measurement, label, chosen }: LabelValues): string {
    const conditions = chosen.length === 0 ? "" : ` WHERE ${chosen.map(matches).join(" AND ")}`;
    return `SHOW TAG VALUES FROM ${this.from(measurement)} WITH KEY = ${identifier(label)}${conditions}`;
  }

  private from(measurement: string): string {
    const policy = this.retentionPolicy === undefined ? "" : `${identifier(this.retentionPolicy)}.`;
    return `${policy}${identifier(measurement)}`;
  }
}

function valueOfStep({ field, _overTime: overTime, _dividedBy: dividedBy, _scale: scale }: MetricQuery): string {
  const of = (name: string): string =>
    overTime === OverTime.RATE
      ? `non_negative_derivative(max(${identifier(name)}), 1s)`
      : `${overTime}(${identifier(name)})`;
  const divided = dividedBy === undefined ? of(field) : `${of(field)} / ${of(dividedBy)}`;
  return scale === 1 ? divided : `${divided} * ${decimal(scale)}`;
}

/** One of those that were chosen: Grafana joins and escapes them. */
function matches([variable, label]: readonly [string, string]): string {
  return `${identifier(label)} =~ /^\${${variable}:regex}$/`;
}

function identifier(name: string): string {
  return `"${name.replace(/[\\"]/g, "\\$&")}"`;
}

function text(value: string): string {
  return `'${value.replace(/[\\']/g, "\\$&")}'`;
}
