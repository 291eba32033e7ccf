import { Duration } from "../../../lib/core/duration";
import { FlinkMetricDashboards } from "../../../lib/observability/grafana/flink-metric-dashboards";
import { LAB_PICTURE, writeDashboard } from "../metric-overview/draw-dashboard";
import { METRICS_INTERVAL_SECONDS } from "./metrics-stacks";
import type { PrometheusStore } from "./prometheus-store";

/**
 * Draws the overview of what the lab's Prometheus has got, beside the record: its path. Fails where a panel has nothing to show.
 *
 * @param since when values began to come, in milliseconds since 1970
 */
export async function drawLabOverview(prometheus: PrometheusStore, since: number): Promise<string> {
  const { overview } = new FlinkMetricDashboards({ interval: Duration.seconds(METRICS_INTERVAL_SECONDS) });
  const [from, to] = [since, Date.now()].map((moment) => new Date(moment).toISOString());
  await writeDashboard(overview, { from, to }, (question) => prometheus.askOver(question), LAB_PICTURE);
  return LAB_PICTURE;
}
