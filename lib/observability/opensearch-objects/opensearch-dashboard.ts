import { Duration } from "../../core/duration";
import { requireLine } from "../../core/require-line";
import { OptionNames, refuse, requireInstance, requireInteger, requireOptionsOf } from "../../core/validation";
import { requireDuration } from "../../settings/ranges";
import { requireObjectId } from "./checks";
import { DashboardsObject, objectIdOf, SavedReference } from "./dashboards-object";
import { DEFAULT_INDEX_PREFIX } from "./index-names";
import { LogPanel } from "./log-panel";
import { requireMoment } from "./log-time-range";

/** A panel on a dashboard, and its size. */
export interface DashboardPanel {
  /** What it shows. One may stand on several dashboards. */
  readonly panel: LogPanel;
  /**
   * Its width in columns, of which a dashboard has 48: 4 to 48.
   *
   * @default 24
   */
  readonly width?: number;
  /**
   * Its height in rows of 20 pixels: 4 to 100.
   *
   * @default 12
   */
  readonly height?: number;
}

/** What an `OpenSearchDashboard` can be told. */
export interface OpenSearchDashboardProps {
  /** What Dashboards lists it as: 1 to 200 characters on one line. */
  readonly title: string;
  /**
   * What it is for: 1 to 1,000 characters on one line.
   *
   * @default - nothing
   */
  readonly description?: string;
  /**
   * What stands on it, from left to right and from above to below, as far as a row has room.
   *
   * @default - nothing yet: `add` puts panels on it
   */
  readonly panels?: DashboardPanel[];
  /**
   * The time that it shows when it is opened: back to `now-24h` and the like, in the units `s`, `m`, `h`, `d`, `w`, `M` and
   * `y`, or from a moment such as `2026-11-29T12:00:00Z` on.
   *
   * @default now-24h
   */
  readonly from?: string;
  /**
   * How often it asks anew while it is open: 10 seconds to 1 day.
   *
   * @default - when somebody asks it to
   */
  readonly refreshInterval?: Duration;
  /**
   * Id of the saved object: 1 to 300 letters, digits, `.`, `_` and `-`.
   *
   * @default - made of the prefix of the first panel's indices and of the title
   */
  readonly objectId?: string;
}

const PROPS: OptionNames<OpenSearchDashboardProps> = {
  title: true,
  description: true,
  panels: true,
  from: true,
  refreshInterval: true,
  objectId: true,
};
const PANEL: OptionNames<DashboardPanel> = { panel: true, width: true, height: true };
const COLUMNS = 48;
/** The release of OpenSearch Dashboards whose exports have this form. */
const PANEL_FORM = "2.19.0";

interface PlacedPanel {
  readonly panel: LogPanel;
  readonly place: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

/** A dashboard of OpenSearch Dashboards: panels side by side, of one time and one filter. */
export class OpenSearchDashboard extends DashboardsObject {
  /** @internal */
  public readonly _type = "dashboard";
  private readonly description: string;
  private readonly from: string;
  private readonly refreshInterval?: Duration;
  private readonly placed: PlacedPanel[] = [];

  public constructor(props: OpenSearchDashboardProps) {
    requireOptionsOf("props of OpenSearchDashboard", props, PROPS, '{ title: "Orders" }');
    requireLine("title of OpenSearchDashboard", props.title, 200);
    if (props.description != null) requireLine("description of OpenSearchDashboard", props.description, 1_000);
    const panels = props.panels ?? [];
    if (!Array.isArray(panels)) {
      refuse({
        property: "panels of OpenSearchDashboard",
        value: panels,
        allowed: "a list of panels with their sizes",
        remedy: 'write for example [{ panel: new LogMetric({ title: "Errors" }), width: 12 }]',
      });
    }
    const from = props.from ?? "now-24h";
    requireMoment("from of OpenSearchDashboard", from);
    const { refreshInterval } = props;
    if (refreshInterval != null) {
      const [shortest, longest] = [Duration.seconds(10), Duration.days(1)];
      requireDuration("refreshInterval of OpenSearchDashboard", refreshInterval, shortest, longest);
    }
    for (const panel of panels) checkPanel("panels of OpenSearchDashboard", panel);
    const indexPrefix = panels[0]?.panel.indexPattern.indexPrefix ?? DEFAULT_INDEX_PREFIX;
    const objectId = props.objectId ?? objectIdOf(indexPrefix, props.title);
    requireObjectId("objectId of OpenSearchDashboard", objectId);
    super(props.title, objectId);
    this.description = props.description ?? "";
    this.from = from;
    this.refreshInterval = refreshInterval ?? undefined;
    for (const panel of panels) this.place(panel);
  }

  /** What stands on it, in its order. */
  public get panels(): LogPanel[] {
    return this.placed.map(({ panel }) => panel);
  }

  /**
   * Puts one more panel on it, after all others.
   *
   * @param panel the panel and its size
   */
  public add(panel: DashboardPanel): void {
    checkPanel("the argument of OpenSearchDashboard.add", panel);
    this.place(panel);
  }

  /** @internal */
  public _attributes(): object {
    const panels = this.placed.map(({ place }, index) => ({
      version: PANEL_FORM,
      gridData: { ...place, i: String(index + 1) },
      panelIndex: String(index + 1),
      embeddableConfig: {},
      panelRefName: nameOf(index),
    }));
    const refresh = this.refreshInterval?.toMilliseconds() ?? 0;
    return {
      title: this.title,
      description: this.description,
      hits: 0,
      panelsJSON: JSON.stringify(panels),
      optionsJSON: JSON.stringify({ hidePanelTitles: false, useMargins: true }),
      version: 1,
      timeRestore: true,
      timeFrom: this.from,
      timeTo: "now",
      refreshInterval: { pause: refresh === 0, value: refresh },
      kibanaSavedObjectMeta: {
        searchSourceJSON: JSON.stringify({ query: { query: "", language: "lucene" }, filter: [] }),
      },
    };
  }

  /** @internal */
  public _references(): readonly SavedReference[] {
    return this.placed.map(({ panel }, index) => ({ name: nameOf(index), to: panel }));
  }

  /**
   * Where each of its panels stands, for those who draw it.
   * @internal
   */
  public get _places(): readonly PlacedPanel[] {
    return this.placed;
  }

  /** Beside the last one where the row has room, else below the whole row. */
  private place({ panel, width, height }: DashboardPanel): void {
    const [w, h] = [width ?? 24, height ?? 12];
    const last = this.placed[this.placed.length - 1]?.place ?? { x: 0, y: 0, w: 0, h: 0 };
    const fits = last.x + last.w + w <= COLUMNS;
    const below = Math.max(0, ...this.placed.map(({ place }) => place.y + place.h));
    this.placed.push({ panel, place: fits ? { x: last.x + last.w, y: last.y, w, h } : { x: 0, y: below, w, h } });
  }
}

function nameOf(index: number): string {
  return `panel_${index}`;
}

function checkPanel(property: string, panel: DashboardPanel): void {
  const given: unknown = panel;
  if (given instanceof LogPanel) {
    refuse({
      property,
      value: given.title,
      allowed: "a panel within an object that can tell its size too",
      remedy: "write { panel: … } around it",
    });
  }
  requireOptionsOf(property, panel, PANEL, "{ panel: errors, width: 24, height: 12 }");
  requireInstance(`panel of ${property}`, panel.panel, LogPanel, 'new LogMetric({ title: "Errors" })');
  requireInteger(`width of ${property}`, panel.width ?? 24, 4, COLUMNS, "columns");
  requireInteger(`height of ${property}`, panel.height ?? 12, 4, 100, "rows");
}
