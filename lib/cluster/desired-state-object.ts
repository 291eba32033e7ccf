import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { desiredStateKey } from "../core/bucket-layout";
import { escapeTerraformText } from "../core/terraform/text";
import { DesiredState } from "../node/desired-state";
import { ICheckpointBucket } from "../storage/checkpoint-bucket";

export interface DesiredStateObjectProps {
  readonly state: DesiredState;
  readonly checkpointBucket: ICheckpointBucket;
  /** What the state names must be there before a node can read it. */
  readonly dependsOn: ITerraformDependable[];
}

/**
 * The one object that says what the nodes of a cluster shall run. Terraform compares its content, so that a
 * change of configuration is a change of this object and of nothing else.
 */
export class DesiredStateObject extends Construct {
  public constructor(scope: Construct, id: string, props: DesiredStateObjectProps) {
    super(scope, id);
    new S3Object(this, "Resource", {
      bucket: props.checkpointBucket.bucketName,
      key: desiredStateKey(props.state.cluster),
      contentType: "application/json",
      // The key that the nodes may use, whatever an existing bucket has as its default.
      kmsKeyId: props.checkpointBucket.encryptionKeyArn,
      content: escapeTerraformText(`${JSON.stringify(props.state, null, 1)}\n`),
      dependsOn: [...props.dependsOn, ...props.checkpointBucket.guardsFor(this)],
    });
  }
}
