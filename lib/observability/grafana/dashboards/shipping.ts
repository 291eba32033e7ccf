import { GrafanaDashboard, GrafanaDashboardProps } from "../grafana-dashboard";
import { AcrossSeries, OverTime } from "../../../metrics/metric-reduction";
import { MetricThresholds } from "../metric-thresholds";
import { MetricUnit } from "../metric-unit";
import { PanelSummary } from "../panel-summary";
import { StatPanel } from "../stat-panel";
import { TimeSeriesPanel } from "../time-series-panel";
import { newReportsOfAgents } from "./states";
import { GROWTH, values } from "../../../metrics/values";

const WRITE = "internal_write";
const MILLISECONDS = 1_000;

/** Whether what is shown here comes from the nodes, and what became of their logs. */
export function shippingDashboard(props: Pick<GrafanaDashboardProps, "interval">): GrafanaDashboard {
  const dashboard = new GrafanaDashboard({
    ...props,
    title: "Flink: shipping of metrics and logs",
    description: "Whether metrics and logs leave the nodes, what waits and what was lost",
    uid: "cdktf-flink-shipping",
  });
  dashboard.addHeading("Metrics");
  dashboard.add({ panel: newReportsOfAgents(), width: 8, height: 6 });
  dashboard.add({
    panel: new StatPanel({
      title: "Last word of each agent",
      description: "When the agent of each node last told its values: all other panels are as old as this.",
      runbook:
        "Minutes ago on one node: npx cdktf-flink status. On all: the destination does not take values, or its address is wrong.",
      queries: [
        values("cdktf_flink_agent", "timestamp_seconds", "{{node}}", { overTime: OverTime.LAST, scale: MILLISECONDS }),
      ],
      unit: MetricUnit.TIME_AGO,
      summary: PanelSummary.LAST,
    }),
    width: 8,
    height: 6,
  });
  dashboard.add({
    panel: new StatPanel({
      title: "Lost in the time shown",
      description: "Metrics that a node had no room for any more, or that the destination refused for good.",
      runbook:
        "npx cdktf-flink status says what the destination answers; bufferedMetrics says how long a node can wait for it.",
      queries: [
        values(WRITE, "metrics_dropped", "{{node}}: dropped"),
        values(WRITE, "metrics_rejected", "{{node}}: refused"),
      ],
      unit: MetricUnit.COUNT,
      thresholds: MetricThresholds.above({ warning: 1, critical: 1_000 }),
      summary: PanelSummary.GROWTH,
    }),
    width: 8,
    height: 6,
  });
  const panel = (
    title: string,
    queries: StatPanel["queries"],
    unit: MetricUnit,
    description: string,
    runbook: string,
  ): void => dashboard.add({ panel: new TimeSeriesPanel({ title, description, runbook, queries, unit, min: 0 }) });
  panel(
    "Written",
    [values(WRITE, "metrics_written", "{{node}}", GROWTH)],
    MetricUnit.COUNT_PER_SECOND,
    "Metrics each second that the destination took.",
    "None while the node is well: npx cdktf-flink status says what the destination answers.",
  );
  panel(
    "What waits, as a part of its room",
    [
      values(WRITE, "buffer_size", "{{node}}", {
        dividedBy: "buffer_limit",
        overTime: OverTime.MAX,
        across: AcrossSeries.MAX,
      }),
    ],
    MetricUnit.PART_OF_ONE,
    "The part of bufferedMetrics that waits for the destination; beyond 100 % the oldest are lost.",
    "It grows: the destination is away or too slow.",
  );
  panel(
    "Values that could not be had",
    [values("internal_gather", "errors", "{{node}}: {{input}}", GROWTH)],
    MetricUnit.COUNT_PER_SECOND,
    "How often each second a look at Flink, the agent or the machine failed.",
    "Of prometheus: a process of Flink is away or its answer is too long. Flink's two are looked at on every node.",
  );
  panel(
    "Memory of agents",
    [values("cdktf_flink_agent", "memory_bytes", "{{node}}")],
    MetricUnit.BYTES,
    "What the agent of each node takes.",
    "It grows without end: tell the makers of cdktf-flink.",
  );

  dashboard.addHeading("Logs (of clusters with a LogIntegration)");
  panel(
    "Lines delivered",
    [values("cdktf_flink_logs", "delivered_total", "{{node}}", GROWTH)],
    MetricUnit.COUNT_PER_SECOND,
    "Lines each second that the destination of logs took.",
    "None for more than half an hour: a node says at least one line in that time.",
  );
  panel(
    "Lines lost or refused",
    [
      values("cdktf_flink_logs", "lost_total", "{{node}}: lost"),
      values("cdktf_flink_logs", "rejected_total", "{{node}}: refused"),
    ],
    MetricUnit.COUNT,
    "Lines that went before they could be delivered, and lines that the destination refused, since the agent's start.",
    "npx cdktf-flink status says why.",
  );
  return dashboard;
}
