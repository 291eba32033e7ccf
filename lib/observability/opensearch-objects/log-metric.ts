import { requireLine } from "../../core/require-line";
import { OptionNames, requireOptionsOf } from "../../core/validation";
import { Aggregation, distinctValues, LINES, lineCount } from "./aggregation";
import { requireCountableField } from "./checks";
import { LOG_PANEL_PROPS, LogPanelProps } from "./log-panel";
import { LogVisualization } from "./log-visualization";

/** What a `LogMetric` can be told. */
export interface LogMetricProps extends LogPanelProps {
  /**
   * What stands below the number: 1 to 100 characters on one line.
   *
   * @default - the title
   */
  readonly label?: string;
  /**
   * Field whose different values are counted in place of lines, such as `job_id`: exact up to some thousands. Not
   * `stack_trace`.
   *
   * @default - lines are counted
   */
  readonly distinct?: string;
}

const PROPS: OptionNames<LogMetricProps> = { ...LOG_PANEL_PROPS, label: true, distinct: true };

/** One number: how many lines there were, or how many values of a field. */
export class LogMetric extends LogVisualization {
  /** @internal */
  protected readonly _kind = "metric";
  private readonly label: string;
  private readonly distinct?: string;

  public constructor(props: LogMetricProps) {
    requireOptionsOf("props of LogMetric", props, PROPS, '{ title: "Errors" }');
    super("LogMetric", props);
    if (props.label != null) requireLine("label of LogMetric", props.label, 100);
    if (props.distinct != null) requireCountableField("distinct of LogMetric", props.distinct);
    this.label = props.label ?? this.title;
    this.distinct = props.distinct ?? undefined;
  }

  /** @internal */
  protected _look(): object {
    return {
      type: "metric",
      addTooltip: true,
      addLegend: false,
      metric: {
        percentageMode: false,
        useRanges: false,
        colorSchema: "Green to Red",
        metricColorMode: "None",
        colorsRange: [{ from: 0, to: 10_000 }],
        labels: { show: true },
        invertColors: false,
        style: { bgFill: "#000", bgColor: false, labelColor: false, subText: "", fontSize: 40 },
      },
    };
  }

  /** @internal */
  protected _metrics(): readonly Aggregation[] {
    return [this.distinct === undefined ? lineCount(this.label) : distinctValues(LINES, this.distinct, this.label)];
  }

  /** @internal */
  protected _buckets(): readonly Aggregation[] {
    return [];
  }
}
