import {
  AcrossSeries,
  Duration,
  FlinkMetricDashboards,
  GrafanaDashboard,
  IFlinkCluster,
  MetricQuery,
  MetricThresholds,
  MetricUnit,
  OverTime,
  PanelSummary,
  StatPanel,
  TablePanel,
  TimeSeriesPanel,
} from "cdktf-flink";

/** What the orders team looks at: the library's dashboards, with a panel more, and one of its own. */
export function metricDashboards(flink: IFlinkCluster): GrafanaDashboard[] {
  const ours = new FlinkMetricDashboards({ interval: Duration.seconds(15) });

  // A panel of ours on the library's overview.
  ours.overview.add({
    panel: new TimeSeriesPanel({
      title: "Late orders",
      description: "Orders each second that came after their window was closed, of all jobs with windows.",
      runbook: "More than a few: the shops' clocks or their uplink are late. Ask the shops' team.",
      // What Flink's windows count, which nodes ship with operatorMetrics of the MetricsIntegration.
      queries: [
        new MetricQuery({
          measurement: "flink_taskmanager_job_task_operator",
          field: "numLateRecordsDropped",
          seriesLabels: ["job_id", "job_name", "operator_id", "subtask_index", "task_attempt_id"],
          overTime: OverTime.RATE,
          across: AcrossSeries.SUM,
          legend: "{{job_name}}",
        }),
      ],
      unit: MetricUnit.COUNT_PER_SECOND,
      min: 0,
    }),
    width: 24,
  });

  return [...ours.dashboards, orders(flink)];
}

/** A dashboard of nothing but panels of ours, about one cluster and one job. */
function orders(flink: IFlinkCluster): GrafanaDashboard {
  const where = { job_name: "orders" };
  const dashboard = new GrafanaDashboard({
    title: "Orders",
    description: "Whether orders are counted, and how late",
    uid: "orders",
    from: "now-24h",
    interval: Duration.seconds(15),
  });
  dashboard.addHeading("Now");
  dashboard.add({
    panel: new StatPanel({
      title: "Restarts in the time shown",
      description: "How often the job of orders began anew.",
      queries: [flink.metricRestarts({ where })],
      unit: MetricUnit.COUNT,
      thresholds: MetricThresholds.above({ warning: 1, critical: 3 }),
      summary: PanelSummary.GROWTH,
    }),
    width: 8,
    height: 5,
  });
  dashboard.add({
    panel: new StatPanel({
      title: "Last checkpoint took",
      description: "A job that fails begins anew from the last checkpoint.",
      queries: [flink.metricCheckpointDuration({ where })],
      unit: MetricUnit.MILLISECONDS,
      thresholds: MetricThresholds.above({ warning: 60_000, critical: 300_000 }),
    }),
    width: 8,
    height: 5,
  });
  dashboard.add({
    panel: new StatPanel({
      title: "Free slots",
      description: "Slots for what is to be deployed next.",
      queries: [flink.metricFreeTaskSlots()],
      unit: MetricUnit.COUNT,
      thresholds: MetricThresholds.below({ warning: 2, critical: 1 }),
    }),
    width: 8,
    height: 5,
  });

  dashboard.addHeading("Along the time");
  dashboard.add({
    panel: new TimeSeriesPanel({
      title: "Orders read",
      description: "Records each second that each task got from the one before it.",
      queries: [flink.metricRecordsIn({ where, legend: "{{task_name}}" })],
      unit: MetricUnit.COUNT_PER_SECOND,
      min: 0,
    }),
  });
  dashboard.add({
    panel: new TablePanel({
      title: "Held up",
      description: "The part of the time in which the worst subtask of each task waited for the next one.",
      queries: [flink.metricBackPressure({ where, legend: "{{task_name}}" })],
      unit: MetricUnit.PART_OF_ONE,
      thresholds: MetricThresholds.above({ warning: 0.5, critical: 0.9 }),
      columns: [PanelSummary.LAST, PanelSummary.MAX],
    }),
  });
  return dashboard;
}
