import { requireLine } from "../../core/require-line";
import { OptionNames, requireOptionsOf } from "../../core/validation";
import type { MetricQuery } from "../../metrics/metric-query";
import { AcrossSeries, OverTime } from "../../metrics/metric-reduction";
import { decimal, LabelValues, MetricStore } from "./metric-store";

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
/** Grafana's own: the beginning of a step, in seconds since 1970. */
const STEP = '$__timeGroup("time", $__interval)';

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
    const { _across: across, _scale: scale, _overTime: overTime } = query;
    const value = scale === 1 ? '"value"' : `"value" * ${decimal(scale)}`;
    const inner = overTime === OverTime.RATE ? this.rates(query) : this.steps(query);
    return (
      `SELECT "step" AS "time", ${legend(query)} AS "metric", ${ACROSS[across]}(${value}) AS "value" ` +
      `FROM (${inner}) AS "series" WHERE "value" IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2`
    );
  }

  /** @internal */
  public _target(query: MetricQuery): object {
    return { rawQuery: true, rawSql: this._expression(query), format: "time_series", editorMode: "code" };
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
    const labels = query._series.labels.map(identifier).join(", ");
    const conditions = [
      '$__timeFilter("time")',
      `${identifier(query.field)} IS NOT NULL`,
      ...query._chosen().map(matches),
      ...Object.entries(query._where).map(([label, value]) => `${identifier(label)} = ${text(value)}`),
    ].join(" AND ");
    return (
      `SELECT ${STEP} AS "step", ${labels}, ${valueOfStep(query)} AS "value" ` +
      `FROM ${this.from(query.measurement)} WHERE ${conditions} GROUP BY "step", ${labels}`
    );
  }

  /** How much each series grows in a second, from one of its steps to the next; nothing where it began anew. */
  private rates(query: MetricQuery): string {
    const labels = query._series.labels.map(identifier).join(", ");
    const before = (column: string): string => `lag(${column}) OVER (PARTITION BY ${labels} ORDER BY "step")`;
    const pairs =
      `SELECT *, ${before('"step"')} AS "stepBefore", ${before('"value"')} AS "valueBefore" ` +
      `FROM (${this.steps(query)}) AS "steps"`;
    const growth = '("value" - "valueBefore") / ("step" - "stepBefore")::double precision';
    return (
      `SELECT "step", ${labels}, CASE WHEN "value" >= "valueBefore" THEN ${growth} END AS "value" ` +
      `FROM (${pairs}) AS "pairs"`
    );
  }

  private from(measurement: string): string {
    return `${identifier(this.schemaName)}.${identifier(measurement)}`;
  }
}

/** Columns of whole numbers would be divided without a rest. */
function valueOfStep({ field, _overTime: overTime, _dividedBy: dividedBy }: MetricQuery): string {
  const of = (name: string): string => `${overTimeOf(overTime, identifier(name))}::double precision`;
  return dividedBy === undefined ? of(field) : `${of(field)} / nullif(${of(dividedBy)}, 0)`;
}

function overTimeOf(overTime: OverTime, column: string): string {
  switch (overTime) {
    case OverTime.MEAN:
      return `avg(${column})`;
    case OverTime.MIN:
      return `min(${column})`;
    case OverTime.LAST:
      return `(array_agg(${column} ORDER BY "time" DESC))[1]`;
    case OverTime.MAX:
    case OverTime.RATE:
      return `max(${column})`;
  }
}

/** The name of a line, which Grafana takes from this column. */
function legend(query: MetricQuery): string {
  const parts = query._legend.map(({ text: words = "", label }) => (label ? identifier(label) : text(words)));
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
