import { requireLine } from "../../core/require-line";
import { OptionNames, requireOptionsOf } from "../../core/validation";
import type { MetricQuery } from "../../metrics/metric-query";
import { AcrossSeries, OverTime } from "../../metrics/metric-reduction";
import { AlertSpan, decimal, LabelValues, MetricStore } from "./metric-store";

/** What a `PostgreSqlStore` can be told. */
export interface PostgreSqlStoreProps {
  /**
   * Schema of the tables, as that of the `MetricsDestination`.
   *
   * @default metrics
   */
  readonly schemaName?: string;
}

const PROPS: OptionNames<PostgreSqlStoreProps> = { schemaName: true };

const ACROSS: Readonly<Record<AcrossSeries, string>> = {
  [AcrossSeries.SUM]: "sum",
  [AcrossSeries.MEAN]: "avg",
  [AcrossSeries.MAX]: "max",
  [AcrossSeries.MIN]: "min",
};
/** Without labels there would be a row also where there is nothing: 0 of what has never been there. */
const ONE_LINE = " HAVING count(*) > 0";
/** Grafana's own: the beginning of a step, in seconds since 1970. */
const STEP = '$__timeGroup("time", $__interval)';
/** Of the time shown, which may last beyond now. */
const END = "least(now(), $__timeTo()::timestamptz)";

/** Of which time each series has one value. */
interface Window {
  readonly windowSeconds: number;
  /** Which rows are looked at at all. */
  readonly conditions: readonly string[];
  /** Whether a moment lies within the window. */
  readonly isWithin: (column: string) => string;
  /** Whether rows before the window are looked at as well. */
  readonly isPartial: boolean;
}

/** PostgreSQL, in the tables that nodes write. */
export class PostgreSqlStore extends MetricStore {
  /** @internal */
  public readonly _plugin = "grafana-postgresql-datasource";
  private readonly schemaName: string;

  public constructor(props: PostgreSqlStoreProps = {}) {
    requireOptionsOf("props of PostgreSqlStore", props, PROPS);
    super();
    this.schemaName = props.schemaName ?? "metrics";
    requireLine("schemaName of PostgreSqlStore", this.schemaName, 63);
  }

  /**
   * The inner part is about each series of its own.
   *
   * @see https://grafana.com/docs/grafana/latest/datasources/postgres/query-editor/#macros
   * @internal
   */
  public _expression(query: MetricQuery): string {
    const inner = isGrowth(query) ? this.growths(query) : this.steps(query);
    return (
      `SELECT "step" AS "time", ${legend(query)} AS "metric", ${valueOfLine(query)} AS "value" ` +
      `FROM (${inner}) AS "series" WHERE "value" IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2`
    );
  }

  /** @internal */
  public _target(query: MetricQuery): object {
    return target(this._expression(query));
  }

  /** @internal */
  public _nowTarget(query: MetricQuery, windowSeconds: number): object {
    return target(this._nowExpression(query, windowSeconds));
  }

  /** @internal */
  public _nowExpression(query: MetricQuery, windowSeconds: number): string {
    const conditions = ['$__timeFilter("time")', isThere(query), ...query._chosen().map(matches), ...fixed(query)];
    const inner = this.windowOf(query, {
      ...{ windowSeconds, conditions, isPartial: true },
      isWithin: (column) => isBefore(END, windowSeconds, column),
    });
    return (
      `SELECT ${END} AS "time", ${legend(query)} AS "metric", ${valueOfLine(query)} AS "value" ` +
      `FROM (${inner}) AS "series" GROUP BY 1, 2 ORDER BY 1, 2`
    );
  }

  /**
   * By the server's own clock.
   *
   * @internal
   */
  public _alertExpression(query: MetricQuery, span: AlertSpan): string {
    const isWatched = span.watchedSeconds !== undefined;
    const inner = this.windowOf(query, {
      ...{ windowSeconds: span.windowSeconds, isPartial: isWatched },
      conditions: [isSince(span.watchedSeconds ?? span.windowSeconds), isThere(query), ...fixed(query)],
      isWithin: (column) => isSince(span.windowSeconds, column),
    });
    const value = isWatched ? `coalesce(${valueOfLine(query)}, 0)` : valueOfLine(query);
    const by = query._by.map(identifier).join(", ");
    return (
      `SELECT ${by === "" ? "" : `${by}, `}${value} AS "value" FROM (${inner}) AS "series"` +
      `${isWatched ? "" : ' WHERE "value" IS NOT NULL'}${by === "" ? ONE_LINE : ` GROUP BY ${by}`}`
    );
  }

  /** @internal */
  public _alertTarget(query: MetricQuery, span: AlertSpan): object {
    return { rawQuery: true, rawSql: this._alertExpression(query, span), format: "table", editorMode: "code" };
  }

  /** @internal */
  public _labelValues({ measurement, label, chosen }: LabelValues): string {
    const conditions = ['$__timeFilter("time")', `${identifier(label)} IS NOT NULL`, ...chosen.map(matches)];
    return (
      `SELECT DISTINCT ${identifier(label)} FROM ${this.from(measurement)} ` +
      `WHERE ${conditions.join(" AND ")} ORDER BY 1`
    );
  }

  /** The value of each series in each step. */
  private steps(query: MetricQuery): string {
    const labels = query._identity.map(identifier).join(", ");
    const conditions = ['$__timeFilter("time")', isThere(query), ...query._chosen().map(matches), ...fixed(query)].join(
      " AND ",
    );
    return (
      `SELECT ${STEP} AS "step", ${labels}, ${valueOfStep(query)} AS "value" ` +
      `FROM ${this.from(query.measurement)} WHERE ${conditions} GROUP BY "step", ${labels}`
    );
  }

  /** How much each series grows from one of its steps to the next, or in a second; nothing where it began anew. */
  private growths(query: MetricQuery): string {
    const labels = query._identity.map(identifier).join(", ");
    const before = (column: string): string => `lag(${column}) OVER (PARTITION BY ${labels} ORDER BY "step")`;
    const pairs =
      `SELECT *, ${before('"step"')} AS "stepBefore", ${before('"value"')} AS "valueBefore" ` +
      `FROM (${this.steps(query)}) AS "steps"`;
    const growth =
      query._overTime === OverTime.RATE
        ? '("value" - "valueBefore") / ("step" - "stepBefore")::double precision'
        : '"value" - "valueBefore"';
    return (
      `SELECT "step", ${labels}, CASE WHEN "value" >= "valueBefore" THEN ${growth} END AS "value" ` +
      `FROM (${pairs}) AS "pairs"`
    );
  }

  /** The value of each series in the window; none where it has been there, and is not any more. */
  private windowOf(query: MetricQuery, window: Window): string {
    if (isGrowth(query)) return this.growthsWithin(query, window);
    const labels = query._identity.map(identifier).join(", ");
    const value = valueOfStep(query, window.isPartial ? window.isWithin("time") : undefined);
    return (
      `SELECT ${labels}, ${value} AS "value" FROM ${this.from(query.measurement)} ` +
      `WHERE ${window.conditions.join(" AND ")} GROUP BY ${labels}`
    );
  }

  /** The same of how much each series grew, from each of its values to the next; one that is smaller has begun at 0. */
  private growthsWithin(query: MetricQuery, { windowSeconds, conditions, isWithin }: Window): string {
    const labels = query._identity.map(identifier).join(", ");
    const value = `${identifier(query.field)}::double precision`;
    const before = (column: string): string => `lag(${column}) OVER (PARTITION BY ${labels} ORDER BY "time")`;
    const pairs =
      `SELECT ${labels}, ${value} AS "value", ${before(value)} AS "valueBefore", ${before('"time"')} AS "timeBefore" ` +
      `FROM ${this.from(query.measurement)} WHERE ${conditions.join(" AND ")}`;
    const growth = 'sum("value" - CASE WHEN "value" >= "valueBefore" THEN "valueBefore" ELSE 0 END)';
    const divisor = query._overTime === OverTime.RATE ? ` / ${windowSeconds}` : "";
    return (
      `SELECT ${labels}, ${growth} FILTER (WHERE ${isWithin("timeBefore")})${divisor} AS "value" ` +
      `FROM (${pairs}) AS "pairs" GROUP BY ${labels}`
    );
  }

  private from(measurement: string): string {
    return `${identifier(this.schemaName)}.${identifier(measurement)}`;
  }
}

/** Columns of whole numbers would be divided without a rest. */
function valueOfStep({ field, _overTime: overTime, _dividedBy: dividedBy }: MetricQuery, among?: string): string {
  const of = (name: string): string => `${overTimeOf(overTime, identifier(name), among)}::double precision`;
  return dividedBy === undefined ? of(field) : `${of(field)} / nullif(${of(dividedBy)}, 0)`;
}

/** @param among which rows it is about; absent: all */
function overTimeOf(overTime: OverTime, column: string, among: string | undefined): string {
  const filter = among === undefined ? "" : ` FILTER (WHERE ${among})`;
  switch (overTime) {
    case OverTime.MEAN:
      return `avg(${column})${filter}`;
    case OverTime.MIN:
      return `min(${column})${filter}`;
    case OverTime.LAST:
      return `(array_agg(${column} ORDER BY "time" DESC)${filter})[1]`;
    case OverTime.COUNT:
      // None is no value, as in the other stores.
      return `nullif(count(${column})${filter}, 0)`;
    case OverTime.MAX:
    case OverTime.RATE:
    case OverTime.GROWTH:
      return `max(${column})${filter}`;
  }
}

function isGrowth({ _overTime: overTime }: MetricQuery): boolean {
  return overTime === OverTime.RATE || overTime === OverTime.GROWTH;
}

/** What all series of a line come to. */
function valueOfLine({ _across: across, _scale: scale }: MetricQuery): string {
  return `${ACROSS[across]}(${scale === 1 ? '"value"' : `"value" * ${decimal(scale)}`})`;
}

/** A row has no value for what came in another one. */
function isThere({ field }: MetricQuery): string {
  return `${identifier(field)} IS NOT NULL`;
}

/** Labels that have one value. */
function fixed({ _where }: MetricQuery): readonly string[] {
  return Object.entries(_where).map(([label, value]) => `${identifier(label)} = ${text(value)}`);
}

/** Not in the future either, whichever clock wrote it. */
function isSince(seconds: number, column = "time"): string {
  return isBefore("now()", seconds, column);
}

function isBefore(end: string, seconds: number, column: string): string {
  const time = identifier(column);
  return `${time} > ${end} - interval '${seconds} seconds' AND ${time} <= ${end}`;
}

function target(rawSql: string): object {
  return { rawQuery: true, rawSql, format: "time_series", editorMode: "code" };
}

/**
 * The name of a line, which Grafana takes from this column, and by which alone it tells lines apart: labels of `by` that the
 * legend does not name stand behind it.
 */
function legend({ _legend, _by }: MetricQuery): string {
  const named = _legend.map(({ text: words = "", label }) => (label ? identifier(label) : text(words)));
  const unnamed = _by.filter((each) => !_legend.some(({ label }) => label === each));
  const parts = [
    ...named,
    ...unnamed.flatMap((label, at) => [text(at === 0 ? " (" : ", "), identifier(label)]),
    ...(unnamed.length > 0 ? [text(")")] : []),
  ];
  return parts.length === 1 ? parts[0] : `concat(${parts.join(", ")})`;
}

/** One of those that were chosen: Grafana puts them in quotes. */
function matches([variable, label]: readonly [string, string]): string {
  return `${identifier(label)} IN (\${${variable}:sqlstring})`;
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
