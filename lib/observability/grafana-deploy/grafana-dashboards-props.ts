import { Duration } from "../../core/duration";
import { IKey } from "../../encryption/i-key";
import { IFlinkNetwork } from "../../network/i-flink-network";
import { RemovalPolicy } from "../../storage/removal-policy";
import { GrafanaDashboard } from "../grafana/grafana-dashboard";
import { MetricStore } from "../grafana/metric-store";
import { GrafanaServer } from "./grafana-server";

/** What `GrafanaDashboards` can be told. */
export interface GrafanaDashboardsProps {
  /** Where the deploy's function stands: the network of the Flink clusters, from which a way leads to Grafana. */
  readonly network: IFlinkNetwork;
  /** Where they go. */
  readonly grafana: GrafanaServer;
  /** Where the metrics are that they show, such as `new PrometheusStore()`. */
  readonly store: MetricStore;
  /**
   * Those that Grafana is to have, such as `new FlinkMetricDashboards().dashboards`: at least one, each with a `uid` of its own,
   * together at most 2,000,000 characters of JSON.
   */
  readonly dashboards: GrafanaDashboard[];
  /**
   * Id in Grafana of the data source that they show at first, where people may choose among several: 1 to 40 letters, digits,
   * `-` and `_`.
   *
   * @default - Grafana's choice of those of the store's kind
   */
  readonly dataSourceUid?: string;
  /**
   * Id in Grafana of the folder that they lie in, 1 to 40 letters, digits, `-` and `_`, unique in an account and region, and not
   * `general`, which is the top of Grafana. One
   * that is there is used as it is. Dashboards are known as this deploy's by their tag
   * `deploy:<account>:<region>:<8 characters for this id>`: with another id, those that were made before are not. Those of
   * other deploys are refused, also of the same program in another account or region.
   *
   * @default - made of the names of stack and construct, the account and the region
   */
  readonly folderUid?: string;
  /**
   * What the folder is called where the deploy makes it: 1 to 100 characters on one line.
   *
   * @default "Flink"
   */
  readonly folderTitle?: string;
  /**
   * What a destroy does with the dashboards: with `RETAIN` nothing; with `DESTROY` it deletes those that still carry the tag, and
   * fails where Grafana is not reached. The folder stays, as do dashboards that the program no longer names.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * How long the function's log is kept: 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days (what CloudWatch Logs
   * offers from one year on).
   *
   * @default Duration.days(365)
   */
  readonly logRetention?: Duration;
  /**
   * Key of your own for that log: symmetric, of the account and region of the network; its policy must let CloudWatch Logs use it
   * (docs/keys.md says how).
   *
   * @default - a key for this log alone is created, with an alias and yearly rotation
   */
  readonly logEncryptionKey?: IKey;
}
