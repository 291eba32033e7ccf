import { getJson } from "../health";
import { shownJobName } from "./job-name";

/** One job as `/jobs/overview` lists it. */
export interface JobOverview {
  readonly jid: string;
  readonly name: string;
  readonly state: string;
  readonly tasks: Readonly<Record<string, number>>;
}

/** What Flink says of itself. */
export interface FlinkView {
  /** Registered ones. */
  readonly taskManagers: number;
  readonly jobs: readonly JobOverview[];
}

/** States that a job never leaves. */
const ENDED: ReadonlySet<string> = new Set(["FINISHED", "CANCELED", "FAILED"]);

/** Asks the JobManager of this node, which passes the question on to the leader. */
export async function askFlink(host: string, port: number): Promise<FlinkView> {
  const [managers, overview] = await Promise.all([
    answer<{ taskmanagers: readonly unknown[] }>(host, port, "/taskmanagers"),
    answer<{ jobs: readonly JobOverview[] }>(host, port, "/jobs/overview"),
  ]);
  return { taskManagers: managers.taskmanagers.length, jobs: overview.jobs };
}

async function answer<T>(host: string, port: number, path: string): Promise<T> {
  const { status, body } = await getJson(host, port, path);
  if (status !== 200) throw new Error(`the REST API answers ${status}`);
  return body as T;
}

export function hasEnded(job: JobOverview): boolean {
  return ENDED.has(job.state);
}

/** Whether it came to its end, or somebody ended it. */
export function endedInPeace(job: JobOverview): boolean {
  return hasEnded(job) && job.state !== "FAILED";
}

/** Whether every task runs, but for those that are done. */
export function runsWhole({ state, tasks }: JobOverview): boolean {
  const { running = 0, finished = 0, total = 0 } = tasks;
  return state === "RUNNING" && total > 0 && running + finished === total;
}

/** What is said of a job that does not run whole. */
export function notWhole({ name, jid, state }: JobOverview): string {
  return `not all tasks of the job ${shownJobName(name)} (${jid}) run: it is ${state}`;
}
