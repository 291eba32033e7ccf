import { DataResource, DataResourceConfig } from "cdktf";
import { Construct } from "constructs";

/**
 * A value as it was when it was first applied, as Terraform's state keeps it: nothing that the program says later changes
 * it.
 *
 * @param scope what holds it: one of them at most
 * @param name of the value in the state; letters, digits and `_`
 * @param value what is held from the first apply on
 * @param triggersReplace with which of these values it is held anew; never by default
 */
export function heldValue(
  scope: Construct,
  name: string,
  value: string,
  triggersReplace?: DataResourceConfig["triggersReplace"],
): string {
  const held = new DataResource(scope, "Resource", {
    input: { [name]: value },
    triggersReplace,
    lifecycle: { ignoreChanges: ["input"] },
  });
  return held.getStringAttribute(`output.${name}`);
}
