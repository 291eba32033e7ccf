import { Construct } from "constructs";
import { DataResource, Fn, ITerraformDependable, Op } from "cdktf";
import { Size } from "../core/size";
import { AwsAccount } from "../core/terraform/aws-account";
import { dependOn } from "../core/terraform/depend-on";
import { ownCommand } from "../core/terraform/own-command";
import { FlinkNode } from "./flink-node";

export interface MachineSizesProps {
  readonly clusterName: string;
  /** Where its desired state lies. */
  readonly bucketName: string;
  readonly nodes: readonly FlinkNode[];
  readonly instanceType: string;
  readonly dataVolumeSize: Size;
}

/** One pass over the machines. */
interface Pass {
  readonly triggers: { readonly [name: string]: string };
  /** What each node has, and what it shall have: where all have it, nothing is run. */
  readonly is: readonly string[];
  readonly shall: readonly string[];
  readonly options: string;
}

/**
 * Sizes of what exists, changed by the apply one node after the other: Terraform would change all machines at once, and
 * knows neither who leads nor whether the one before came back. What is made is made with its size, and then nothing is
 * run here.
 *
 * What the nodes run is made for the machines that the program names. So machines that get more memory have it before the
 * desired state is written, and those that get less only when their nodes run that: no node is ever given more than its
 * machine has.
 */
export class MachineSizes extends Construct {
  /** To be there before the desired state is written. */
  public readonly larger: ITerraformDependable;
  private readonly smaller: DataResource;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: MachineSizesProps,
  ) {
    super(scope, id);
    const { nodes, instanceType } = props;
    const gib = props.dataVolumeSize.toGibibytes();
    const larger = this.pass("Larger", {
      triggers: { instance_type: instanceType, data_volume_gib: String(gib) },
      is: nodes.map((node) => `${typeAndState(node)} ${sizeOf(node)}`),
      shall: nodes.map(() => `${instanceType} running ${gib}`),
      options: `--only larger --data-volume-gib ${gib}`,
    });
    this.refuseShrinking(larger, gib);
    this.larger = larger;
    this.smaller = this.pass("Smaller", {
      triggers: { instance_type: instanceType },
      is: nodes.map(typeAndState),
      shall: nodes.map(() => `${instanceType} running`),
      options: "--only smaller",
    });
  }

  /** What the nodes have to be told before their machines get smaller. */
  public shrinkAfter(desiredState: ITerraformDependable): void {
    dependOn(this.smaller, desiredState);
  }

  private pass(id: string, { triggers, is, shall, options }: Pass): DataResource {
    const { clusterName, bucketName, nodes, instanceType } = this.props;
    const command =
      `[ "$IS" = "$SHALL" ] || node "$CLI" resize-machines ${options} --cluster "$CLUSTER" --bucket "$BUCKET" ` +
      '--region "$REGION" --machines "$MACHINES" --instance-type "$INSTANCE_TYPE"';
    return new DataResource(this, id, {
      // The plan shows these, and whoever judges it finds the cluster by its name.
      triggersReplace: { cluster: clusterName, ...triggers },
      provisioners: [
        ownCommand(this, () => command, {
          IS: is.join(","),
          SHALL: shall.join(","),
          CLUSTER: clusterName,
          BUCKET: bucketName,
          REGION: AwsAccount.of(this).region,
          MACHINES: nodes.map(({ name, instance, dataVolume }) => `${name}=${instance.id}=${dataVolume.id}`).join(","),
          INSTANCE_TYPE: instanceType,
        }),
      ],
    });
  }

  /** In the plan: Terraform has what the volumes are, as it does not change their size itself. */
  private refuseShrinking(larger: DataResource, gib: number): void {
    const sizes = this.props.nodes.map(sizeOf);
    larger.addOverride("lifecycle.precondition", [
      {
        condition: Op.lte(Fn.max(sizes.map((size) => Fn.tonumber(size))), gib),
        error_message:
          `dataVolumeSize of ${this.props.clusterName} is ${gib} GiB, and its data volumes have ${Fn.join(", ", Fn.distinct(sizes))} GiB: ` +
          "a volume can grow and never shrink. Set dataVolumeSize to what they have, or to more.",
      },
    ]);
  }
}

function typeAndState({ instance }: FlinkNode): string {
  return `${instance.instanceType} ${instance.instanceState}`;
}

/** GiB that its data volume has. */
function sizeOf({ dataVolume }: FlinkNode): string {
  return dataVolume.getStringAttribute("size");
}
