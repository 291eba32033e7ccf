import { OptionNames, requireInteger, requireOptionsOf } from "../../core/validation";
import { Aggregation, lineCount, spansOfTime, topValues } from "./aggregation";
import { barChart } from "./bar-chart";
import { requireCountableField } from "./checks";
import { LOG_PANEL_PROPS, LogPanelProps } from "./log-panel";
import { LogVisualization } from "./log-visualization";

/** What a `LogCountOverTime` can be told. */
export interface LogCountOverTimeProps extends LogPanelProps {
  /**
   * Field by whose values each bar is divided, such as `level`. Not `stack_trace`.
   *
   * @default - bars are not divided
   */
  readonly splitBy?: string;
  /**
   * Into how many values at most, 1 to 50: those of most lines.
   *
   * @default 10
   */
  readonly maxSeries?: number;
}

const PROPS: OptionNames<LogCountOverTimeProps> = { ...LOG_PANEL_PROPS, splitBy: true, maxSeries: true };

/** Bars along the time: how many lines there were. */
export class LogCountOverTime extends LogVisualization {
  /** @internal */
  protected readonly _kind = "histogram";
  private readonly splitBy?: string;
  private readonly maxSeries: number;

  public constructor(props: LogCountOverTimeProps) {
    requireOptionsOf("props of LogCountOverTime", props, PROPS, '{ title: "Lines" }');
    super("LogCountOverTime", props);
    if (props.splitBy != null) requireCountableField("splitBy of LogCountOverTime", props.splitBy);
    this.splitBy = props.splitBy ?? undefined;
    this.maxSeries = props.maxSeries ?? 10;
    requireInteger("maxSeries of LogCountOverTime", this.maxSeries, 1, 50);
  }

  /** @internal */
  protected _look(): object {
    return barChart("upright", "Lines");
  }

  /** @internal */
  protected _metrics(): readonly Aggregation[] {
    return [lineCount("Lines")];
  }

  /** @internal */
  protected _buckets(): readonly Aggregation[] {
    const split = this.splitBy === undefined ? [] : [topValues("3", "group", this.splitBy, this.maxSeries)];
    return [spansOfTime("2"), ...split];
  }
}
