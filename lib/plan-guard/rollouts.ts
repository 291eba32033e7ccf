import type { Attributes, ResourceChange } from "./terraform-plan";

/** As the resource is called, by its construct, with which an apply waits for the nodes of a cluster. */
const ROLLOUT = /_Rollout_[0-9A-F]{8}$/;

/** Clusters whose nodes the apply waits for, and fails with: after a change of what they run, or as the last apply did not come to the end of it. */
export function awaitedClusters(changes: readonly ResourceChange[]): readonly string[] {
  return changes.flatMap(({ address, type, action, before, after }) => {
    if (type !== "terraform_data" || !ROLLOUT.test(address) || (action !== "create" && action !== "replace")) return [];
    // What comes after may be known by the apply alone; the name of a cluster stays.
    const { cluster } = (after.triggers_replace ?? before.triggers_replace ?? {}) as Attributes;
    return typeof cluster === "string" ? [cluster] : [];
  });
}
