import { GrafanaDashboard, GrafanaDashboardProps } from "../grafana-dashboard";
import { MetricThresholds } from "../metric-thresholds";
import { MetricUnit } from "../metric-unit";
import { StatPanel } from "../stat-panel";
import { TimeSeriesPanel } from "../time-series-panel";
import { GROWTH, OF_CLUSTER, TOTAL, values } from "../../../metrics/values";

const ZOOKEEPER = "cdktf_flink_zookeeper";

/** Where leaders are elected. */
export function zooKeeperDashboard(props: Pick<GrafanaDashboardProps, "interval">): GrafanaDashboard {
  const dashboard = new GrafanaDashboard({
    ...props,
    title: "Flink: ZooKeeper",
    description: "Whether ZooKeeper has a leader and answers in time: Flink elects its own leader there",
    uid: "cdktf-flink-zookeeper",
  });
  dashboard.addHeading("Now");
  dashboard.add({
    panel: new StatPanel({
      title: "Leaders",
      description: "Servers that lead: one for each cluster.",
      runbook:
        "None: most servers are away, so that there is no quorum. npx cdktf-flink status says which nodes are not well.",
      queries: [values(ZOOKEEPER, "leads", "{{cluster}}", { ...TOTAL, ...OF_CLUSTER })],
      unit: MetricUnit.COUNT,
      thresholds: MetricThresholds.below({ warning: 1, critical: 0.5 }),
    }),
    height: 5,
  });
  dashboard.add({
    panel: new StatPanel({
      title: "Requests that wait",
      description: "Requests that servers have not answered yet.",
      runbook: "It grows: a server cannot write as fast as it should. See its disk.",
      queries: [values(ZOOKEEPER, "outstanding_requests", "{{node}}")],
      unit: MetricUnit.COUNT,
      thresholds: MetricThresholds.above({ warning: 10, critical: 100 }),
    }),
    height: 5,
  });

  dashboard.addHeading("Along the time");
  const panel = (title: string, field: string, unit: MetricUnit, description: string, runbook: string): void =>
    dashboard.add({
      panel: new TimeSeriesPanel({
        title,
        description,
        runbook,
        queries: [values(ZOOKEEPER, field, "{{node}}")],
        unit,
        min: 0,
      }),
    });
  panel(
    "Mean latency",
    "average_latency_seconds",
    MetricUnit.SECONDS,
    "How long a server takes for an answer, in the mean since its start.",
    "Above some tens of milliseconds: see the disk and the processors of its node.",
  );
  panel(
    "Largest latency",
    "largest_latency_seconds",
    MetricUnit.SECONDS,
    "The longest that a server has taken for an answer since its start.",
    "Above the session timeout of Flink: a leader has lost its office then.",
  );
  panel(
    "Connections",
    "connections",
    MetricUnit.COUNT,
    "Clients that are connected to each server.",
    "It jumps: clients went from one server to another, mostly as one was away.",
  );
  panel(
    "Nodes of data",
    "znodes",
    MetricUnit.COUNT,
    "How many nodes of data there are.",
    "It grows without end: what ended jobs left behind is not cleaned up.",
  );
  panel("Size of data", "data_bytes", MetricUnit.BYTES, "About how large all data is.", "As above.");
  panel(
    "Open files",
    "open_files",
    MetricUnit.COUNT,
    "Files and connections that the server has open.",
    "It grows without end: the server will refuse connections.",
  );
  dashboard.add({
    panel: new TimeSeriesPanel({
      title: "Packets",
      description: "Packets each second that servers received and sent.",
      runbook: "None: no client reaches the server.",
      queries: [
        values(ZOOKEEPER, "received_packets_total", "{{node}}: received", GROWTH),
        values(ZOOKEEPER, "sent_packets_total", "{{node}}: sent", GROWTH),
      ],
      unit: MetricUnit.COUNT_PER_SECOND,
      min: 0,
    }),
    width: 24,
  });
  return dashboard;
}
