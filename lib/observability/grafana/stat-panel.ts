import { OptionNames, refuse, requireOptionsOf } from "../../core/validation";
import { GRAFANA_PANEL_PROPS, GrafanaPanel, GrafanaPanelProps } from "./grafana-panel";
import { PanelSummary } from "./panel-summary";

/** What a `StatPanel` can be told. */
export interface StatPanelProps extends GrafanaPanelProps {
  /**
   * What the number says of the time shown.
   *
   * @default PanelSummary.NOW
   */
  readonly summary?: PanelSummary;
}

const PROPS: OptionNames<StatPanelProps> = { ...GRAFANA_PANEL_PROPS, summary: true };
const EXAMPLE = '{ title: "Running jobs", description: "…", queries: [running], unit: MetricUnit.COUNT }';

/** One number for each line, in the color of its threshold; by default that of now, and "no data" in red of what is silent. */
export class StatPanel extends GrafanaPanel {
  private readonly summary: PanelSummary;

  public constructor(props: StatPanelProps) {
    requireOptionsOf("props of StatPanel", props, PROPS, EXAMPLE);
    super("StatPanel", props);
    this.summary = props.summary ?? PanelSummary.NOW;
    requirePanelSummary("summary of StatPanel", this.summary);
  }

  /** @internal */
  protected _type(): string {
    return "stat";
  }

  /** @internal */
  protected _colorMode(): string {
    return "thresholds";
  }

  /** @internal */
  public _isOfNow(): boolean {
    return this.summary === PanelSummary.NOW;
  }

  /** @internal */
  protected _options(): object {
    return {
      reduceOptions: { calcs: [this.summary], fields: "", values: false },
      orientation: "auto",
      textMode: this.queries.some(({ _by: by }) => by.length > 0) ? "value_and_name" : "value",
      colorMode: "value",
      // One value is no line.
      graphMode: this._isOfNow() ? "none" : "area",
      justifyMode: "auto",
      wideLayout: true,
      showPercentChange: false,
      percentChangeColorMode: "standard",
    };
  }
}

/** Refuses anything but a summary. */
export function requirePanelSummary(property: string, value: unknown): void {
  if (Object.values(PanelSummary).includes(value as PanelSummary)) return;
  const names = Object.keys(PanelSummary).map((name) => `PanelSummary.${name}`);
  refuse({ property, value, allowed: `one of ${names.join(", ")}`, remedy: `write for example ${names[0]}` });
}
