import { requireLine } from "../../core/require-line";
import { OptionNames, requireOptionsOf } from "../../core/validation";
import type { MetricQuery } from "../../metrics/metric-query";
import { OverTime } from "../../metrics/metric-reduction";
import { AlertSpan, decimal, LabelValues, MetricStore } from "./metric-store";

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

/** Windows of time, of each of which a line has one value. */
interface Windows {
  readonly windowSeconds: number;
  readonly time: string;
  readonly end: string;
  readonly fill: string;
  readonly conditions: readonly string[];
}

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
    const conditions = [...query._chosen().map(matches), ...fixed(query), "$timeFilter"].join(" AND ");
    const inner =
      `SELECT ${valueOfStep(query)} AS "value" FROM ${this.from(query.measurement)} ` +
      `WHERE ${conditions} GROUP BY time($__interval), ${series(query)} fill(none)`;
    const by = ["time($__interval)", ...query._by.map(identifier)].join(", ");
    return `SELECT ${query._across}("value") FROM (${inner}) WHERE $timeFilter GROUP BY ${by} fill(none)`;
  }

  /** @internal */
  public _target(query: MetricQuery): object {
    return target(query, this._expression(query));
  }

  /** @internal */
  public _nowTarget(query: MetricQuery, windowSeconds: number): object {
    return target(query, this._nowExpression(query, windowSeconds));
  }

  /**
   * In steps of which the last one ends with the time shown, and is what is shown.
   * @internal
   */
  public _nowExpression(query: MetricQuery, windowSeconds: number): string {
    const of = {
      ...{ windowSeconds, end: "${__to}ms", fill: "null" },
      time: "time >= ${__from}ms AND time < ${__to}ms",
      conditions: [...query._chosen().map(matches), ...fixed(query)],
    };
    // Backwards, what grows falls: there all steps are asked for, of which Grafana takes the last one.
    return `${this.windows(query, of)}${isGrowth(query) ? "" : " ORDER BY time DESC LIMIT 1"}`;
  }

  /**
   * By the server's own clock, and in steps that end now: the last one is the window.
   *
   * @see https://docs.influxdata.com/influxdb/v1/query_language/explore-data/#advanced-group-by-time-syntax
   * @internal
   */
  public _alertExpression(query: MetricQuery, { windowSeconds, watchedSeconds }: AlertSpan): string {
    return this.windows(query, {
      ...{ windowSeconds, end: "now()", fill: watchedSeconds === undefined ? "none" : "0" },
      time: `time >= now() - ${watchedSeconds ?? windowSeconds}s AND time < now()`,
      conditions: fixed(query),
    });
  }

  /** @internal */
  public _alertTarget(query: MetricQuery, span: AlertSpan): object {
    return { query: this._alertExpression(query, span), rawQuery: true, resultFormat: "time_series" };
  }

  /** @internal */
  public _labelValues({ measurement, label, chosen }: LabelValues): string {
    const conditions = chosen.length === 0 ? "" : ` WHERE ${chosen.map(matches).join(" AND ")}`;
    return `SHOW TAG VALUES FROM ${this.from(measurement)} WITH KEY = ${identifier(label)}${conditions}`;
  }

  /** One value for each line and window; all windows are as long, and the last one ends at the end of the time. */
  private windows(query: MetricQuery, { windowSeconds, time, end, fill, conditions: chosen }: Windows): string {
    const conditions = [...chosen, time].join(" AND ");
    const step = `time(${windowSeconds}s, ${end})`;
    const by = [step, ...query._by.map(identifier)].join(", ");
    const source = this.from(query.measurement);
    const { _scale: scale, _across: across } = query;
    if (!isGrowth(query)) {
      const value = scale === 1 ? valueOf(query) : `${valueOf(query)} * ${decimal(scale)}`;
      const inner = `SELECT ${value} AS "value" FROM ${source} WHERE ${conditions} GROUP BY ${step}, ${series(query)} fill(none)`;
      return `SELECT ${across}("value") FROM (${inner}) WHERE ${time} GROUP BY ${by} fill(${fill})`;
    }
    const grown =
      `SELECT non_negative_difference(${identifier(query.field)}) AS "grown" FROM ${source} ` +
      `WHERE ${conditions} GROUP BY *`;
    const divisor = query._overTime === OverTime.RATE ? ` / ${windowSeconds}` : "";
    const sum = `sum("grown")${scale === 1 ? "" : ` * ${decimal(scale)}`}${divisor}`;
    const inner = `SELECT ${sum} AS "value" FROM (${grown}) WHERE ${time} GROUP BY ${step}, * fill(none)`;
    return `SELECT ${across}("value") FROM (${inner}) WHERE ${time} GROUP BY ${by} fill(${fill})`;
  }

  private from(measurement: string): string {
    const policy = this.retentionPolicy === undefined ? "" : `${identifier(this.retentionPolicy)}.`;
    return `${policy}${identifier(measurement)}`;
  }
}

function target({ _legend }: MetricQuery, query: string): object {
  const alias = _legend.map(({ text: words = "", label }) => (label ? `[[tag_${label}]]` : words)).join("");
  return { rawQuery: true, resultFormat: "time_series", query, alias };
}

/** Labels by which series are told apart. */
function series({ _passing, _identity }: MetricQuery): string {
  return _passing.length === 0 ? "*" : _identity.map(identifier).join(", ");
}

function valueOfStep(query: MetricQuery): string {
  const { field, _overTime: overTime, _scale: scale } = query;
  const highest = `max(${identifier(field)})`;
  const growth =
    overTime === OverTime.RATE ? `non_negative_derivative(${highest}, 1s)` : `non_negative_difference(${highest})`;
  const value = isGrowth(query) ? growth : valueOf(query);
  return scale === 1 ? value : `${value} * ${decimal(scale)}`;
}

function valueOf({ field, _overTime: overTime, _dividedBy: dividedBy }: MetricQuery): string {
  const of = (name: string): string => `${overTime}(${identifier(name)})`;
  return dividedBy === undefined ? of(field) : `${of(field)} / ${of(dividedBy)}`;
}

function isGrowth({ _overTime: overTime }: MetricQuery): boolean {
  return overTime === OverTime.RATE || overTime === OverTime.GROWTH;
}

/** Labels that have one value. */
function fixed({ _where }: MetricQuery): readonly string[] {
  return Object.entries(_where).map(([label, value]) => `${identifier(label)} = ${text(value)}`);
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
