import { DataResource } from "cdktf";
import { Construct } from "constructs";

/**
 * A value as it was when it was first applied, as Terraform's state keeps it: nothing that the program says later changes
 * it.
 *
 * @param scope what holds it: one of them at most
 * @param name of the value in the state; letters, digits and `_`
 * @param value what is held from the first apply on
 * @param triggersReplace when one of these changes, it is held anew; by default never
 */
export function heldValue(
  scope: Construct,
  name: string,
  value: string,
  triggersReplace?: { readonly [name: string]: string },
): string {
  const held = new DataResource(scope, "Resource", {
    input: { [name]: value },
    triggersReplace,
    lifecycle: { ignoreChanges: ["input"] },
  });
  return held.getStringAttribute(`output.${name}`);
}
