import { setTimeout as delay } from "node:timers/promises";
import { awsProblem } from "../../software/access-problem";
import type { ClusterBucket } from "../../software/node-status";
import { Problem } from "../../software/problem";
import { NO_PROGRESS, type Progress } from "../../software/progress";
import { isWell, lookAt } from "./cluster-sight";
import type { MachineService } from "./machine-service";
import type { NodeMachine } from "./turns";

export interface GrowthOptions {
  readonly from: ClusterBucket;
  readonly service: MachineService;
  /** All nodes that the program has. */
  readonly nodes: readonly NodeMachine[];
  /** What each data volume has to have at least. */
  readonly gib: number;
  /** How long a node may take to use what its volume has. */
  readonly timeoutMillis: number;
  /** Nothing new is begun after it. */
  readonly signal?: AbortSignal;
  readonly pollMillis?: number;
  readonly progress?: Progress;
}

const GIB = 1 << 30;
const DEFAULT_POLL_MILLIS = 3000;
/** As AWS calls a volume that was changed too lately. */
const TOO_SOON = "VolumeModificationRateExceeded";

/**
 * Gives data volumes more room while they are used, one after the other: the next one when the node of the first uses the
 * room. A node that is silent or ill is not waited for: it uses it when its machine starts.
 *
 * @returns names of the nodes whose volume grew
 */
export async function growVolumes(options: GrowthOptions): Promise<readonly string[]> {
  const { service, nodes, gib, signal, progress = NO_PROGRESS } = options;
  const sizes = await sizesOf(service, nodes);
  const small = nodes.filter(({ volumeId }) => (sizes.get(volumeId) ?? Infinity) < gib);
  for (const { node, volumeId } of small) {
    if (signal?.aborted)
      throw new Problem(`interrupted before ${node}, whose volume was not touched: deploy again to go on`);
    const task = progress.task(node);
    task.note(`its data volume grows from ${sizes.get(volumeId)} to ${gib} GiB`);
    await grow(service, volumeId, gib, node);
    await untilItIsUsed(options, node, volumeId);
    task.done(`its data volume has ${gib} GiB`);
  }
  return small.map(({ node }) => node);
}

async function sizesOf(service: MachineService, nodes: readonly NodeMachine[]): Promise<ReadonlyMap<string, number>> {
  try {
    return await service.volumeSizes(nodes.map(({ volumeId }) => volumeId));
  } catch (failure) {
    throw awsProblem("looking at the data volumes", failure);
  }
}

async function grow(service: MachineService, volumeId: string, gib: number, node: string): Promise<void> {
  try {
    await service.growVolume(volumeId, gib);
  } catch (failure) {
    if ((failure as Error).name !== TOO_SOON)
      throw awsProblem(`growing the data volume ${volumeId} of ${node}`, failure);
    throw new Problem(
      `the data volume ${volumeId} of ${node} was changed a short while ago, and AWS wants six hours between two changes of a volume: deploy again then`,
      { cause: failure },
    );
  }
}

async function untilItIsUsed(options: GrowthOptions, node: string, volumeId: string): Promise<void> {
  const end = Date.now() + options.timeoutMillis;
  for (;;) {
    const [status] = (await lookAt(options.from, [node])).nodes;
    const used = status?.report?.dataVolume;
    // An agent that does not tell of it uses the room when its machine starts, as one that is ill or silent may.
    if (!status || !isWell(status) || !used) return;
    if (used.sizeBytes >= options.gib * GIB && used.problem === undefined) return;
    if (Date.now() >= end) {
      throw new Problem(
        `the data volume ${volumeId} of ${node} has ${options.gib} GiB, and ${node} uses ${(used.fileSystemBytes / GIB).toFixed(1)} GiB of it: ${used.problem ?? "it has not seen more yet"}`,
      );
    }
    await delay(options.pollMillis ?? DEFAULT_POLL_MILLIS);
  }
}
