import { setTimeout as delay } from "node:timers/promises";
import { printable } from "../../core/printable";
import { isJobOverview, type JobOverview } from "../../node/agent/roll/flink-view";
import { shownJobName } from "../../node/agent/roll/job-name";
import { Problem } from "../../software/problem";
import { RestProblem } from "../rest-caller";
import type { SteadyRest } from "../steady-rest";
import type { SavepointFormat } from "./jobs-file";

/** How a savepoint goes. */
export type SavepointOutcome =
  | { readonly kind: "on" | "unknown" }
  | { readonly kind: "complete"; readonly location: string }
  | { readonly kind: "failed"; readonly why: string };

/** A savepoint with which a job was to end. */
export interface StopSavepoint {
  readonly location: string;
  readonly format: SavepointFormat;
  /** Whether the job has neither completed a checkpoint since, nor was it restored: it may end, and yet go on. */
  readonly isLast: boolean;
}

/** What Flink tells of a job's checkpoints, some seconds late. */
export interface JobCheckpoints {
  readonly completed: number;
  /** The newest savepoint of a stop. */
  readonly stoppedWith?: StopSavepoint;
  /** Of the newest one that is no savepoint of a stop: completed, or what it went on from. */
  readonly newest?: string;
  /** What it went on from last. */
  readonly restored?: string;
}

interface SavepointStatus {
  readonly operation?: {
    readonly location?: unknown;
    readonly "failure-cause"?: { readonly "stack-trace"?: unknown };
  } | null;
}

interface Failures {
  readonly exceptionHistory?: { readonly entries?: readonly { readonly stacktrace?: unknown }[] };
}

/** One checkpoint, or that from which a job was restored; the numbers of a job's checkpoints only rise. */
interface CheckpointStatistics {
  readonly id?: number;
  readonly external_path?: unknown;
  /** Milliseconds since 1970, as those below. */
  readonly latest_ack_timestamp?: number;
  readonly restore_timestamp?: number;
}

interface Checkpoints {
  readonly counts?: { readonly completed?: number };
  readonly latest?: {
    readonly savepoint?:
      (CheckpointStatistics & { readonly checkpoint_type?: string; readonly savepointFormat?: string | null }) | null;
    readonly completed?: CheckpointStatistics | null;
    readonly restored?: CheckpointStatistics | null;
  };
}

/** Of a savepoint with which a job ends. */
const STOPPING_SAVEPOINT = "SYNC_SAVEPOINT";
const NOT_FOUND = 404;
const VERSION = /^\d+\.\d+[\w.-]*$/;

/** The jobs of a cluster, by Flink's REST API. */
export class FlinkJobs {
  /**
   * @param rest gives what Flink answers
   * @param pause waits so many milliseconds
   */
  public constructor(
    private readonly rest: Pick<SteadyRest, "json">,
    public readonly pause: (millis: number) => Promise<unknown> = delay,
  ) {}

  /** Which Flink runs, such as `2.2.1`. */
  public async version(): Promise<string> {
    const { "flink-version": version } = await this.rest.json<{ readonly "flink-version"?: unknown }>("/overview");
    if (typeof version === "string" && VERSION.test(version)) return version;
    throw unknownForm("its version");
  }

  /** All that Flink lists, also those that have ended lately. */
  public async list(): Promise<readonly JobOverview[]> {
    const { jobs } = await this.rest.json<{ readonly jobs?: unknown }>("/jobs/overview");
    if (jobs instanceof Array && jobs.every(isJobOverview)) return jobs;
    throw unknownForm("its jobs");
  }

  /**
   * Stops a job with a savepoint in a folder, whichever the job itself would have. Where that was asked for with this
   * `triggerId` before, nothing new is begun.
   */
  public async stop(id: string, triggerId: string, format: SavepointFormat, folder: string): Promise<void> {
    const formatType = format.toUpperCase();
    await this.askOr404(`${pathOf(id)}/stop`, { drain: false, formatType, targetDirectory: folder, triggerId });
  }

  /** How the stop goes; Flink forgets it some minutes after its end, and with the leader. */
  public async stopOutcome(id: string, triggerId: string): Promise<SavepointOutcome> {
    const found = await this.askOr404<SavepointStatus>(`${pathOf(id)}/savepoints/${encodeURIComponent(triggerId)}`);
    if (found === undefined) return { kind: "unknown" };
    if (!found.operation) return { kind: "on" };
    const { location, "failure-cause": failure } = found.operation;
    const path = textOf(location, "a savepoint");
    if (path !== undefined) return { kind: "complete", location: path };
    return { kind: "failed", why: textOf(failure?.["stack-trace"], "a savepoint that failed") ?? "" };
  }

  /** Nothing where Flink knows no such job, or no more of it than how it ended. */
  public async checkpoints(id: string): Promise<JobCheckpoints | undefined> {
    const found = await this.askOr404<Checkpoints>(`${pathOf(id)}/checkpoints`);
    if (found === undefined) return undefined;
    const { savepoint, completed, restored } = found.latest ?? {};
    const location = locationOf(savepoint);
    const isOfStop = savepoint?.checkpoint_type === STOPPING_SAVEPOINT && location !== undefined;
    const format = savepoint?.savepointFormat === "NATIVE" ? "native" : "canonical";
    const isLast = isOfStop && isLater(savepoint, completed) && isLater(savepoint, restored);
    return {
      completed: found.counts?.completed ?? 0,
      stoppedWith: isOfStop ? { location, format, isLast } : undefined,
      newest: locationOf(completed && isLater(completed, restored) ? completed : restored),
      restored: locationOf(restored),
    };
  }

  /** Why a job failed last, as a stack trace of Java; empty where it did not. */
  public async failure(id: string): Promise<string> {
    const found = await this.askOr404<Failures>(`${pathOf(id)}/exceptions?maxExceptions=1`);
    return textOf(found?.exceptionHistory?.entries?.[0]?.stacktrace, "a failure") ?? "";
  }

  private async askOr404<T>(path: string, body?: object): Promise<T | undefined> {
    try {
      return await this.rest.json<T>(path, body);
    } catch (failure) {
      if (failure instanceof RestProblem && failure.status === NOT_FOUND) return undefined;
      throw failure;
    }
  }
}

function pathOf(id: string): string {
  return `/jobs/${encodeURIComponent(id)}`;
}

function unknownForm(what: string): Problem {
  return new Problem(`Flink tells of ${what} in a form that this version of cdktf-flink does not know`);
}

function textOf(value: unknown, of: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  throw unknownForm(of);
}

function locationOf(checkpoint: CheckpointStatistics | null | undefined): string | undefined {
  return textOf(checkpoint?.external_path, "a checkpoint");
}

/** Whether a job was neither restored nor completed another checkpoint after one. */
function isLater(one: CheckpointStatistics, other: CheckpointStatistics | null | undefined): boolean {
  if (!other) return true;
  // Restored from an older one it has gone on all the same.
  const wasRestored = (other.restore_timestamp ?? 0) > (one.latest_ack_timestamp ?? Infinity);
  return (one.id ?? 0) > (other.id ?? 0) && !wasRestored;
}

/** How a job is named to a person. */
export function shownJob({ id, name }: { readonly id: string; readonly name: string }): string {
  return `${shownJobName(name)} (${printable(id)})`;
}

/** What began all of a stack trace of Java, in one line. */
export function causeOf(stackTrace: string): string {
  const lines = stackTrace.split("\n").map((line) => printable(line));
  const last = lines
    .filter((line) => line.startsWith("Caused by: "))
    .at(-1)
    ?.replace("Caused by: ", "");
  // The names of classes say less than what they say.
  return (last ?? lines[0] ?? "").replace(/^(?:[\w$]+\.)+([\w$]+: )/, "$1").replace(/\.$/, "");
}
