import {
  FlinkVersion,
  jobManagerOverrides,
  renderFlinkConfiguration,
  renderLog4jProperties,
  resolveFlinkSettings,
  taskManagerOverrides,
} from "../settings";
import type { ProductionCluster } from "./production-cluster";

/** Whatever would stand here is replaced on a developer's machine. */
const NOWHERE = "nowhere.invalid";

/** The cluster that `FlinkCluster` makes where nothing but the version of Flink is said. */
export function defaultCluster(flink: string): ProductionCluster {
  const settings = resolveFlinkSettings({ version: FlinkVersion.of(flink) }, 1);
  const surroundings = {
    cluster: "flink",
    checkpointsUri: `s3p://${NOWHERE}`,
    savepointsUri: `s3p://${NOWHERE}`,
    highAvailabilityUri: `s3p://${NOWHERE}`,
    s3Endpoint: `https://${NOWHERE}`,
    zooKeeperConnect: NOWHERE,
  };
  return {
    name: "flink",
    flink,
    configuration: renderFlinkConfiguration(settings, surroundings, { name: "flink-node-1", host: NOWHERE }),
    jobManagerSettings: jobManagerOverrides(),
    taskManagerSettings: taskManagerOverrides(settings),
    log4j: renderLog4jProperties(settings.logLevel, { levels: settings.logLevels }),
  };
}
