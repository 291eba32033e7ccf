import type { OverTime } from "../../../metrics/metric-reduction";
import { AcrossSeries } from "../../../metrics/metric-reduction";
import type { MetricUnit } from "../../grafana/metric-unit";
import type { AlertSeverity } from "../alert-severity";
import type { FlinkAlert } from "../flink-alert";
import type { MetricCondition } from "../metric-condition";

/** One of `FlinkMetricAlerts`, about all clusters; times are in seconds. */
export interface FlinkAlertDefinition {
  readonly alert: FlinkAlert;
  readonly query: FlinkAlertQuery;
  readonly condition: MetricCondition;
  readonly window: number;
  readonly lastsFor?: number;
  /** Whether what is not there any more is told of. */
  readonly isWatched?: boolean;
  readonly severity: AlertSeverity;
  readonly unit?: MetricUnit;
  readonly summary: string;
  readonly description: string;
}

export interface FlinkAlertQuery {
  readonly measurement: string;
  readonly field: string;
  readonly dividedBy?: string;
  readonly scale?: number;
  readonly overTime: OverTime;
  readonly across: AcrossSeries;
  readonly by: string[];
  readonly where?: { readonly [label: string]: string };
}

/**
 * When a value has to be bad for so many seconds: half of them each. A series that has just begun (a new node, or another attempt of
 * a task) has one look in a window of any length, so that a window alone would tell of its start.
 */
export function halfEach(seconds: number): Pick<FlinkAlertDefinition, "window" | "lastsFor"> {
  return { window: Math.ceil(seconds / 2), lastsFor: Math.floor(seconds / 2) };
}

/** What lines are of. */
export const OF = {
  cluster: ["cluster"],
  node: ["cluster", "node"],
  job: ["cluster", "job_name"],
  task: ["cluster", "job_name", "task_name"],
};
/** Of several series the worst, where high values are bad, or where any is enough. */
export const HIGHEST = { across: AcrossSeries.MAX };
