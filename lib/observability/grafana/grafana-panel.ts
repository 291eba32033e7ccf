import { requireLine } from "../../core/require-line";
import { OptionNames, refuse, requireInstance } from "../../core/validation";
import { MetricQuery } from "../../metrics/metric-query";
import { momentSeconds } from "../metric-moment";
import { requireNumber } from "../../settings/ranges";
import { MetricStore, SILENT } from "./metric-store";
import { FARTHEST, MetricThresholds } from "./metric-thresholds";
import { MetricUnit } from "./metric-unit";

/** What every panel can be told. */
export interface GrafanaPanelProps {
  /** What stands above it: 1 to 200 characters on one line. */
  readonly title: string;
  /** What it shows: 1 to 1,000 characters on one line. */
  readonly description: string;
  /**
   * What a person on call does when it looks wrong: 1 to 1,000 characters on one line.
   *
   * @default - nothing
   */
  readonly runbook?: string;
  /** Where its values come from: 1 to 10. */
  readonly queries: MetricQuery[];
  /** The unit of all of its values. */
  readonly unit: MetricUnit;
  /**
   * Which values are well.
   *
   * @default - values have no color
   */
  readonly thresholds?: MetricThresholds;
  /**
   * The lowest value of its scale, a number of at most 15 digits before its point.
   *
   * @default - as the values are
   */
  readonly min?: number;
  /**
   * The highest value of its scale, above `min`, of the same range.
   *
   * @default - as the values are
   */
  readonly max?: number;
}

export const GRAFANA_PANEL_PROPS: OptionNames<GrafanaPanelProps> = {
  title: true,
  description: true,
  runbook: true,
  queries: true,
  unit: true,
  thresholds: true,
  min: true,
  max: true,
};

const MOST_QUERIES = 10;
const QUERY_EXAMPLE = "new MetricQuery({ … })";
/** Where nothing says which values are well, none is green. */
const NO_COLOR = [{ color: "text", value: null }];
const NO_DATA = { text: "no data", color: "red", index: 0 };
/** The first also of a number that has no line at all. Grafana 10 takes a range without one of its ends for one that ends at 0. */
const SILENT_IS_RED = [
  { type: "special", options: { match: "null+nan", result: NO_DATA } },
  { type: "range", options: { from: 2 * SILENT, to: SILENT / 2, result: NO_DATA } },
];

/** Where on a dashboard something stands, as Grafana writes it. */
export interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** What can stand on a `GrafanaDashboard`. */
export abstract class GrafanaPanel {
  /** What stands above it. */
  public readonly title: string;
  /** Where its values come from. */
  public readonly queries: MetricQuery[];
  private readonly description: string;
  private readonly runbook?: string;
  private readonly unit: MetricUnit;
  private readonly range: { readonly min?: number; readonly max?: number };
  /** @internal */
  protected readonly _thresholds?: MetricThresholds;

  protected constructor(of: string, props: GrafanaPanelProps) {
    const { title, description, runbook, queries, unit, thresholds, min, max } = props;
    requireLine(`title of ${of}`, title, 200);
    requireLine(`description of ${of}`, description, 1_000);
    if (runbook != null) requireLine(`runbook of ${of}`, runbook, 1_000);
    requireQueries(`queries of ${of}`, queries);
    if (!Object.values(MetricUnit).includes(unit)) {
      refuse({
        property: `unit of ${of}`,
        value: unit,
        allowed: "one of MetricUnit",
        remedy: "write for example MetricUnit.COUNT",
      });
    }
    if (thresholds != null) {
      const example = "MetricThresholds.above({ warning: 0.8, critical: 0.9 })";
      requireInstance(`thresholds of ${of}`, thresholds, MetricThresholds, example);
    }
    requireRange(of, min ?? undefined, max ?? undefined);
    this.title = title;
    this.description = description;
    this.runbook = runbook ?? undefined;
    this.queries = [...queries];
    this.unit = unit;
    this._thresholds = thresholds ?? undefined;
    this.range = { ...(min == null ? {} : { min }), ...(max == null ? {} : { max }) };
  }

  /**
   * As a dashboard's file has it.
   * @internal
   */
  public _panel(store: MetricStore, id: number, gridPos: GridPosition, stepSeconds: number): object {
    const datasource = { type: store._plugin, uid: "${datasource}" };
    const isOfNow = this._isOfNow();
    return {
      id,
      type: this._type(),
      title: this.title,
      description:
        this.runbook === undefined ? this.description : `${this.description}\n\n**What to do:** ${this.runbook}`,
      datasource,
      gridPos,
      // Nodes look no more often.
      interval: `${stepSeconds}s`,
      targets: this.queries.map((query, at) => ({
        refId: refIdOf(at),
        datasource,
        ...(isOfNow ? store._nowTarget(query, momentSeconds(stepSeconds)) : store._target(query, stepSeconds)),
      })),
      fieldConfig: {
        defaults: {
          unit: this.unit,
          ...this.range,
          color: { mode: this._colorMode() },
          thresholds: { mode: "absolute", steps: this._thresholds?._steps() ?? NO_COLOR },
          mappings: isOfNow ? SILENT_IS_RED : [],
          custom: this._custom(),
        },
        overrides: this._overrides(),
      },
      options: this._options(),
      transformations: this._transformations(),
    };
  }

  /**
   * Grafana's name of its kind.
   * @internal
   */
  protected abstract _type(): string;

  /** @internal */
  protected abstract _colorMode(): string;

  /** @internal */
  protected abstract _options(): object;

  /**
   * How values are drawn.
   * @internal
   */
  protected _custom(): object {
    return {};
  }

  /**
   * Whether it asks for one value of each line, and not for values along the time.
   * @internal
   */
  public _isOfNow(): boolean {
    return false;
  }

  /**
   * What is otherwise for some of the fields.
   * @internal
   */
  protected _overrides(): readonly object[] {
    return [];
  }

  /**
   * What becomes of the values of all queries before they are shown.
   * @internal
   */
  protected _transformations(): readonly object[] {
    return [];
  }
}

function refIdOf(at: number): string {
  return String.fromCharCode("A".charCodeAt(0) + at);
}

function requireQueries(property: string, queries: unknown): void {
  if (!Array.isArray(queries) || queries.length === 0 || queries.length > MOST_QUERIES) {
    refuse({
      property,
      value: queries,
      allowed: `a list of 1 to ${MOST_QUERIES} queries`,
      remedy: `write for example [${QUERY_EXAMPLE}]`,
    });
  }
  for (const query of queries) requireInstance(property, query, MetricQuery, QUERY_EXAMPLE);
}

function requireRange(of: string, min: number | undefined, max: number | undefined): void {
  if (min !== undefined) requireNumber(`min of ${of}`, min, -FARTHEST, FARTHEST);
  if (max !== undefined) requireNumber(`max of ${of}`, max, -FARTHEST, FARTHEST);
  if (min === undefined || max === undefined || min < max) return;
  refuse({
    property: `max of ${of}`,
    value: max,
    allowed: `above min, ${min}`,
    remedy: "set it higher, or leave it out",
  });
}
