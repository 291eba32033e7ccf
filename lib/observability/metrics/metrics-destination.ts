import { requireInstance } from "../../core/validation";
import { IPostgreSqlCluster } from "../../dataflow/postgresql/i-postgresql-cluster";
import { PostgreSqlAddress } from "../../dataflow/postgresql/postgresql-address";
import { InfluxDb2Options, InfluxDb2Target, InfluxDbOptions, InfluxDbTarget } from "./influxdb-target";
import type { MetricsTarget } from "./metrics-target";
import { PostgreSqlAddressTarget, PostgreSqlClusterTarget, PostgreSqlMetricsOptions } from "./postgresql-target";
import {
  AmazonPrometheusOptions,
  AmazonPrometheusTarget,
  M3Options,
  M3Target,
  RemoteWriteOptions,
  RemoteWriteTarget,
} from "./remote-write-target";

/** Where the metrics of a cluster go. Each speaks TLS, and its certificate is verified. */
export class MetricsDestination {
  /**
   * A database of InfluxDB 1 that is there already: a measurement for each kind of metric, a field for each value.
   *
   * @param options where it is, the way there, and who metrics are for it
   */
  public static influxDb(options: InfluxDbOptions): MetricsDestination {
    return new MetricsDestination(new InfluxDbTarget(options));
  }

  /**
   * A bucket of InfluxDB 2 that is there already; also of InfluxDB 1.8, by its write API of version 2, where the bucket is
   * `<database>/<retention policy>` and the token `<user>:<password>`.
   *
   * @param options where it is, the way there, and the token
   */
  public static influxDb2(options: InfluxDb2Options): MetricsDestination {
    return new MetricsDestination(new InfluxDb2Target(options));
  }

  /**
   * A server that takes Prometheus' remote write (version 1): Prometheus itself, Thanos, Mimir, VictoriaMetrics and others.
   *
   * @param options where it is, the way there, and who metrics are for it
   */
  public static prometheusRemoteWrite(options: RemoteWriteOptions): MetricsDestination {
    return new MetricsDestination(new RemoteWriteTarget(options));
  }

  /**
   * A workspace of Amazon Managed Service for Prometheus in the account and region of the cluster, by the role of metrics:
   * there is no credential to hand out or to rotate, and the role may write there and not read.
   *
   * @param options which one it is
   */
  public static amazonPrometheus(options: AmazonPrometheusOptions): MetricsDestination {
    return new MetricsDestination(new AmazonPrometheusTarget(options));
  }

  /**
   * A cluster of M3, by the remote write of its coordinator. It speaks no TLS itself: name what does so before it.
   *
   * @param options where it is, the way there, and who metrics are for it
   */
  public static m3(options: M3Options): MetricsDestination {
    return new MetricsDestination(new M3Target(options));
  }

  /**
   * Tables of a database of PostgreSQL that exists already.
   *
   * @param address where it is, the way there, and who makes the tables and writes them
   * @param options in which schema, for how long, and who may read them
   */
  public static postgreSql(address: PostgreSqlAddress, options: PostgreSqlMetricsOptions = {}): MetricsDestination {
    return new MetricsDestination(new PostgreSqlAddressTarget(address, options));
  }

  /**
   * Tables of a database of PostgreSQL that the program has as a construct: of one of our own the deploy makes the schema, a
   * user who writes and one who reads; doors on both sides follow. To an existing one metrics log in as its `authentication`
   * says: give them a user of their own by `postgreSql` where jobs log in as its user.
   *
   * @param database which one
   * @param options in which schema, for how long, and who may read them
   */
  public static postgreSqlCluster(
    database: IPostgreSqlCluster,
    options: PostgreSqlMetricsOptions = {},
  ): MetricsDestination {
    return new MetricsDestination(new PostgreSqlClusterTarget(database, options));
  }

  private constructor(
    /** @internal */
    public readonly _target: MetricsTarget,
  ) {}

  /** For people: what it is. */
  public toString(): string {
    return `MetricsDestination of ${this._target.title}`;
  }
}

/** Refuses anything but a `MetricsDestination`. */
export function requireMetricsDestination(property: string, value: unknown): asserts value is MetricsDestination {
  const example = "MetricsDestination.postgreSqlCluster(database) or .influxDb({ host, … })";
  requireInstance(property, value, MetricsDestination, example);
}
