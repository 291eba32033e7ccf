import type { ClusterBucket } from "./node-status";
import { NO_PROGRESS, type Progress } from "./progress";
import { WaitsForWindow, waitUntilRolled } from "./wait-rolled";

export interface RolloutOptions {
  readonly from: ClusterBucket;
  readonly timeoutMillis: number;
  /** Milliseconds between two looks; default 3000. */
  readonly pollMillis?: number;
  readonly progress?: Progress;
}

/** Until a machine that is new must have reported once: its first boot takes some minutes. */
export const LONGEST_BOOT_MILLIS = 15 * 60_000;

/**
 * What an apply waits for that has told the nodes what they shall run. Gives the sentence with which it ends well: also
 * where the nodes wait for nothing but their maintenance window, which may be days away.
 */
export async function awaitRollout(options: RolloutOptions): Promise<string> {
  const { from, timeoutMillis, progress = NO_PROGRESS } = options;
  progress.line(`${from.cluster}: waits until all nodes run what they shall, ${minutes(timeoutMillis)} at most`);
  try {
    const statuses = await waitUntilRolled({ ...options, bootMillis: LONGEST_BOOT_MILLIS, endsAtWindow: true });
    return `${from.cluster}: all nodes are healthy and run what they shall: ${statuses.map(({ node }) => node).join(", ")}.`;
  } catch (failure) {
    if (!(failure instanceof WaitsForWindow)) throw failure;
    return `${from.cluster}: its nodes take the change over when their maintenance window opens at ${failure.opensAt}, for which this apply does not wait.`;
  }
}

function minutes(millis: number): string {
  const count = Math.round(millis / 60_000);
  return `${count} ${count === 1 ? "minute" : "minutes"}`;
}
