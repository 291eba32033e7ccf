import { setTimeout as delay } from "node:timers/promises";
import { mayPass } from "./access-problem";
import { NodeLine } from "./node-line";
import {
  type ClusterBucket,
  type ClusterStatus,
  clusterStatus,
  describeRoll,
  desiredNodes,
  type NodeStatus,
} from "./node-status";
import { Problem } from "./problem";
import { NO_PROGRESS, type Progress } from "./progress";
import { DEFAULT_POLL_MILLIS } from "./wait";

export interface WaitRolledOptions {
  readonly from: ClusterBucket;
  readonly timeoutMillis: number;
  /** Milliseconds between two looks; default 3000. */
  readonly pollMillis?: number;
  readonly progress?: Progress;
  /** After which a node that has never reported is not waited for any more; default: as long as for the others. */
  readonly bootMillis?: number;
  /** Whether to end whenever all wait for their maintenance window, and not only where it opens after the end of the wait. */
  readonly endsAtWindow?: boolean;
}

/** For how long looks may fail for what passes by itself, once one has succeeded: the nodes go on meanwhile. */
const LONGEST_BLIND_MILLIS = 3 * 60_000;

/** A node has looked anew, and said what it found, that long after it was asked. */
const LONGEST_LOOK_SECONDS = 15;

/** Nothing is wrong: the nodes take the change over when their maintenance window opens, which is not waited for. */
export class WaitsForWindow extends Problem {
  public constructor(
    message: string,
    /** ISO 8601 in UTC. */
    public readonly opensAt: string,
  ) {
    super(message);
  }
}

/**
 * Waits until every node of a cluster runs the desired state that is in the bucket, is healthy, and no change of the
 * cluster is on. Where that can no longer come about by itself it ends at once and tells why: the rolling change to that
 * very state has stopped, or a node refuses it. A state that is written meanwhile is the one that is waited for.
 */
export async function waitUntilRolled(options: WaitRolledOptions): Promise<readonly NodeStatus[]> {
  const { from, timeoutMillis, progress = NO_PROGRESS, bootMillis = Infinity, endsAtWindow = false } = options;
  const begin = Date.now();
  const end = begin + timeoutMillis;
  const pollMillis = options.pollMillis ?? DEFAULT_POLL_MILLIS;
  const lines = new Map<string, NodeLine>();
  let seenAt = -Infinity;
  for (;;) {
    let look: Look;
    try {
      look = await lookAt(from);
    } catch (failure) {
      const isForgiven = mayPass(failure) && Date.now() < Math.min(end, seenAt + LONGEST_BLIND_MILLIS);
      if (!isForgiven) throw failure;
      progress.line(`${(failure as Error).message}: it is looked again`);
      await delay(pollMillis);
      continue;
    }
    seenAt = Date.now();
    const { names, status } = look;
    for (const each of status.nodes) {
      if (!lines.has(each.node)) lines.set(each.node, new NodeLine(progress.task(each.node)));
      lines.get(each.node)!.show(each);
    }
    const stopped = whyStopped(status) ?? whatForPeople(status, (seenAt - begin) / 1000);
    if (stopped !== undefined) throw new Problem(stopped);
    const open = whatIsOpen(status, names);
    if (open.length === 0) return status.nodes;
    const opensAt = nextWindow(status);
    if (opensAt !== undefined && (endsAtWindow || Date.parse(opensAt) > end)) {
      throw new WaitsForWindow(
        `${from.cluster} takes the change over when its maintenance window opens at ${opensAt}, and not before this wait is over: wait again then`,
        opensAt,
      );
    }
    if (Date.now() - begin >= bootMillis) requireReports(status.nodes, bootMillis);
    const left = end - Date.now();
    if (left <= 0) {
      const seconds = Math.round(timeoutMillis / 1000);
      throw new Problem([`the change of ${from.cluster} did not end within ${seconds} s.`, ...open].join("\n"));
    }
    await delay(Math.min(left, pollMillis));
  }
}

interface Look {
  readonly names: readonly string[];
  readonly status: ClusterStatus;
}

async function lookAt(from: ClusterBucket): Promise<Look> {
  const names = await desiredNodes(from);
  return { names, status: await clusterStatus(from, names) };
}

/** Where the change to the desired state of the bucket has stopped for good, and why. */
function whyStopped({ roll, desiredSha256, nodes }: ClusterStatus): string | undefined {
  const failed = roll?.phase === "failed" ? roll : roll?.stopped;
  if (roll && failed?.change?.sha256 === desiredSha256 && failed?.owner != null) {
    return describeRoll({ ...roll, ...failed, phase: "failed" });
  }
  // What a node said that is silent now may have been of a machine that is gone.
  const refusing = nodes.find(
    ({ verdict, report }) =>
      verdict !== "silent" && report?.roll?.phase === "refused" && report.roll.sha256 === desiredSha256,
  );
  if (!refusing) return undefined;
  return `${refusing.node} refuses what it shall run: ${refusing.report?.roll?.reason ?? "it does not say why"}`;
}

/**
 * Where the nodes go on only when people have stopped jobs: said by a node that has looked since the wait began. Once they
 * have begun, what it said before is of no account.
 */
function whatForPeople({ cluster, desiredSha256, nodes }: ClusterStatus, waitedSeconds: number): string | undefined {
  const told = nodes.find(
    ({ verdict, report, reportAgeSeconds = 0 }) =>
      verdict !== "silent" &&
      verdict !== "rolling" &&
      report?.roll?.waitsFor !== undefined &&
      report.roll.sha256 === desiredSha256 &&
      waitedSeconds - reportAgeSeconds >= LONGEST_LOOK_SECONDS,
  );
  return told && `the nodes of ${cluster} do not go on: ${told.report?.roll?.reason ?? "they do not say why"}`;
}

/** Whatever keeps a machine from its first report does not mend itself, and only the machine's console knows of it. */
function requireReports(nodes: readonly NodeStatus[], bootMillis: number): void {
  const silent = nodes.filter(({ reportAgeSeconds }) => reportAgeSeconds === undefined).map(({ node }) => node);
  if (silent.length === 0) return;
  const minutes = Math.round(bootMillis / 60_000);
  throw new Problem(
    `${silent.join(", ")} ${silent.length === 1 ? "has" : "have"} not reported within ${minutes} minutes: status --console tells of machines and of their boot`,
  );
}

/** What is not as it shall be, one sentence each. */
function whatIsOpen({ nodes, roll }: ClusterStatus, names: readonly string[]): readonly string[] {
  const open = nodes
    .filter(({ verdict }) => verdict !== "healthy")
    .map(({ node, verdict, reasons }) => `${node} is ${verdict}: ${reasons.join("; ")}.`);
  // The lock of a node that the cluster has no more is nobody's. One at which a change of something else has stopped keeps no
  // node from being as it shall be.
  const isOn = roll?.owner != null && roll.phase !== "failed" && names.includes(roll.owner);
  const isTold = isOn && nodes.some(({ node, verdict }) => node === roll.owner && verdict === "rolling");
  return isOn && !isTold ? [...open, `${describeRoll(roll)}.`] : open;
}

/** When the nodes go on that wait for nothing but their maintenance window. */
function nextWindow({ nodes, desiredSha256 }: ClusterStatus): string | undefined {
  const times = nodes
    .filter(({ verdict }) => verdict !== "healthy")
    .map(({ verdict, report }) => {
      // What a node said that is silent now, or of another state than this, says nothing.
      const roll = verdict === "outdated" && report?.roll?.sha256 === desiredSha256 ? report?.roll : undefined;
      return roll?.opensAt;
    });
  return times.every((time) => time !== undefined) ? [...times].sort()[0] : undefined;
}
