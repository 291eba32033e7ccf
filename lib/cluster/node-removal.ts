import { Construct } from "constructs";
import { DataResource, ITerraformDependable } from "cdktf";
import { AwsAccount } from "../core/terraform/aws-account";
import { ownCommand } from "../core/terraform/own-command";
import { FlinkNode } from "./flink-node";

export interface NodeRemovalProps {
  readonly clusterName: string;
  /** Where its desired state lies. */
  readonly bucketName: string;
  readonly nodes: readonly FlinkNode[];
  /** Slots that each TaskManager shall have. */
  readonly numberOfTaskSlots: number;
  /** What must not be told of fewer nodes before they may go. */
  readonly desiredState?: ITerraformDependable;
}

/**
 * What an apply asks before it takes machines from a cluster that gets smaller. Terraform ends what depends on a machine
 * before the machine itself, by what its state says of before: so this one depends on all of them, ends whenever their
 * names change, and asks while it does. Where all is destroyed the names are the same, and nothing is asked.
 */
export class NodeRemoval extends Construct {
  public constructor(scope: Construct, id: string, props: NodeRemovalProps) {
    super(scope, id);
    const { clusterName, bucketName, nodes, numberOfTaskSlots, desiredState } = props;
    const names = nodes.map(({ name }) => name).join(",");
    const self = (name: string): string => `\${self.triggers_replace.${name}}`;
    const command =
      '[ "$IS" = "$SHALL" ] || node "$CLI" remove-nodes --cluster "$CLUSTER" --bucket "$BUCKET" --region "$REGION" ' +
      '--was "$IS" --keep "$SHALL" --slots "$SLOTS"';
    new DataResource(this, "Resource", {
      triggersReplace: {
        cluster: clusterName,
        bucket: bucketName,
        region: AwsAccount.of(this).region,
        nodes: names,
      },
      dependsOn: [
        ...nodes.flatMap(({ instance, attachment }) => [instance, attachment]),
        ...(desiredState ? [desiredState] : []),
      ],
      provisioners: [
        {
          // What ends may name nothing but itself, as it was when it was made.
          ...ownCommand(this, () => command, {
            IS: self("nodes"),
            SHALL: names,
            // Not among what triggers: another number alone takes no node away.
            SLOTS: String(numberOfTaskSlots),
            CLUSTER: self("cluster"),
            BUCKET: self("bucket"),
            REGION: self("region"),
          }),
          when: "destroy",
        },
      ],
    });
  }
}
