import { JOB_MANAGER_UNIT, TASK_MANAGER_UNIT } from "../../lib/node/flink-services";
import { ZOOKEEPER_UNIT } from "../../lib/node/zookeeper-service";
import type { WaitOptions } from "../lab/wait-for";
import type { FlinkSession, JobView } from "./flink-session";
import type { ShellHost } from "./shell-host";

const UNITS = [JOB_MANAGER_UNIT, TASK_MANAGER_UNIT, ZOOKEEPER_UNIT];

/** Flink on one node, as nothing that is wrong with its logs or metrics may change it. */
export class UndisturbedFlink {
  public constructor(
    private readonly session: FlinkSession,
    private readonly node: ShellHost,
    private readonly waitFor: <T>(
      condition: () => Promise<T | false>,
      options: Pick<WaitOptions, "what">,
    ) => Promise<T>,
  ) {}

  /** What must be the same before and after: processes, and how often jobs began anew. */
  public async state(): Promise<unknown> {
    const processes = await Promise.all(
      UNITS.map(async (unit) => (await this.node.run(["systemctl", "show", "-P", "MainPID", unit])).trim()),
    );
    const jobs = (await this.runningJobs()).map(({ jid, state, restored }) => ({ jid, state, restored }));
    return { processes, jobs };
  }

  /** Every job completes a checkpoint more. */
  public async requireCheckpoints(): Promise<void> {
    const before = new Map((await this.runningJobs()).map(({ jid, completedCheckpoints: count }) => [jid, count]));
    const isFurther = async () =>
      (await this.runningJobs()).every(({ jid, completedCheckpoints }) => completedCheckpoints > before.get(jid)!);
    await this.waitFor(isFurther, { what: "a checkpoint of each job" });
  }

  private async runningJobs(): Promise<JobView[]> {
    const jobs = (await this.session.jobs()).filter(({ state }) => !["FINISHED", "FAILED"].includes(state));
    return jobs.sort((one, other) => (one.jid < other.jid ? -1 : 1));
  }
}
