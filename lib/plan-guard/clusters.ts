import { DESIRED_STATE_PREFIX } from "../core/bucket-layout";
import { isSensitive } from "./shown-value";
import type { Attributes, ResourceChange } from "./terraform-plan";

const DESIRED_STATE = new RegExp(`^${DESIRED_STATE_PREFIX}(.+)\\.json$`);
/** As a cluster names its machines. */
const NODE = /^(.+)-node-\d+$/;
/** As the program has it, by its construct. */
const ADDRESS_OF_NODE = /_Node\d+_[0-9A-F]{8}$/;

/** A cluster whose name cannot be told from the plan: what happens to it counts with all such. */
export const UNKNOWN_CLUSTER = "(a cluster whose name is not in the plan)";

/** The cluster that a resource is, or was, the desired state of; nothing where it is none. */
export function clusterOfState({ type, before, after }: ResourceChange): string | undefined {
  if (type !== "aws_s3_object") return undefined;
  const { key = after.key } = before;
  return typeof key === "string" ? DESIRED_STATE.exec(key)?.[1] : undefined;
}

/** The name of a machine, a volume or a group, as its tags have it, or had it; nothing where the plan hides it. */
export function nameTag(change: ResourceChange, first: "before" | "after" = "before"): string | undefined {
  const { before, after } = change;
  const [best, other] = first === "before" ? [before, after] : [after, before];
  const { Name: name } = { ...(other.tags as Attributes | null), ...(best.tags as Attributes | null) };
  return typeof name === "string" && !isSensitive(change, "tags", "Name") ? name : undefined;
}

/** A node of a cluster. */
export interface ClusterNode {
  readonly cluster: string;
  /** Its name, such as `orders-node-1`; where that is not known its address. */
  readonly node: string;
}

/** The node that a machine is, or was; nothing where it is a machine of somebody's own. */
export function nodeOf(change: ResourceChange): ClusterNode | undefined {
  const names = (["before", "after"] as const).map((when) => nameTag(change, when));
  const node = names.find((name) => name !== undefined && NODE.test(name));
  if (node !== undefined) return { cluster: NODE.exec(node)![1], node };
  // Somebody may have given it another name behind the program's back.
  const isOurs = names.every((name) => name === undefined) || ADDRESS_OF_NODE.test(change.address);
  return isOurs ? { cluster: UNKNOWN_CLUSTER, node: change.address } : undefined;
}
