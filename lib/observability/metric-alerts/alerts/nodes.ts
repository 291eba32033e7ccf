import { OverTime } from "../../../metrics/metric-reduction";
import { MetricUnit } from "../../grafana/metric-unit";
import { AlertSeverity } from "../alert-severity";
import { FlinkAlert } from "../flink-alert";
import type { FlinkMetricAlertsSettings } from "../flink-metric-alerts-settings";
import { MetricCondition } from "../metric-condition";
import { FlinkAlertDefinition, halfEach, HIGHEST, OF } from "./flink-alert-definition";

/** Whether single nodes are well, and tell what they do. */
export function nodeAlerts(settings: FlinkMetricAlertsSettings): readonly FlinkAlertDefinition[] {
  const ofNode = (measurement: string, field: string, overTime: OverTime, more: string[] = []) => ({
    ...{ measurement, field, overTime, by: [...OF.node, ...more] },
    ...HIGHEST,
  });
  const filling = (alert: FlinkAlert, field: string, what: string, description: string): FlinkAlertDefinition => ({
    alert,
    query: ofNode("disk", field, OverTime.MIN, ["path"]),
    condition: MetricCondition.above(settings.diskPercent),
    ...halfEach(settings.diskFor),
    severity: AlertSeverity.CRITICAL,
    unit: MetricUnit.PERCENT,
    summary: `{{value}} of the ${what} of {{path}} of {{node}} are in use`,
    description,
  });
  return [
    {
      alert: FlinkAlert.NODE_SILENT,
      // Told by Telegraf of its agent: it stands still where the agent is away, and is not there where the node or Telegraf is.
      query: ofNode("cdktf_flink_agent", "timestamp_seconds", OverTime.GROWTH),
      condition: MetricCondition.below(1),
      // One look alone is no growth: a node that has just begun has another one before that is told.
      window: Math.max(settings.nodeSilentAfter - settings.twoLooks, 2 * settings.twoLooks),
      lastsFor: settings.twoLooks,
      isWatched: true,
      severity: AlertSeverity.CRITICAL,
      summary: "Nothing new comes from {{node}} of {{cluster}}",
      description:
        "It is gone, its agent or Telegraf does not run, or metrics do not reach the store: then all nodes are silent.",
    },
    {
      alert: FlinkAlert.NODE_UNHEALTHY,
      query: ofNode("cdktf_flink_node", "healthy", OverTime.MAX),
      condition: MetricCondition.below(0.5),
      ...halfEach(settings.nodeUnhealthyAfter),
      severity: AlertSeverity.CRITICAL,
      summary: "{{node}} of {{cluster}} is not healthy",
      description: "npx cdktf-flink status says what is wrong with it.",
    },
    filling(
      FlinkAlert.DISK_FILLING,
      "used_percent",
      "space",
      "Full, Flink stops. State on the disk or logs grow: see which, and make the volume larger before.",
    ),
    filling(
      FlinkAlert.INODES_FILLING,
      "inodes_used_percent",
      "inodes",
      "Without any, no file can be made although there is space. Some program leaves very many small files.",
    ),
    {
      alert: FlinkAlert.CLOCK_OFF,
      query: ofNode("cdktf_flink_clock", "unsynchronized_seconds", OverTime.LAST),
      condition: MetricCondition.above(settings.clockOffAfter),
      window: settings.moment,
      severity: AlertSeverity.WARNING,
      unit: MetricUnit.SECONDS,
      summary: "Nothing has set the clock of {{node}} right for {{value}}",
      description:
        "Far enough off, certificates are not valid, AWS refuses what is signed, and times in data are wrong.",
    },
    {
      alert: FlinkAlert.LOGS_FAILING,
      query: ofNode("cdktf_flink_logs", "failing", OverTime.MIN),
      condition: MetricCondition.above(0.5),
      ...halfEach(settings.logsFailingAfter),
      severity: AlertSeverity.WARNING,
      summary: "Logs of {{node}} of {{cluster}} do not reach what they are shipped to",
      description:
        "They wait on the node and are lost when their room is full. npx cdktf-flink status says what is wrong.",
    },
    {
      alert: FlinkAlert.METRICS_LOST,
      query: ofNode("internal_write", "metrics_dropped", OverTime.GROWTH),
      condition: MetricCondition.above(settings.lostMetrics - 0.5),
      window: settings.lostMetricsWithin,
      severity: AlertSeverity.WARNING,
      summary: "{{node}} of {{cluster}} has lost about {{value}} metrics",
      description: "The store was away for longer than bufferedMetrics reach, or it is too slow.",
    },
  ];
}
