import type { InfluxDbMetricsDestinationSpec, MetricsShippingInput } from "../../../lib/node/metrics/metrics-shipping";
import type { ClusterLayoutInput } from "../../../lib/node/node-layout";
import { clusterInput, part } from "./cluster-input";

export const METRICS_SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:metrics-AbCdEf";

export const AUTHORITY = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";

export const INFLUXDB_DESTINATION: InfluxDbMetricsDestinationSpec = {
  kind: "influxdb",
  url: "https://influx.example.internal:8086",
  database: "flink metrics",
  retentionPolicy: "month",
  login: { kind: "basic", secretArn: METRICS_SECRET },
  certificateAuthorities: AUTHORITY,
  timeoutSeconds: 10,
};

export const METRICS: MetricsShippingInput = {
  roleArn: "arn:aws:iam::123456789012:role/orders-metrics-1",
  destination: INFLUXDB_DESTINATION,
  intervalSeconds: 30,
  tags: {},
  operatorMetrics: false,
  bufferedMetrics: 20_000,
};

/** The same cluster, with its metrics shipped. */
export function metricsClusterInput(metrics: Partial<MetricsShippingInput> = {}): ClusterLayoutInput {
  const input = clusterInput();
  return {
    ...input,
    software: { ...input.software, telegraf: part("telegraf", "tar.gz", "7") },
    metrics: { ...METRICS, ...metrics },
  };
}
