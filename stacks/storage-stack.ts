import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { CheckpointBucket, RemovalPolicy } from "../lib";
import { configureBackend } from "./backend";
import { setBy } from "./set-by";
import { choiceSetting, setting } from "./settings";

/** What outlives every cluster: the checkpoint bucket and its key. */
export class StorageStack extends TerraformStack {
  public readonly checkpoints: CheckpointBucket;

  public constructor(scope: Construct, id: string, region: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region });
    configureBackend(this, region);
    const bucket = (): CheckpointBucket =>
      new CheckpointBucket(this, "checkpoints", {
        bucketName: setting(this, "bucketName"),
        removalPolicy: choiceSetting(this, "removalPolicy", Object.values(RemovalPolicy)),
      });
    this.checkpoints = setBy(this, { bucketName: "bucketName" }, bucket);
  }
}
