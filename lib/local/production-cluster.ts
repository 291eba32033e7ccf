import { FlinkConfiguration } from "../settings";

/** A cluster as it runs on its nodes, as far as jobs see it: what a local one is made of. */
export interface ProductionCluster {
  readonly name: string;
  /** A line (`2.2`) or a patch (`2.2.1`). */
  readonly flink: string;
  /** `config.yaml` of its first node, as flat keys. */
  readonly configuration: FlinkConfiguration;
  /** In what the JobManager differs from it. */
  readonly jobManagerSettings: FlinkConfiguration;
  /** In what the TaskManager differs from it. */
  readonly taskManagerSettings: FlinkConfiguration;
  /** `log4j-console.properties`. */
  readonly log4j: string;
  /**
   * Names of the parts beside Flink itself that its processes load, such as `flink-connector-kafka`. Absent: all that the
   * lock file has of the release and that come with this package.
   */
  readonly libraries?: readonly string[];
}
