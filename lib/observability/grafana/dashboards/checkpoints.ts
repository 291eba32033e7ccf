import { GrafanaDashboard, GrafanaDashboardProps } from "../grafana-dashboard";
import { FlinkMetricQuery } from "../../../metrics/flink-metric-query";
import { OverTime } from "../../../metrics/metric-reduction";
import { MetricThresholds } from "../metric-thresholds";
import { MetricUnit } from "../metric-unit";
import { PanelSummary } from "../panel-summary";
import { StatPanel } from "../stat-panel";
import { TimeSeriesPanel } from "../time-series-panel";
import { values } from "../../../metrics/values";

const JOB = "flink_jobmanager_job";
const NANOSECONDS_OF_MILLISECOND = 1e-6;

/** Whether a job that fails loses little of its work. */
export function checkpointDashboard(props: Pick<GrafanaDashboardProps, "interval">): GrafanaDashboard {
  const dashboard = new GrafanaDashboard({
    ...props,
    title: "Flink: checkpoints",
    description: "Whether checkpoints come about, how long they take, how large they are",
    uid: "cdktf-flink-checkpoints",
  });
  dashboard.addHeading("Now");
  dashboard.add({
    panel: new StatPanel({
      title: "Last one was complete",
      description: "When the last checkpoint of each job came about: a job that fails begins anew from there.",
      runbook: "Longer ago than a few intervals: see failures and durations below, then the log of the leader.",
      queries: [
        values(JOB, "lastCheckpointCompletedTimestamp", "{{job_name}} ({{cluster}})", { overTime: OverTime.LAST }),
      ],
      unit: MetricUnit.TIME_AGO,
    }),
    height: 5,
  });
  dashboard.add({
    panel: new StatPanel({
      title: "Failed in the time shown",
      description: "How many checkpoints of each job failed.",
      runbook:
        "The log of the leader says why: one expired (too slow, see back-pressure), was declined by a task, or S3 refused it.",
      queries: [FlinkMetricQuery.failedCheckpoints()],
      unit: MetricUnit.COUNT,
      thresholds: MetricThresholds.above({ warning: 1, critical: 3 }),
      summary: PanelSummary.GROWTH,
    }),
    height: 5,
  });

  dashboard.addHeading("Along the time");
  const ofJobs = (title: string, field: string, unit: MetricUnit, description: string, runbook: string): void =>
    dashboard.add({
      panel: new TimeSeriesPanel({
        title,
        description,
        runbook,
        queries: [values(JOB, field, "{{job_name}} ({{cluster}})")],
        unit,
        min: 0,
      }),
    });
  ofJobs(
    "Duration",
    "lastCheckpointDuration",
    MetricUnit.MILLISECONDS,
    "How long the last checkpoint took from its start to the last acknowledgement.",
    "It nears the timeout of checkpoints: see start delay and alignment; with back-pressure consider unaligned checkpoints.",
  );
  ofJobs(
    "Full size",
    "lastCheckpointFullSize",
    MetricUnit.BYTES,
    "How large the state of the last checkpoint is as a whole.",
    "It grows without end: some state is never cleared. Set a time to live for it.",
  );
  ofJobs(
    "Written anew",
    "lastCheckpointSize",
    MetricUnit.BYTES,
    "What the last checkpoint wrote beyond what earlier ones had written.",
    "As large as the full size each time: checkpoints are not incremental.",
  );
  ofJobs(
    "Complete ones",
    "numberOfCompletedCheckpoints",
    MetricUnit.COUNT,
    "How many came about since the job was submitted or another JobManager took over.",
    "A line that is flat: none comes about any more.",
  );
  ofJobs(
    "Failed ones",
    "numberOfFailedCheckpoints",
    MetricUnit.COUNT,
    "How many failed since the job was submitted or another JobManager took over.",
    "The log of the leader says why, at the moment of each step.",
  );
  ofJobs(
    "In progress",
    "numberOfInProgressCheckpoints",
    MetricUnit.COUNT,
    "Checkpoints that are under way.",
    "Always one: they take as long as their interval. Make the interval longer.",
  );

  dashboard.addHeading("In the tasks");
  const task = "flink_taskmanager_job_task";
  const legend = "{{job_name}}: {{task_name}} ({{cluster}})";
  dashboard.add({
    panel: new TimeSeriesPanel({
      title: "Start delay",
      description: "From the start of the last checkpoint until its barrier reached the slowest subtask of each task.",
      runbook:
        "Long: barriers wait behind records. See the dashboard of back-pressure for the task that holds them up.",
      queries: [values(task, "checkpointStartDelayNanos", legend, { scale: NANOSECONDS_OF_MILLISECOND })],
      unit: MetricUnit.MILLISECONDS,
      min: 0,
    }),
  });
  dashboard.add({
    panel: new TimeSeriesPanel({
      title: "Alignment",
      description: "How long the slowest subtask of each task waited for the barriers of its other inputs.",
      runbook: "Long: inputs of one task are of different speed. Consider unaligned checkpoints.",
      queries: [values(task, "checkpointAlignmentTime", legend, { scale: NANOSECONDS_OF_MILLISECOND })],
      unit: MetricUnit.MILLISECONDS,
      min: 0,
    }),
  });
  return dashboard;
}
