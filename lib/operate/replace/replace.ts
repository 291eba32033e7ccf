import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { clusterStatus, nodeReports, type ClusterBucket, type NodeStatus } from "../../software/node-status";
import { Problem } from "../../software/problem";
import { NO_PROGRESS, type Progress, type TaskProgress } from "../../software/progress";
import { waitForNodes } from "../../software/wait";
import type { Terraform } from "../terraform";
import { judgeReplacement, type Replacement } from "./judge-replacement";
import type { MachineAccount } from "./machine-account";
import type { ProgramNode } from "./nodes-of-program";

export interface ReplacerProps {
  readonly terraform: Pick<Terraform, "plan" | "showPlan" | "apply">;
  readonly account: MachineAccount;
  /** Where the nodes of the cluster report. */
  readonly from: ClusterBucket;
  /** All nodes of the cluster. */
  readonly nodes: readonly ProgramNode[];
  /** Names of nodes that are away anyway: they are not waited for, before they are replaced themselves. */
  readonly down?: readonly string[];
  /** How long each wait for the nodes may take. */
  readonly timeoutMillis: number;
  /** Between two looks; default 3000. */
  readonly pollMillis?: number;
  readonly progress: Progress;
}

const DEFAULT_POLL_MILLIS = 3000;
/** What is said of a node that serves. */
const SERVES: ReadonlySet<NodeStatus["verdict"]> = new Set(["healthy", "outdated", "rolling"]);

/**
 * Makes machines of a cluster anew, one at a time: none is touched before all others are well and run what they should,
 * and the next one waits until the new machine is. What is behind is told by the machines themselves, so that whoever
 * comes after a failure, or an end in the middle, goes on with what is left.
 */
export class Replacer {
  private readonly done: string[] = [];
  private current?: { readonly node: string; isApplying: boolean };

  public constructor(private readonly props: ReplacerProps) {}

  /** Whether a machine is being replaced by Terraform just now, which must be let end. */
  public get isApplying(): boolean {
    return this.current?.isApplying ?? false;
  }

  /** How far it is, and how to go on, for whoever ends it in the middle. */
  public get whereItIs(): string {
    const { current, done } = this;
    const at = current?.isApplying
      ? `The machine of ${current.node} is being replaced.`
      : current
        ? `The machine of ${current.node} is new, and not all nodes are well yet.`
        : undefined;
    const before = done.length > 0 ? `Replaced: ${done.join(", ")}.` : undefined;
    const how = "The same command again goes on with what is left.";
    return [...((before ?? at) ? [before, at] : ["No machine was touched."]), how].filter(Boolean).join(" ");
  }

  /** What a replacement of these would be; nothing is done. */
  public survey(nodes: readonly ProgramNode[]): Promise<readonly Replacement[]> {
    return this.withPlan(nodes, (_file, replacements) => Promise.resolve(replacements));
  }

  /** One after the other, the one that leads last. */
  public async replace(nodes: readonly ProgramNode[]): Promise<void> {
    const left = new Set(nodes);
    while (left.size > 0) {
      const next = await this.nextOf([...left]);
      const task = this.props.progress.task(next.name);
      try {
        await this.replaceOne(next, task);
      } catch (failure) {
        task.failed("stopped");
        throw failure;
      }
      left.delete(next);
      this.done.push(next.name);
    }
  }

  /** Those that are ill come first, as they may be mended by it, and the leader last: so it moves once. */
  private async nextOf(left: readonly ProgramNode[]): Promise<ProgramNode> {
    const names = left.map(({ name }) => name);
    const { nodes } = await clusterStatus(this.props.from, names);
    const rank = ({ verdict, report }: NodeStatus): number => (!SERVES.has(verdict) ? 0 : report?.leads ? 2 : 1);
    const ranks = nodes.map(rank);
    return left[ranks.indexOf(Math.min(...ranks))];
  }

  private async replaceOne(node: ProgramNode, task: TaskProgress): Promise<void> {
    const { account, terraform, timeoutMillis } = this.props;
    task.note("plans");
    await this.withPlan([node], async (file, [replacement]) => {
      const { instanceId, imageAfter, isProtected } = replacement;
      if (imageAfter !== undefined) await account.requireImage(imageAfter, instanceId);
      // After the plan: whoever deploys meanwhile makes it stale, and then it is not applied.
      task.note("waits until all others are well");
      await this.othersAreWell(node, task);
      const [before] = await nodeReports(this.props.from, [node.name]);
      this.current = { node: node.name, isApplying: true };
      await this.unprotected(isProtected ? instanceId : undefined, () =>
        terraform.apply(file, (step) => task.note(step)),
      );
      this.current.isApplying = false;
      task.note("waits until the new machine is well");
      const end = Date.now() + timeoutMillis;
      await this.bootsAnew(node.name, before?.bootId, end);
      await this.wait(this.awaited(), Math.max(end - Date.now(), 0), task);
    });
    this.current = undefined;
    task.done("replaced, and all nodes are well");
  }

  /** Also where the machine itself is not: that may be why it is replaced. */
  private async othersAreWell({ name }: ProgramNode, task: TaskProgress): Promise<void> {
    const { nodes, down = [] } = this.props;
    const others = nodes.map((other) => other.name).filter((other) => other !== name && !down.includes(other));
    if (others.length > 0) await this.wait(others, this.props.timeoutMillis, task);
  }

  private async wait(nodes: readonly string[], timeoutMillis: number, task: TaskProgress): Promise<void> {
    const { from, pollMillis } = this.props;
    await waitForNodes({ from, nodes, timeoutMillis, pollMillis, progress: toldBy(task) });
  }

  /** All but those that are away and were not replaced yet. */
  private awaited(): readonly string[] {
    const { nodes, down = [] } = this.props;
    const isBack = (name: string): boolean => this.done.includes(name) || this.current?.node === name;
    return nodes.map(({ name }) => name).filter((name) => !down.includes(name) || isBack(name));
  }

  /** Until it is, the last report of the machine that went may still look well. */
  private async bootsAnew(node: string, bootBefore: string | undefined, end: number): Promise<void> {
    for (;;) {
      const [report] = await nodeReports(this.props.from, [node]);
      if (report && report.bootId !== bootBefore) return;
      if (Date.now() >= end) {
        throw new Problem(
          `the new machine of ${node} has not reported yet: \`aws ec2 get-console-output\` shows how far its boot came`,
        );
      }
      await delay(this.props.pollMillis ?? DEFAULT_POLL_MILLIS);
    }
  }

  /** Whatever becomes of it, a machine that is still there is protected as it was before. */
  private async unprotected(instanceId: string | undefined, work: () => Promise<void>): Promise<void> {
    const { account } = this.props;
    if (instanceId === undefined) return work();
    await account.protect(instanceId, false);
    try {
      await work();
    } catch (failure) {
      // Where it is gone already there is nothing to protect; the new one is protected from its first moment on.
      await account.protect(instanceId, true).catch(() => undefined);
      throw failure;
    }
  }

  /** A plan may hold secrets: it lies where nobody else can read, and not for longer than it is needed. */
  private async withPlan<T>(
    nodes: readonly ProgramNode[],
    use: (file: string, replacements: readonly Replacement[]) => Promise<T>,
  ): Promise<T> {
    const { terraform } = this.props;
    const folder = mkdtempSync(path.join(tmpdir(), "cdktf-flink-replace-"));
    const remove = (): void => rmSync(folder, { recursive: true, force: true });
    // Also where a signal ends the program.
    process.once("exit", remove);
    try {
      const out = path.join(folder, "replace.tfplan");
      const replace = nodes.map(({ address }) => address);
      const targets = nodes.flatMap(({ address, dependents }) => [address, ...dependents]);
      await terraform.plan({ replace, targets, out });
      return await use(out, judgeReplacement(await terraform.showPlan(out), nodes));
    } finally {
      process.off("exit", remove);
      remove();
    }
  }
}

/** What is said of each node that is waited for, at the one that is replaced. */
function toldBy(task: TaskProgress): Progress {
  return {
    ...NO_PROGRESS,
    task: (name) => {
      const note = (text: string): void => task.note(`${name} is ${text}`);
      return { ...NO_PROGRESS.task(name), note };
    },
  };
}
