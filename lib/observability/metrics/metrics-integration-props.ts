import { FlinkCluster } from "../../cluster/flink-cluster";
import { Duration } from "../../core/duration";
import { MetricsDestination } from "./metrics-destination";

/** What a `MetricsIntegration` can be told. */
export interface MetricsIntegrationProps {
  /** Whose metrics: a cluster of the same stack, which no other `MetricsIntegration` has. */
  readonly source: FlinkCluster;
  /** Where they go. */
  readonly destination: MetricsDestination;
  /**
   * From one look at all values to the next: 5 seconds to 5 minutes, whole seconds.
   *
   * @default Duration.seconds(30)
   */
  readonly interval?: Duration;
  /**
   * On every value, beside `cluster` and `node`: at most 20 names of 1 to 63 letters, digits and `_`, not beginning with a digit
   * or `__`, with texts of 1 to 128 letters, digits, spaces and `_.:/@-`. Refused are names that values have themselves, such as
   * `job_name`. A change of one makes all series anew.
   *
   * @default - none
   */
  readonly tags?: { readonly [name: string]: string };
  /**
   * Names of what is shipped, as Prometheus would have them (docs/metrics.md), such as `flink_jobmanager_job_*`: 1 to 100, each of at
   * most 200 letters, digits, `_` and `*` for any characters.
   *
   * @default - all
   */
  readonly include?: string[];
  /**
   * The same of what is not shipped; it wins over `include`. `*` alone is refused, as nothing would be left.
   *
   * @default - none
   */
  readonly exclude?: string[];
  /**
   * Whether Flink's metrics of single operators are shipped too: several times as many series as all others of a job.
   *
   * @default false
   */
  readonly operatorMetrics?: boolean;
  /**
   * How many metrics a machine keeps in memory for a destination that is away, 1000 to 100000: a metric is all values of one
   * moment that have the same labels. What is older is lost, and counted.
   *
   * @default 20000
   */
  readonly bufferedMetrics?: number;
}
