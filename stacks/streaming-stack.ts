import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import {
  CheckpointBucket,
  Duration,
  FlinkCluster,
  FlinkClusterProps,
  FlinkNetwork,
  FlinkVersion,
  InstanceType,
  Software,
  SoftwareOrigin,
} from "../lib";
import { configureBackend } from "./backend";
import { booleanSetting, choiceSetting, numberSetting, setting } from "./settings";

/** The network and one cluster in it. Everything here can be destroyed and created anew. */
export class StreamingStack extends TerraformStack {
  public readonly network: FlinkNetwork;
  public readonly flink: FlinkCluster;

  /**
   * @param more props of the cluster that no setting stands for, for programs that embed this stack
   */
  public constructor(
    scope: Construct,
    id: string,
    region: string,
    checkpoints: CheckpointBucket,
    more: Partial<FlinkClusterProps> = {},
  ) {
    super(scope, id);
    new AwsProvider(this, "aws", { region });
    configureBackend(this, region);
    const { network, flink } = addCluster(this, checkpoints, more);
    this.network = network;
    this.flink = flink;
  }
}

/** A network and one cluster in it, as the settings want them. */
export interface NetworkAndCluster {
  readonly network: FlinkNetwork;
  readonly flink: FlinkCluster;
}

export function addCluster(
  scope: Construct,
  checkpoints: CheckpointBucket,
  more: Partial<FlinkClusterProps>,
): NetworkAndCluster {
  const network = new FlinkNetwork(scope, "network", { cidr: setting(scope, "cidr") });
  const version = setting(scope, "flinkVersion");
  const instanceType = setting(scope, "instanceType");
  const interval = numberSetting(scope, "checkpointIntervalSeconds");
  const origin = choiceSetting(scope, "softwareOrigin", Object.values(SoftwareOrigin));
  const published = booleanSetting(scope, "softwarePublished") ?? false;
  const flink = new FlinkCluster(scope, "flink", {
    network,
    checkpointBucket: checkpoints,
    clusterName: setting(scope, "clusterName"),
    version: version === undefined ? undefined : FlinkVersion.of(version),
    nodeCount: numberSetting(scope, "nodeCount"),
    instanceType: instanceType === undefined ? undefined : InstanceType.fromName(instanceType),
    numberOfTaskSlots: numberSetting(scope, "numberOfTaskSlots"),
    checkpointInterval: interval === undefined ? undefined : Duration.seconds(interval),
    terminationProtection: booleanSetting(scope, "terminationProtection"),
    software: published ? Software.published({ origin }) : Software.fetched({ origin }),
    ...more,
  });
  return { network, flink };
}
