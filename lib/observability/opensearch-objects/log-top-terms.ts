import { OptionNames, requireInteger, requireOptionsOf } from "../../core/validation";
import { Aggregation, lineCount, topValues } from "./aggregation";
import { barChart } from "./bar-chart";
import { requireCountableField } from "./checks";
import { LOG_PANEL_PROPS, LogPanelProps } from "./log-panel";
import { LogVisualization } from "./log-visualization";

/** What a `LogTopTerms` can be told. */
export interface LogTopTermsProps extends LogPanelProps {
  /** The field, such as `job_id`. Not `stack_trace`. */
  readonly field: string;
  /**
   * How many values, 1 to 100: those of most lines.
   *
   * @default 10
   */
  readonly size?: number;
}

const PROPS: OptionNames<LogTopTermsProps> = { ...LOG_PANEL_PROPS, field: true, size: true };

/** Bars one below the other: the values of a field that most lines have. */
export class LogTopTerms extends LogVisualization {
  /** @internal */
  protected readonly _kind = "horizontal_bar";
  private readonly field: string;
  private readonly size: number;

  public constructor(props: LogTopTermsProps) {
    requireOptionsOf("props of LogTopTerms", props, PROPS, '{ title: "Errors by job", field: "job_id" }');
    super("LogTopTerms", props);
    requireCountableField("field of LogTopTerms", props.field);
    this.field = props.field;
    this.size = props.size ?? 10;
    requireInteger("size of LogTopTerms", this.size, 1, 100);
  }

  /** @internal */
  protected _look(): object {
    return barChart("lying", "Lines");
  }

  /** @internal */
  protected _metrics(): readonly Aggregation[] {
    return [lineCount("Lines")];
  }

  /** @internal */
  protected _buckets(): readonly Aggregation[] {
    return [topValues("2", "segment", this.field, this.size)];
  }
}
