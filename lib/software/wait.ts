import { setTimeout as delay } from "node:timers/promises";
import type { RollLockRecord } from "../node/roll";
import { Problem } from "./problem";
import {
  clusterStatus,
  describeRoll,
  desiredNodes,
  type ClusterBucket,
  type JudgeOptions,
  type NodeStatus,
} from "./node-status";
import { NodeLine } from "./node-line";
import { NO_PROGRESS, type Progress } from "./progress";

export interface WaitOptions extends JudgeOptions {
  readonly from: ClusterBucket;
  /** Default: all that the cluster's desired state names. */
  readonly nodes?: readonly string[];
  readonly timeoutMillis: number;
  /** Milliseconds between two looks; default 3000. */
  readonly pollMillis?: number;
  readonly progress?: Progress;
}

/** Between two looks. */
export const DEFAULT_POLL_MILLIS = 3000;

/**
 * Waits until every named node is healthy, has reported lately and runs the desired state of the bucket, and until no
 * node of the cluster, named or not, takes a change over: whoever waits may be about to stop a machine.
 * At the end of the time it tells of each node that is not, and of the change, in one sentence. A cluster without a desired state is refused
 * at once: whoever waits has applied one.
 */
export async function waitForNodes(options: WaitOptions): Promise<readonly NodeStatus[]> {
  const { from, timeoutMillis, progress = NO_PROGRESS } = options;
  // Asked for also where the nodes are given: without a desired state nobody would ever be healthy.
  const desired = await desiredNodes(from);
  const nodes = options.nodes ?? desired;
  const end = Date.now() + timeoutMillis;
  const tasks = new Map(nodes.map((node) => [node, new NodeLine(progress.task(node))]));
  for (;;) {
    const { nodes: statuses, roll } = await clusterStatus(from, nodes, options);
    for (const status of statuses) tasks.get(status.node)?.show(status);
    const failing = statuses.filter((status) => status.verdict !== "healthy");
    const rolling = rollOfOthers(roll, desired, nodes);
    if (failing.length === 0 && rolling === undefined) return statuses;
    const left = end - Date.now();
    if (left <= 0) {
      const seconds = Math.round(timeoutMillis / 1000);
      const sentences = failing.map((status) => `${status.node} is ${status.verdict}: ${status.reasons.join("; ")}.`);
      throw new Problem(
        [
          ...(failing.length > 0 ? [`not all nodes of ${from.cluster} became healthy within ${seconds} s.`] : []),
          ...sentences,
          ...(rolling === undefined
            ? []
            : [`the rolling change of ${from.cluster} did not end within ${seconds} s: ${rolling}.`]),
        ].join("\n"),
      );
    }
    await delay(Math.min(left, options.pollMillis ?? DEFAULT_POLL_MILLIS));
  }
}

/**
 * What a node that is not waited for does just now; nothing where a roll has stopped. The lock of a node that the
 * cluster has no more is nobody's: where no node wants a change, it is never taken over.
 */
function rollOfOthers(
  roll: RollLockRecord | undefined,
  desired: readonly string[],
  nodes: readonly string[],
): string | undefined {
  const { owner = null, phase } = roll ?? {};
  if (!roll || owner === null || phase === undefined || phase === "failed") return undefined;
  return desired.includes(owner) && !nodes.includes(owner) ? describeRoll(roll) : undefined;
}
