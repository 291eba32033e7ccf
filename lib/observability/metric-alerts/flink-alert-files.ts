import { FlinkMetricFile, GRAFANA_FOLDER } from "../grafana/flink-metric-files";
import { MetricStore } from "../grafana/metric-store";
import { PrometheusStore } from "../grafana/prometheus-store";
import { FlinkMetricAlerts } from "./flink-metric-alerts";
import type { FlinkMetricAlertsProps } from "./flink-metric-alerts-props";

/** Rules of Prometheus itself. */
export const PROMETHEUS_RULES_FILE = "prometheus/cdktf-flink.yaml";
/** As Grafana's own folder of what it is provisioned with has it. */
export const GRAFANA_RULES_FILE = `${GRAFANA_FOLDER}/alerting/cdktf-flink.yaml`;

/**
 * All alerts that this library brings, as files: for Prometheus where metrics are in it, and for Grafana where its data source is
 * known.
 */
export function flinkAlertFiles(
  store: MetricStore,
  dataSourceUid: string | undefined,
  props: FlinkMetricAlertsProps = {},
): FlinkMetricFile[] {
  const alerts = new FlinkMetricAlerts(props);
  const files: FlinkMetricFile[] = [];
  if (store instanceof PrometheusStore) {
    const purpose = "alerts, for rule_files of Prometheus and what takes the same";
    files.push({ name: PROMETHEUS_RULES_FILE, purpose, text: alerts.toPrometheusRules() });
  }
  if (dataSourceUid !== undefined) {
    const purpose = "alerts, where Grafana is to look at them";
    files.push({ name: GRAFANA_RULES_FILE, purpose, text: alerts.toGrafanaRules({ store, dataSourceUid }) });
  }
  return files;
}
