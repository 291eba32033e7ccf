import { OptionNames, refuse, requireInteger, requireOptionsOf } from "../../core/validation";
import { Aggregation, extreme, lineCount, topValues } from "./aggregation";
import { requireCountableField, requireFields } from "./checks";
import { TIME_FIELD } from "./log-fields";
import { LOG_PANEL_PROPS, LogPanelProps } from "./log-panel";
import { LogVisualization } from "./log-visualization";

/** What a `LogTable` can show of the lines of each row, beside how many there are. */
export enum LogTableColumn {
  /** Time of the oldest line. */
  FIRST_LINE = "first line",
  /** Time of the newest line. */
  LAST_LINE = "last line",
  /** Lowest number of a line in its run. */
  LOWEST_NUMBER = "lowest number",
  /** Highest number of a line in its run. */
  HIGHEST_NUMBER = "highest number",
}

/** What a `LogTable` can be told. */
export interface LogTableProps extends LogPanelProps {
  /** Fields whose values together make a row: 1 to 5, each once, such as `["node", "role"]`. Not `stack_trace`. */
  readonly fields: string[];
  /**
   * Columns beside the fields and the number of lines, each once.
   *
   * @default - none
   */
  readonly columns?: LogTableColumn[];
  /**
   * How many values of each field, 1 to 100: those of most lines.
   *
   * @default 20
   */
  readonly size?: number;
}

const PROPS: OptionNames<LogTableProps> = { ...LOG_PANEL_PROPS, fields: true, columns: true, size: true };

const COLUMNS: Readonly<Record<LogTableColumn, (id: string) => Aggregation>> = {
  [LogTableColumn.FIRST_LINE]: (id) => extreme(id, "min", TIME_FIELD, "First line"),
  [LogTableColumn.LAST_LINE]: (id) => extreme(id, "max", TIME_FIELD, "Last line"),
  [LogTableColumn.LOWEST_NUMBER]: (id) => extreme(id, "min", "sequence", "Lowest number"),
  [LogTableColumn.HIGHEST_NUMBER]: (id) => extreme(id, "max", "sequence", "Highest number"),
};

/** Rows: how many lines there are of each combination of values. */
export class LogTable extends LogVisualization {
  /** @internal */
  protected readonly _kind = "table";
  private readonly fields: readonly string[];
  private readonly columns: readonly LogTableColumn[];
  private readonly size: number;

  public constructor(props: LogTableProps) {
    requireOptionsOf("props of LogTable", props, PROPS, '{ title: "Nodes", fields: ["node"] }');
    super("LogTable", props);
    requireFields("fields of LogTable", props.fields, 5, requireCountableField);
    const columns = props.columns ?? [];
    requireColumns(columns);
    this.fields = [...props.fields];
    this.columns = [...columns];
    this.size = props.size ?? 20;
    requireInteger("size of LogTable", this.size, 1, 100);
  }

  /** @internal */
  protected _look(): object {
    return {
      perPage: 10,
      showPartialRows: false,
      showMetricsAtAllLevels: false,
      showTotal: false,
      totalFunc: "sum",
      percentageCol: "",
    };
  }

  /** @internal */
  protected _metrics(): readonly Aggregation[] {
    return [lineCount("Lines"), ...this.columns.map((column, index) => COLUMNS[column](String(20 + index)))];
  }

  /** @internal */
  protected _buckets(): readonly Aggregation[] {
    return this.fields.map((field, index) => topValues(String(2 + index), "bucket", field, this.size));
  }
}

function requireColumns(columns: unknown): void {
  const known: readonly unknown[] = Object.values(LogTableColumn);
  const isList = Array.isArray(columns) && new Set(columns).size === columns.length;
  if (isList && columns.every((column) => known.includes(column))) return;
  refuse({
    property: "columns of LogTable",
    value: columns,
    allowed: "a list of LogTableColumn, each once",
    remedy: "use for example [LogTableColumn.LAST_LINE]",
  });
}
