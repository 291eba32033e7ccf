import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { Aspects, ITerraformDependable, Lazy } from "cdktf";
import { Construct } from "constructs";
import { desiredStateKey, IMAGE_ID_METADATA } from "../core/bucket-layout";
import { AwsAccount } from "../core/terraform/aws-account";
import { dependOn } from "../core/terraform/depend-on";
import { escapeTerraformText } from "../core/terraform/text";
import { DesiredState } from "../node/desired-state";
import { ICheckpointBucket } from "../storage/checkpoint-bucket";

export interface DesiredStateObjectProps {
  readonly clusterName: string;
  /** Asked for when the program is synthesized, and so after all that is said of the cluster. */
  readonly state: () => DesiredState;
  readonly checkpointBucket: ICheckpointBucket;
  /** Of which new machines are made. */
  readonly imageId: string;
  /** What the state names must be there before a node can read it. */
  readonly dependsOn: ITerraformDependable[];
}

/** Of an object in S3; all else takes 50. */
const MOST_TAGS = 10;

/**
 * The one object that says what the nodes of a cluster shall run. Terraform compares its content, so that a
 * change of configuration is a change of this object and of nothing else.
 */
export class DesiredStateObject extends Construct {
  public readonly resource: S3Object;

  public constructor(scope: Construct, id: string, props: DesiredStateObjectProps) {
    super(scope, id);
    this.resource = new S3Object(this, "Resource", {
      bucket: props.checkpointBucket.bucketName,
      key: desiredStateKey(props.clusterName),
      contentType: "application/json",
      // For whoever asks which machines are behind. Beside the content, and not in it: nodes have nothing to take over.
      metadata: { [IMAGE_ID_METADATA]: props.imageId },
      // The key that the nodes may use, whatever an existing bucket has as its default.
      kmsKeyId: props.checkpointBucket.encryptionKeyArn,
      content: Lazy.stringValue({
        produce: () => escapeTerraformText(`${JSON.stringify(props.state(), null, 1)}\n`),
      }),
      dependsOn: [...props.dependsOn, ...props.checkpointBucket.guardsFor(this)],
    });
    // When all of the program is there, with its providers and the tags that aspects of the stack give.
    Aspects.of(this.resource).add({ visit: () => this.takeFewTags() });
  }

  /** None of the provider's default tags, where they are more than S3 takes: it would refuse the object. */
  private takeFewTags(): void {
    const own = Object.keys(this.resource.tagsInput ?? {});
    const { size } = new Set([...AwsAccount.knownDefaultTags(this), ...own]);
    if (size > MOST_TAGS) this.resource.putOverrideProvider({ defaultTags: { tags: {} } });
  }

  /** What the state names by then must be there as well. */
  public dependOn(other: ITerraformDependable): void {
    dependOn(this.resource, other);
  }
}
