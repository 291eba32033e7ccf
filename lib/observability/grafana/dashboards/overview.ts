import { GrafanaDashboard, GrafanaDashboardProps } from "../grafana-dashboard";
import { MetricThresholds } from "../metric-thresholds";
import { MetricUnit } from "../metric-unit";
import { PanelSummary } from "../panel-summary";
import { StatPanel } from "../stat-panel";
import { TablePanel } from "../table-panel";
import { TimeSeriesPanel } from "../time-series-panel";
import { FlinkMetricQuery } from "../../../metrics/flink-metric-query";
import { newReportsOfAgents, RUNS } from "./states";
import { LOWEST, OF_CLUSTER, TOTAL, values } from "../../../metrics/values";

const ON = MetricThresholds.below({ warning: 1, critical: 0.5 });

/** How the clusters are at a glance. */
export function overviewDashboard(props: Pick<GrafanaDashboardProps, "interval">): GrafanaDashboard {
  const dashboard = new GrafanaDashboard({
    ...props,
    title: "Flink: overview",
    description: "How the clusters are at a glance: leader, nodes, slots, jobs, certificates",
    uid: "cdktf-flink-overview",
  });
  const stat = (panel: StatPanel): void => dashboard.add({ panel, width: 4, height: 5 });

  dashboard.addHeading("Now");
  stat(
    new StatPanel({
      title: "Running jobs",
      description: "Jobs that run, as the leader counts them: in no color, as only you know how many there should be.",
      runbook:
        "Fewer than you deployed: open the dashboard of jobs and the log of the leader for the last exception of the job.",
      queries: [FlinkMetricQuery.runningJobs()],
      unit: MetricUnit.COUNT,
    }),
  );
  stat(
    new StatPanel({
      title: "TaskManagers",
      description:
        "TaskManagers that are registered with the leader: in no color. The node of one that is missing is red among nodes.",
      runbook: "Fewer than nodes: npx cdktf-flink status names the node that is not well and why.",
      queries: [FlinkMetricQuery.taskManagers()],
      unit: MetricUnit.COUNT,
    }),
  );
  stat(
    new StatPanel({
      title: "Free slots",
      description:
        "Slots that no job uses. With none, a job that begins anew after the loss of a node waits for that node.",
      runbook: "None: add nodes or slots, or lower the parallelism of a job.",
      queries: [FlinkMetricQuery.freeTaskSlots()],
      unit: MetricUnit.COUNT,
      thresholds: MetricThresholds.below({ warning: 2, critical: 1 }),
    }),
  );
  stat(
    new StatPanel({
      title: "Leaders",
      description: "Nodes whose JobManager leads: one for each cluster.",
      runbook: "None for more than a minute: look at the dashboard of ZooKeeper, as leaders are elected there.",
      queries: [values("cdktf_flink_node", "leads", "{{cluster}}", { ...TOTAL, ...OF_CLUSTER })],
      unit: MetricUnit.COUNT,
      thresholds: ON,
    }),
  );
  stat(
    new StatPanel({
      title: "Restarts of jobs",
      description: "How often jobs began anew in the time shown.",
      runbook:
        "It grows again and again: the job fails by itself. The first exception after its start is in the log of the leader.",
      queries: [FlinkMetricQuery.restarts()],
      unit: MetricUnit.COUNT,
      thresholds: MetricThresholds.above({ warning: 1, critical: 3 }),
      summary: PanelSummary.GROWTH,
    }),
  );
  stat(
    new StatPanel({
      title: "Certificates end in",
      description:
        "The time that is left to the certificate that ends first: it is renewed when a third of certificateValidity is left, by default 30 days.",
      runbook: "Less than that for days: npx cdktf-flink status says what hinders the node.",
      queries: [FlinkMetricQuery.certificateRemaining()],
      unit: MetricUnit.SECONDS,
    }),
  );

  dashboard.add({
    panel: new StatPanel({
      title: "Nodes",
      description: "1 for each node that its agent finds healthy, 0 for one that it finds ill.",
      runbook:
        "0: npx cdktf-flink status says what is wrong. No data: nothing comes of it; see beside it, and the alarms of AWS.",
      queries: [values("cdktf_flink_node", "healthy", "{{node}}", LOWEST)],
      unit: MetricUnit.COUNT,
      thresholds: ON,
    }),
    height: 5,
  });
  dashboard.add({ panel: newReportsOfAgents(), height: 5 });
  dashboard.add({
    panel: new TablePanel({
      title: "How long jobs run without a break",
      description:
        "Since when each job runs, by its last start: yellow for 10 minutes after it, red while it does not run. " +
        "No data: it failed for good, ended or was cancelled in the time shown, or no JobManager leads.",
      runbook: "Short again and again: see its restarts. No data: the log of the leader says how it ended.",
      queries: [FlinkMetricQuery.jobUptime()],
      unit: MetricUnit.MILLISECONDS,
      thresholds: RUNS,
      columns: [PanelSummary.NOW],
    }),
    width: 24,
  });

  dashboard.addHeading("Along the time");
  dashboard.add({
    panel: new TimeSeriesPanel({
      title: "Healthy nodes",
      description:
        "Nodes that their agents find healthy, each upon the other: lower where one is not, or where nothing comes from it.",
      runbook:
        "npx cdktf-flink status says what is wrong; one that says nothing may be a machine that is gone: see the alarms of AWS.",
      queries: [values("cdktf_flink_node", "healthy", "{{node}}", LOWEST)],
      unit: MetricUnit.COUNT,
      min: 0,
      stacked: true,
    }),
  });
  dashboard.add({
    panel: new TimeSeriesPanel({
      title: "Slots",
      description: "Slots of all TaskManagers, and those of them that are free.",
      runbook: "All drop at once: a TaskManager is lost. Free ones drop alone: a job was started.",
      queries: [
        FlinkMetricQuery.taskSlots({ legend: "{{cluster}}: all" }),
        FlinkMetricQuery.freeTaskSlots({ legend: "{{cluster}}: free" }),
      ],
      unit: MetricUnit.COUNT,
      min: 0,
    }),
  });
  dashboard.add({
    panel: new TimeSeriesPanel({
      title: "Changes that wait or go on",
      description: "1 while a node has a change that it has not made yet: a rolling change goes from node to node.",
      runbook: "One node stays at 1: the roll stopped there. npx cdktf-flink status says why.",
      queries: [values("cdktf_flink_node", "change_pending", "{{node}}")],
      unit: MetricUnit.COUNT,
      min: 0,
      max: 1,
    }),
  });
  dashboard.add({
    panel: new TimeSeriesPanel({
      title: "Restarts of programs",
      description: "How often systemd began each program of a node anew since the node's start.",
      runbook: "A program begins anew again and again: its log on that node says why it ended.",
      queries: [values("cdktf_flink_unit", "restarts_total", "{{node}}: {{unit}}")],
      unit: MetricUnit.COUNT,
      min: 0,
    }),
  });
  return dashboard;
}
