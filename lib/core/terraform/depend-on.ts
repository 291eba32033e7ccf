import { dependable, ITerraformDependable, TerraformResource } from "cdktf";

/** Makes a resource wait for another that is said after it. */
export function dependOn(resource: TerraformResource, other: ITerraformDependable): void {
  resource.dependsOn = [...(resource.dependsOn ?? []), dependable(other)];
}
