import { OptionNames, requireBoolean, requireOptionsOf } from "../../core/validation";
import { requireField, requireFields } from "./checks";
import { LOG_FIELD_TYPES, TIME_FIELD } from "./log-fields";
import { LOG_PANEL_PROPS, LogPanel, LogPanelProps } from "./log-panel";

/** What a `SavedSearch` can be told. */
export interface SavedSearchProps extends LogPanelProps {
  /**
   * Fields that it shows beside the time: 1 to 16 of those that documents have, each once.
   *
   * @default - level, role, node, logger, message
   */
  readonly columns?: string[];
  /**
   * Whether the oldest lines come first.
   *
   * @default false
   */
  readonly oldestFirst?: boolean;
}

const PROPS: OptionNames<SavedSearchProps> = { ...LOG_PANEL_PROPS, columns: true, oldestFirst: true };
const DEFAULT_COLUMNS = ["level", "role", "node", "logger", "message"];
/** As many lines as Dashboards shows at first. */
const LINES = 500;

/** Lines of logs under a name: what *Discover* opens, and what a dashboard can show as a list. */
export class SavedSearch extends LogPanel {
  /** @internal */
  public readonly _type = "search";
  private readonly columns: readonly string[];
  private readonly order: string;

  public constructor(props: SavedSearchProps) {
    requireOptionsOf("props of SavedSearch", props, PROPS, '{ title: "Errors" }');
    super("SavedSearch", props);
    const columns = props.columns ?? DEFAULT_COLUMNS;
    requireFields("columns of SavedSearch", columns, Object.keys(LOG_FIELD_TYPES).length, requireField);
    const oldestFirst = props.oldestFirst ?? false;
    requireBoolean("oldestFirst of SavedSearch", oldestFirst);
    this.columns = [...columns];
    this.order = oldestFirst ? "asc" : "desc";
  }

  /** @internal */
  public _search(): object {
    return { size: LINES, sort: [{ [TIME_FIELD]: { order: this.order } }] };
  }

  /** @internal */
  public _attributes(): object {
    return {
      title: this.title,
      description: this.description,
      hits: 0,
      columns: this.columns,
      sort: [[TIME_FIELD, this.order]],
      version: 1,
      kibanaSavedObjectMeta: this._searchSource({ highlightAll: true, version: true }),
    };
  }
}
