import { losesState, whyNotToLine } from "../node/agent/roll/line-refusal";
import type { DesiredState } from "../node/desired-state";
import { flinkVersionOf, lineOf } from "../node/flink-line";
import { inputsOfUnits } from "../node/agent/unit-inputs";
import { JOB_MANAGER_UNIT, TASK_MANAGER_UNIT } from "../node/flink-services";

/** What starts anew on the nodes when they take over another desired state. */
export interface RollForecast {
  /** By unit, such as `flink-taskmanager.service`: the nodes on which it starts anew. */
  readonly startedAnew: Readonly<Record<string, readonly string[]>>;
  /** How often a job restarts at most: once for each node whose tasks it has, and once with the leader. */
  readonly jobRestarts: number;
  /** One sentence: what that means for what runs. */
  readonly meaning: string;
  /** Whether all nodes take it over at once, and not one after the other. */
  readonly isTogether?: boolean;
}

/** What the nodes will start anew, found as each of them finds it: by what its units read when they start. */
export function rollForecast(before: DesiredState, after: DesiredState): RollForecast {
  const startedAnew: Record<string, string[]> = {};
  for (const node of after.nodes) {
    const old = before.nodes.find(({ name }) => name === node.name);
    // A machine that is new starts all, and nothing anew.
    if (!old) continue;
    const [was, is] = [inputsOfUnits(before, old), inputsOfUnits(after, node)];
    for (const unit of new Set([...was.keys(), ...is.keys()])) {
      if (was.get(unit) !== is.get(unit)) (startedAnew[unit] ??= []).push(node.name);
    }
  }
  return { startedAnew, ...(otherLine(before, after) ?? consequences(startedAnew, after.nodes.length)) };
}

/** What it means that the line of Flink changes; nothing where it stays. */
function otherLine(
  before: DesiredState,
  after: DesiredState,
): Pick<RollForecast, "jobRestarts" | "meaning" | "isTogether"> | undefined {
  const [from, to] = [before, after].map((state) => lineOf(flinkVersionOf(state) ?? ""));
  if (from === to) return undefined;
  const refusal = whyNotToLine(before, after);
  const anew = losesState(before, after)
    ? ` Flink ${to} reads no savepoint of ${from}: all jobs begin anew, without their state, so that what they have read, counted and not yet written is gone (jobs resume --without-state); the savepoints that jobs stop writes are kept for the way back.`
    : "";
  const meaning =
    refusal === undefined
      ? `Flink ${to} takes the place of ${from} on all nodes at once, and for some minutes no Flink runs. The nodes begin only when no job is left, else the apply fails and nothing is touched: stop all jobs first, with npx cdktf-flink jobs stop --cluster ${after.cluster} --out jobs.json, and begin them again afterwards, with npx cdktf-flink jobs resume jobs.json.${anew}`
      : `The nodes refuse it, and the apply fails: ${refusal}.`;
  return { jobRestarts: 0, meaning, isTogether: true };
}

/** What is judged of a state that only the apply tells: that everything starts anew. */
export function worstForecast(nodes: number): Pick<RollForecast, "jobRestarts" | "meaning"> {
  const all = Array.from({ length: nodes }, (_, index) => String(index + 1));
  return consequences({ [JOB_MANAGER_UNIT]: all, [TASK_MANAGER_UNIT]: all }, nodes);
}

/** What it means that machines are stopped, changed and started, one after the other. */
export function resizeForecast(machines: number, nodes: number): Pick<RollForecast, "jobRestarts" | "meaning"> {
  if (machines === 0) return { jobRestarts: 0, meaning: "No machine is stopped by it, and no job restarts." };
  if (nodes === 1) {
    return { jobRestarts: 1, meaning: "The cluster has one node: while its machine is changed nothing runs." };
  }
  const jobRestarts = machines + 1;
  return {
    jobRestarts,
    meaning: `A job restarts from its last checkpoint when a machine that has tasks of it is changed, and once more when the leader's is: at most ${jobRestarts} times.`,
  };
}

function consequences(
  { [JOB_MANAGER_UNIT]: jobManagers = [], [TASK_MANAGER_UNIT]: taskManagers = [] }: RollForecast["startedAnew"],
  nodes: number,
): Pick<RollForecast, "jobRestarts" | "meaning"> {
  if (jobManagers.length === 0 && taskManagers.length === 0) {
    return { jobRestarts: 0, meaning: "No process of Flink starts anew, and no job restarts." };
  }
  // One machine does both at once.
  const jobRestarts = nodes === 1 ? 1 : taskManagers.length + (jobManagers.length > 0 ? 1 : 0);
  if (nodes === 1) {
    const meaning =
      "The cluster has one node: while that is changed nothing runs, and each job restarts once from its last checkpoint.";
    return { jobRestarts, meaning };
  }
  const withTasks = taskManagers.length > 0 ? "a node that has tasks of it is changed" : "the leader is changed";
  const withLeader = taskManagers.length > 0 && jobManagers.length > 0 ? ", and once more when the leader is" : "";
  const times = jobRestarts === 1 ? "once" : `${jobRestarts} times`;
  return {
    jobRestarts,
    meaning: `One node after the other is changed, the leader last. A job restarts from its last checkpoint when ${withTasks}${withLeader}: at most ${times}.`,
  };
}
