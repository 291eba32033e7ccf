import { TerraformLocal } from "cdktf";
import { Construct } from "constructs";

/**
 * A text of Terraform's language under a name of its own, so that a document which holds it is JSON before Terraform
 * runs: quotes within an expression would end its texts. The same id gives the same.
 */
export function localText(scope: Construct, id: string, expression: string): string {
  const known = scope.node.tryFindChild(id) as TerraformLocal | undefined;
  return (known ?? new TerraformLocal(scope, id, expression)).asString;
}
