import { OverTime } from "../../../metrics/metric-reduction";
import { MetricUnit } from "../../grafana/metric-unit";
import { AlertSeverity } from "../alert-severity";
import { FlinkAlert } from "../flink-alert";
import type { FlinkMetricAlertsSettings } from "../flink-metric-alerts-settings";
import { MetricCondition } from "../metric-condition";
import { FlinkAlertDefinition, halfEach, HIGHEST, OF } from "./flink-alert-definition";

const JOB = { measurement: "flink_jobmanager_job", by: OF.job, ...HIGHEST };
const SECONDS = 0.001;
/** Of numbers that only grow by whole ones: from so many on. */
const fromOn = (count: number): MetricCondition => MetricCondition.above(count - 0.5);

/** Whether jobs run, and whether they lose little of their work when they fail. */
export function jobAlerts(settings: FlinkMetricAlertsSettings): readonly FlinkAlertDefinition[] {
  return [
    {
      alert: FlinkAlert.JOB_DOWN,
      // Flink's `downtime` is of jobs that fail as a whole: it stays 0 where tasks begin anew.
      query: { ...JOB, field: "restartingTime", overTime: OverTime.LAST, scale: SECONDS },
      condition: MetricCondition.above(settings.jobDownAfter),
      window: settings.moment,
      severity: AlertSeverity.CRITICAL,
      unit: MetricUnit.SECONDS,
      summary: "The job {{job_name}} of {{cluster}} has not run for {{value}}",
      description: "It failed, and waits to begin anew. The log of the leader has the exception.",
    },
    {
      alert: FlinkAlert.JOB_GONE,
      // Any of its values will do.
      query: { ...JOB, field: "uptime", overTime: OverTime.COUNT },
      condition: MetricCondition.below(0.5),
      window: settings.jobGoneAfter,
      isWatched: true,
      severity: AlertSeverity.CRITICAL,
      summary: "The job {{job_name}} of {{cluster}} is not there any more",
      description:
        "It failed for good, ended or was cancelled, or no JobManager leads. The log of the leader says which.",
    },
    {
      alert: FlinkAlert.JOB_RESTARTING,
      query: { ...JOB, field: "numRestarts", overTime: OverTime.GROWTH },
      condition: fromOn(settings.restarts),
      window: settings.restartsWithin,
      severity: AlertSeverity.CRITICAL,
      summary: "The job {{job_name}} of {{cluster}} begins anew again and again",
      description: "About {{value}} times lately. The first exception after each start is in the log of the leader.",
    },
    {
      alert: FlinkAlert.CHECKPOINTS_FAILING,
      query: { ...JOB, field: "numberOfFailedCheckpoints", overTime: OverTime.GROWTH },
      condition: fromOn(settings.failedCheckpoints),
      window: settings.failedCheckpointsWithin,
      severity: AlertSeverity.WARNING,
      summary: "Checkpoints of the job {{job_name}} of {{cluster}} fail",
      description:
        "About {{value}} lately. The log of the leader says why: too slow, declined by a task, or refused by S3.",
    },
    {
      alert: FlinkAlert.CHECKPOINTS_MISSING,
      query: { ...JOB, field: "numberOfCompletedCheckpoints", overTime: OverTime.GROWTH },
      condition: MetricCondition.below(0.5),
      ...halfEach(settings.checkpointsMissingAfter),
      severity: AlertSeverity.CRITICAL,
      summary: "No checkpoint of the job {{job_name}} of {{cluster}} comes about any more",
      description:
        "What it has done since the last one is done again when it fails. Its tasks wait for slots, are held up, or S3 refuses.",
    },
    {
      alert: FlinkAlert.CHECKPOINTS_SLOW,
      query: { ...JOB, field: "lastCheckpointDuration", overTime: OverTime.LAST, scale: SECONDS },
      condition: MetricCondition.above(settings.slowCheckpointSeconds),
      window: settings.moment,
      severity: AlertSeverity.WARNING,
      unit: MetricUnit.SECONDS,
      summary:
        "The last checkpoint of the job {{job_name}} of {{cluster}} took {{value}}, which is nearly as long as it may",
      description: "Beyond the timeout it fails. See start delay and alignment, and which task is held up.",
    },
    {
      alert: FlinkAlert.BACK_PRESSURE,
      query: {
        ...{ measurement: "flink_taskmanager_job_task", field: "backPressuredTimeMsPerSecond", by: OF.task },
        ...{ ...HIGHEST, overTime: OverTime.MEAN, scale: SECONDS },
      },
      condition: MetricCondition.above(settings.backPressurePart),
      ...halfEach(settings.backPressureFor),
      severity: AlertSeverity.WARNING,
      unit: MetricUnit.PART_OF_ONE,
      summary: "The task {{task_name}} of the job {{job_name}} of {{cluster}} has been held up {{value}} of the time",
      description:
        "Follow the job from its sources: the first task that is busy and not held up is the one to make faster.",
    },
  ];
}
