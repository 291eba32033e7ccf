import { requireLine } from "../core/require-line";
import { OptionNames, refuse, requireBoolean, requireMap, requireOptionsOf, requireText } from "../core/validation";
import { LABEL_OF, MeasurementLabels, MEASUREMENTS } from "./metric-measurements";
import { AcrossSeries, OverTime } from "./metric-reduction";

/** What a `MetricQuery` can be told. */
export interface MetricQueryProps {
  /** The kind of metrics, such as `flink_jobmanager_job`: a measurement of InfluxDB, a table of PostgreSQL. */
  readonly measurement: string;
  /** The value in it, such as `numRestarts`: of Prometheus both names joined by `_`. */
  readonly field: string;
  /**
   * Another value of the same measurement, by which it is divided.
   *
   * @default - it is not divided
   */
  readonly dividedBy?: string;
  /**
   * What it is multiplied by, 0.000001 to 1000000: such as 0.001 for parts of one of milliseconds in a second.
   *
   * @default 1
   */
  readonly scale?: number;
  /** What becomes of the values of one series within one step of time. */
  readonly overTime: OverTime;
  /** What becomes of the series that have the same values of `by`. A task that began anew counts once in sums and means. */
  readonly across: AcrossSeries;
  /**
   * Labels by which lines are told apart, such as `job_name`; at most 8. In PostgreSQL, where names of lines do that, those
   * that the legend leaves out stand behind it.
   *
   * @default - those in `legend`: without any there is one line for all
   */
  readonly by?: string[];
  /**
   * Labels that have one value, such as `{ path: "/" }`: what a person chooses on a dashboard of the same label does not matter
   * then.
   *
   * @default - what the variables of the dashboard say, and nothing more
   */
  readonly where?: { [label: string]: string };
  /**
   * Whether it is about the whole cluster, whichever nodes a person chose: so of what the leader alone tells.
   *
   * @default false
   */
  readonly allNodes?: boolean;
  /** Name of a line: 1 to 200 characters on one line, in which `{{node}}` is the value of a label of `by`. */
  readonly legend: string;
  /**
   * Labels that together tell one series of the measurement from another, at most 8: needed where the measurement is none that
   * all nodes ship. `cluster` and `node` are among them already; with `job_name` the jobs matter that a person chose on a
   * dashboard, and with `task_attempt_id` a task that began anew counts once.
   *
   * @default - those of what nodes ship
   */
  readonly seriesLabels?: string[];
}

/** Either of them. */
export interface LegendPart {
  readonly text?: string;
  readonly label?: string;
}

const PROPS: OptionNames<MetricQueryProps> = {
  measurement: true,
  field: true,
  dividedBy: true,
  scale: true,
  overTime: true,
  across: true,
  by: true,
  where: true,
  allNodes: true,
  legend: true,
  seriesLabels: true,
};
const EXAMPLE = '{ measurement: "mem", field: "used_percent", … }';
/** As Flink, Telegraf and the agent name things: of these no language needs escaping. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,199}$/;
const MOST_LABELS = 8;
/** To the highest and the lowest of all it does not matter how many there are; and what grew, grew in each of them. */
const COUNTING_EACH: readonly AcrossSeries[] = [AcrossSeries.SUM, AcrossSeries.MEAN];
const GAUGING: readonly OverTime[] = [OverTime.MEAN, OverTime.MAX, OverTime.MIN, OverTime.LAST];
const [SMALLEST_SCALE, LARGEST_SCALE] = [1e-6, 1e6];
const PLACE = /\{\{([^{}]*)\}\}/;

/** Values of a metric over time, in no query language yet: one line for each combination of labels. */
export class MetricQuery {
  /** The kind of metrics. */
  public readonly measurement: string;
  /** The value in it. */
  public readonly field: string;
  /** Name of a line, with `{{label}}`. */
  public readonly legend: string;
  /**
   * The legend in parts.
   * @internal
   */
  public readonly _legend: readonly LegendPart[];
  /** @internal */
  public readonly _dividedBy?: string;
  /** @internal */
  public readonly _scale: number;
  /** @internal */
  public readonly _overTime: OverTime;
  /** @internal */
  public readonly _across: AcrossSeries;
  /** @internal */
  public readonly _by: readonly string[];
  /** @internal */
  public readonly _where: Readonly<Record<string, string>>;
  /** @internal */
  public readonly _series: MeasurementLabels;
  /**
   * Labels of series that are one before they are summed up: of what began anew, old values are still within the step, and would
   * count beside the new ones.
   * @internal
   */
  public readonly _passing: readonly string[];
  private readonly allNodes: boolean;

  public constructor(props: MetricQueryProps) {
    requireOptionsOf("props of MetricQuery", props, PROPS, EXAMPLE);
    const { measurement, field, dividedBy, overTime, across, legend } = props;
    requireName("measurement of MetricQuery", measurement);
    requireName("field of MetricQuery", field);
    if (dividedBy != null) requireName("dividedBy of MetricQuery", dividedBy);
    const scale = props.scale ?? 1;
    requireScale(scale);
    requireMember("overTime of MetricQuery", overTime, "OverTime", OverTime);
    if (dividedBy != null && (overTime === OverTime.RATE || overTime === OverTime.GROWTH)) {
      refuse({
        property: "dividedBy of MetricQuery",
        value: dividedBy,
        allowed: "left out where overTime is OverTime.RATE or OverTime.GROWTH",
        remedy: "leave it out, or choose another overTime",
      });
    }
    requireMember("across of MetricQuery", across, "AcrossSeries", AcrossSeries);
    const where = props.where ?? {};
    requireMap("where of MetricQuery", where);
    for (const [label, value] of Object.entries(where)) {
      requireName("a key of where of MetricQuery", label);
      requireLine(`where["${label}"] of MetricQuery`, value, 1_000);
    }
    const allNodes = props.allNodes ?? false;
    requireBoolean("allNodes of MetricQuery", allNodes);
    requireLine("legend of MetricQuery", legend, 200);
    const parts = partsOf(legend);
    requireWholePlaces(legend, parts);
    const named = parts.flatMap(({ label }) => (label === undefined ? [] : [label]));
    const by = props.by ?? [...new Set(named)];
    this._series = seriesOf(measurement, props.seriesLabels ?? undefined);
    if (props.by == null) requireLegend(legend, by, this._series.labels);
    else {
      requireNames("by of MetricQuery", by);
      requireKnown("by of MetricQuery", by, this._series.labels);
    }
    requireKnown("where of MetricQuery", Object.keys(where), this._series.labels);
    this.measurement = measurement;
    this.field = field;
    this.legend = legend;
    this._dividedBy = dividedBy ?? undefined;
    this._scale = scale;
    this._overTime = overTime;
    this._across = across;
    this._by = by;
    this._passing =
      COUNTING_EACH.includes(across) && GAUGING.includes(overTime)
        ? (this._series.passing ?? []).filter((label) => !by.includes(label))
        : [];
    this.allNodes = allNodes;
    this._where = where;
    const unnamed = named.find((label) => !by.includes(label));
    if (unnamed !== undefined) {
      refuse({
        property: "legend of MetricQuery",
        value: legend,
        allowed: `a text with labels of by alone in {{ }}, and not ${unnamed}`,
        remedy: `name ${unnamed} in by, or leave it out of legend`,
      });
    }
    this._legend = parts;
  }

  /**
   * Labels that together tell from another what is summed up.
   * @internal
   */
  public get _identity(): readonly string[] {
    return this._series.labels.filter((label) => !this._passing.includes(label));
  }

  /**
   * What the variables of a dashboard choose of it, but for labels that have one value anyway: each with its label.
   * @internal
   */
  public _chosen(): readonly (readonly [variable: string, label: string])[] {
    return this._series.variables
      .filter((variable) => variable !== "node" || !this.allNodes)
      .map((variable) => [variable, LABEL_OF[variable]] as const)
      .filter(([, label]) => !Object.hasOwn(this._where, label));
  }
}

/** A legend in texts and labels: what is split at a group has texts at even places, and what the group held at odd ones. */
function partsOf(legend: string): readonly LegendPart[] {
  return legend
    .split(PLACE)
    .map((part, at) => (at % 2 === 0 ? { text: part } : { label: part.trim() }))
    .filter(({ text }) => text !== "");
}

/** What is left of `{{` or `}}` would stand so in the name of each line. */
function requireWholePlaces(legend: string, parts: readonly LegendPart[]): void {
  if (!parts.some(({ text }) => text !== undefined && /\{\{|\}\}/.test(text))) return;
  refuse({
    property: "legend of MetricQuery",
    value: legend,
    allowed: "a text in which each {{ has its }} behind the name of a label",
    remedy: "write for example {{node}}",
  });
}

function seriesOf(measurement: string, seriesLabels: string[] | undefined): MeasurementLabels {
  const shipped: MeasurementLabels | undefined = Object.hasOwn(MEASUREMENTS, measurement)
    ? MEASUREMENTS[measurement]
    : undefined;
  if (seriesLabels === undefined) {
    return (
      shipped ??
      refuse({
        property: "measurement of MetricQuery",
        value: measurement,
        allowed: `one that nodes ship (${Object.keys(MEASUREMENTS).join(", ")}), or another one together with seriesLabels`,
        remedy: "say in seriesLabels which labels tell one series of it from another",
      })
    );
  }
  requireNames("seriesLabels of MetricQuery", seriesLabels);
  return {
    labels: [...new Set(["cluster", "node", ...seriesLabels])],
    passing: shipped?.passing ?? (seriesLabels.includes("task_attempt_id") ? ["node", "task_attempt_id"] : undefined),
    variables: shipped?.variables ?? [
      "cluster",
      "node",
      ...(seriesLabels.includes("job_name") ? ["job" as const] : []),
    ],
  };
}

function requireName(property: string, value: unknown): void {
  requireText(property, value, NAME, "1 to 200 letters, digits and _, not beginning with a digit");
}

function requireNames(property: string, values: unknown): void {
  if (!Array.isArray(values) || values.length > MOST_LABELS || new Set(values).size < values.length) {
    refuse({
      property,
      value: values,
      allowed: `a list of at most ${MOST_LABELS} labels, each once`,
      remedy: 'write for example ["node"]',
    });
  }
  for (const value of values) requireName(property, value);
}

/** Of a legend that also says by which labels lines are told apart. */
function requireLegend(legend: string, labels: readonly string[], known: readonly string[]): void {
  if (labels.length <= MOST_LABELS && labels.every((label) => known.includes(label))) return;
  refuse({
    property: "legend of MetricQuery",
    value: legend,
    allowed: `a text with at most ${MOST_LABELS} labels in {{ }}, of those that the measurement has: ${known.join(", ")}`,
    remedy: "name these, or say in seriesLabels which labels it has",
  });
}

function requireKnown(property: string, labels: readonly string[], known: readonly string[]): void {
  const unknown = labels.find((label) => !known.includes(label));
  if (unknown === undefined) return;
  refuse({
    property,
    value: unknown,
    allowed: `labels that the measurement has: ${known.join(", ")}`,
    remedy: "name one of these, or say in seriesLabels which labels it has",
  });
}

function requireMember(
  property: string,
  value: unknown,
  name: string,
  members: Readonly<Record<string, string>>,
): void {
  if (Object.values(members).includes(value as string)) return;
  const names = Object.keys(members).map((member) => `${name}.${member}`);
  refuse({ property, value, allowed: `one of ${names.join(", ")}`, remedy: `write for example ${names[0]}` });
}

function requireScale(value: unknown): void {
  if (typeof value === "number" && value >= SMALLEST_SCALE && value <= LARGEST_SCALE) return;
  refuse({
    property: "scale of MetricQuery",
    value,
    allowed: "a number from 0.000001 to 1000000",
    remedy: "set scale to such a number, or leave it out",
  });
}
