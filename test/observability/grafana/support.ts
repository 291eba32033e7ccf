import { AcrossSeries, OverTime } from "../../../lib/metrics/metric-reduction";
import { MetricQuery, MetricQueryProps } from "../../../lib/metrics/metric-query";

/** One that asks for the records of tasks, unless something else is said. */
export function taskQuery(more: Partial<MetricQueryProps> = {}): MetricQuery {
  return new MetricQuery({
    measurement: "flink_taskmanager_job_task",
    field: "numRecordsOutPerSecond",
    overTime: OverTime.MEAN,
    across: AcrossSeries.SUM,
    legend: "{{job_name}}: {{task_name}}",
    ...more,
  });
}
