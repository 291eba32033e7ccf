import { METRICS_AUTHORITIES_FILE } from "../paths";
import { loginReference } from "./metrics-login";
import type {
  HttpsMetricsDestinationSpec,
  InfluxDb2MetricsDestinationSpec,
  InfluxDbMetricsDestinationSpec,
  MetricsDestinationSpec,
  PrometheusRemoteWriteDestinationSpec,
} from "./metrics-shipping";
import { postgreSqlOutput } from "./telegraf-postgresql";
import { STATUS_MEASUREMENT } from "./telegraf-status";

export interface TelegrafOutput {
  /** Name of the plugin. */
  readonly plugin: "http" | "postgresql";
  readonly options: object;
}

/** Bad values, which a second attempt would not mend: all else is tried again. */
const REFUSED_FOR_GOOD = [400, 413];
/**
 * InfluxDB 2 says so of values that are older than the bucket keeps them, or of another type than before; it takes the others.
 * Sent again, one of them would hold up all that come after it.
 */
const PARTLY_REFUSED = 422;

/** The output that writes to a destination. */
export function telegrafOutput(destination: MetricsDestinationSpec): TelegrafOutput {
  const { plugin, options } = ofKind(destination);
  return { plugin, options: { namedrop: [STATUS_MEASUREMENT], ...options } };
}

function ofKind(destination: MetricsDestinationSpec): TelegrafOutput {
  switch (destination.kind) {
    case "influxdb":
      return { plugin: "http", options: influxDbOutput(destination) };
    case "influxdb2":
      return { plugin: "http", options: influxDb2Output(destination) };
    case "prometheus-remote-write":
      return { plugin: "http", options: remoteWriteOutput(destination) };
    case "postgresql":
      return { plugin: "postgresql", options: postgreSqlOutput(destination) };
  }
}

/**
 * By HTTP alone, and not by Telegraf's output for InfluxDB 1: that drops what InfluxDB refuses with any 4xx, a wrong password
 * too, and counts it as written.
 *
 * @see https://docs.influxdata.com/influxdb/v1/tools/api/#write-http-endpoint
 */
function influxDbOutput(destination: InfluxDbMetricsDestinationSpec): object {
  const { url, database, retentionPolicy } = destination;
  const query = new URLSearchParams({
    db: database,
    ...(retentionPolicy === undefined ? {} : { rp: retentionPolicy }),
    precision: "ns",
  });
  return {
    ...lineProtocol(`${url}/write?${query.toString()}`, destination),
    username: loginReference("username"),
    password: loginReference("password"),
  };
}

/** @see https://docs.influxdata.com/influxdb/v2/api/v2/#operation/PostWrite */
function influxDb2Output(destination: InfluxDb2MetricsDestinationSpec): object {
  const { url, organization, bucket } = destination;
  const query = new URLSearchParams({ org: organization, bucket, precision: "ns" });
  return {
    ...lineProtocol(`${url}/api/v2/write?${query.toString()}`, destination),
    headers: { Authorization: `Token ${loginReference("token")}` },
    non_retryable_statuscodes: [...REFUSED_FOR_GOOD, PARTLY_REFUSED],
  };
}

function lineProtocol(url: string, destination: HttpsMetricsDestinationSpec): object {
  return { ...https(url, destination), data_format: "influx", content_encoding: "gzip" };
}

/**
 * One request for each metric: of several moments of one series in a request Telegraf sends the newest alone, so that what
 * was kept while the destination was away would be lost. A connection is kept for all of them.
 *
 * @see https://prometheus.io/docs/specs/prw/remote_write_spec/
 */
function remoteWriteOutput(destination: PrometheusRemoteWriteDestinationSpec): object {
  const { url, login } = destination;
  const headers = {
    "Content-Type": "application/x-protobuf",
    "Content-Encoding": "snappy",
    "X-Prometheus-Remote-Write-Version": "0.1.0",
  };
  const options = {
    ...https(url, destination),
    data_format: "prometheusremotewrite",
    use_batch_format: false,
    // What is sent again after a failure in the middle.
    metric_batch_size: 200,
  };
  switch (login.kind) {
    case "basic":
      return {
        ...options,
        username: loginReference("username"),
        password: loginReference("password"),
        headers,
      };
    case "token":
      return { ...options, headers: { ...headers, Authorization: `Bearer ${loginReference("token")}` } };
    case "iam":
      return { ...options, region: login.region, aws_service: login.service, headers };
  }
}

function https(url: string, { certificateAuthorities, timeoutSeconds, proxy }: HttpsMetricsDestinationSpec): object {
  return {
    url,
    timeout: `${timeoutSeconds}s`,
    ...(certificateAuthorities === undefined ? { tls_enable: true } : { tls_ca: METRICS_AUTHORITIES_FILE }),
    ...(proxy === undefined ? {} : { http_proxy_url: `http://${proxy.host}:${proxy.port}` }),
    non_retryable_statuscodes: REFUSED_FOR_GOOD,
  };
}
