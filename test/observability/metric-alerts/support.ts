import { Duration } from "../../../lib/core/duration";
import { AcrossSeries, OverTime } from "../../../lib/metrics/metric-reduction";
import { MetricQuery } from "../../../lib/metrics/metric-query";
import { AlertSeverity } from "../../../lib/observability/metric-alerts/alert-severity";
import { MetricAlert, MetricAlertProps } from "../../../lib/observability/metric-alerts/metric-alert";
import { MetricCondition } from "../../../lib/observability/metric-alerts/metric-condition";

/** One about the free memory of a node, unless something else is said. */
export function memoryAlert(more: Partial<MetricAlertProps> = {}): MetricAlert {
  return new MetricAlert({
    name: "Memory",
    query: memoryQuery(OverTime.MIN),
    condition: MetricCondition.below(5),
    window: Duration.minutes(5),
    severity: AlertSeverity.WARNING,
    summary: "{{node}} has {{value}} of its memory left",
    ...more,
  });
}

export function memoryQuery(overTime: OverTime): MetricQuery {
  return new MetricQuery({
    ...{ measurement: "mem", field: "available_percent", legend: "{{node}}", where: { cluster: "o'r" } },
    ...{ overTime, across: AcrossSeries.MIN },
  });
}
