import { nodeOf } from "./clusters";
import { isKnownLater, isSensitive, SENSITIVE, shownAttribute, shownText } from "./shown-value";
import type { Attributes, ResourceChange } from "./terraform-plan";

/** As the resource is called, by its construct, whose apply changes the sizes of a cluster's machines one after the other. */
const SIZES = /MachineSizes_Larger_[0-9A-F]{8}$/;

/** Machines and volumes of a cluster that the apply gives another size, one node after the other. */
export interface Resize {
  readonly cluster: string;
  readonly address: string;
  /** Those that are stopped, changed and started. */
  readonly machines: readonly ResizedMachine[];
  /** One sentence without a full stop; absent where none grows. */
  readonly volumes?: string;
}

export interface ResizedMachine {
  /** Such as `orders-node-1`. */
  readonly node: string;
  readonly address: string;
  /** Such as `m7i.large -> m7i.xlarge`. */
  readonly types: string;
}

/**
 * Sizes that a plan changes so. Terraform itself leaves the machines alone: what they have is what the plan shows of them,
 * and what they shall have stands in the resource that runs the change.
 */
export function resizesIn(changes: readonly ResourceChange[]): readonly Resize[] {
  return changes.flatMap((change) => {
    const { address, type, action, before, after } = change;
    if (type !== "terraform_data" || !SIZES.test(address) || (action !== "create" && action !== "replace")) return [];
    const { cluster, instance_type: wanted, data_volume_gib: gib } = (after.triggers_replace ?? {}) as Attributes;
    if (typeof cluster !== "string" || isKnownLater(change, "triggers_replace")) return [];
    const isHidden = isSensitive(change, "triggers_replace");
    const { data_volume_gib: gibBefore } = (before.triggers_replace ?? {}) as Attributes;
    const shown = (value: unknown): string => (isHidden ? SENSITIVE : shownText(String(value)));
    const machines = changes
      .filter((machine) => staysOf(cluster, machine) && machine.before.instance_type !== wanted)
      .map((machine) => ({
        node: nodeOf(machine)!.node,
        address: machine.address,
        types: `${shownAttribute(machine, "instance_type", "before")} -> ${shown(wanted)}`,
      }));
    const volumes =
      gibBefore === undefined || gibBefore === gib
        ? {}
        : {
            volumes: `data volumes grow from ${shown(gibBefore)} to ${shown(gib)} GiB, one node after the other, while they are used`,
          };
    return machines.length > 0 || volumes.volumes ? [{ cluster, address, machines, ...volumes }] : [];
  });
}

/** Whether a machine is of a cluster before the plan and after it. */
function staysOf(cluster: string, machine: ResourceChange): boolean {
  const { type, action } = machine;
  return type === "aws_instance" && ["none", "update"].includes(action) && nodeOf(machine)?.cluster === cluster;
}
