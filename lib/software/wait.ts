import { setTimeout as delay } from "node:timers/promises";
import { Problem } from "./problem";
import { desiredNodes, nodeStatuses, type ClusterBucket, type JudgeOptions, type NodeStatus } from "./node-status";
import { NO_PROGRESS, type Progress, type TaskProgress } from "./progress";

export interface WaitOptions extends JudgeOptions {
  readonly from: ClusterBucket;
  /** Default: all that the cluster's desired state names. */
  readonly nodes?: readonly string[];
  readonly timeoutMillis: number;
  /** Milliseconds between two looks; default 3000. */
  readonly pollMillis?: number;
  readonly progress?: Progress;
}

const DEFAULT_POLL_MILLIS = 3000;

/**
 * Waits until every named node is healthy, has reported lately and runs the desired state of the bucket.
 * At the end of the time it tells of each node that is not, in one sentence. A cluster without a desired state is refused
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
    const statuses = await nodeStatuses(from, nodes, options);
    for (const status of statuses) tasks.get(status.node)?.show(status);
    const failing = statuses.filter((status) => status.verdict !== "healthy");
    if (failing.length === 0) return statuses;
    const left = end - Date.now();
    if (left <= 0) {
      const sentences = failing.map((status) => `${status.node} is ${status.verdict}: ${status.reasons.join("; ")}.`);
      throw new Problem(
        [
          `not all nodes of ${from.cluster} became healthy within ${Math.round(timeoutMillis / 1000)} s.`,
          ...sentences,
        ].join("\n"),
      );
    }
    await delay(Math.min(left, options.pollMillis ?? DEFAULT_POLL_MILLIS));
  }
}

/** Speaks when something changed only. */
class NodeLine {
  private last = "";

  public constructor(private readonly task: TaskProgress) {}

  public show(status: NodeStatus): void {
    const text = [status.verdict, ...status.reasons.slice(0, 1)].join(": ");
    // The age in a sentence changes with each look; it is no news.
    const news = text.replace(/\d+ seconds/, "");
    if (news === this.last) return;
    this.last = news;
    if (status.verdict === "healthy") this.task.done(text);
    else this.task.note(text);
  }
}
