import { OptionNames } from "../core/validation";
import { AcrossSeries, OverTime } from "./metric-reduction";

/** What can be changed of a query that this library brings. */
export interface FlinkMetricOptions {
  /**
   * Name of a line: 1 to 200 characters on one line, in which `{{node}}` is the value of that label. It also says by which
   * labels lines are told apart.
   *
   * @default - as the query is described
   */
  readonly legend?: string;
  /**
   * Labels by which lines are told apart, at most 8.
   *
   * @default - those in `legend`
   */
  readonly by?: string[];
  /**
   * Labels that have one value, such as `{ job_name: "orders" }`.
   *
   * @default - none beside those that the query is about
   */
  readonly where?: { [label: string]: string };
  /**
   * What becomes of the values of one series within one step of time.
   *
   * @default - as the query is described
   */
  readonly overTime?: OverTime;
  /**
   * What becomes of the series that one line is made of.
   *
   * @default - as the query is described
   */
  readonly across?: AcrossSeries;
}

export const FLINK_METRIC_OPTIONS: OptionNames<FlinkMetricOptions> = {
  legend: true,
  by: true,
  where: true,
  overTime: true,
  across: true,
};
