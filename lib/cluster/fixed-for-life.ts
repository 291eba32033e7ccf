import { DataResource } from "cdktf";
import { Construct } from "constructs";

export interface FixedForLifeProps {
  /** What must stay as it was when the cluster was created. */
  readonly values: { readonly [name: string]: string };
  /** Whether a plan that changes one of them is refused. */
  readonly isProtected: boolean;
}

/**
 * Holds what no running cluster can change: Terraform keeps the values in its state, and refuses a plan that would
 * replace them. The name of this resource is what the refusal shows.
 *
 * A changed number of ZooKeeper servers would make two quorums, another bucket would leave the machines without
 * their state, another architecture would replace all machines at once, and state does not cross Flink's lines
 * unless it is carried over by savepoints. Another authority would part the nodes that have its certificates from
 * those that do not yet.
 */
export class FixedForLife extends Construct {
  public constructor(scope: Construct, id: string, props: FixedForLifeProps) {
    super(scope, id);
    new DataResource(this, "Resource", {
      triggersReplace: { ...props.values },
      lifecycle: { preventDestroy: props.isProtected },
    });
  }
}
