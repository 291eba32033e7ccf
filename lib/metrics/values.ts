import { MetricQuery, MetricQueryProps } from "./metric-query";
import { AcrossSeries, OverTime } from "./metric-reduction";

/** The highest within each step, of the series of each line: what a person on call wants unless something else is said. */
export function values(
  measurement: string,
  field: string,
  legend: string,
  more: Partial<MetricQueryProps> = {},
): MetricQuery {
  return new MetricQuery({
    measurement,
    field,
    legend,
    overTime: OverTime.MAX,
    across: AcrossSeries.MAX,
    ...more,
  });
}

/** Of gauges: what all together come to. */
export const TOTAL = { overTime: OverTime.MEAN, across: AcrossSeries.SUM };
/** Of counters: how much all together grow in a second. */
export const GROWTH = { overTime: OverTime.RATE, across: AcrossSeries.SUM };
/** Of what the leader alone tells: it does not matter which nodes a person chose. */
export const OF_CLUSTER = { allNodes: true };
/** The lowest of all. */
export const LOWEST = { overTime: OverTime.MIN, across: AcrossSeries.MIN };
/** From milliseconds of each second to parts of one. */
export const OF_A_SECOND = 0.001;
