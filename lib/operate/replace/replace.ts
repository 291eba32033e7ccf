import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Progress, TaskProgress } from "../../software/progress";
import type { Terraform } from "../terraform";
import type { ClusterWatch } from "./cluster-watch";
import { judgeReplacement, type Replacement } from "./judge-replacement";
import type { MachineAccount } from "./machine-account";
import type { ProgramNode } from "./nodes-of-program";

export interface ReplacerProps {
  readonly terraform: Pick<Terraform, "plan" | "showPlan" | "apply">;
  readonly account: MachineAccount;
  readonly watch: ClusterWatch;
  readonly progress: Progress;
  /** Whether machines are replaced that nothing but the operator's word calls behind: afterwards none tells that it was done. */
  readonly isForced?: boolean;
  /** Whether the operator named the machine, which may then be one for which all others wait. */
  readonly isNamed?: boolean;
}

/** What is said of the nodes at the end. */
const ALL_WELL: End = { task: "replaced, and all nodes are well", sentence: "All nodes are healthy." };
const LINE_GOES_ON: End = {
  task: "replaced, and all nodes go on with the change of Flink's line",
  sentence:
    "All nodes go on with the change of Flink's line: `npx cdktf-flink wait --rolled` waits until they have done it.",
};

interface End {
  readonly task: string;
  readonly sentence: string;
}

/**
 * Makes machines of a cluster anew, one at a time: none is touched before all others are well and run what they should,
 * and the next one waits until the new machine is. What is behind is told by the machines themselves, so that whoever
 * comes after a failure, or an end in the middle, goes on with what is left.
 */
export class Replacer {
  private readonly done: string[] = [];
  private left: readonly string[] = [];
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
    const how =
      this.props.isForced && this.left.length > 0
        ? `Left: ${this.left.join(", ")}; name each of them, as --force begins with all of them again.`
        : "The same command again goes on with what is left.";
    return [...((before ?? at) ? [before, at] : ["No machine was touched."]), how].filter(Boolean).join(" ");
  }

  /** What a replacement of these would be; nothing is done. */
  public survey(nodes: readonly ProgramNode[]): Promise<readonly Replacement[]> {
    return this.withPlan(nodes, (_file, replacements) => Promise.resolve(replacements));
  }

  /** One after the other, the one that leads last. Tells in a sentence how the nodes are then. */
  public async replace(nodes: readonly ProgramNode[]): Promise<string> {
    const left = new Map(nodes.map((node) => [node.name, node]));
    let end = ALL_WELL;
    while (left.size > 0) {
      this.left = [...left.keys()];
      const next = left.get(await this.props.watch.nextOf([...left.keys()]))!;
      const task = this.props.progress.task(next.name);
      try {
        end = await this.replaceOne(next, task);
      } catch (failure) {
        task.failed("stopped");
        throw failure;
      }
      left.delete(next.name);
      this.done.push(next.name);
    }
    return end.sentence;
  }

  private async replaceOne(node: ProgramNode, task: TaskProgress): Promise<End> {
    const { account, isNamed, watch } = this.props;
    task.note("plans");
    const end = await this.withPlan([node], async (file, [replacement]) => {
      const { instanceId, imageAfter } = replacement;
      if (imageAfter !== undefined) await account.requireImage(imageAfter, instanceId);
      const heldUp = isNamed ? await watch.heldUpBy(node.name, task) : undefined;
      if (heldUp) {
        await this.apply(file, replacement, task);
        task.note("waits until the new machine has reported");
        await watch.hasReported(node.name, heldUp, task);
        return LINE_GOES_ON;
      }
      // After the plan: whoever deploys meanwhile makes it stale, and then it is not applied.
      task.note("waits until all others are well");
      const before = await watch.mayGo(node.name, task);
      const held = await watch.hold(node.name, `a new machine of ${imageAfter ?? "the newest image"}`, task);
      try {
        await this.apply(file, replacement, task);
        task.note("waits until the new machine is well");
        await watch.isBack(node.name, before, task);
      } finally {
        await held.release();
      }
      await watch.isWhole(node.name, before, task);
      return ALL_WELL;
    });
    this.current = undefined;
    task.done(end.task);
    return end;
  }

  private async apply(file: string, { node, instanceId, isProtected }: Replacement, task: TaskProgress): Promise<void> {
    const { terraform } = this.props;
    this.current = { node: node.name, isApplying: true };
    await this.unprotected(isProtected ? instanceId : undefined, task, () =>
      terraform.apply(file, (step) => task.note(step)),
    );
    this.current.isApplying = false;
  }

  /** Whatever becomes of it, a machine that is still there is protected as it was before. */
  private async unprotected(
    instanceId: string | undefined,
    task: TaskProgress,
    work: () => Promise<void>,
  ): Promise<void> {
    const { account } = this.props;
    if (instanceId === undefined) return work();
    await account.protect(instanceId, false);
    try {
      await work();
    } catch (failure) {
      // Where it is gone already there is nothing to protect; the new one is protected from its first moment on.
      await account.protectAgain(instanceId).catch((why: Error) => {
        task.warn(
          `${instanceId} is without its termination protection, which the next deploy restores: ${why.message}`,
        );
      });
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
