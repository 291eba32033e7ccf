import { requireInstance } from "../../core/validation";
import { MetricQuery } from "../../metrics/metric-query";

/** A variable at the top of a dashboard: which values a label has. */
export interface LabelValues {
  readonly measurement: string;
  /** Any value of the measurement: in Prometheus a series has no other name. */
  readonly field: string;
  readonly label: string;
  /** Variables that were chosen before, each with its label. */
  readonly chosen: readonly (readonly [variable: string, label: string])[];
}

/** The time that a rule looks at, in seconds before now. */
export interface AlertSpan {
  /** What one value is made of. */
  readonly windowSeconds: number;
  /** Lines that had a value since then have 0 where they have none in the window; absent: they have no value then. */
  readonly watchedSeconds?: number;
}

/** Of what is silent, where a store would drop what is not a number: no value is as low. */
export const SILENT = -1e300;

/** Where metrics are, and by which language Grafana asks it. */
export abstract class MetricStore {
  /**
   * What Grafana calls its kind of data sources.
   * @internal
   */
  public abstract readonly _plugin: string;

  /**
   * A query in this store's language, as Grafana would send it, with Grafana's own variables in it such as `$__interval`.
   *
   * @param query what is asked for
   */
  public expression(query: MetricQuery): string {
    requireInstance("the argument of expression", query, MetricQuery, "new MetricQuery({ … })");
    return this._expression(query);
  }

  /** @internal */
  public abstract _expression(query: MetricQuery): string;

  /**
   * What a panel holds of a query, but for its data source.
   * @internal
   */
  public abstract _target(query: MetricQuery, stepSeconds: number): object;

  /**
   * What a panel holds of a query of which it shows the value of now: one for each line that had a value in the time shown. Silent
   * lines, which have none in the window before its end, have no number, or `SILENT`.
   * @internal
   */
  public abstract _nowTarget(query: MetricQuery, windowSeconds: number): object;

  /**
   * The same as an expression.
   * @internal
   */
  public abstract _nowExpression(query: MetricQuery, windowSeconds: number): string;

  /**
   * The same for a rule: one value for each line, of the time before now. Nothing in it is a variable.
   * @internal
   */
  public abstract _alertExpression(query: MetricQuery, span: AlertSpan): string;

  /**
   * What a rule of Grafana holds of it, but for its data source.
   * @internal
   */
  public abstract _alertTarget(query: MetricQuery, span: AlertSpan): object;

  /** @internal */
  public abstract _labelValues(values: LabelValues): string;
}

/** Refuses anything but a store. */
export function requireMetricStore(property: string, value: unknown): asserts value is MetricStore {
  requireInstance(property, value, MetricStore, "new PrometheusStore()");
}

/** A number without an exponent, which not every language takes. */
export function decimal(value: number): string {
  return value.toFixed(6).replace(/\.?0+$/, "");
}
