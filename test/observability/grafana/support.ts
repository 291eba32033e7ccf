import { AcrossSeries, OverTime } from "../../../lib/observability/grafana/metric-reduction";
import { MetricQuery, MetricQueryProps } from "../../../lib/observability/grafana/metric-query";

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
