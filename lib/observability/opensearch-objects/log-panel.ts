import { requireLine } from "../../core/require-line";
import { OptionNames, requireInstance } from "../../core/validation";
import { requireObjectId } from "./checks";
import { DashboardsObject, objectIdOf, SavedReference } from "./dashboards-object";
import { IndexPattern } from "./index-pattern";
import { TIME_FIELD } from "./log-fields";
import { LogQuery, requireLogQuery } from "./log-query";
import { LogTimeRange, within } from "./log-time-range";

/** What everything can be told that shows lines of logs. */
export interface LogPanelProps {
  /** What Dashboards lists it as, and what stands above it: 1 to 200 characters on one line. */
  readonly title: string;
  /**
   * What it shows, for those who find it: 1 to 1,000 characters on one line.
   *
   * @default - nothing
   */
  readonly description?: string;
  /**
   * Which lines it is about.
   *
   * @default LogQuery.all()
   */
  readonly query?: LogQuery;
  /**
   * The indices.
   *
   * @default - those with the prefix `logs`
   */
  readonly indexPattern?: IndexPattern;
  /**
   * Id of the saved object: 1 to 300 letters, digits, `.`, `_` and `-`. An object that is imported again replaces the
   * one with its id: give one where the title is to change and the object is not.
   *
   * @default - made of the prefix of the indices and of the title
   */
  readonly objectId?: string;
}

export const LOG_PANEL_PROPS: OptionNames<LogPanelProps> = {
  title: true,
  description: true,
  query: true,
  indexPattern: true,
  objectId: true,
};

const INDEX_REFERENCE = "kibanaSavedObjectMeta.searchSourceJSON.index";

/** What can stand on a dashboard: a `SavedSearch` or a `LogVisualization`. */
export abstract class LogPanel extends DashboardsObject {
  /** Which lines it is about. */
  public readonly query: LogQuery;
  /** The indices. */
  public readonly indexPattern: IndexPattern;
  /** What it shows; empty where nothing was said. */
  public readonly description: string;

  protected constructor(of: string, props: LogPanelProps) {
    const { title, description, query = LogQuery.all(), indexPattern = new IndexPattern() } = withoutNulls(props);
    requireLine(`title of ${of}`, title, 200);
    if (description !== undefined) requireLine(`description of ${of}`, description, 1_000);
    requireLogQuery(`query of ${of}`, query);
    requireInstance(`indexPattern of ${of}`, indexPattern, IndexPattern, "new IndexPattern()");
    const objectId = props.objectId ?? objectIdOf(indexPattern.indexPrefix, title);
    requireObjectId(`objectId of ${of}`, objectId);
    super(title, objectId);
    this.query = query;
    this.indexPattern = indexPattern;
    this.description = description ?? "";
  }

  /**
   * The search that stands behind it, as the body of `POST <indices>/_search`: what Dashboards asks when it shows it, but
   * that OpenSearch itself chooses the width of bars of time.
   *
   * @param timeRange of which time; the last 24 hours by default
   */
  public searchRequest(timeRange: LogTimeRange = { from: "now-24h" }): { [key: string]: unknown } {
    const time = within("timeRange", timeRange);
    return {
      track_total_hits: true,
      query: { bool: { must: [this.query._clause()], filter: [{ range: { [TIME_FIELD]: time } }] } },
      ...this._search(),
    };
  }

  /**
   * What it asks of the lines that are meant.
   * @internal
   */
  public abstract _search(): object;

  /** @internal */
  public _references(): readonly SavedReference[] {
    return [{ name: INDEX_REFERENCE, to: this.indexPattern }];
  }

  /** @internal */
  protected _searchSource(more: object = {}): object {
    const source = { query: this.query._saved(), filter: [], indexRefName: INDEX_REFERENCE, ...more };
    return { searchSourceJSON: JSON.stringify(source) };
  }
}

/** Other languages say null for what is left out. */
function withoutNulls(props: LogPanelProps): LogPanelProps {
  const given = Object.entries(props as object).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(given) as unknown as LogPanelProps;
}
