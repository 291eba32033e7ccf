import { DataResource, Precondition } from "cdktf";
import { Construct } from "constructs";

export interface FixedForLifeProps {
  /** What must stay as it was when it was first applied. */
  readonly values: { readonly [name: string]: string };
  /** Whether a plan that changes one of them is refused. */
  readonly isProtected: boolean;
  /** What the plan says in a sentence of its own before it compares the values; none by default. */
  readonly requirements?: readonly Precondition[];
}

/**
 * Holds what nothing that runs can change: Terraform keeps the values in its state, and refuses a plan that would
 * replace them. The name of this resource is what the refusal shows. A value that is added later needs a resource of
 * its own: added to this one it would be a change, and no plan of what runs already would pass.
 */
export class FixedForLife extends Construct {
  public constructor(scope: Construct, id: string, props: FixedForLifeProps) {
    super(scope, id);
    const { values, isProtected, requirements } = props;
    new DataResource(this, "Resource", {
      triggersReplace: { ...values },
      lifecycle: { preventDestroy: isProtected, ...(requirements ? { precondition: [...requirements] } : {}) },
    });
  }
}
