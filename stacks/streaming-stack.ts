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
import { checkpointBucket } from "./storage-stack";
import { booleanSetting, choiceSetting, numberSetting, setting } from "./settings";

/** The network and one cluster in it. Everything here can be destroyed and created anew. */
export class StreamingStack extends TerraformStack {
  public readonly network: FlinkNetwork;
  public readonly flink: FlinkCluster;

  /**
   * @param checkpoints the bucket, of a stack that outlives this one; without it a bucket is made here, and goes with it
   * @param more props of the cluster that no setting stands for, for programs that embed this stack
   */
  public constructor(
    scope: Construct,
    id: string,
    region: string,
    checkpoints: CheckpointBucket | undefined,
    more: Partial<FlinkClusterProps> = {},
  ) {
    super(scope, id);
    new AwsProvider(this, "aws", { region });
    configureBackend(this, region);
    this.network = new FlinkNetwork(this, "network", { cidr: setting(this, "cidr") });

    const version = setting(this, "flinkVersion");
    const instanceType = setting(this, "instanceType");
    const interval = numberSetting(this, "checkpointIntervalSeconds");
    const origin = choiceSetting(this, "softwareOrigin", Object.values(SoftwareOrigin));
    const published = booleanSetting(this, "softwarePublished") ?? false;
    this.flink = new FlinkCluster(this, "flink", {
      network: this.network,
      checkpointBucket: checkpoints ?? checkpointBucket(this),
      clusterName: setting(this, "clusterName"),
      version: version === undefined ? undefined : FlinkVersion.of(version),
      nodeCount: numberSetting(this, "nodeCount"),
      instanceType: instanceType === undefined ? undefined : InstanceType.fromName(instanceType),
      numberOfTaskSlots: numberSetting(this, "numberOfTaskSlots"),
      checkpointInterval: interval === undefined ? undefined : Duration.seconds(interval),
      terminationProtection: booleanSetting(this, "terminationProtection"),
      software: published ? Software.published({ origin }) : Software.fetched({ origin }),
      ...more,
    });
  }
}
