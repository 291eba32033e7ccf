import type { DesiredState } from "../../desired-state";
import { FLINK_CONF } from "../../paths";
import type { FlinkView } from "./flink-view";

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
 * nothing where they may.
 */
export function lackOfSlots(
  { taskManagers, usedSlots }: FlinkView,
  nodeCount: number,
  slots = Infinity,
): string | undefined {
  // One more than there are nodes is gone, or goes: what it had may be counted twice.
  if (usedSlots === undefined || taskManagers !== nodeCount || usedSlots <= slots * nodeCount) return undefined;
  return (
    `the jobs have ${usedSlots} slots, and the ${nodeCount === 1 ? "node would" : `${nodeCount} nodes would`} have ${slots * nodeCount} (numberOfTaskSlots ${slots}): ` +
    "stop a job or lower its parallelism, and the nodes go on, or deploy a larger numberOfTaskSlots"
  );
}
