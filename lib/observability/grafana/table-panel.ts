import { OptionNames, refuse, requireOptionsOf } from "../../core/validation";
import { GRAFANA_PANEL_PROPS, GrafanaPanel, GrafanaPanelProps } from "./grafana-panel";
import { PanelSummary } from "./panel-summary";
import { requirePanelSummary } from "./stat-panel";

/** What a `TablePanel` can be told. */
export interface TablePanelProps extends GrafanaPanelProps {
  /**
   * Its columns beside the name of the line: 1 to 5, or `PanelSummary.NOW` alone, as of now there is one value and no more.
   *
   * @default - the latest, the mean and the highest
   */
  readonly columns?: PanelSummary[];
}

const PROPS: OptionNames<TablePanelProps> = { ...GRAFANA_PANEL_PROPS, columns: true };
const EXAMPLE = '{ title: "Jobs", description: "…", queries: [uptime], unit: MetricUnit.MILLISECONDS }';
const MOST_COLUMNS = Object.keys(PanelSummary).length - 1;
/** As Grafana calls the column of names. */
const NAMES = "Field";

/** A row for each line, with what its values in the time shown come to. */
export class TablePanel extends GrafanaPanel {
  private readonly columns: readonly PanelSummary[];

  public constructor(props: TablePanelProps) {
    requireOptionsOf("props of TablePanel", props, PROPS, EXAMPLE);
    super("TablePanel", props);
    const columns = props.columns ?? [PanelSummary.LAST, PanelSummary.MEAN, PanelSummary.MAX];
    requireColumns(columns);
    this.columns = [...columns];
  }

  /** @internal */
  protected _type(): string {
    return "table";
  }

  /** @internal */
  protected _colorMode(): string {
    return "thresholds";
  }

  /** @internal */
  protected _custom(): object {
    const isColored = this._thresholds !== undefined || this._isOfNow();
    const cellOptions = { type: isColored ? "color-text" : "auto" };
    return { align: "auto", inspect: false, cellOptions };
  }

  /**
   * Names are no values: Grafana would give them the color of the lowest threshold.
   * @internal
   */
  protected _overrides(): readonly object[] {
    const property = { id: "custom.cellOptions", value: { type: "auto" } };
    return [{ matcher: { id: "byName", options: NAMES }, properties: [property] }];
  }

  /** @internal */
  public _isOfNow(): boolean {
    return this.columns.includes(PanelSummary.NOW);
  }

  /** @internal */
  protected _options(): object {
    return { frameIndex: 0, showHeader: true, cellHeight: "sm" };
  }

  /** @internal */
  protected _transformations(): readonly object[] {
    return [{ id: "reduce", options: { mode: "seriesToRows", reducers: this.columns } }];
  }
}

function requireColumns(columns: unknown): asserts columns is readonly PanelSummary[] {
  const property = "columns of TablePanel";
  if (!Array.isArray(columns) || columns.length === 0 || new Set(columns).size < columns.length) {
    refuse({
      property,
      value: columns,
      allowed: `a list of 1 to ${MOST_COLUMNS} summaries, each once`,
      remedy: "write for example [PanelSummary.LAST]",
    });
  }
  for (const column of columns) requirePanelSummary(property, column);
  if (columns.length === 1 || !columns.includes(PanelSummary.NOW)) return;
  refuse({
    property,
    value: columns,
    allowed: "PanelSummary.NOW alone, or others without it",
    remedy: "write for example PanelSummary.LAST in its place",
  });
}
