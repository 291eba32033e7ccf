import type { LogShippingInput, OpenSearchLogDestinationSpec } from "../../../lib/node/logs/log-shipping";
import type { ClusterLayoutInput } from "../../../lib/node/node-layout";
import { clusterInput, part } from "./cluster-input";

export const LOGS_SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:logs-AbCdEf";

export const OPENSEARCH_DESTINATION: OpenSearchLogDestinationSpec = {
  kind: "opensearch",
  url: "https://search.example.internal:9200",
  indexPrefix: "logs",
  login: { kind: "basic", secretArn: LOGS_SECRET },
  certificateAuthorities: "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n",
  timeoutSeconds: 30,
};

/** The same cluster, with its logs shipped. */
export function shippingClusterInput(logs: Partial<LogShippingInput> = {}): ClusterLayoutInput {
  const input = clusterInput();
  return {
    ...input,
    software: {
      ...input.software,
      logCollector: part("otelcol", "tar.gz", "5"),
      logExporter: { ...part("log-exporter", "file", "6"), fileName: "log-exporter.js" },
    },
    logs: {
      roleArn: "arn:aws:iam::123456789012:role/orders-logs-1",
      destination: OPENSEARCH_DESTINATION,
      bufferBytes: 512 << 20,
      ...logs,
    },
  };
}
