import { setTimeout as delay } from "node:timers/promises";
import type { JobReport } from "../../node/report";
import {
  clusterStatus,
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
import { isWell } from "../machines/cluster-sight";
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
/** What is said of a node that serves. */
const SERVES: ReadonlySet<NodeStatus["verdict"]> = new Set(["healthy", "outdated", "rolling"]);

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

  /** Until its machine may be taken from a node: all others are well, and the jobs run that may have tasks on it. */
  public async mayGo(node: string, task: TaskProgress): Promise<Before> {
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

  /** Until the new machine is healthy. Until it reports, the last report of the one that went may still look well. */
  public async isBack(node: string, { bootId }: Before, task: TaskProgress): Promise<void> {
    this.replaced.add(node);
    await this.until(
      async () => {
        const [report] = await nodeReports(this.props.from, [node]);
        if (!report || report.bootId === bootId) {
          return `the new machine has not reported yet: \`aws ec2 get-console-output\` shows how far its boot came`;
        }
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

/** What is said of each node that is waited for, at the one that is replaced. */
function toldBy(task: TaskProgress): Progress {
  return {
    ...NO_PROGRESS,
    task: (name) => ({ ...NO_PROGRESS.task(name), note: (text) => task.note(`${name} is ${text}`) }),
  };
}
