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
  /** Slots of these that jobs have; absent where Flink does not say. */
  readonly usedSlots?: number;
  readonly jobs: readonly JobOverview[];
}

/** States that a job never leaves. */
const ENDED: ReadonlySet<string> = new Set(["FINISHED", "CANCELED", "FAILED"]);

/** Asks the JobManager of this node, which passes the question on to the leader. */
export async function askFlink(host: string, port: number): Promise<FlinkView> {
  const [managers, jobs] = await Promise.all([
    list(host, port, "/taskmanagers", "taskmanagers"),
    list(host, port, "/jobs/overview", "jobs"),
  ]);
  if (!jobs.every(isJobOverview)) throw new Error("the REST API lists jobs in a form that is not known");
  const usedSlots = usedSlotsOf(managers);
  return { taskManagers: managers.length, ...(usedSlots === undefined ? {} : { usedSlots }), jobs };
}

/** Of TaskManagers as `/taskmanagers` lists them; nothing where one does not say how many it has. */
export function usedSlotsOf(managers: readonly unknown[]): number | undefined {
  const used = managers.map((manager) => {
    const { slotsNumber, freeSlots } = (manager ?? {}) as Readonly<Record<string, unknown>>;
    return Number.isInteger(slotsNumber) && Number.isInteger(freeSlots)
      ? (slotsNumber as number) - (freeSlots as number)
      : NaN;
  });
  const sum = used.reduce((all, each) => all + each, 0);
  return Number.isNaN(sum) ? undefined : sum;
}

async function list(host: string, port: number, path: string, name: string): Promise<readonly unknown[]> {
  const { status, body } = await getJson(host, port, path);
  if (status !== 200) throw new Error(`the REST API answers ${status}`);
  const found = (body as Readonly<Record<string, unknown>> | null)?.[name];
  if (!Array.isArray(found)) throw new Error(`the REST API answers ${path} without a list of ${name}`);
  return found as readonly unknown[];
}

/** A job runs in the process that answers, and what is said of jobs reaches reports, the lock and terminals. */
export function isJobOverview(value: unknown): value is JobOverview {
  const { jid, name, state, tasks } = (value ?? {}) as Partial<Record<keyof JobOverview, unknown>>;
  return (
    typeof jid === "string" &&
    /^[0-9a-f]{32}$/.test(jid) &&
    typeof name === "string" &&
    typeof state === "string" &&
    /^[A-Z_]{1,32}$/.test(state) &&
    typeof tasks === "object" &&
    tasks !== null &&
    Object.values(tasks).every(Number.isInteger)
  );
}

export function hasEnded(job: Pick<JobOverview, "state">): boolean {
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
