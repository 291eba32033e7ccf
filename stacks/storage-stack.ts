import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { CheckpointBucket, RemovalPolicy } from "../lib";
import { configureBackend } from "./backend";
import { choiceSetting, setting } from "./settings";

/** What outlives every cluster: the checkpoint bucket and its key. */
export class StorageStack extends TerraformStack {
  public readonly checkpoints: CheckpointBucket;

  public constructor(scope: Construct, id: string, region: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region });
    configureBackend(this, region);
    this.checkpoints = new CheckpointBucket(this, "checkpoints", {
      bucketName: setting(this, "bucketName"),
      removalPolicy: choiceSetting(this, "removalPolicy", Object.values(RemovalPolicy)),
    });
  }
}
