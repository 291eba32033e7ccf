import { judgePlan } from "../../plan-guard/judge-plan";
import { isSame } from "../../plan-guard/shown-value";
import { readPlan, type ResourceChange } from "../../plan-guard/terraform-plan";
import { Problem } from "../../software/problem";
import type { ProgramNode } from "./nodes-of-program";

/** What the replacement of one machine is, as Terraform planned it. */
export interface Replacement {
  readonly node: ProgramNode;
  /**
   * Why it needs one. `missing`: it is not there; `unfinished`: it has not got its data volume; `behind`: it was made of
   * another image than the program names; `current`: nothing asks for it.
   */
  readonly why: "missing" | "unfinished" | "behind" | "current";
  /** Of the machine that goes; absent where there is none. */
  readonly instanceId?: string;
  /** Of which image the machine is that goes. */
  readonly imageBefore?: string;
  /** And the one that comes. */
  readonly imageAfter?: string;
  /** Whether the one that goes is protected from termination. */
  readonly isProtected: boolean;
}

/** What differs by itself between a machine and what the program says of it: read once, when a machine is made. */
const READ_ONCE = new Set(["ami", "user_data", "user_data_base64"]);
/** More would hide the sentence around them. */
const MOST_ADDRESSES = 5;

/**
 * What a plan does that was asked to make these machines anew. One that touches anything else but them and what is made
 * of their attributes, or that would bring a machine what is not deployed yet, is refused: it would come unasked, and
 * before the cluster as a whole.
 *
 * @param text what `terraform show -json` printed of the plan
 * @param nodes those that were asked for; of several none is to be applied
 */
export function judgeReplacement(text: string, nodes: readonly ProgramNode[]): readonly Replacement[] {
  const plan = readPlan(text, "the plan of the replacement");
  const touched = plan.changes.filter(({ action }) => action !== "none");
  const ours = new Set(nodes.flatMap(({ address, dependents }) => [address, ...dependents]));
  const strangers = touched.filter(({ address }) => !ours.has(address));
  if (strangers.length > 0 || plan.invocations.length > 0) {
    throw notDeployed(`would also change ${shown([...strangers, ...plan.invocations])}`);
  }
  const machines = nodes.map(({ address }) => address);
  const ends = touched.filter(({ address, action }) => isEnd(action) && !machines.includes(address));
  if (ends.length > 0) throw notDeployed(`would end ${shown(ends)}`);
  if (nodes.length === 1) {
    const { dangers, isDangerous } = judgePlan(plan, []);
    if (isDangerous) {
      throw new Problem(
        `the plan is dangerous, and nothing was done: ${dangers.map(({ address, why }) => `${address} ${why}`).join("; ")}`,
      );
    }
  }
  return nodes.map((node) => replacementOf(node, touched));
}

function replacementOf(node: ProgramNode, touched: readonly ResourceChange[]): Replacement {
  const machine = touched.find(({ address }) => address === node.address);
  if (machine?.action === "create") {
    return { node, why: "missing", imageAfter: textOf(machine.after.ami), isProtected: false };
  }
  if (machine?.action !== "replace") {
    throw new Problem(`Terraform would not replace ${node.address} although it was asked to: run \`npx cdktf synth\``);
  }
  const undeployed = Object.keys(machine.after).filter(
    (name) => !READ_ONCE.has(name) && !isWithin(machine.after[name], machine.before[name]),
  );
  if (undeployed.length > 0) throw notDeployed(`would change ${undeployed.join(", ")} of ${node.name} with it`);
  const { id, ami, disable_api_termination: isProtected } = machine.before;
  const imageAfter = isUnknown(machine, "ami") ? undefined : textOf(machine.after.ami);
  const isUnfinished = touched.some(
    ({ address, type, action }) =>
      type === "aws_volume_attachment" && action === "create" && node.dependents.includes(address),
  );
  const isBehind = imageAfter === undefined || imageAfter !== ami;
  return {
    node,
    why: isUnfinished ? "unfinished" : isBehind ? "behind" : "current",
    ...{ instanceId: textOf(id), imageBefore: textOf(ami), imageAfter, isProtected: isProtected === true },
  };
}

/** What is known of what will be, against what is: AWS fills in what the program does not say. */
function isWithin(after: unknown, before: unknown): boolean {
  if (after === null || after === undefined || after === "") return true;
  if (Array.isArray(after)) {
    if (!Array.isArray(before)) return false;
    // Of blocks there is one at most; lists of texts may have another order.
    const isBlocks = after.every((each) => typeof each === "object" && each !== null);
    if (!isBlocks) return isSame([...(after as unknown[])].sort(), [...(before as unknown[])].sort());
    return after.length <= before.length && after.every((each, index) => isWithin(each, before[index]));
  }
  if (typeof after === "object") {
    const known = (before ?? {}) as Readonly<Record<string, unknown>>;
    return Object.entries(after).every(([name, value]) => isWithin(value, known[name]));
  }
  return isSame(after, before);
}

function isUnknown({ unknown }: ResourceChange, attribute: string): boolean {
  return (unknown as Readonly<Record<string, unknown>> | undefined)?.[attribute] === true;
}

function isEnd(action: ResourceChange["action"]): boolean {
  return action === "delete" || action === "forget";
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function shown(changes: readonly { readonly address: string }[]): string {
  const addresses = changes.map(({ address }) => address);
  const more = addresses.length - MOST_ADDRESSES;
  return `${addresses.slice(0, MOST_ADDRESSES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function notDeployed(what: string): Problem {
  return new Problem(
    `the program has changes that are not deployed, as a replacement ${what}, and nothing was done: deploy them first, then run the command again`,
  );
}
