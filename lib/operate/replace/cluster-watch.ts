import { setTimeout as delay } from "node:timers/promises";
import type { JobReport, NodeReport } from "../../node/report";
import type { RollLockRecord, RollPhase } from "../../node/roll";
import {
  clusterStatus,
  describeRoll,
  type FlinkStatus,
  lastOfFlink,
  nodeReports,
  nodeStatuses,
  type ClusterBucket,
  type NodeStatus,
} from "../../software/node-status";
import { Problem } from "../../software/problem";
import { NO_PROGRESS, type Progress, type TaskProgress } from "../../software/progress";
import { waitForNodes } from "../../software/wait";
import { isFresh, isWell } from "../machines/cluster-sight";
import { jobThatIsAway, runningJobs, unreadyJob } from "../jobs";

/** The right to take a machine away: no node begins a change of its own meanwhile. */
export interface Held {
  release(): Promise<void>;
}

export interface ClusterWatchProps {
  /** Where the nodes report. */
  readonly from: ClusterBucket;
  /** Names of all nodes. */
  readonly nodes: readonly string[];
  /** Names of those that are away anyway: they are not waited for until they are replaced. */
  readonly down?: readonly string[];
  /** Takes the lock of the rolling change in a node's name, for what the words say; nothing where another one holds it. */
  readonly takeLock: (node: string, what: string) => Promise<Held | undefined>;
  /** How long each wait may take. */
  readonly timeoutMillis: number;
  /** Between two looks; default 3000. */
  readonly pollMillis?: number;
}

/** How a node and the cluster were before its machine was replaced. */
export interface Before {
  /** Absent where it never reported. */
  readonly bootId?: string;
  /** Those that ran. */
  readonly jobs: readonly JobReport[];
}

const DEFAULT_POLL_MILLIS = 3000;
const SILENT = "the new machine has not reported yet: `aws ec2 get-console-output` shows how far its boot came";
/** What is said of a node that serves. */
const SERVES: ReadonlySet<NodeStatus["verdict"]> = new Set(["healthy", "outdated", "rolling"]);

/** While all nodes change Flink's line together, those in which they wait for one that is silent. */
const WAITING_PHASES: ReadonlySet<RollPhase | undefined> = new Set(["stopping", "applying", "going-back"]);

/** What whoever replaces a machine waits for, by what the nodes report. */
export class ClusterWatch {
  private readonly replaced = new Set<string>();

  public constructor(private readonly props: ClusterWatchProps) {}

  /** The next of them: those that are ill come first, as they may be mended by it, and the leader last: so it moves once. */
  public async nextOf(left: readonly string[]): Promise<string> {
    const { nodes } = await clusterStatus(this.props.from, left);
    const rank = ({ verdict, report }: NodeStatus): number => (!SERVES.has(verdict) ? 0 : report?.leads ? 2 : 1);
    const ranks = nodes.map(rank);
    return left[ranks.indexOf(Math.min(...ranks))];
  }

  /**
   * How it was, of a node that is silent while all change Flink's line together: they wait for it, so that nobody can be
   * waited for before it is replaced. Nothing of any other.
   *
   * @param task is told of it
   */
  public async heldUpBy(node: string, task: TaskProgress): Promise<Before | undefined> {
    const { roll, nodes } = await clusterStatus(this.props.from, [node]);
    const [own] = nodes;
    if (!isLineChange(roll) || isFresh(own)) return undefined;
    task.note(`goes on without the lock, as it is silent: ${describeRoll(roll)}`);
    return { bootId: own.report?.bootId, jobs: [] };
  }

  /** Until its machine may be taken from a node: all others are well, and the jobs run that may have tasks on it. */
  public async mayGo(node: string, task: TaskProgress): Promise<Before> {
    await this.until(() => this.lineChange(), task, `replace ${node}`);
    const others = this.othersOf(node);
    if (others.length > 0) await this.wait(others, task);
    const [own] = (await clusterStatus(this.props.from, [node])).nodes;
    // Where it does not serve, what the jobs lack may be just this machine.
    if (SERVES.has(own.verdict)) {
      const unready = async (): Promise<string | undefined> => {
        const reason = unreadyJob(await this.flink(), this.mayLackSlots(node));
        return reason && `${reason} (mend or cancel that job, or come again when it has ended)`;
      };
      await this.until(unready, task, "take a machine from the jobs now");
    }
    return { bootId: own.report?.bootId, jobs: runningJobs(await this.flink()) };
  }

  /** The lock, with all others still well when it was taken. */
  public async hold(node: string, what: string, task: TaskProgress): Promise<Held> {
    let held: Held | undefined;
    await this.until(
      async () => {
        const taken = await this.props.takeLock(node, what);
        if (!taken) return "another machine or node is being changed";
        const ill = await this.illOther(node);
        if (ill === undefined) held = taken;
        else await taken.release();
        return ill;
      },
      task,
      `replace ${node}`,
    );
    return held!;
  }

  /** Until the new machine has reported, however it is. */
  public async hasReported(node: string, before: Before, task: TaskProgress): Promise<void> {
    const obstacle = async (): Promise<string | undefined> =>
      (await this.newReport(node, before)) ? undefined : SILENT;
    await this.until(obstacle, task, `hear of ${node}`);
  }

  /** Until the new machine is healthy. */
  public async isBack(node: string, before: Before, task: TaskProgress): Promise<void> {
    this.replaced.add(node);
    await this.until(
      async () => {
        const report = await this.newReport(node, before);
        if (!report) return SILENT;
        return report.status === "healthy" ? undefined : `it is ${report.status}: ${report.reasons.join("; ")}`;
      },
      task,
      `call ${node} well`,
    );
  }

  /** Until all are well, and the jobs that ran before run again. */
  public async isWhole(node: string, before: Before, task: TaskProgress): Promise<void> {
    const { from, nodes, down = [] } = this.props;
    await this.wait(
      nodes.filter((name) => !down.includes(name) || this.replaced.has(name)),
      task,
    );
    const [report] = await nodeReports(from, [node]);
    await this.until(
      async () => jobThatIsAway(before.jobs, await this.flink(), report?.reportedAt ?? "", this.mayLackSlots(node)),
      task,
      "go on",
    );
  }

  /** Until it reports, the last report of the one that went may still look well. */
  private async newReport(node: string, { bootId }: Before): Promise<NodeReport | undefined> {
    const [report] = await nodeReports(this.props.from, [node]);
    return report?.bootId === bootId ? undefined : report;
  }

  /** What all nodes are about just now, and which of them they wait for; nothing where it is none of it. */
  private async lineChange(): Promise<string | undefined> {
    const { roll, nodes } = await clusterStatus(this.props.from, this.props.nodes);
    if (!isLineChange(roll)) return undefined;
    const silent = nodes.find((status) => !isFresh(status))?.node;
    return `${describeRoll(roll)}${silent === undefined ? "" : `; ${silent} is silent: \`npx cdktf-flink replace ${silent}\` goes on all the same`}`;
  }

  /** Whether a node is away beside this one, for which nobody waits. */
  private mayLackSlots(node: string): boolean {
    return this.props.down?.some((other) => other !== node && !this.replaced.has(other)) ?? false;
  }

  private async illOther(node: string): Promise<string | undefined> {
    const others = this.othersOf(node);
    const ill = (await clusterStatus(this.props.from, others)).nodes.find((each) => !isWell(each));
    return ill && `${ill.node} is ${[ill.verdict, ...ill.reasons.slice(0, 1)].join(": ")}`;
  }

  /** Those that are not away. */
  private othersOf(node: string): readonly string[] {
    const { nodes, down = [] } = this.props;
    return nodes.filter((other) => other !== node && !down.includes(other));
  }

  private async flink(): Promise<FlinkStatus | undefined> {
    return lastOfFlink(await nodeStatuses(this.props.from, this.props.nodes));
  }

  private async wait(nodes: readonly string[], task: TaskProgress): Promise<void> {
    const { from, timeoutMillis, pollMillis } = this.props;
    await waitForNodes({ from, nodes, timeoutMillis, pollMillis, progress: toldBy(task) });
  }

  private async until(obstacle: () => Promise<string | undefined>, task: TaskProgress, doing: string): Promise<void> {
    const { timeoutMillis, pollMillis = DEFAULT_POLL_MILLIS } = this.props;
    const end = Date.now() + timeoutMillis;
    let told: string | undefined;
    for (;;) {
      const reason = await obstacle();
      if (reason === undefined) return;
      if (reason !== told) task.note(`waits: ${reason}`);
      told = reason;
      if (Date.now() >= end) {
        throw new Problem(`nobody could ${doing} within ${Math.round(timeoutMillis / 1000)} s: ${reason}`);
      }
      await delay(pollMillis);
    }
  }
}

function isLineChange(roll: RollLockRecord | undefined): roll is RollLockRecord {
  return roll?.owner != null && roll.change?.line !== undefined && WAITING_PHASES.has(roll.phase);
}

/** What is said of each node that is waited for, at the one that is replaced. */
function toldBy(task: TaskProgress): Progress {
  return {
    ...NO_PROGRESS,
    task: (name) => ({ ...NO_PROGRESS.task(name), note: (text) => task.note(`${name} is ${text}`) }),
  };
}
