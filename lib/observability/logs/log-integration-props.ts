import { FlinkCluster } from "../../cluster/flink-cluster";
import { Duration } from "../../core/duration";
import { Size } from "../../core/size";
import { LogDestination } from "./log-destination";
import { LogField } from "./log-field";

/** What a `LogIntegration` can be told. */
export interface LogIntegrationProps {
  /** Whose logs: a cluster of the same stack, which no other `LogIntegration` has. */
  readonly source: FlinkCluster;
  /** Where they go. */
  readonly destination: LogDestination;
  /**
   * Lines of a day become documents of the index `<indexPrefix>-YYYY.MM.DD`, by their own time in UTC: 2 to 200 lower-case
   * letters, digits, `-`, `_` and `.`, beginning with a letter or a digit. Clusters may share one. Jobs of the cluster may not
   * write these indices. Of OpenSearch alone: refused elsewhere.
   *
   * @default "logs"
   */
  readonly indexPrefix?: string;
  /**
   * How long an index is kept, in days, 1 to 10000. A policy of OpenSearch keeps it, which `setupCommand` puts there. Of
   * OpenSearch alone: refused elsewhere.
   *
   * @default 3
   */
  readonly retentionDays?: number;
  /**
   * What documents tell of a line beside its time and its text.
   *
   * @default - all of `LogField`
   */
  readonly fields?: LogField[];
  /**
   * How much a machine keeps for a destination that is away, on its encrypted data volume, for each of Flink's two processes:
   * 64 MiB to 100 GiB, both together at most half of `dataVolumeSize`. What is older is lost, and counted.
   *
   * @default Size.mebibytes(512)
   */
  readonly bufferSize?: Size;
  /**
   * How long one request to OpenSearch may take, 10 to 120 seconds. Of OpenSearch alone: refused elsewhere.
   *
   * @default Duration.seconds(30)
   */
  readonly timeout?: Duration;
}
