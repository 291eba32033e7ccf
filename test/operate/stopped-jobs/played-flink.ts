import { RestProblem } from "../../../lib/operate/rest-caller";
import type { Submission } from "../../../lib/operate/stopped-jobs/submission";

interface PlayedCheckpoint {
  readonly location: string;
  readonly format: string;
  /** Its number; by default it is the job's last. */
  readonly id?: number;
}

interface PlayedStop {
  readonly format: string;
  readonly folder: string;
  location?: string;
  /** Looks until it is complete. */
  left: number;
}

/** A job of the played Flink. */
export interface PlayedJob {
  readonly name: string;
  state: string;
  /** How many checkpoints the leader has seen, and the number of the last. */
  completed: number;
  restored?: string;
  /** Whether it was restored after all else that it did. */
  wasRestored?: boolean;
  stoppedWith?: PlayedCheckpoint;
  /** By which it fell last. */
  failure?: string;
  /** Whether it restarts, and runs again. */
  comesBack?: boolean;
}

/** As it is asked for. */
interface StopRequest {
  readonly triggerId: string;
  readonly formatType: string;
  readonly targetDirectory: string;
}

/** All that is told of a savepoint during which a task fell. */
const SUSPENDING = "CheckpointException: Checkpoint Coordinator is suspending.";
const ENDED = ["FINISHED", "FAILED", "CANCELED"];
const SAVEPOINT = "execution.state-recovery.path";
const JOB_ID = "$internal.pipeline.job-id";

/** Plays what Flink's REST API answers of jobs, their savepoints and their end. */
export class PlayedFlink {
  public readonly jobs = new Map<string, PlayedJob>();
  public version = "2.2.1";
  /** Paths that were asked for, with their methods. */
  public readonly asked: string[] = [];
  /** What becomes of a stop of a job of this name, in the words of Java; nothing where all is well. */
  public failureOfStop: (name: string, format: string) => string | undefined = () => undefined;
  /** By what a task of it falls when its state is written so, in the words of Java; nothing where none does. */
  public failureOfTask: (name: string, format: string) => string | undefined = () => undefined;
  /** Whether a job of this name comes back after its stop was complete, and goes on. */
  public comesBackAfterStop: (name: string) => boolean = () => false;
  /** What Flink says in place of the location of a savepoint. */
  public locationOf: (location: string) => unknown = (location) => location;
  /** How often Flink answers that it knows no checkpoints of a job yet. */
  public unknownCheckpoints = 0;
  private readonly stops = new Map<string, PlayedStop>();
  private savepoints = 0;

  /** Begins a job as somebody did; gives its id. */
  public begin(name: string, job: Partial<PlayedJob> = {}): string {
    const id = (this.jobs.size + 1).toString(16).padStart(32, "a");
    this.jobs.set(id, { name, state: "RUNNING", completed: 3, ...job });
    return id;
  }

  /** Another leader knows nothing of what was asked, nor of jobs that have ended, and restores all others. */
  public changeLeader(): void {
    this.stops.clear();
    for (const [id, job] of this.jobs) {
      if (ENDED.includes(job.state)) this.jobs.delete(id);
      else if (job.completed > 0) Object.assign(job, { restored: checkpointOf(id, job), completed: 0 });
      job.stoppedWith = undefined;
    }
  }

  /** What Flink's own client does; its exit code. */
  public submit(name: string, { configuration }: Submission): number {
    const { [JOB_ID]: id, [SAVEPOINT]: restored } = configuration;
    if (this.jobs.has(id)) return 1;
    this.jobs.set(id, { name, state: "RUNNING", completed: 0, restored });
    return 0;
  }

  /** Ids of the jobs of a name that run. */
  public running(name: string): string[] {
    return [...this.jobs].filter(([, job]) => job.name === name && job.state === "RUNNING").map(([id]) => id);
  }

  /** As a call of the REST API. */
  public json<T>(path: string, body?: object): Promise<T> {
    this.asked.push(`${body ? "POST" : "GET"} ${path}`);
    const answer = this.of(path, body);
    if (answer) return Promise.resolve(answer as T);
    return Promise.reject(new RestProblem(`node answers ${path} with 404`, 404, "NotFoundException: it is not here"));
  }

  private of(url: string, body?: object): object | undefined {
    const [, , id, what, triggerId] = url.split("/");
    if (url === "/overview") return { "flink-version": this.version };
    if (url === "/jobs/overview") return this.list();
    const job = this.jobs.get(id);
    if (!job) return undefined;
    if (what === "stop") return this.stop(id, body as StopRequest);
    if (what === "savepoints") return this.outcome(job, this.stops.get(`${id} ${triggerId}`));
    if (what === "exceptions?maxExceptions=1") {
      return { exceptionHistory: { entries: job.failure === undefined ? [] : [{ stacktrace: job.failure }] } };
    }
    if (what !== "checkpoints" || this.unknownCheckpoints-- > 0) return undefined;
    return checkpointsOf(id, job, this.locationOf);
  }

  private list(): object {
    const jobs = [...this.jobs].map(([jid, job]) => listed(jid, job));
    // It has been seen so.
    for (const job of this.jobs.values()) if (job.comesBack) [job.state, job.comesBack] = ["RUNNING", false];
    return { jobs };
  }

  private stop(id: string, { triggerId, formatType: format, targetDirectory: folder }: StopRequest): object {
    const key = `${id} ${triggerId}`;
    // The same request once more.
    if (!this.stops.has(key)) this.stops.set(key, { format, folder, left: 2 });
    return { "request-id": triggerId };
  }

  private outcome(job: PlayedJob, stop: PlayedStop | undefined): object | undefined {
    if (!stop) return undefined;
    if (stop.location !== undefined) return { operation: { location: this.locationOf(stop.location) } };
    const failure =
      job.state !== "RUNNING" ? "java.lang.Exception: it is over" : this.failureOfStop(job.name, stop.format);
    if (stop.left-- > 0) return { operation: null };
    const fall = this.failureOfTask(job.name, stop.format);
    if (fall !== undefined) {
      Object.assign(job, { failure: fall, state: "RESTARTING", comesBack: true });
      return { operation: { "failure-cause": { "stack-trace": SUSPENDING } } };
    }
    if (failure !== undefined) return { operation: { "failure-cause": { "stack-trace": failure } } };
    stop.location = `${stop.folder}/savepoint-${++this.savepoints}`;
    job.stoppedWith = { location: stop.location, format: stop.format, id: job.completed + 1 };
    if (this.comesBackAfterStop(job.name)) {
      Object.assign(job, { state: "RESTARTING", comesBack: true, completed: job.completed + 2 });
    } else {
      job.state = "FINISHED";
    }
    return { operation: { location: this.locationOf(stop.location) } };
  }
}

function listed(jid: string, { name, state }: PlayedJob): object {
  return { jid, name, state, tasks: { total: 2, running: state === "RUNNING" ? 2 : 0, finished: 0 } };
}

/** Where the last checkpoint of a job lies. */
export function checkpointOf(id: string, { completed }: Pick<PlayedJob, "completed">): string {
  return `s3p://bucket/checkpoints/orders/${id}/chk-${completed}`;
}

function checkpointsOf(id: string, job: PlayedJob, locationOf: (location: string) => unknown): object {
  const { completed, restored, wasRestored, stoppedWith } = job;
  return {
    counts: { completed },
    latest: {
      completed: completed > 0 ? { id: completed, external_path: checkpointOf(id, job) } : null,
      restored:
        restored === undefined
          ? null
          : { id: 0, external_path: restored, restore_timestamp: wasRestored ? 3000 : 1000 },
      savepoint: stoppedWith && {
        ...{ checkpoint_type: "SYNC_SAVEPOINT", savepointFormat: stoppedWith.format },
        ...{ id: stoppedWith.id ?? completed + 1, latest_ack_timestamp: 2000 },
        external_path: locationOf(stoppedWith.location),
      },
    },
  };
}
