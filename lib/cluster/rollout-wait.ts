import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { Construct, IConstruct } from "constructs";
import { Aspects, DataResource, Fn, TerraformResource } from "cdktf";
import { Duration } from "../core/duration";
import { AwsAccount } from "../core/terraform/aws-account";
import { dependOn } from "../core/terraform/depend-on";
import { ownCommand } from "../core/terraform/own-command";

export interface RolloutWaitProps {
  readonly clusterName: string;
  /** Where its desired state lies. */
  readonly bucketName: string;
  readonly nodeCount: number;
  /** Holds all that the nodes are told of, or are made of. */
  readonly cluster: IConstruct;
  readonly desiredState: S3Object;
  /** Default: as long as a rolling change of so many nodes can take. */
  readonly timeout?: Duration;
}

/** As long as a node may take until it goes back by itself. */
const NODE_MINUTES = 10;
/** For a first boot, or until the nodes have seen the change and fetched what is new. */
const BEFORE_MINUTES = 10;

/**
 * An apply that ends when the nodes run what it told them. It is made anew with each desired state, and waits while it is
 * made: where that fails, Terraform makes it anew the next time, whatever else has changed.
 */
export class RolloutWait extends Construct {
  public constructor(scope: Construct, id: string, props: RolloutWaitProps) {
    super(scope, id);
    const { clusterName, bucketName, nodeCount, cluster, desiredState } = props;
    const timeout = props.timeout ?? Duration.minutes(BEFORE_MINUTES + NODE_MINUTES * nodeCount);
    const command =
      'node "$CLI" await-rollout --cluster "$CLUSTER" --bucket "$BUCKET" --region "$REGION" --timeout "$TIMEOUT"';
    const wait = new DataResource(this, "Resource", {
      // The plan shows these, and whoever judges it finds the cluster by its name.
      triggersReplace: { cluster: clusterName, desired_state: Fn.sha256(desiredState.content) },
      provisioners: [
        ownCommand(this, () => command, {
          CLUSTER: clusterName,
          BUCKET: bucketName,
          REGION: AwsAccount.of(this).region,
          TIMEOUT: `${Math.ceil(timeout.toSeconds())}s`,
        }),
      ],
    });
    // Of all that is the cluster's: where one thing fails nobody waits for nodes that lack it, and hears of it at the end.
    // Each of them once: aspects come by with every synthesis.
    const seen = new Set<IConstruct>([wait]);
    Aspects.of(cluster).add({
      visit: (each) => {
        if (!(each instanceof TerraformResource) || seen.has(each)) return;
        seen.add(each);
        dependOn(wait, each);
      },
    });
  }
}
