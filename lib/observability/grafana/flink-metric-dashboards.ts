import { Duration } from "../../core/duration";
import { OptionNames, requireOptionsOf } from "../../core/validation";
import { requireDuration } from "../../settings/ranges";
import { backPressureDashboard } from "./dashboards/back-pressure";
import { checkpointDashboard } from "./dashboards/checkpoints";
import { hostDashboard } from "./dashboards/hosts";
import { jobDashboard } from "./dashboards/job";
import { memoryDashboard } from "./dashboards/memory";
import { overviewDashboard } from "./dashboards/overview";
import { shippingDashboard } from "./dashboards/shipping";
import { zooKeeperDashboard } from "./dashboards/zookeeper";
import { GrafanaDashboard } from "./grafana-dashboard";

/** What `FlinkMetricDashboards` can be told. */
export interface FlinkMetricDashboardsProps {
  /**
   * The `interval` of the `MetricsIntegration`: 5 seconds to 5 minutes. The longest of all clusters: with a shorter one, what is
   * alive may be shown as silent.
   *
   * @default Duration.seconds(30)
   */
  readonly interval?: Duration;
}

const PROPS: OptionNames<FlinkMetricDashboardsProps> = { interval: true };

/** What this library brings for the metrics of Flink clusters, for Grafana 10.3 and later, whichever store they are in. */
export class FlinkMetricDashboards {
  /** How the clusters are at a glance: `add` puts panels of your own on it. */
  public readonly overview: GrafanaDashboard;
  /** What single jobs do. */
  public readonly jobs: GrafanaDashboard;
  /** Whether checkpoints come about, how long they take and how large they are. */
  public readonly checkpoints: GrafanaDashboard;
  /** Memory and garbage collection of TaskManagers and JobManagers. */
  public readonly memory: GrafanaDashboard;
  /** Which task holds the others up. */
  public readonly backPressure: GrafanaDashboard;
  /** The machines. */
  public readonly hosts: GrafanaDashboard;
  /** Where leaders are elected. */
  public readonly zooKeeper: GrafanaDashboard;
  /** Whether metrics and logs leave the nodes. */
  public readonly shipping: GrafanaDashboard;

  public constructor(props: FlinkMetricDashboardsProps = {}) {
    requireOptionsOf("props of FlinkMetricDashboards", props, PROPS);
    const interval = props.interval ?? Duration.seconds(30);
    requireDuration("interval of FlinkMetricDashboards", interval, Duration.seconds(5), Duration.minutes(5));
    this.overview = overviewDashboard(props);
    this.jobs = jobDashboard(props);
    this.checkpoints = checkpointDashboard(props);
    this.memory = memoryDashboard(props);
    this.backPressure = backPressureDashboard(props);
    this.hosts = hostDashboard(props);
    this.zooKeeper = zooKeeperDashboard(props);
    this.shipping = shippingDashboard(props);
  }

  /** All of them. */
  public get dashboards(): GrafanaDashboard[] {
    return [
      this.overview,
      this.jobs,
      this.checkpoints,
      this.memory,
      this.backPressure,
      this.hosts,
      this.zooKeeper,
      this.shipping,
    ];
  }
}
