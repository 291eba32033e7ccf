import { Aggregation, askedTogether } from "./aggregation";
import { LogPanel, LogPanelProps } from "./log-panel";

/** What counts lines and shows the numbers: `LogCountOverTime`, `LogTopTerms`, `LogMetric` or `LogTable`. */
export abstract class LogVisualization extends LogPanel {
  /** @internal */
  public readonly _type = "visualization";

  protected constructor(of: string, props: LogPanelProps) {
    super(of, props);
  }

  /**
   * Dashboards' own name of the kind of visualization.
   * @internal
   */
  protected abstract readonly _kind: string;

  /**
   * How it looks.
   * @internal
   */
  protected abstract _look(): object;

  /**
   * What is counted.
   * @internal
   */
  protected abstract _metrics(): readonly Aggregation[];

  /**
   * By what lines are sorted, from the outside to the inside.
   * @internal
   */
  protected abstract _buckets(): readonly Aggregation[];

  /** @internal */
  public _search(): object {
    const aggs = askedTogether(this._buckets(), this._metrics());
    return { size: 0, ...(Object.keys(aggs).length > 0 ? { aggs } : {}) };
  }

  /** @internal */
  public _attributes(): object {
    const aggs = [...this._metrics(), ...this._buckets()].map(({ id, type, schema, params }) => ({
      id,
      enabled: true,
      type,
      schema,
      params,
    }));
    const state = { title: this.title, type: this._kind, params: this._look(), aggs };
    return {
      title: this.title,
      description: this.description,
      visState: JSON.stringify(state),
      uiStateJSON: "{}",
      version: 1,
      kibanaSavedObjectMeta: this._searchSource(),
    };
  }
}
