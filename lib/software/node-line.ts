import type { NodeStatus } from "./node-status";
import type { TaskProgress } from "./progress";

/** Tells how a node is while it is waited for; it speaks when something changed only. */
export class NodeLine {
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
