import { log } from "../log";
import type { Reporter } from "../reporter";

/** Each is one sentence or two. */
const LONGEST_PROBLEM = 1_000;

/** What a report says of something that is shipped: counts, and in one line what is wrong. */
interface Told {
  readonly problem?: string;
}

/**
 * What the report of the node says of something that it ships, gathered from those who look after it. Nothing of it makes
 * the node any less healthy.
 */
export abstract class ShippingReportOf<Report extends Told> implements Pick<Reporter, "setProblem" | "solve"> {
  private readonly problems = new Map<string, string>();

  protected constructor(
    /** Such as `logs`. */
    private readonly what: string,
    private counts: Omit<Report, "problem">,
    private readonly tellReporter: (report: Omit<Report, "problem"> & Told) => void,
  ) {}

  /** Something stands in the way; `topic` is the same word until it is solved. Written to the log when it is new. */
  public setProblem(topic: string, sentence: string): void {
    if (this.problems.get(topic) === sentence) return;
    this.problems.set(topic, sentence);
    log(`shipping of ${this.what}: ${sentence}`);
    this.tell();
  }

  public solve(topic: string): void {
    if (this.problems.delete(topic)) this.tell();
  }

  public setCounts(counts: Omit<Report, "problem">): void {
    this.counts = counts;
    this.tell();
  }

  private tell(): void {
    const problem = [...new Set(this.problems.values())].join("; ").slice(0, LONGEST_PROBLEM);
    this.tellReporter({ ...this.counts, ...(problem === "" ? {} : { problem }) });
  }
}
