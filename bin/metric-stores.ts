import { requireLine } from "../lib/core/require-line";
import { refuse } from "../lib/core/validation";
import { GRAFANA_FOLDER, PROVISIONING_FOLDER } from "../lib/observability/grafana/flink-metric-files";
import { InfluxDbStore } from "../lib/observability/grafana/influxdb-store";
import type { MetricStore } from "../lib/observability/grafana/metric-store";
import { PostgreSqlStore } from "../lib/observability/grafana/postgresql-store";
import { PrometheusStore } from "../lib/observability/grafana/prometheus-store";
import { GRAFANA_RULES_FILE, PROMETHEUS_RULES_FILE } from "../lib/observability/metric-alerts/flink-alert-files";
import { requireDataSourceUid } from "../lib/observability/metric-alerts/metric-alert-group";

/** Kinds of stores that a person may name: each is a `MetricsDestination`, or speaks its language. */
export const METRIC_STORES = ["prometheus", "influxdb", "influxdb2", "postgresql"] as const;
export type MetricStoreName = (typeof METRIC_STORES)[number];

/** What the command line says of the store. */
interface StoreFlags {
  readonly metrics?: MetricStoreName;
  readonly schema?: string;
  readonly retentionPolicy?: string;
  readonly dataSourceUid?: string;
}

/** The store that was named, if one was. */
export function metricStoreOf({
  metrics,
  schema,
  retentionPolicy,
  dataSourceUid: uid,
}: StoreFlags): MetricStore | undefined {
  const isInfluxDb = metrics === "influxdb" || metrics === "influxdb2";
  refuseOfAnother("--schema", schema, metrics === "postgresql", "--metrics postgresql", 63);
  refuseOfAnother("--retention-policy", retentionPolicy, isInfluxDb, "--metrics influxdb or influxdb2", 200);
  refuseOfAnother("--data-source-uid", uid, metrics !== undefined, "--metrics <store>", 40);
  switch (metrics) {
    case undefined:
      return undefined;
    case "prometheus":
      return new PrometheusStore();
    case "influxdb":
    case "influxdb2":
      return new InfluxDbStore({ retentionPolicy });
    case "postgresql":
      return new PostgreSqlStore({ schemaName: schema });
  }
}

/** What is left to do with the files, after all of them were named. */
export function howToUseInGrafana(store: MetricStoreName): string {
  return `Grafana 10.3 and later, Dashboards, New, Import: one file after the other; what has its uid already is replaced when that is confirmed.
Or copy what is in ${GRAFANA_FOLDER} into ${PROVISIONING_FOLDER} of Grafana's machine and start it anew.
${DATA_SOURCES[store]} It is chosen at the top of each dashboard.`;
}

/** The same of rules, of which Grafana's are there only where its data source was named. */
export function howToUseAlerts(store: MetricStoreName, uid: string | undefined): string {
  const here = store === "prometheus" ? `Prometheus: name ${PROMETHEUS_RULES_FILE} in its rule_files. ` : "";
  const there =
    uid === undefined
      ? "Alerts for Grafana are written with --data-source-uid, which its data sources show in their address."
      : `Grafana: ${GRAFANA_RULES_FILE} goes the same way as dashboards by files; it cannot be imported by hand.`;
  const both = store === "prometheus" && uid !== undefined ? " One of the two is enough." : "";
  return `${here}${there}${both}`;
}

/** Refuses what Grafana has as the uid of no data source. */
export function dataSourceUid(text: string): string {
  requireDataSourceUid("--data-source-uid", text);
  return text;
}

const DATA_SOURCES: Readonly<Record<MetricStoreName, string>> = {
  prometheus:
    "The data source is of the type Prometheus: for Amazon's Prometheus, M3 and whatever else answers PromQL too.",
  influxdb: "The data source is of the type InfluxDB, with the query language InfluxQL and the database of metrics.",
  influxdb2:
    "The data source is of the type InfluxDB, with the query language InfluxQL, a header Authorization: Token …, " +
    "and a database that stands for the bucket (influx v1 dbrp create).",
  postgresql:
    "The data source is of the type PostgreSQL, with a user who may read the tables: the secret readerSecretArn has one.",
};

function refuseOfAnother(
  option: string,
  value: string | undefined,
  isOfStore: boolean,
  together: string,
  longest: number,
): void {
  if (value === undefined) return;
  requireLine(option, value, longest);
  if (isOfStore) return;
  refuse({
    property: option,
    value,
    allowed: `given with ${together} alone`,
    remedy: `leave it out, or add ${together}`,
  });
}
