import { waitFor, WaitOptions } from "../lab/wait-for";
import { JOB_MANAGER_PATHS } from "../../lib/node/paths";
import { AS_OPERATOR } from "./credentials";
import { RestClient } from "./rest-client";
import { ShellHost } from "./shell-host";

/** A node of the cluster under test: its machine and its address. */
export interface SessionNode {
  readonly name: string;
  readonly host: string;
  readonly restAddress: string;
  readonly machine: ShellHost;
}

export interface Overview {
  readonly taskmanagers: number;
  readonly "slots-total": number;
  readonly "slots-available": number;
  readonly "flink-version": string;
}

export interface JobView {
  readonly jid: string;
  readonly name: string;
  readonly state: string;
  readonly runningTasks: number;
  readonly totalTasks: number;
  readonly completedCheckpoints: number;
  readonly latestCheckpoint?: { readonly id: number; readonly path: string };
  /** Of the last restore, with the time it happened. */
  readonly restored?: { readonly id: number; readonly path: string; readonly at: number };
}

interface ListedJob {
  readonly jid: string;
  readonly name: string;
  readonly state: string;
  readonly tasks: { readonly running: number; readonly total: number };
}

interface CheckpointStatistics {
  readonly counts: { readonly completed: number };
  readonly latest: {
    readonly completed?: { readonly id: number; readonly external_path: string } | null;
    readonly restored?: {
      readonly id: number;
      readonly external_path: string;
      readonly restore_timestamp: number;
    } | null;
  };
}

/** What a test asks of a running Flink session cluster, and makes it do. */
export class FlinkSession {
  private readonly rest: RestClient;

  /** @param client a machine that has a certificate, see `Deployment.session` */
  public constructor(
    public readonly nodes: readonly SessionNode[],
    client: ShellHost,
  ) {
    this.rest = new RestClient(client, AS_OPERATOR);
  }

  /** From the first of the nodes that answers; `among` names those that may be asked. */
  public async get<T>(path: string, among: readonly SessionNode[] = this.nodes): Promise<T> {
    let problem: unknown = new Error("there is no node to ask");
    for (const node of among) {
      try {
        return await this.rest.call<T>("GET", `${node.restAddress}${path}`);
      } catch (error) {
        problem = error;
      }
    }
    throw problem;
  }

  /** Through the first node that answers: a JobManager that does not lead asks the one that does. */
  public async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    let problem: unknown = new Error("there is no node to ask");
    for (const node of this.nodes) {
      try {
        await this.overview([node]);
      } catch (error) {
        problem = error;
        continue;
      }
      return this.rest.call<T>(method, `${node.restAddress}${path}`, body, 60);
    }
    throw problem;
  }

  public overview(among?: readonly SessionNode[]): Promise<Overview> {
    return this.get<Overview>("/overview", among);
  }

  /**
   * The node whose JobManager leads: the last one that logged that it was granted the leadership. All machines
   * of the lab have one clock.
   */
  public async leader(among: readonly SessionNode[] = this.nodes): Promise<SessionNode> {
    const granted = await Promise.all(
      among.map(async (node) => ({ node, line: await lastGrant(node.machine).catch(() => "") })),
    );
    const [latest] = granted.filter(({ line }) => line !== "").sort((a, b) => (a.line < b.line ? 1 : -1));
    if (!latest) throw new Error("no JobManager has logged that it leads");
    return latest.node;
  }

  public async jobs(among?: readonly SessionNode[]): Promise<JobView[]> {
    const jobs = await this.listedJobs(among);
    return Promise.all(jobs.map((job) => this.viewOf(job, among)));
  }

  /**
   * Of this job alone: of one that was over shortly before its JobManager ended, a new JobManager knows the outcome and
   * refuses to tell of its checkpoints.
   */
  public async job(jid: string, among?: readonly SessionNode[]): Promise<JobView> {
    const job = (await this.listedJobs(among)).find((each) => each.jid === jid);
    if (!job) throw new Error(`no job ${jid}`);
    return this.viewOf(job, among);
  }

  private async listedJobs(among?: readonly SessionNode[]): Promise<readonly ListedJob[]> {
    return (await this.get<{ jobs: ListedJob[] }>("/jobs/overview", among)).jobs;
  }

  private async viewOf(job: ListedJob, among?: readonly SessionNode[]): Promise<JobView> {
    const { counts, latest } = await this.get<CheckpointStatistics>(`/jobs/${job.jid}/checkpoints`, among);
    return {
      jid: job.jid,
      name: job.name,
      state: job.state,
      runningTasks: job.tasks.running,
      totalTasks: job.tasks.total,
      completedCheckpoints: counts.completed,
      latestCheckpoint: latest.completed
        ? { id: latest.completed.id, path: latest.completed.external_path }
        : undefined,
      restored: latest.restored
        ? {
            id: latest.restored.id,
            path: latest.restored.external_path,
            at: latest.restored.restore_timestamp,
          }
        : undefined,
    };
  }

  /** Names of the nodes whose TaskManagers run tasks of a job. */
  public async nodesOfJob(jid: string): Promise<Set<string>> {
    const { vertices } = await this.get<{ vertices: { id: string }[] }>(`/jobs/${jid}`);
    const names = new Set<string>();
    for (const vertex of vertices) {
      const { subtasks } = await this.get<{ subtasks: { "taskmanager-id"?: string }[] }>(
        `/jobs/${jid}/vertices/${vertex.id}`,
      );
      for (const subtask of subtasks) if (subtask["taskmanager-id"]) names.add(subtask["taskmanager-id"]);
    }
    return names;
  }

  public waitForTaskManagers(count: number, timeout: number): Promise<Overview> {
    return waitFor(
      async () => {
        const overview = await this.overview();
        return overview.taskmanagers === count && overview;
      },
      { timeout, what: `${count} TaskManagers`, interval: 500 },
    );
  }

  /** Waits until every task runs and a checkpoint younger than all before is complete. */
  public async waitForCheckpoint(jid: string, timeout: number, among?: readonly SessionNode[]): Promise<JobView> {
    const before = await this.job(jid, among)
      .then((job) => job.latestCheckpoint?.id ?? 0)
      .catch(() => 0);
    return this.waitForJob(
      jid,
      async () => {
        const job = await this.job(jid, among);
        return isRunning(job) && (job.latestCheckpoint?.id ?? 0) > before && job;
      },
      { timeout, what: `a checkpoint of job ${jid}`, interval: 500 },
    );
  }

  /** The same of several jobs, all of which are looked at in each look. */
  public async waitForCheckpoints(jids: readonly string[], timeout: number): Promise<void> {
    const look = async () => (await this.jobsOf(jids)).map((job) => ({ job, id: job.latestCheckpoint?.id ?? 0 }));
    const before = new Map((await look().catch(() => [])).map(({ job, id }) => [job.jid, id]));
    let last: string | undefined;
    const areDone = async () => {
      const left = (await look()).find(({ job, id }) => !isRunning(job) || id <= (before.get(job.jid) ?? 0));
      last = left?.job.jid;
      return left === undefined;
    };
    try {
      await waitFor(areDone, { timeout, what: `a checkpoint of each of ${jids.length} jobs`, interval: 2000 });
    } catch (error) {
      const said = last === undefined ? "" : await this.tell(last).catch((problem: Error) => problem.message);
      throw new Error(`${(error as Error).message}; ${last ?? ""} ${said}`, { cause: error });
    }
  }

  private async jobsOf(jids: readonly string[]): Promise<JobView[]> {
    const listed = await this.listedJobs();
    return Promise.all(
      jids.map((jid) => {
        const job = listed.find((each) => each.jid === jid);
        if (!job) throw new Error(`no job ${jid}`);
        return this.viewOf(job);
      }),
    );
  }

  /** Takes a job away, with all that it has done. */
  public async cancel(jid: string): Promise<void> {
    await this.call("PATCH", `/jobs/${jid}?mode=cancel`);
  }

  /** Waits until every task runs again out of a checkpoint restored after the given moment. */
  public waitForRecovery(
    jid: string,
    since: number,
    timeout: number,
    among?: readonly SessionNode[],
  ): Promise<JobView> {
    return this.waitForJob(
      jid,
      async () => {
        const job = await this.job(jid, among);
        return isRunning(job) && job.restored !== undefined && job.restored.at > since && job;
      },
      { timeout, what: `job ${jid} to run again from a checkpoint`, interval: 250 },
    );
  }

  /** Waits until a job that ends by itself has done so. */
  public waitUntilFinished(jid: string, timeout: number): Promise<JobView> {
    return this.waitForJob(
      jid,
      async () => {
        const job = await this.job(jid);
        return job.state === "FINISHED" && job;
      },
      { timeout, what: `the end of job ${jid}`, interval: 500 },
    );
  }

  /** What a job failed by so far, the newest first: a line each, of the exceptions that led to each other. */
  public async failures(jid: string): Promise<string[]> {
    const { exceptionHistory } = await this.get<ExceptionHistory>(`/jobs/${jid}/exceptions?maxExceptions=50`);
    return (exceptionHistory?.entries ?? []).map(({ timestamp = 0, stacktrace = "" }) => {
      const causes = stacktrace.split("\n").filter((line, index) => index === 0 || line.startsWith("Caused by:"));
      return `${new Date(timestamp).toISOString()} ${causes.join("; ")}`;
    });
  }

  /** Where it waits in vain, the message ends with what Flink says of the job. */
  private async waitForJob(
    jid: string,
    condition: () => Promise<JobView | false>,
    options: WaitOptions,
  ): Promise<JobView> {
    try {
      return await waitFor(condition, options);
    } catch (error) {
      const said = await this.tell(jid).catch((problem: Error) => problem.message);
      throw new Error(`${(error as Error).message}; ${said}`, { cause: error });
    }
  }

  private async tell(jid: string): Promise<string> {
    const { state, runningTasks, totalTasks, completedCheckpoints } = await this.job(jid);
    const { counts } = await this.get<{ counts: { failed: number } }>(`/jobs/${jid}/checkpoints`);
    const [failure] = await this.failures(jid);
    const overview = await this.overview();
    return [
      `${state}, ${runningTasks} of ${totalTasks} tasks run on ${overview.taskmanagers} TaskManagers`,
      `${completedCheckpoints} checkpoints complete, ${counts.failed} failed`,
      ...(failure === undefined ? [] : [failure]),
    ].join("; ");
  }

  /** Stops a job with a savepoint, which commits everything that its sinks hold; gives the savepoint's path. */
  public async stopWithSavepoint(jid: string, timeout: number): Promise<string> {
    const { "request-id": request } = await this.call<{ "request-id": string }>("POST", `/jobs/${jid}/stop`, {
      drain: false,
    });
    const operation = await waitFor(
      async () => {
        // Null while it is on.
        const result = await this.get<{ operation?: Savepoint | null }>(`/jobs/${jid}/savepoints/${request}`);
        return result.operation ?? undefined;
      },
      { timeout, what: `the savepoint of job ${jid}`, interval: 500 },
    );
    if (operation.location !== undefined) return operation.location;
    // What failed is told by the job itself; of the savepoint only that something did.
    const told = await this.get<unknown>(`/jobs/${jid}/exceptions?maxExceptions=5`).catch(String);
    throw new Error(
      `the savepoint of job ${jid} failed: ${operation["failure-cause"]?.["stack-trace"]}\n${JSON.stringify(told, undefined, 2)}`,
    );
  }
}

interface ExceptionHistory {
  readonly exceptionHistory?: { readonly entries?: readonly { timestamp?: number; stacktrace?: string }[] };
}

/** How a savepoint ended. */
interface Savepoint {
  readonly location?: string;
  readonly "failure-cause"?: { readonly "stack-trace": string };
}

function isRunning(job: JobView): boolean {
  return job.state === "RUNNING" && job.totalTasks > 0 && job.runningTasks === job.totalTasks;
}

async function lastGrant(machine: ShellHost): Promise<string> {
  // Rolled files first, so that the newest line is the last; a machine that is off answers nothing.
  const out = await machine.run([
    "sh",
    "-c",
    `systemctl is-active -q flink-jobmanager && cat $(ls -tr ${JOB_MANAGER_PATHS.log}/*.log*) | ` +
      `grep -E 'granted leadership|revoked leadership' | tail -n 1`,
  ]);
  return out.includes("granted leadership") ? out.trim() : "";
}
