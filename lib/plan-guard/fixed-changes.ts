import { isKnownLater, isSame, KNOWN_LATER, SENSITIVE, isSensitive, shownSetting } from "./shown-value";
import type { Attributes, ResourceChange } from "./terraform-plan";

/** Another value of what nothing that runs can change. */
export interface FixedChange {
  readonly address: string;
  /** Such as `zookeeper_node_count: 3 -> 1`. */
  readonly what: string;
}

/** As the resource that holds such values is called, by its construct. */
const HOLDER = /ForLife(?:_Resource)?_[0-9A-F]{8}$/;

/**
 * Values that are fixed for a cluster's life and that the plan changes. With `terminationProtection` Terraform refuses
 * such a plan itself; one that ends the values with all that they are of is none.
 */
export function fixedChanges(changes: readonly ResourceChange[]): readonly FixedChange[] {
  return changes
    .filter(({ type, action, address }) => type === "terraform_data" && action === "replace" && HOLDER.test(address))
    .flatMap((change) => {
      const { address, before, after } = change;
      const hidden = isSensitive(change, "triggers_replace");
      const later = isKnownLater(change, "triggers_replace");
      const [was, is] = [before.triggers_replace, after.triggers_replace].map((values) => (values ?? {}) as Attributes);
      const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
        (name) => !isSame(was[name], is[name]),
      );
      const shown = (name: string, value: unknown): string =>
        hidden ? SENSITIVE : value === undefined && later ? KNOWN_LATER : shownSetting(name, value);
      const told = names.map((name) => `${name}: ${shown(name, was[name])} -> ${shown(name, is[name])}`);
      return [{ address, what: told.join(", ") || "all of it is held anew" }];
    });
}
