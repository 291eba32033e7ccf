import { Duration } from "../core/duration";
import { Size } from "../core/size";
import { refuse, requireInstance, requireInteger, requireOptions } from "../core/validation";
import { FlinkVersion } from "./flink-version";
import { InstanceType } from "./instance-type";
import { LogLevel, requireLogLevel, requireLogLevels } from "./log-level";
import { requireDuration, requireSize } from "./ranges";
import { RestartStrategy } from "./restart-strategy";
import { validateFlinkConfiguration } from "./validate-flink-configuration";

/** What a user may set of Flink; every absent one has a default. */
export interface FlinkSettingsProps {
  readonly version?: FlinkVersion;
  readonly instanceType?: InstanceType;
  readonly numberOfTaskSlots?: number;
  readonly parallelism?: number;
  readonly restartStrategy?: RestartStrategy;
  readonly checkpointInterval?: Duration;
  readonly checkpointTimeout?: Duration;
  readonly pekkoAskTimeout?: Duration;
  readonly pekkoFrameSize?: Size;
  readonly logLevel?: LogLevel;
  readonly logLevels?: { readonly [logger: string]: LogLevel };
  readonly flinkConfiguration?: { readonly [key: string]: string };
}

/** The same, checked and complete. */
export interface FlinkSettings {
  readonly version: FlinkVersion;
  readonly instanceType: InstanceType;
  readonly numberOfTaskSlots: number;
  readonly parallelism: number;
  readonly restartStrategy: RestartStrategy;
  readonly checkpointInterval: Duration;
  readonly checkpointTimeout: Duration;
  readonly pekkoAskTimeout: Duration;
  readonly pekkoFrameSize: Size;
  readonly logLevel: LogLevel;
  readonly logLevels: { readonly [logger: string]: LogLevel };
  readonly flinkConfiguration: { readonly [key: string]: string };
  /** What is allowed and yet worth a word; the caller shows it. */
  readonly warnings: readonly string[];
}

/**
 * Checks every property by itself and against the others, and fills in the defaults.
 *
 * @param nodeCount how many TaskManagers there are: the default parallelism has to fit into their slots.
 */
export function resolveFlinkSettings(props: FlinkSettingsProps, nodeCount: number): FlinkSettings {
  requireOptions("the Flink settings", props);
  const version = props.version ?? FlinkVersion.V2_2;
  const instanceType = props.instanceType ?? InstanceType.M7I_LARGE;
  const numberOfTaskSlots = props.numberOfTaskSlots ?? 1;
  const parallelism = props.parallelism ?? 1;
  const restartStrategy = props.restartStrategy ?? RestartStrategy.failureRate();
  const checkpointInterval = props.checkpointInterval ?? Duration.seconds(60);
  const checkpointTimeout = props.checkpointTimeout ?? Duration.minutes(10);
  const pekkoAskTimeout = props.pekkoAskTimeout ?? Duration.seconds(10);
  const pekkoFrameSize = props.pekkoFrameSize ?? Size.mebibytes(10);
  const logLevel = props.logLevel ?? LogLevel.INFO;
  const logLevels = props.logLevels ?? {};
  const flinkConfiguration = props.flinkConfiguration ?? {};

  requireInstance("version", version, FlinkVersion, "FlinkVersion.V2_2");
  requireInstance("instanceType", instanceType, InstanceType, "InstanceType.M7I_LARGE");
  requireInteger("numberOfTaskSlots", numberOfTaskSlots, 1, 1024);
  requireInteger("parallelism", parallelism, 1, 128);
  requireInstance("restartStrategy", restartStrategy, RestartStrategy, "RestartStrategy.failureRate()");
  requireDuration("checkpointInterval", checkpointInterval, Duration.millis(100), Duration.hours(1));
  requireDuration("checkpointTimeout", checkpointTimeout, Duration.millis(100), Duration.hours(24));
  requireDuration("pekkoAskTimeout", pekkoAskTimeout, Duration.seconds(5), Duration.seconds(60));
  requireSize("pekkoFrameSize", pekkoFrameSize, Size.mebibytes(1), Size.mebibytes(50));
  requireLogLevel("logLevel", logLevel);
  requireLogLevels("logLevels", logLevels);
  if (parallelism > numberOfTaskSlots * nodeCount) {
    refuse({
      property: "parallelism",
      value: parallelism,
      allowed: `at most ${numberOfTaskSlots * nodeCount}, the number of slots (${nodeCount} nodes with ${numberOfTaskSlots} each)`,
      remedy: "lower parallelism, or raise numberOfTaskSlots or nodeCount",
    });
  }
  const warnings = validateFlinkConfiguration(version, flinkConfiguration);
  return {
    version,
    instanceType,
    numberOfTaskSlots,
    parallelism,
    restartStrategy,
    checkpointInterval,
    checkpointTimeout,
    pekkoAskTimeout,
    pekkoFrameSize,
    logLevel,
    logLevels: { ...logLevels },
    flinkConfiguration: { ...flinkConfiguration },
    warnings,
  };
}
