import { GrafanaDashboard, GrafanaDashboardProps } from "../grafana-dashboard";
import { FlinkMetricQuery } from "../../../metrics/flink-metric-query";
import { AcrossSeries, OverTime } from "../../../metrics/metric-reduction";
import { MetricThresholds } from "../metric-thresholds";
import { MetricUnit } from "../metric-unit";
import { PanelSummary } from "../panel-summary";
import { StatPanel } from "../stat-panel";
import { TimeSeriesPanel } from "../time-series-panel";
import { RUNS } from "./states";
import { TOTAL, values } from "../../../metrics/values";

const TASK = "flink_taskmanager_job_task";
const LEGEND = "{{job_name}}: {{task_name}} ({{cluster}})";

/** What single jobs do. */
export function jobDashboard(props: Pick<GrafanaDashboardProps, "interval">): GrafanaDashboard {
  const dashboard = new GrafanaDashboard({
    ...props,
    title: "Flink: jobs",
    description: "What jobs read and write, how often they began anew, how late they are",
    uid: "cdktf-flink-jobs",
  });
  dashboard.addHeading("Now");
  dashboard.add({
    panel: new StatPanel({
      title: "Runs without a break for",
      description:
        "The time since the job's last start: yellow for 10 minutes after it; 0 while it does not run. " +
        "No data: it failed for good, ended or was cancelled in the time shown, or no JobManager leads.",
      runbook: "Short: see the restarts beside it. No data: the log of the leader says how it ended.",
      queries: [FlinkMetricQuery.jobUptime()],
      unit: MetricUnit.MILLISECONDS,
      thresholds: RUNS,
    }),
    width: 8,
    height: 5,
  });
  dashboard.add({
    panel: new StatPanel({
      title: "Is down for",
      description: "How long the job has waited to begin anew since it failed.",
      runbook:
        "It lasts: slots may be missing, or each attempt fails. See the last exception in the log of the leader.",
      queries: [FlinkMetricQuery.jobDowntime()],
      unit: MetricUnit.MILLISECONDS,
      thresholds: MetricThresholds.above({ warning: 1, critical: 180_000 }),
    }),
    width: 8,
    height: 5,
  });
  dashboard.add({
    panel: new StatPanel({
      title: "Restarts in the time shown",
      description: "How often the job began anew.",
      runbook: "Each has an exception in the log of the leader, at the same moment.",
      queries: [FlinkMetricQuery.restarts()],
      unit: MetricUnit.COUNT,
      thresholds: MetricThresholds.above({ warning: 1, critical: 3 }),
      summary: PanelSummary.GROWTH,
    }),
    width: 8,
    height: 5,
  });

  dashboard.addHeading("Records and bytes");
  const flow = (title: string, field: string, unit: MetricUnit, description: string): void =>
    dashboard.add({
      panel: new TimeSeriesPanel({
        title,
        description,
        runbook:
          "Zero at a source: nothing comes in, or the job waits for a slower task: see the dashboard of back-pressure.",
        queries: [values(TASK, field, LEGEND, TOTAL)],
        unit,
        min: 0,
      }),
    });
  flow(
    "Records in",
    "numRecordsInPerSecond",
    MetricUnit.COUNT_PER_SECOND,
    "What all subtasks of a task got from other tasks each second.",
  );
  flow(
    "Records out",
    "numRecordsOutPerSecond",
    MetricUnit.COUNT_PER_SECOND,
    "What all subtasks of a task gave to other tasks each second.",
  );
  flow(
    "Bytes in",
    "numBytesInPerSecond",
    MetricUnit.BYTES_PER_SECOND,
    "Bytes that all subtasks of a task got from other tasks each second.",
  );
  flow(
    "Bytes out",
    "numBytesOutPerSecond",
    MetricUnit.BYTES_PER_SECOND,
    "Bytes that all subtasks of a task gave to other tasks each second.",
  );

  dashboard.addHeading("Balance");
  const balance = (title: string, across: AcrossSeries, words: string): void =>
    dashboard.add({
      panel: new TimeSeriesPanel({
        title,
        description: `Records each second of the ${words} subtask of each task.`,
        runbook: "The busiest and the idlest are far apart: keys are uneven, so a higher parallelism does not help.",
        queries: [values(TASK, "numRecordsInPerSecond", LEGEND, { overTime: OverTime.MEAN, across })],
        unit: MetricUnit.COUNT_PER_SECOND,
        min: 0,
      }),
    });
  balance("Busiest subtask", AcrossSeries.MAX, "busiest");
  balance("Idlest subtask", AcrossSeries.MIN, "idlest");
  return dashboard;
}
