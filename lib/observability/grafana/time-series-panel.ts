import { OptionNames, requireBoolean, requireOptionsOf } from "../../core/validation";
import { GRAFANA_PANEL_PROPS, GrafanaPanel, GrafanaPanelProps } from "./grafana-panel";

/** What a `TimeSeriesPanel` can be told. */
export interface TimeSeriesPanelProps extends GrafanaPanelProps {
  /**
   * Whether its lines stand upon each other, as parts of a whole.
   *
   * @default false
   */
  readonly stacked?: boolean;
}

const PROPS: OptionNames<TimeSeriesPanelProps> = { ...GRAFANA_PANEL_PROPS, stacked: true };
const EXAMPLE = '{ title: "Restarts", description: "…", queries: [restarts], unit: MetricUnit.COUNT }';

/** Lines along the time. */
export class TimeSeriesPanel extends GrafanaPanel {
  private readonly stacked: boolean;

  public constructor(props: TimeSeriesPanelProps) {
    requireOptionsOf("props of TimeSeriesPanel", props, PROPS, EXAMPLE);
    super("TimeSeriesPanel", props);
    this.stacked = props.stacked ?? false;
    requireBoolean("stacked of TimeSeriesPanel", this.stacked);
  }

  /** @internal */
  protected _type(): string {
    return "timeseries";
  }

  /** @internal */
  protected _colorMode(): string {
    return "palette-classic";
  }

  /** @internal */
  protected _custom(): object {
    return {
      drawStyle: "line",
      lineInterpolation: "linear",
      lineWidth: 1,
      fillOpacity: this.stacked ? 30 : 5,
      showPoints: "auto",
      // A node that is silent shows as a gap.
      spanNulls: false,
      stacking: { mode: this.stacked ? "normal" : "none", group: "A" },
      thresholdsStyle: { mode: this._thresholds === undefined ? "off" : "dashed" },
    };
  }

  /** @internal */
  protected _options(): object {
    return {
      legend: { displayMode: "table", placement: "bottom", showLegend: true, calcs: ["lastNotNull", "max"] },
      tooltip: { mode: "multi", sort: "desc" },
    };
  }
}
