/**
 * How the logs of a machine leave it: the OpenTelemetry Collector reads them (Flink's from files of JSON lines, all else from
 * the journal), and the log exporter, a program of this library, writes what the collector hands it to one destination.
 */
export interface LogShippingInput {
  /** Role as which the exporter calls AWS, and with which its login is read: the machine's own role may take it. */
  readonly roleArn: string;
  readonly destination: LogDestinationSpec;
  /** Fields of documents beside `@timestamp` and `message`; absent: all. */
  readonly fields?: readonly string[];
  /** Bytes of lines on disk for each of Flink's two processes; beyond them the oldest go. */
  readonly bufferBytes: number;
}

/** Where the exporter writes to. */
export type LogDestinationSpec = OpenSearchLogDestinationSpec | CloudWatchLogDestinationSpec;

export interface OpenSearchLogDestinationSpec {
  readonly kind: "opensearch";
  /** Such as `https://search.example.internal:9200`, without a path. */
  readonly url: string;
  /** Documents of a day lie in `<indexPrefix>-YYYY.MM.DD`, by their own time in UTC. */
  readonly indexPrefix: string;
  readonly login: OpenSearchLogLogin;
  /** PEM of the authorities that sign its certificates; absent where the operating system trusts them. */
  readonly certificateAuthorities?: string;
  /** Seconds that one request may take. */
  readonly timeoutSeconds: number;
  /** An HTTP proxy on the way, by CONNECT. */
  readonly proxy?: { readonly host: string; readonly port: number };
}

export type OpenSearchLogLogin =
  /** ARN in Secrets Manager of a JSON object with the texts `username` and `password`. */
  | { readonly kind: "basic"; readonly secretArn: string }
  /** Signature version 4, by the role. */
  | { readonly kind: "iam"; readonly region: string };

export interface CloudWatchLogDestinationSpec {
  readonly kind: "cloudwatch";
  readonly logGroupName: string;
  readonly region: string;
  /** Such as `https://logs.eu-west-1.amazonaws.com`. */
  readonly endpoint: string;
}
