import { OverTime } from "../../../metrics/metric-reduction";
import { MetricUnit } from "../../grafana/metric-unit";
import { AlertSeverity } from "../alert-severity";
import { FlinkAlert } from "../flink-alert";
import type { FlinkMetricAlertsSettings } from "../flink-metric-alerts-settings";
import { MetricCondition } from "../metric-condition";
import { FlinkAlertDefinition, halfEach, HIGHEST, OF } from "./flink-alert-definition";

const PROCESSES = [
  ["flink_taskmanager", "TaskManager", FlinkAlert.TASK_MANAGER_HEAP, FlinkAlert.TASK_MANAGER_METASPACE],
  ["flink_jobmanager", "JobManager", FlinkAlert.JOB_MANAGER_HEAP, FlinkAlert.JOB_MANAGER_METASPACE],
] as const;

/** Whether processes of Flink have room. */
export function memoryAlerts(settings: FlinkMetricAlertsSettings): readonly FlinkAlertDefinition[] {
  const part = (measurement: string, of: string): Omit<FlinkAlertDefinition["query"], "overTime"> => ({
    ...{ measurement, field: `Status_JVM_Memory_${of}_Used`, dividedBy: `Status_JVM_Memory_${of}_Max` },
    ...{ ...HIGHEST, by: OF.node },
  });
  return PROCESSES.flatMap(([measurement, process, heap, metaspace]): FlinkAlertDefinition[] => [
    {
      alert: heap,
      // Garbage fills it again and again: what is left after a collection is the least of all.
      query: { ...part(measurement, "Heap"), overTime: OverTime.MIN },
      condition: MetricCondition.above(settings.heapPart),
      ...halfEach(settings.heapFor),
      severity: AlertSeverity.WARNING,
      unit: MetricUnit.PART_OF_ONE,
      summary: `The heap of the ${process} of {{node}} stays nearly full: {{value}} at least`,
      description:
        "It spends its time collecting garbage, and will end for lack of memory. Give it more, or take jobs away.",
    },
    {
      alert: metaspace,
      query: { ...part(measurement, "Metaspace"), overTime: OverTime.LAST },
      condition: MetricCondition.above(settings.metaspacePart),
      window: settings.moment,
      severity: AlertSeverity.WARNING,
      unit: MetricUnit.PART_OF_ONE,
      summary: `The metaspace of the ${process} of {{node}} is {{value}} full`,
      description:
        "Classes of ended jobs stay. Begin the process anew at a time of your choice, before it ends by itself.",
    },
  ]);
}
