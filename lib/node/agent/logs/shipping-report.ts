import type { LogsReport } from "../../report";
import { log } from "../log";
import type { Reporter } from "../reporter";

/** Each is one sentence or two. */
const LONGEST_PROBLEM = 1_000;

/**
 * What the report of the node says of its logs, gathered from those who look after them. Nothing of it makes the node any
 * less healthy.
 */
export class ShippingReport implements Pick<Reporter, "setProblem" | "solve"> {
  private readonly problems = new Map<string, string>();
  private counts: Omit<LogsReport, "problem"> = { delivered: 0, lost: 0, rejected: 0 };

  public constructor(private readonly reporter: Pick<Reporter, "setLogs">) {}

  /** Something stands in the way; `topic` is the same word until it is solved. Written to the log when it is new. */
  public setProblem(topic: string, sentence: string): void {
    if (this.problems.get(topic) === sentence) return;
    this.problems.set(topic, sentence);
    log(`shipping of logs: ${sentence}`);
    this.tell();
  }

  public solve(topic: string): void {
    if (this.problems.delete(topic)) this.tell();
  }

  public setCounts(counts: Omit<LogsReport, "problem">): void {
    this.counts = counts;
    this.tell();
  }

  private tell(): void {
    const problem = [...new Set(this.problems.values())].join("; ").slice(0, LONGEST_PROBLEM);
    this.reporter.setLogs({ ...this.counts, ...(problem === "" ? {} : { problem }) });
  }
}
