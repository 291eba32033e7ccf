import type { NodeReport } from "../../lib/node/report";
import { waitFor } from "../lab/wait-for";

const SAMPLE_MILLIS = 2_000;
const PATIENCE = 120_000;

/** Who leads by the nodes' reports, one after the other, from the start until it is stopped. */
export class LeaderWatch {
  /** @param read gives the reports of all nodes */
  public static async start(read: () => Promise<readonly NodeReport[]>): Promise<LeaderWatch> {
    const watch = new LeaderWatch(read);
    await watch.waitForOne();
    watch.looking = watch.run();
    // Told by `stop`, and until then by nobody.
    watch.looking.catch(() => undefined);
    return watch;
  }

  private readonly leaders: string[] = [];
  private looking: Promise<void> = Promise.resolve();
  private isStopped = false;

  private constructor(private readonly read: () => Promise<readonly NodeReport[]>) {}

  /** All leaders in their order, the one at the end last. Fails if the reports could not be read. */
  public async stop(): Promise<readonly string[]> {
    this.isStopped = true;
    await this.looking;
    await this.waitForOne();
    return this.leaders;
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      await this.look();
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MILLIS));
    }
  }

  private waitForOne(): Promise<string> {
    const what = "exactly one node to report that it leads";
    return waitFor(() => this.look(), { timeout: PATIENCE, interval: 1000, what });
  }

  /** While the leadership moves, none says that it leads, or two do. */
  private async look(): Promise<string | undefined> {
    const [leader, another] = (await this.read()).filter(({ leads }) => leads).map(({ node }) => node);
    if (leader === undefined || another !== undefined) return undefined;
    if (this.leaders.at(-1) !== leader) this.leaders.push(leader);
    return leader;
  }
}
