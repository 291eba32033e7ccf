import type { DesiredState } from "../../desired-state";
import { FLINK_CONF } from "../../paths";
import type { FlinkView } from "./flink-view";

/** Why there is no room. */
export interface Lack {
  /** One sentence without a full stop. */
  readonly reason: string;
  /** What people have to end first; absent where it ends by itself. */
  readonly waitsFor?: "slots";
}

/**
 * Slots of each TaskManager by a desired state; nothing where it does not say how many, or where jobs take as many as
 * there are.
 */
export function slotsOfEach({ nodes: [node] }: DesiredState): number | undefined {
  const text = node.files.find(({ path }) => path === `${FLINK_CONF}/config.yaml`)?.content ?? "";
  // Ours, one line for each key, as Flink's own scripts read it.
  if (/^jobmanager\.scheduler: *"?adaptive"? *$/im.test(text)) return undefined;
  const [, slots] = /^taskmanager\.numberOfTaskSlots: *"?(\d+)"? *$/m.exec(text) ?? [];
  return slots === undefined ? undefined : Number(slots);
}

/**
 * Why the jobs that run would not all run on so many nodes with so many slots each, one sentence without a full stop;
 * nothing where they would, or where nobody can say. What is counted twice is no reason to go on: it passes.
 */
export function lackOfSlots(
  { taskManagers, usedSlots }: FlinkView,
  nodeCount: number,
  slots = Infinity,
): Lack | undefined {
  if (usedSlots === undefined || usedSlots <= slots * nodeCount) return undefined;
  if (taskManagers > nodeCount) {
    return {
      reason: `${taskManagers} TaskManagers are registered, and there are ${nodeCount} nodes: which slots the jobs have is known when Flink has missed what is gone`,
    };
  }
  return {
    waitsFor: "slots",
    reason:
      `the jobs have ${usedSlots} slots, and the ${nodeCount === 1 ? "node would" : `${nodeCount} nodes would`} have ${slots * nodeCount} (numberOfTaskSlots ${slots}): ` +
      "stop a job or lower its parallelism, and the nodes go on, or deploy a larger numberOfTaskSlots",
  };
}
