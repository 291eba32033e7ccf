import { Construct } from "constructs";
import {
  CheckpointBucket,
  Duration,
  FlinkCluster,
  FlinkClusterProps,
  FlinkNetwork,
  FlinkVersion,
  InstanceType,
  Rollout,
  Software,
  SoftwareOrigin,
} from "../lib";
import { setBy } from "./set-by";
import { booleanSetting, choiceSetting, numberSetting, setting, SettingName } from "./settings";

/** What the library calls them. */
const SETTINGS: Readonly<Record<string, SettingName>> = {
  clusterName: "clusterName",
  "FlinkVersion.of": "flinkVersion",
  version: "flinkVersion",
  nodeCount: "nodeCount",
  "InstanceType.fromName": "instanceType",
  instanceType: "instanceType",
  numberOfTaskSlots: "numberOfTaskSlots",
  "Duration.seconds": "checkpointIntervalSeconds",
  checkpointInterval: "checkpointIntervalSeconds",
};

/** A network as the settings want it. */
export function addNetwork(scope: Construct): FlinkNetwork {
  return setBy(scope, { cidr: "cidr" }, () => new FlinkNetwork(scope, "network", { cidr: setting(scope, "cidr") }));
}

/** A cluster as the settings want it; `more` are props for which there is no setting. */
export function addFlink(
  scope: Construct,
  network: FlinkNetwork,
  checkpointBucket: CheckpointBucket,
  more: Partial<FlinkClusterProps> = {},
): FlinkCluster {
  const version = setting(scope, "flinkVersion");
  const instanceType = setting(scope, "instanceType");
  const interval = numberSetting(scope, "checkpointIntervalSeconds");
  const origin = choiceSetting(scope, "softwareOrigin", Object.values(SoftwareOrigin));
  const rollout = choiceSetting(scope, "rollout", ["wait", "detached"]);
  const published = booleanSetting(scope, "softwarePublished") ?? false;
  const cluster = (): FlinkCluster =>
    new FlinkCluster(scope, "flink", {
      network,
      checkpointBucket,
      clusterName: setting(scope, "clusterName"),
      version: version === undefined ? undefined : FlinkVersion.of(version),
      allowStateLoss: booleanSetting(scope, "allowStateLoss"),
      nodeCount: numberSetting(scope, "nodeCount"),
      instanceType: instanceType === undefined ? undefined : InstanceType.fromName(instanceType),
      numberOfTaskSlots: numberSetting(scope, "numberOfTaskSlots"),
      checkpointInterval: interval === undefined ? undefined : Duration.seconds(interval),
      terminationProtection: booleanSetting(scope, "terminationProtection"),
      rollout: rollout === "detached" ? Rollout.detached() : Rollout.wait(),
      software: published ? Software.published({ origin }) : Software.fetched({ origin }),
      ...more,
    });
  return setBy(scope, SETTINGS, cluster);
}
