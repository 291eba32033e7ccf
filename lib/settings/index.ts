export { FlinkVersion } from "./flink-version";
export { Architecture, InstanceType, type InstanceTypeAttributes } from "./instance-type";
export {
  RestartStrategy,
  type ExponentialDelayOptions,
  type FailureRateOptions,
  type FixedDelayOptions,
} from "./restart-strategy";
export { resolveFlinkSettings, type FlinkSettings, type FlinkSettingsProps } from "./flink-settings";
export {
  jobManagerOverrides,
  memoryConfiguration,
  renderFlinkConfiguration,
  taskManagerOverrides,
  type FlinkConfiguration,
  type FlinkNode,
  type FlinkSurroundings,
} from "./flink-configuration";
export {
  jobManagerMemory,
  livenessTimeouts,
  splitMemory,
  taskManagerMemory,
  type JobManagerMemory,
  type LivenessTimeouts,
  type MemorySplit,
  type TaskManagerMemory,
  type ZooKeeperMemory,
} from "./memory-split";
export { LogLevel } from "./log-level";
export { renderLog4jProperties } from "./log4j";
export { renderYaml } from "./yaml";
export { renderZooCfg, zooKeeperConnect, type ZooKeeperServer } from "./zoo-cfg";
export { validateFlinkConfiguration } from "./validate-flink-configuration";
