import { FlinkMetricDashboards, FlinkMetricDashboardsProps } from "./flink-metric-dashboards";
import { MetricStore } from "./metric-store";

/** A file for Grafana. */
export interface FlinkMetricFile {
  /** Its path below the folder that all are written to, parted by `/`. */
  readonly name: string;
  /** What it is for, without a full stop. */
  readonly purpose: string;
  readonly text: string;
}

/** As Grafana's own folder of what it is provisioned with is laid out: what is in it can be copied there. */
export const GRAFANA_FOLDER = "grafana";
/** Where Grafana's packages and images have that folder. */
export const PROVISIONING_FOLDER = "/etc/grafana/provisioning";
const DASHBOARDS = "dashboards/cdktf-flink";

/** All that this library brings for the metrics of Flink clusters, as files. */
export function flinkMetricFiles(store: MetricStore, props: FlinkMetricDashboardsProps = {}): FlinkMetricFile[] {
  return [
    ...new FlinkMetricDashboards(props).dashboards.map((dashboard) => ({
      name: `${GRAFANA_FOLDER}/${DASHBOARDS}/${dashboard.uid}.json`,
      purpose: `the dashboard ${JSON.stringify(dashboard.title)}`,
      text: dashboard.toJson(store),
    })),
    {
      name: `${GRAFANA_FOLDER}/${DASHBOARDS}.yaml`,
      purpose: "tells Grafana to read these where it is provisioned by files",
      text: DASHBOARD_PROVIDER,
    },
  ];
}

/** https://grafana.com/docs/grafana/latest/administration/provisioning/#dashboards */
const DASHBOARD_PROVIDER = `apiVersion: 1
providers:
  - name: cdktf-flink
    folder: Flink
    type: file
    # A change that somebody saves in Grafana would be lost with the next change of a file.
    allowUiUpdates: false
    options:
      path: ${PROVISIONING_FOLDER}/${DASHBOARDS}
`;
