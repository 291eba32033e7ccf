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
    this.checkpoints = checkpointBucket(this);
  }
}

/** The checkpoint bucket as the settings want it. */
export function checkpointBucket(scope: Construct): CheckpointBucket {
  return new CheckpointBucket(scope, "checkpoints", {
    bucketName: setting(scope, "bucketName"),
    removalPolicy: choiceSetting(scope, "removalPolicy", Object.values(RemovalPolicy)),
  });
}
