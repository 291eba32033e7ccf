import { Duration } from "../../core/duration";
import { requireLine } from "../../core/require-line";
import { OptionNames, requireInstance, requireInteger, requireOptionsOf, requireText } from "../../core/validation";
import type { DashboardRequest } from "../../dataflow/provisioning/grafana/grafana-request";
import { requireDuration } from "../../settings/ranges";
import { requireMoment } from "../opensearch-objects/log-time-range";
import { dashboardVariables } from "./dashboard-variables";
import { GrafanaPanel, GridPosition } from "./grafana-panel";
import { MetricStore, requireMetricStore } from "./metric-store";

/** A panel on a dashboard, and its size. */
export interface GrafanaPanelPlace {
  /** What it shows. One may stand on several dashboards. */
  readonly panel: GrafanaPanel;
  /**
   * Its width in columns, of which a dashboard has 24: 2 to 24.
   *
   * @default 12
   */
  readonly width?: number;
  /**
   * Its height in rows of 30 pixels: 2 to 50.
   *
   * @default 8
   */
  readonly height?: number;
}

/** What a `GrafanaDashboard` can be told. */
export interface GrafanaDashboardProps {
  /** What Grafana lists it as: 1 to 200 characters on one line. */
  readonly title: string;
  /** What it is for: 1 to 1,000 characters on one line. */
  readonly description: string;
  /**
   * Its id in its address, by which it is replaced when it is imported again: 1 to 40 letters, digits, `-` and `_`.
   */
  readonly uid: string;
  /**
   * The time that it shows when it is opened: back to `now-6h` and the like, in the units `s`, `m`, `h`, `d`, `w`, `M` and `y`.
   *
   * @default now-6h
   */
  readonly from?: string;
  /**
   * How often it asks anew while it is open: 10 seconds to 1 day.
   *
   * @default Duration.minutes(1)
   */
  readonly refreshInterval?: Duration;
  /**
   * The shortest step of time that it shows: the `interval` of the `MetricsIntegration`, 5 seconds to 5 minutes. The longest of
   * all clusters: with a shorter one, what is alive may be shown as silent.
   *
   * @default Duration.seconds(30)
   */
  readonly interval?: Duration;
}

const PROPS: OptionNames<GrafanaDashboardProps> = {
  title: true,
  description: true,
  uid: true,
  from: true,
  refreshInterval: true,
  interval: true,
};
const PLACE: OptionNames<GrafanaPanelPlace> = { panel: true, width: true, height: true };
const EXAMPLE = '{ title: "Orders", description: "What orders do", uid: "orders" }';
const UID = /^[A-Za-z0-9_-]{1,40}$/;
const COLUMNS = 24;
/** Of all dashboards of ours: each has links to the others. */
const TAG = "cdktf-flink";
/** That of Grafana 11: a later one brings it up to date. */
const SCHEMA_VERSION = 39;

interface PlacedRow {
  readonly title: string;
  readonly gridPos: GridPosition;
}
interface PlacedPanel {
  readonly panel: GrafanaPanel;
  readonly gridPos: GridPosition;
}

/** A dashboard of Grafana: panels below headings, of one time and of the clusters, nodes and jobs that a person chooses. */
export class GrafanaDashboard {
  /** What Grafana lists it as. */
  public readonly title: string;
  /** Its id in its address. */
  public readonly uid: string;
  private readonly description: string;
  private readonly from: string;
  private readonly refreshSeconds: number;
  private readonly stepSeconds: number;
  private readonly placed: (PlacedRow | PlacedPanel)[] = [];

  public constructor(props: GrafanaDashboardProps) {
    requireOptionsOf("props of GrafanaDashboard", props, PROPS, EXAMPLE);
    requireLine("title of GrafanaDashboard", props.title, 200);
    requireLine("description of GrafanaDashboard", props.description, 1_000);
    requireText("uid of GrafanaDashboard", props.uid, UID, "1 to 40 letters, digits, - and _");
    const from = props.from ?? "now-6h";
    requireMoment("from of GrafanaDashboard", from);
    const refresh = props.refreshInterval ?? Duration.minutes(1);
    requireDuration("refreshInterval of GrafanaDashboard", refresh, Duration.seconds(10), Duration.days(1));
    const interval = props.interval ?? Duration.seconds(30);
    requireDuration("interval of GrafanaDashboard", interval, Duration.seconds(5), Duration.minutes(5));
    this.title = props.title;
    this.uid = props.uid;
    this.description = props.description;
    this.from = from;
    this.refreshSeconds = Math.round(refresh.toSeconds());
    this.stepSeconds = Math.ceil(interval.toSeconds());
  }

  /** What stands on it, in its order. */
  public get panels(): GrafanaPanel[] {
    return this.placed.flatMap((each) => ("panel" in each ? [each.panel] : []));
  }

  /**
   * Puts a heading on it, after all others; panels that are added later stand below it.
   *
   * @param title 1 to 200 characters on one line
   */
  public addHeading(title: string): void {
    requireLine("the argument of GrafanaDashboard.addHeading", title, 200);
    this.placed.push({ title, gridPos: { x: 0, y: this.bottom(), w: COLUMNS, h: 1 } });
  }

  /**
   * Puts one more panel on it, after all others: beside the last one where there is room.
   *
   * @param place the panel and its size
   */
  public add(place: GrafanaPanelPlace): void {
    const property = "the argument of GrafanaDashboard.add";
    requireOptionsOf(property, place, PLACE, "{ panel: restarts, width: 12, height: 8 }");
    requireInstance(`panel of ${property}`, place.panel, GrafanaPanel, "new StatPanel({ … })");
    const [w, h] = [place.width ?? 12, place.height ?? 8];
    requireInteger(`width of ${property}`, w, 2, COLUMNS, "columns");
    requireInteger(`height of ${property}`, h, 2, 50, "rows");
    const last = this.placed[this.placed.length - 1]?.gridPos ?? { x: 0, y: 0, w: 0, h: 0 };
    const fits = last.x + last.w + w <= COLUMNS;
    const gridPos = fits ? { x: last.x + last.w, y: last.y, w, h } : { x: 0, y: this.bottom(), w, h };
    this.placed.push({ panel: place.panel, gridPos });
  }

  /**
   * As a file that Grafana imports or that it is provisioned with: JSON.
   *
   * @param store where metrics are
   */
  public toJson(store: MetricStore): string {
    requireMetricStore("the argument of GrafanaDashboard.toJson", store);
    return `${JSON.stringify(this._dashboard(store), undefined, 2)}\n`;
  }

  /** @internal */
  public _dashboard(store: MetricStore, dataSourceUid?: string): DashboardRequest {
    const queries = this.panels.flatMap((panel) => panel.queries);
    return {
      uid: this.uid,
      title: this.title,
      description: this.description,
      tags: [TAG],
      timezone: "browser",
      editable: true,
      graphTooltip: 1,
      time: { from: this.from, to: "now" },
      timepicker: { quick_ranges: QUICK_RANGES },
      refresh: `${this.refreshSeconds}s`,
      schemaVersion: SCHEMA_VERSION,
      templating: { list: dashboardVariables(store, queries, dataSourceUid) },
      annotations: { list: [] },
      links: [LINK_TO_OTHERS],
      panels: this.placed.map((each, at) => {
        const id = at + 1;
        if ("panel" in each) return each.panel._panel(store, id, each.gridPos, this.stepSeconds);
        return { id, type: "row", title: each.title, collapsed: false, gridPos: each.gridPos, panels: [] };
      }),
    };
  }

  private bottom(): number {
    return Math.max(0, ...this.placed.map(({ gridPos: { y, h } }) => y + h));
  }
}

/**
 * Grafana's own have others that end in the future, where all is silent: "Today" is not over yet, and "Today so far" is. Before
 * version 11.6 it knows none but its own.
 */
const QUICK_RANGES = [
  ["Last 5 minutes", "now-5m"],
  ["Last 15 minutes", "now-15m"],
  ["Last 30 minutes", "now-30m"],
  ["Last 1 hour", "now-1h"],
  ["Last 3 hours", "now-3h"],
  ["Last 6 hours", "now-6h"],
  ["Last 12 hours", "now-12h"],
  ["Last 24 hours", "now-24h"],
  ["Last 2 days", "now-2d"],
  ["Last 7 days", "now-7d"],
  ["Last 30 days", "now-30d"],
  ["Last 90 days", "now-90d"],
  ["Yesterday", "now-1d/d", "now-1d/d"],
  ["Today so far", "now/d"],
  ["This week so far", "now/w"],
  ["This month so far", "now/M"],
].map(([display, from, to = "now"]) => ({ display, from, to }));

/** With the time and what was chosen. */
const LINK_TO_OTHERS = {
  title: "Flink",
  type: "dashboards",
  icon: "external link",
  tooltip: "The other dashboards of Flink clusters",
  tags: [TAG],
  asDropdown: true,
  targetBlank: false,
  includeVars: true,
  keepTime: true,
};
