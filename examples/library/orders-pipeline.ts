import { DataAwsKmsAlias } from "@cdktf/provider-aws/lib/data-aws-kms-alias";
import { DataAwsSecurityGroup } from "@cdktf/provider-aws/lib/data-aws-security-group";
import { DataBucket, FlinkCluster, ICheckpointBucket, IFlinkNetwork, InstanceType, Peer } from "cdktf-flink";
import { Construct } from "constructs";

export interface OrdersPipelineProps {
  readonly network: IFlinkNetwork;
  readonly checkpointBucket: ICheckpointBucket;
  /** Bucket in which other programs of the team leave orders, under a key with an alias of the same name. */
  readonly ordersBucketName: string;
}

/** What a team makes of the constructs: one of its own, with what it has decided, for its own stacks. */
export class OrdersPipeline extends Construct {
  public readonly flink: FlinkCluster;

  public constructor(scope: Construct, id: string, props: OrdersPipelineProps) {
    super(scope, id);
    this.flink = new FlinkCluster(this, "flink", {
      network: props.network,
      checkpointBucket: props.checkpointBucket,
      instanceType: InstanceType.M7I_XLARGE,
      numberOfTaskSlots: 4,
    });

    const key = new DataAwsKmsAlias(this, "orders-key", { name: `alias/${props.ordersBucketName}` });
    const orders = DataBucket.fromDataBucketAttributes(this, "orders", {
      bucketName: props.ordersBucketName,
      encryptionKeyArn: key.targetKeyArn,
    });
    this.flink.readFrom(orders.prefix("incoming/"));
    this.flink.writeTo(orders.prefix("enriched/"));

    // The team's own web application, which is there already, shows what Flink's REST API says.
    const { vpcId } = props.network;
    const application = new DataAwsSecurityGroup(this, "application", { vpcId, name: "orders-application" });
    this.flink.allowClientsFrom(Peer.securityGroup(application.id), "web application of orders");
  }
}
