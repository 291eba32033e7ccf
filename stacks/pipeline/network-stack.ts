import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { FlinkNetwork } from "../../lib";
import { configureBackend } from "../backend";
import { addNetwork } from "../flink";
import { peerWithSource } from "./source-peering";

/** The network of the sinks and of Flink, and the way to the network of the source. It outlives both. */
export class NetworkStack extends TerraformStack {
  public readonly network: FlinkNetwork;

  public constructor(scope: Construct, id: string, region: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region });
    configureBackend(this, region);
    this.network = addNetwork(this);
    peerWithSource(this, this.network);
    // For whoever connects the two networks by hand.
    new TerraformOutput(this, "vpc_id", { value: this.network.vpcId });
    new TerraformOutput(this, "route_table_ids", { value: this.network.routeTableIds });
  }
}
