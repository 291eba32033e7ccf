/**
 * How the metrics of a machine leave it: Telegraf asks Flink's processes, the operating system and a file of the agent's for
 * their values, and writes them to one destination.
 */
export interface MetricsShippingInput {
  /** Role as which Telegraf calls AWS, and with which its login is read: the machine's own role may take it. */
  readonly roleArn: string;
  readonly destination: MetricsDestinationSpec;
  /** Seconds from one look at all values to the next, and from one delivery to the next; a whole number. */
  readonly intervalSeconds: number;
  /** On every value, beside `cluster` and `node`, which are ours. */
  readonly tags: Readonly<Record<string, string>>;
  /** Full names of what is shipped, with `*` for any characters, such as `flink_jobmanager_job_*`; absent: all. */
  readonly include?: readonly string[];
  /** The same of what is not shipped: it wins over `include`. */
  readonly exclude?: readonly string[];
  /** Whether Flink's metrics of single operators are shipped too. */
  readonly operatorMetrics: boolean;
  /**
   * How many metrics are kept in memory for a destination that does not take them; beyond them the oldest go, and are
   * counted. A metric is all values of one moment that have the same name of a scope and the same labels.
   */
  readonly bufferedMetrics: number;
}

/** Where Telegraf writes to; always by TLS. */
export type MetricsDestinationSpec =
  | InfluxDbMetricsDestinationSpec
  | InfluxDb2MetricsDestinationSpec
  | PrometheusRemoteWriteDestinationSpec
  | PostgreSqlMetricsDestinationSpec;

/** What all destinations over HTTPS have in common. */
export interface HttpsMetricsDestinationSpec {
  /** PEM of the authorities that sign its certificates; absent where the operating system trusts them. */
  readonly certificateAuthorities?: string;
  /** Seconds that one request may take. */
  readonly timeoutSeconds: number;
  /** An HTTP proxy on the way, by CONNECT. */
  readonly proxy?: { readonly host: string; readonly port: number };
}

/** InfluxDB 1: database and retention policy are there already. */
export interface InfluxDbMetricsDestinationSpec extends HttpsMetricsDestinationSpec {
  readonly kind: "influxdb";
  /** Such as `https://influx.example.internal:8086`, without a path. */
  readonly url: string;
  readonly database: string;
  /** Absent: the database's default. */
  readonly retentionPolicy?: string;
  readonly login: BasicMetricsLogin;
}

/** InfluxDB 2. */
export interface InfluxDb2MetricsDestinationSpec extends HttpsMetricsDestinationSpec {
  readonly kind: "influxdb2";
  /** Such as `https://influx.example.internal:8086`, without a path. */
  readonly url: string;
  readonly organization: string;
  readonly bucket: string;
  readonly login: TokenMetricsLogin;
}

/** Prometheus' remote write, version 1: Prometheus itself, Amazon Managed Prometheus, the coordinator of M3. */
export interface PrometheusRemoteWriteDestinationSpec extends HttpsMetricsDestinationSpec {
  readonly kind: "prometheus-remote-write";
  /** Such as `https://prometheus.example.internal:9090/api/v1/write`, with its path. */
  readonly url: string;
  readonly login: BasicMetricsLogin | TokenMetricsLogin | IamMetricsLogin;
}

/** PostgreSQL, over TLS with the server's name checked. */
export interface PostgreSqlMetricsDestinationSpec {
  readonly kind: "postgresql";
  /** A name, which its certificate holds. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Schema of the tables; it is there already, and the login's user may create tables in it. */
  readonly schema: string;
  /** Who may read each table as well, as soon as it is there: the name of a user of the database; absent: nobody. */
  readonly reader?: string;
  readonly login: BasicMetricsLogin;
  /** Days after which rows go; 0: never. */
  readonly retentionDays: number;
  /** PEM of the authorities that sign its certificates; absent where the operating system trusts them. */
  readonly certificateAuthorities?: string;
  /** Seconds that opening a connection may take. */
  readonly timeoutSeconds: number;
}

/** ARN in Secrets Manager of a JSON object with the texts `username` and `password`. */
export interface BasicMetricsLogin {
  readonly kind: "basic";
  readonly secretArn: string;
}

/** ARN in Secrets Manager of a JSON object with the text `token`. */
export interface TokenMetricsLogin {
  readonly kind: "token";
  readonly secretArn: string;
}

/** Signature version 4, by the role. */
export interface IamMetricsLogin {
  readonly kind: "iam";
  readonly region: string;
  /** Name of the service in signatures, such as `aps`. */
  readonly service: string;
}
