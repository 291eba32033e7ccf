import { setTimeout as delay } from "node:timers/promises";
import { FRESH_REPORT_SECONDS } from "../node/report";
import { clusterStatus, type ClusterBucket, type FlinkStatus, nodeReports } from "../software/node-status";
import { Problem } from "../software/problem";
import { NO_PROGRESS, type Progress } from "../software/progress";
import { waitForNodes } from "../software/wait";
import { unreadyJob } from "./jobs";

export interface NodeRemoval {
  /** Where the nodes report. */
  readonly from: ClusterBucket;
  /** Names of the nodes that there are. */
  readonly was: readonly string[];
  /** Names of those that the program keeps. */
  readonly keep: readonly string[];
  /** Slots that each TaskManager is to have; default: as many as it has. More than that count only when the nodes have them. */
  readonly slots?: number;
  /** Lifts the termination protection of the machines of these nodes, which are about to go. */
  readonly unprotect: (nodes: readonly string[]) => Promise<void>;
  /** How long the nodes that stay may take to be well, and the jobs to run. */
  readonly timeoutMillis: number;
  /** Between two looks; default 3000. */
  readonly pollMillis?: number;
  readonly progress?: Progress;
}

const DEFAULT_POLL_MILLIS = 3000;

/**
 * What an apply asks before it takes machines from a cluster: whether the nodes that stay are well, and whether the jobs
 * fit into their slots. Refuses with the numbers; then nothing is touched. A cluster that never reported has nothing to
 * lose.
 */
export async function letNodesGo(removal: NodeRemoval): Promise<void> {
  const { from, was, keep, timeoutMillis, pollMillis, progress } = removal;
  const leaving = was.filter((node) => !keep.includes(node));
  if (leaving.length === 0 || (await nodeReports(from, was)).length === 0) return;
  const staying = was.filter((node) => keep.includes(node));
  await waitForNodes({ from, nodes: staying, timeoutMillis, pollMillis, allowPending: true, progress });
  requireRoom(await settledFlink(removal), staying, leaving, removal.slots);
  await removal.unprotect(leaving);
}

function requireRoom(
  flink: FlinkStatus,
  staying: readonly string[],
  leaving: readonly string[],
  slots = Infinity,
): void {
  const { slotsTotal, slotsFree, taskManagers } = flink;
  // Each TaskManager has as many as any other.
  const now = Math.floor(slotsTotal / Math.max(taskManagers, 1));
  const each = Math.min(now, slots);
  const [used, room] = [slotsTotal - slotsFree, each * staying.length];
  if (used <= room) return;
  const least = Math.ceil(used / each);
  const have =
    each < now ? `are to have ${room} (numberOfTaskSlots ${each} in place of ${now})` : `have ${room} (${each} each)`;
  const bySlots = used <= now * staying.length ? `keep numberOfTaskSlots at ${now}` : "raise numberOfTaskSlots first";
  throw new Problem(
    `${leaving.join(", ")} cannot go, and nothing was touched: the jobs have ${used} slots, and the ${staying.length} nodes that stay ${have}. ` +
      `Stop a job or lower its parallelism, ${bySlots}, or keep nodeCount at ${least} or more`,
  );
}

/** What the leader was told, when it is new and each job that goes on has its slots: one that starts anew takes more. */
async function settledFlink(removal: NodeRemoval): Promise<FlinkStatus> {
  const { from, was, timeoutMillis, pollMillis = DEFAULT_POLL_MILLIS, progress = NO_PROGRESS } = removal;
  const end = Date.now() + timeoutMillis;
  let told: string | undefined;
  for (;;) {
    const { flink } = await clusterStatus(from, was, { allowPending: true });
    const isNew = flink !== undefined && flink.ageSeconds <= FRESH_REPORT_SECONDS;
    const reason = isNew ? unreadyJob(flink) : "no node tells how many slots are free";
    if (reason === undefined) return flink!;
    if (reason !== told) progress.line(`Waits: ${reason}`);
    told = reason;
    if (Date.now() >= end) {
      throw new Problem(
        `nobody knows whether the jobs fit into fewer nodes, and nothing was touched: ${reason}. Mend or cancel that job, or mend the leader, and deploy again`,
      );
    }
    await delay(pollMillis);
  }
}
