import { Construct } from "constructs";
import { requireKnown } from "../../core/terraform/text";
import { OptionNames, refuse, requireOptionsOf, requireText } from "../../core/validation";
import { BasicMetricsLogin, TokenMetricsLogin } from "../../node/metrics/metrics-shipping";
import { MetricsAuthentication } from "./metrics-authentication";
import { boundServer, METRICS_SERVER, MetricsServer } from "./metrics-server";
import { BoundMetricsTarget, MetricsTarget } from "./metrics-target";

/** A database of InfluxDB 1 that exists already. */
export interface InfluxDbOptions extends MetricsServer {
  /** Name of the database: 1 to 64 letters, digits, `_`, `.` and `-`, beginning with a letter, a digit or `_`. */
  readonly databaseName: string;
  /**
   * Name of the retention policy that keeps them, of the same letters. It must be there.
   *
   * @default - the default one of the database
   */
  readonly retentionPolicy?: string;
}

/** A bucket of InfluxDB 2 that exists already. */
export interface InfluxDb2Options extends MetricsServer {
  /** Name of the organization: 1 to 64 letters, digits, `_`, `.`, `-` and spaces, beginning with a letter or a digit. */
  readonly organization: string;
  /** Name of the bucket: 1 to 64 letters, digits, `_`, `.`, `-`, `/` and spaces, beginning with a letter or a digit. */
  readonly bucket: string;
}

const V1_OPTIONS: OptionNames<InfluxDbOptions> = { ...METRICS_SERVER, databaseName: true, retentionPolicy: true };
const V2_OPTIONS: OptionNames<InfluxDb2Options> = { ...METRICS_SERVER, organization: true, bucket: true };
const DEFAULT_PORT = 8086;
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;
const ALLOWED_NAME = "1 to 64 letters, digits, _, . and -, beginning with a letter, a digit or _";
const ORGANIZATION = /^[A-Za-z0-9](?:[A-Za-z0-9_. -]{0,62}[A-Za-z0-9_.-])?$/;
const ALLOWED_ORGANIZATION = "1 to 64 letters, digits, _, ., - and spaces, beginning with a letter or a digit";
/** One that begins with `_` is InfluxDB's own; `database/policy` is what version 1.8 takes for one. */
const BUCKET = /^[A-Za-z0-9](?:[A-Za-z0-9_./ -]{0,62}[A-Za-z0-9_.-])?$/;
const ALLOWED_BUCKET = "1 to 64 letters, digits, _, ., -, / and spaces, beginning with a letter or a digit";

/** Measurements of a database of InfluxDB 1, which knows users by name and password. */
export class InfluxDbTarget implements MetricsTarget {
  public readonly title = "InfluxDB 1";

  public constructor(private readonly options: InfluxDbOptions) {
    const factory = "MetricsDestination.influxDb";
    requireOptionsOf(`the argument of ${factory}`, options, V1_OPTIONS, EXAMPLES.v1);
    requireName(`databaseName of ${factory}`, options.databaseName, NAME, ALLOWED_NAME);
    if (options.retentionPolicy !== undefined) {
      requireName(`retentionPolicy of ${factory}`, options.retentionPolicy, NAME, ALLOWED_NAME);
    }
  }

  public bind(integration: Construct): BoundMetricsTarget {
    const { databaseName: database, retentionPolicy, authentication } = this.options;
    const { origin: url, https, ...bound } = boundServer(integration, this.options, DEFAULT_PORT);
    requireKind(authentication, "basic", this.title);
    const login = authentication._login as BasicMetricsLogin;
    return { ...bound, spec: { kind: "influxdb", ...https, url, database, retentionPolicy, login } };
  }
}

/** Measurements of a bucket of InfluxDB 2, which knows who calls by tokens. */
export class InfluxDb2Target implements MetricsTarget {
  public readonly title = "InfluxDB 2";

  public constructor(private readonly options: InfluxDb2Options) {
    const factory = "MetricsDestination.influxDb2";
    requireOptionsOf(`the argument of ${factory}`, options, V2_OPTIONS, EXAMPLES.v2);
    requireName(`organization of ${factory}`, options.organization, ORGANIZATION, ALLOWED_ORGANIZATION);
    requireName(`bucket of ${factory}`, options.bucket, BUCKET, ALLOWED_BUCKET);
  }

  public bind(integration: Construct): BoundMetricsTarget {
    const { organization, bucket, authentication } = this.options;
    const { origin: url, https, ...bound } = boundServer(integration, this.options, DEFAULT_PORT);
    requireKind(authentication, "token", this.title);
    const login = authentication._login as TokenMetricsLogin;
    return { ...bound, spec: { kind: "influxdb2", ...https, url, organization, bucket, login } };
  }
}

const EXAMPLES = {
  v1: '{ host: "influx.example.internal", securityGroupId: "sg-…", databaseName: "metrics", authentication: MetricsAuthentication.basic({ … }) }',
  v2: '{ host: "influx.example.internal", securityGroupId: "sg-…", organization: "ops", bucket: "metrics", authentication: MetricsAuthentication.token({ … }) }',
};

function requireName(property: string, value: unknown, pattern: RegExp, allowed: string): void {
  requireKnown(property, value, "it stands in what nodes are told");
  requireText(property, value, pattern, allowed);
}

function requireKind(authentication: MetricsAuthentication, kind: "basic" | "token", title: string): void {
  if (authentication._kind === kind) return;
  refuse({
    property: "authentication",
    value: authentication,
    allowed: `MetricsAuthentication.${kind}, as ${title} knows who calls by ${kind === "basic" ? "name and password" : "tokens"}`,
    remedy: `use MetricsAuthentication.${kind}({ secretArn: "arn:…" })`,
  });
}
