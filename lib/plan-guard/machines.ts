import { nodeOf, UNKNOWN_CLUSTER } from "./clusters";
import { changedAttributes, shownAttribute } from "./shown-value";
import type { ResourceChange } from "./terraform-plan";

/** What becomes of a machine: `changed` in place, without a stop. */
export type MachineFate = "created" | "removed" | "replaced" | "stopped" | "changed" | "forgotten";

/** A machine of a cluster that a plan touches. */
export interface MachineChange {
  readonly cluster: string;
  /** Such as `orders-node-1`. */
  readonly node: string;
  /** Of what the plan changes. */
  readonly address: string;
  /** Address of the machine: two may have the name of one node. Of one that is not in the plan, that of what it is stopped for. */
  readonly machine: string;
  readonly fate: MachineFate;
  /** One sentence without a full stop. */
  readonly why: string;
}

/**
 * What the provider changes of a machine that runs. For anything else it is stopped and started, or that is not known
 * here, which counts as the same.
 */
const CHANGED_RUNNING = new Set([
  "credit_specification",
  "disable_api_stop",
  "disable_api_termination",
  "force_destroy",
  "get_password_data",
  "iam_instance_profile",
  "instance_initiated_shutdown_behavior",
  "maintenance_options",
  "metadata_options",
  "monitoring",
  "private_dns_name_options",
  "root_block_device",
  "security_groups",
  "source_dest_check",
  "tags",
  "tags_all",
  "timeouts",
  "user_data_replace_on_change",
  "volume_tags",
  "vpc_security_group_ids",
]);

/** What nobody can say, and changes with something else. */
const TOLD_BY_AWS = new Set([
  "arn",
  "id",
  "instance_lifecycle",
  "instance_state",
  "outpost_arn",
  "password_data",
  "primary_network_interface_id",
  "private_dns",
  "public_dns",
  "public_ip",
  "spot_instance_request_id",
]);

/** Whether a node is away for a while by this, or for ever. */
export function isDown({ fate }: MachineChange): boolean {
  return fate === "removed" || fate === "replaced" || fate === "stopped";
}

/** Nodes of clusters that a plan touches, in the order of their names; each once. */
export function machineChanges(changes: readonly ResourceChange[]): readonly MachineChange[] {
  const touched = changes.filter(({ action }) => action !== "none");
  const machines = touched.filter(({ type }) => type === "aws_instance").flatMap(machineChange);
  const down = new Set(machines.filter(isDown).map(({ machine }) => machine));
  const byDisk = touched
    .filter(({ type, action }) => type === "aws_volume_attachment" && (action === "delete" || action === "replace"))
    .flatMap((change) => stoppedForDisk(change, changes))
    .filter(({ machine }) => !down.has(machine));
  return [...machines, ...byDisk].sort((one, other) => one.node.localeCompare(other.node, "en", { numeric: true }));
}

function machineChange(change: ResourceChange): MachineChange[] {
  const node = nodeOf(change);
  const { address } = change;
  return node ? [{ ...node, address, machine: address, ...fateOf(change) }] : [];
}

function fateOf(change: ResourceChange): Pick<MachineChange, "fate" | "why"> {
  switch (change.action) {
    case "create":
      return { fate: "created", why: "it is not there yet" };
    case "delete":
      return { fate: "removed", why: "the program has it no more, or all is destroyed" };
    case "replace":
      return { fate: "replaced", why: `a new machine takes its place${because(change, change.replacedFor)}` };
    case "forget":
      return { fate: "forgotten", why: "it goes on, and Terraform knows it no more" };
    default: {
      const changed = changedAttributes(change);
      const stopping = changed.filter((name) => !CHANGED_RUNNING.has(name) && !TOLD_BY_AWS.has(name));
      if (stopping.length === 0) return { fate: "changed", why: `in place, while it runs: ${changed.join(", ")}` };
      return { fate: "stopped", why: `it is stopped and started${because(change, stopping)}` };
    }
  }
}

function because(change: ResourceChange, names: readonly string[]): string {
  const told = names.map(
    (name) => `${name} ${shownAttribute(change, name, "before")} -> ${shownAttribute(change, name, "after")}`,
  );
  return told.length === 0 ? "" : `: ${told.join(", ")}`;
}

/** The provider stops a machine before it takes a mounted volume from it. */
function stoppedForDisk(change: ResourceChange, changes: readonly ResourceChange[]): MachineChange[] {
  const { address, before } = change;
  const found = changes.find(({ type, before: known }) => type === "aws_instance" && known.id === before.instance_id);
  const node = found ? nodeOf(found) : { cluster: UNKNOWN_CLUSTER, node: address };
  const why = "it is stopped, as its data volume is taken from it";
  return node ? [{ ...node, address, machine: found?.address ?? address, fate: "stopped", why }] : [];
}
