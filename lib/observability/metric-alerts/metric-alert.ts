import { Duration } from "../../core/duration";
import { OptionNames, refuse, requireInstance, requireOptionsOf, requireText } from "../../core/validation";
import { MetricQuery } from "../../metrics/metric-query";
import { requireDuration } from "../../settings/ranges";
import type { AlertSpan } from "../grafana/metric-store";
import { MetricUnit } from "../grafana/metric-unit";
import { AlertSeverity } from "./alert-severity";
import { requireAlertText } from "./alert-text";
import { MetricCondition } from "./metric-condition";

/** What a `MetricAlert` can be told. */
export interface MetricAlertProps {
  /** Its name, once in a group: 1 to 100 letters and digits, beginning with a letter, such as `OrdersLate`. */
  readonly name: string;
  /** What is looked at. Each of its lines can give an alert of its own, with the labels of `by`. */
  readonly query: MetricQuery;
  /** Which values give an alert. */
  readonly condition: MetricCondition;
  /**
   * The time before now that one value is made of, as `overTime` of the query says: 10 seconds to 30 days, in whole seconds. At
   * least four times the `interval` of the `MetricsIntegration`, or there may be no value.
   */
  readonly window: Duration;
  /**
   * How long the condition has to be met before the alert is told: 0 to 7 days, in whole seconds.
   *
   * @default - it is told at once
   */
  readonly lastsFor?: Duration;
  /**
   * Lines that had a value within this time and have none in the window count as 0: so it is told of what has gone. Longer than
   * `window`, at most 31 days, in whole seconds.
   *
   * @default - lines without a value are not looked at
   */
  readonly watchedFor?: Duration;
  /** How grave it is. */
  readonly severity: AlertSeverity;
  /**
   * What a person on call reads first: 1 to 200 characters on one line, in which `{{node}}` is the value of a label of the
   * query's `by`, and `{{value}}` the value.
   */
  readonly summary: string;
  /**
   * What they read next: 1 to 1,000 characters on one line, with the same in `{{ }}`.
   *
   * @default - nothing
   */
  readonly description?: string;
  /**
   * The unit in which `{{value}}` is written.
   *
   * @default MetricUnit.COUNT
   */
  readonly unit?: MetricUnit;
  /**
   * Where it stands what to do: an address with https, of at most 500 characters.
   *
   * @default - nowhere
   */
  readonly runbookUrl?: string;
}

const PROPS: OptionNames<MetricAlertProps> = {
  name: true,
  query: true,
  condition: true,
  window: true,
  lastsFor: true,
  watchedFor: true,
  severity: true,
  summary: true,
  description: true,
  unit: true,
  runbookUrl: true,
};
const EXAMPLE = '{ name: "OrdersLate", query: new MetricQuery({ … }), condition: MetricCondition.above(100), … }';
const NAME = /^[A-Za-z][A-Za-z0-9]{0,99}$/;
const URL = /^(?=.{1,500}$)https:\/\/[A-Za-z0-9][A-Za-z0-9.-]*(:[1-9]\d{0,4})?([/?#][A-Za-z0-9._~/?#=&%+-]*)?$/;
const LONGEST = Duration.days(30);
/** Longer than the longest window. */
const LONGEST_WATCHED = Duration.days(31);

/** Tells when values of a metric are not well, whichever store they are in: a rule of Prometheus or of Grafana. */
export class MetricAlert {
  /** Its name. */
  public readonly name: string;
  /** What is looked at. */
  public readonly query: MetricQuery;
  /** How grave it is. */
  public readonly severity: AlertSeverity;
  /** @internal */
  public readonly _condition: MetricCondition;
  /** @internal */
  public readonly _span: AlertSpan;
  /** @internal */
  public readonly _lastsForSeconds: number;
  /** @internal */
  public readonly _summary: string;
  /** @internal */
  public readonly _description?: string;
  /** @internal */
  public readonly _unit: MetricUnit;
  /** @internal */
  public readonly _runbookUrl?: string;

  public constructor(props: MetricAlertProps) {
    requireOptionsOf("props of MetricAlert", props, PROPS, EXAMPLE);
    const { name, query, condition, window, lastsFor, watchedFor, severity, summary, description, runbookUrl } = props;
    requireText("name of MetricAlert", name, NAME, "1 to 100 letters and digits, beginning with a letter");
    requireInstance("query of MetricAlert", query, MetricQuery, "new MetricQuery({ … })");
    requireInstance("condition of MetricAlert", condition, MetricCondition, "MetricCondition.above(100)");
    const seconds = (of: keyof MetricAlertProps, value: Duration, min: Duration, max: Duration): number =>
      wholeSeconds(`${of} of MetricAlert`, value, min, max);
    const windowSeconds = seconds("window", window, Duration.seconds(10), LONGEST);
    const watchedSeconds =
      watchedFor == null
        ? undefined
        : seconds("watchedFor", watchedFor, Duration.seconds(windowSeconds + 1), LONGEST_WATCHED);
    requireMember("severity", severity, "AlertSeverity", AlertSeverity);
    const unit = props.unit ?? MetricUnit.COUNT;
    requireMember("unit", unit, "MetricUnit", MetricUnit);
    requireAlertText("summary of MetricAlert", summary, 200, query._by);
    if (description != null) requireAlertText("description of MetricAlert", description, 1_000, query._by);
    if (runbookUrl != null) {
      const allowed = "an address with https, of at most 500 letters, digits and ._~/?#=&%+-";
      requireText("runbookUrl of MetricAlert", runbookUrl, URL, allowed);
    }
    this.name = name;
    this.query = query;
    this.severity = severity;
    this._condition = condition;
    this._span = { windowSeconds, watchedSeconds };
    this._lastsForSeconds = lastsFor == null ? 0 : seconds("lastsFor", lastsFor, Duration.seconds(0), Duration.days(7));
    this._summary = summary;
    this._description = description ?? undefined;
    this._unit = unit;
    this._runbookUrl = runbookUrl ?? undefined;
  }
}

/** Refuses anything but a `Duration` of whole seconds in the range. */
export function wholeSeconds(property: string, value: Duration, min: Duration, max: Duration): number {
  requireDuration(property, value, min, max, "in whole seconds");
  const seconds = value.toSeconds();
  if (Number.isInteger(seconds)) return seconds;
  return refuse({
    property,
    value,
    allowed: "a whole number of seconds",
    remedy: `use for example Duration.seconds(${Math.ceil(seconds)})`,
  });
}

function requireMember(
  property: keyof MetricAlertProps,
  value: unknown,
  name: string,
  members: Readonly<Record<string, string>>,
): void {
  if (Object.values(members).includes(value as string)) return;
  const names = Object.keys(members).map((member) => `${name}.${member}`);
  refuse({
    property: `${property} of MetricAlert`,
    value,
    allowed: `one of ${names.join(", ")}`,
    remedy: `write for example ${names[0]}`,
  });
}
