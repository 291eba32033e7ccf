import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { CheckpointBucket, FlinkCluster, FlinkClusterProps, FlinkNetwork } from "../lib";
import { configureBackend } from "./backend";
import { addFlink, addNetwork } from "./flink";

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
  const network = addNetwork(scope);
  return { network, flink: addFlink(scope, network, checkpoints, more) };
}
