import {
  AlertSeverity,
  Duration,
  FlinkAlert,
  FlinkMetricAlerts,
  IFlinkCluster,
  MetricAlert,
  MetricCondition,
} from "cdktf-flink";

/** What the orders team is told of: the library's alerts with thresholds of its own, and one more. */
export function metricAlerts(flink: IFlinkCluster): FlinkMetricAlerts {
  const alerts = new FlinkMetricAlerts({
    interval: Duration.seconds(15),
    // Orders are large: more room on the disks, and checkpoints that take longer.
    diskPercent: 75,
    slowCheckpointPart: 0.5,
    // All slots are meant to be used.
    without: [FlinkAlert.NO_FREE_SLOTS],
    runbookUrl: "https://wiki.example.com/flink/runbooks",
    labels: { team: "orders" },
  });
  alerts.add(
    new MetricAlert({
      name: "OrdersStill",
      query: flink.metricRecordsOut({ legend: "{{cluster}}, {{job_name}}", where: { job_name: "orders" } }),
      condition: MetricCondition.below(1),
      window: Duration.minutes(5),
      lastsFor: Duration.minutes(10),
      severity: AlertSeverity.CRITICAL,
      summary: "The job {{job_name}} of {{cluster}} writes nothing: {{value}} records a second",
      runbookUrl: "https://wiki.example.com/orders/still",
    }),
  );
  return alerts;
}
