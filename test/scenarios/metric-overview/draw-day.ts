import { join } from "node:path";
import { Duration } from "../../../lib/core/duration";
import { FlinkMetricDashboards } from "../../../lib/observability/grafana/flink-metric-dashboards";
import type { GrafanaDashboard } from "../../../lib/observability/grafana/grafana-dashboard";
import { DAY } from "../made-up-day";
import { LoopbackPrometheus } from "../metrics/loopback-prometheus";
import { dayOfMetrics, hoursOf } from "./day-of-metrics";
import { drawDashboard } from "./draw-dashboard";

const { overview, jobs, checkpoints } = new FlinkMetricDashboards({ interval: Duration.minutes(1) });

/** The pictures that the pages of docs/ show. */
export const DOCS_PICTURES: readonly (readonly [file: string, dashboard: GrafanaDashboard])[] = (
  [
    ["metric-overview.png", overview],
    ["metric-jobs.png", jobs],
    ["metric-checkpoints.png", checkpoints],
  ] as const
).map(([name, dashboard]) => [join(__dirname, "../../../docs/pictures", name), dashboard]);

/** Fills a Prometheus that holds nothing yet. */
export async function fillDay(prometheus: LoopbackPrometheus): Promise<void> {
  for (const hour of hoursOf(dayOfMetrics())) await prometheus.write(hour);
}

/** A dashboard as SVG, of what a Prometheus answers that holds the made-up day. */
export function drawDay(dashboard: GrafanaDashboard, prometheus: LoopbackPrometheus): Promise<string> {
  return drawDashboard(dashboard, DAY, (question) => prometheus.askOver(question));
}
