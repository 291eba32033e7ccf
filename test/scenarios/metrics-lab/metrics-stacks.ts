import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { LocalBackend, TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import {
  Duration,
  LoginSecret,
  MetricsAuthentication,
  MetricsDestination,
  MetricsIntegration,
  PostgreSqlAuthentication,
} from "../../../lib";
import type { StreamingStack } from "../../../stacks/streaming-stack";
import type { OthersMachine } from "../others/others-machine";
import { addUserSecrets } from "../others/user-secrets";

/** By which nodes know the servers; their certificates are for it. */
export const METRICS_HOST = "stores.metrics.example.internal";
export const METRICS_MACHINE = "metrics-server";
export const METRICS_SERVER: OthersMachine = { name: METRICS_MACHINE, host: METRICS_HOST };
export const METRICS_KEY_ALIAS = "alias/lab-metrics-users";
/** Seconds from one look at all values to the next. */
export const METRICS_INTERVAL_SECONDS = 10;

/** Where metrics go, one after the other; InfluxDB 1.8 has the write API of version 2 as well. */
export const STORE_KINDS = ["postgresql", "influxdb", "influxdb2", "prometheus"] as const;
export type StoreKind = (typeof STORE_KINDS)[number];

/** The secret of each user, whose name and password it holds; of the API of version 2 it holds the token. */
export const METRICS_SECRETS: Readonly<Record<StoreKind, string>> = {
  postgresql: "lab/metrics/postgresql",
  influxdb: "lab/metrics/influxdb",
  influxdb2: "lab/metrics/influxdb2",
  prometheus: "lab/metrics/prometheus",
};
export const METRICS_PORTS: Readonly<Record<StoreKind, number>> = {
  postgresql: 5432,
  influxdb: 8086,
  influxdb2: 8086,
  prometheus: 9090,
};
/** In PostgreSQL and in InfluxDB. */
export const METRICS_DATABASE = "metrics";
export const METRICS_SCHEMA = "metrics";
/** Who reads what is in the schema, and writes nothing. */
export const METRICS_READER = "grafana";
/** The retention policy of InfluxDB, which others make; and the days that rows of PostgreSQL are kept, the shortest time that there is. */
export const RETENTION_POLICY = "lab";
export const RETENTION_DAYS = 1;

/** Where metrics go now. */
export interface MetricsSettings {
  /** PEM of who signed the servers' certificates: not known to the machines' operating system. */
  readonly authority: string;
  readonly store: StoreKind;
  /** Path of the lock file that holds what ships metrics. */
  readonly lockFile: string;
  /** Default: that of the library. */
  readonly bufferedMetrics?: number;
}

/** Passwords of the users who write metrics, under a key of their own: others keep them, and were there before the cluster. */
export class MetricsUsersStack extends TerraformStack {
  public readonly secrets: Readonly<Record<StoreKind, LoginSecret>>;

  public constructor(scope: Construct, id: string, region: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region });
    new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
    const names = STORE_KINDS.map((kind) => METRICS_SECRETS[kind]);
    const secrets = addUserSecrets(this, { system: "metrics", keyAlias: METRICS_KEY_ALIAS, names });
    this.secrets = Object.fromEntries(STORE_KINDS.map((kind, at) => [kind, secrets[at]])) as Record<
      StoreKind,
      LoginSecret
    >;
  }
}

/** Lets nodes write their metrics to a server that is in no group but one of its own; gives its id. */
export function shipMetrics(
  streaming: StreamingStack,
  { secrets }: MetricsUsersStack,
  { authority, store, bufferedMetrics }: MetricsSettings,
): string {
  const servers = new SecurityGroup(streaming, "metrics-servers", {
    vpcId: streaming.network.vpcId,
    description: "Servers that keep metrics",
    revokeRulesOnDelete: true,
  });
  const server = {
    ...{ host: METRICS_HOST, port: METRICS_PORTS[store], securityGroupId: servers.id },
    certificateAuthorities: authority,
  };
  // So that the users' stack has given all of them when it is applied, whichever is used now.
  new TerraformOutput(streaming, "metrics-secrets", {
    value: Object.values(secrets).map(({ secretArn }) => secretArn),
  });
  new MetricsIntegration(streaming, "metrics", {
    source: streaming.flink,
    destination: destinationOf(store, server, secrets[store]),
    interval: Duration.seconds(METRICS_INTERVAL_SECONDS),
    bufferedMetrics,
    tags: { environment: "lab" },
  });
  return servers.id;
}

interface Server {
  readonly host: string;
  readonly port: number;
  readonly securityGroupId: string;
  readonly certificateAuthorities: string;
}

function destinationOf(store: StoreKind, server: Server, secret: LoginSecret): MetricsDestination {
  switch (store) {
    case "postgresql":
      return MetricsDestination.postgreSql(
        { ...server, databaseName: METRICS_DATABASE, authentication: PostgreSqlAuthentication.password(secret) },
        { schemaName: METRICS_SCHEMA, readerName: METRICS_READER, retentionDays: RETENTION_DAYS },
      );
    case "influxdb":
      return MetricsDestination.influxDb({
        ...{ ...server, databaseName: METRICS_DATABASE, retentionPolicy: RETENTION_POLICY },
        authentication: MetricsAuthentication.basic(secret),
      });
    case "influxdb2":
      return MetricsDestination.influxDb2({
        ...{ ...server, organization: "any", bucket: `${METRICS_DATABASE}/${RETENTION_POLICY}` },
        authentication: MetricsAuthentication.token(secret),
      });
    case "prometheus":
      return MetricsDestination.prometheusRemoteWrite({
        ...server,
        authentication: MetricsAuthentication.basic(secret),
      });
  }
}
