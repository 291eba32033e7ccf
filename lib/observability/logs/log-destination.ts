import { requireInstance } from "../../core/validation";
import { IOpenSearchCluster } from "../../dataflow/opensearch/i-opensearch-cluster";
import { OpenSearchAddress } from "../../dataflow/opensearch/opensearch-address";
import { CloudWatchLogOptions } from "./cloudwatch-log-options";
import { CloudWatchTarget } from "./cloudwatch-target";
import type { LogTarget } from "./log-target";
import { OpenSearchAddressTarget, OpenSearchClusterTarget } from "./opensearch-target";

/** Where the logs of a cluster go. */
export class LogDestination {
  /**
   * Daily indices of a cluster of OpenSearch that the program has as a construct: a domain of our own, or an existing one.
   * Doors on both sides and the leave to write follow. Of an existing one the logs log in as its `authentication` says: give
   * them a user of their own by `openSearch` where jobs write as its user.
   *
   * @param search which one
   */
  public static openSearchCluster(search: IOpenSearchCluster): LogDestination {
    return new LogDestination(new OpenSearchClusterTarget(search));
  }

  /**
   * Daily indices of a cluster of OpenSearch that exists already: a domain of Amazon OpenSearch Service, or any other that
   * speaks TLS.
   *
   * @param address where it is, the way there, and who the logs are for it
   */
  public static openSearch(address: OpenSearchAddress): LogDestination {
    return new LogDestination(new OpenSearchAddressTarget(address));
  }

  /**
   * A log group of Amazon CloudWatch Logs in the account and region of the cluster, with a stream for each node and each kind
   * of process.
   *
   * @param options a log group that is made, or an existing one
   */
  public static cloudWatch(options: CloudWatchLogOptions = {}): LogDestination {
    return new LogDestination(new CloudWatchTarget(options));
  }

  private constructor(
    /** @internal */
    public readonly _target: LogTarget,
  ) {}

  /** For people: what it is. */
  public toString(): string {
    return `LogDestination of ${this._target.title}`;
  }
}

/** Refuses anything but a `LogDestination`. */
export function requireLogDestination(property: string, value: unknown): asserts value is LogDestination {
  const example = "LogDestination.openSearch({ host, … }), .openSearchCluster(search) or .cloudWatch()";
  requireInstance(property, value, LogDestination, example);
}
