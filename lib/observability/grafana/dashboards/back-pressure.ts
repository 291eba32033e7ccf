import { GrafanaDashboard, GrafanaDashboardProps } from "../grafana-dashboard";
import { AcrossSeries, OverTime } from "../../../metrics/metric-reduction";
import { MetricThresholds } from "../metric-thresholds";
import { MetricUnit } from "../metric-unit";
import { TimeSeriesPanel } from "../time-series-panel";
import { OF_A_SECOND, values } from "../../../metrics/values";

const TASK = "flink_taskmanager_job_task";
const LEGEND = "{{job_name}}: {{task_name}} ({{cluster}})";
/** A short stop of one subtask is no trouble: the mean within each step, of the worst subtask. */
const WORST = { overTime: OverTime.MEAN, across: AcrossSeries.MAX };

/** Which task holds the others up. */
export function backPressureDashboard(props: Pick<GrafanaDashboardProps, "interval">): GrafanaDashboard {
  const dashboard = new GrafanaDashboard({
    ...props,
    title: "Flink: back-pressure",
    description: "Which task holds the others up: the first one behind the last that is held up",
    uid: "cdktf-flink-back-pressure",
  });
  const time = (
    title: string,
    field: string,
    description: string,
    runbook: string,
    thresholds?: MetricThresholds,
  ): void =>
    dashboard.add({
      panel: new TimeSeriesPanel({
        title,
        description,
        runbook,
        queries: [values(TASK, field, LEGEND, { ...WORST, scale: OF_A_SECOND })],
        unit: MetricUnit.PART_OF_ONE,
        thresholds,
        min: 0,
        max: 1,
      }),
    });
  dashboard.addHeading("Parts of each second, of the worst subtask of each task");
  time(
    "Held up",
    "backPressuredTimeMsPerSecond",
    "The time in which it could not give on what it had.",
    "Follow the job from its sources: the first task that is busy and not held up is the one to make faster.",
    MetricThresholds.above({ warning: 0.5, critical: 0.9 }),
  );
  time(
    "Busy",
    "busyTimeMsPerSecond",
    "The time in which it worked.",
    "Near 100 %: it is the bottleneck. A higher parallelism helps where keys are even.",
    MetricThresholds.above({ warning: 0.8, critical: 0.95 }),
  );
  time("Idle", "idleTimeMsPerSecond", "The time in which it had nothing to do.", "High everywhere: nothing comes in.");
  time(
    "Held up for long",
    "hardBackPressuredTimeMsPerSecond",
    "The time in which it was blocked and could not even take part in a checkpoint.",
    "Checkpoints get slow with it: see their start delay.",
  );

  dashboard.addHeading("Buffers");
  const buffers = (title: string, field: string, description: string): void =>
    dashboard.add({
      panel: new TimeSeriesPanel({
        title,
        description,
        runbook:
          "Output full and input of the next task full: that next task is slow. Output full alone: the network is.",
        queries: [values(TASK, field, LEGEND, WORST)],
        unit: MetricUnit.PART_OF_ONE,
        min: 0,
      }),
    });
  buffers(
    "Input buffers",
    "Shuffle_Netty_Input_Buffers_inPoolUsage",
    "The part of a subtask's input buffers that is full.",
  );
  buffers(
    "Output buffers",
    "Shuffle_Netty_Output_Buffers_outPoolUsage",
    "The part of a subtask's output buffers that is full.",
  );
  return dashboard;
}
