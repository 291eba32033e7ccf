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

/** What Flink tells of a job's checkpoints. */
export interface JobCheckpoints {
  readonly completed: number;
  /** Of the last one that stopped the job. */
  readonly stoppedWith?: { readonly location: string; readonly format: SavepointFormat };
  /** Of the newest one that is no savepoint. */
  readonly newest?: string;
  /** What it went on from last. */
  readonly restored?: string;
}

interface SavepointStatus {
  readonly operation?: {
    readonly location?: string;
    readonly "failure-cause"?: { readonly "stack-trace"?: string };
  } | null;
}

interface Failures {
  readonly exceptionHistory?: { readonly entries?: readonly { readonly stacktrace?: string }[] };
}

interface Checkpoints {
  readonly counts?: { readonly completed?: number };
  readonly latest?: {
    readonly savepoint?: {
      readonly checkpoint_type?: string;
      readonly savepointFormat?: string | null;
      readonly external_path?: string;
    } | null;
    readonly completed?: { readonly external_path?: string } | null;
    readonly restored?: { readonly external_path?: string } | null;
  };
}

/** Of a savepoint with which a job ends. */
const STOPPING_SAVEPOINT = "SYNC_SAVEPOINT";
const NOT_FOUND = 404;

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
    return (await this.rest.json<{ readonly "flink-version": string }>("/overview"))["flink-version"];
  }

  /** All that Flink lists, also those that have ended lately. */
  public async list(): Promise<readonly JobOverview[]> {
    const { jobs } = await this.rest.json<{ readonly jobs?: unknown }>("/jobs/overview");
    if (jobs instanceof Array && jobs.every(isJobOverview)) return jobs;
    throw new Problem("Flink lists its jobs in a form that this version of cdktf-flink does not know");
  }

  /** Stops a job with a savepoint. Where that was asked for with this `triggerId` before, nothing new is begun. */
  public async stop(id: string, triggerId: string, format: SavepointFormat): Promise<void> {
    await this.askOr404(`/jobs/${id}/stop`, { drain: false, formatType: format.toUpperCase(), triggerId });
  }

  /** How the stop goes; Flink forgets it some minutes after its end, and with the leader. */
  public async stopOutcome(id: string, triggerId: string): Promise<SavepointOutcome> {
    const found = await this.askOr404<SavepointStatus>(`/jobs/${id}/savepoints/${triggerId}`);
    if (found === undefined) return { kind: "unknown" };
    if (!found.operation) return { kind: "on" };
    const { location, "failure-cause": failure } = found.operation;
    if (location !== undefined) return { kind: "complete", location };
    return { kind: "failed", why: failure?.["stack-trace"] ?? "" };
  }

  /** Nothing where Flink knows no such job, or no more of it than how it ended. */
  public async checkpoints(id: string): Promise<JobCheckpoints | undefined> {
    const found = await this.askOr404<Checkpoints>(`/jobs/${id}/checkpoints`);
    if (found === undefined) return undefined;
    const { savepoint, completed, restored } = found.latest ?? {};
    const location = savepoint?.external_path;
    const isOfStop = savepoint?.checkpoint_type === STOPPING_SAVEPOINT && location !== undefined;
    const format = savepoint?.savepointFormat === "NATIVE" ? "native" : "canonical";
    return {
      completed: found.counts?.completed ?? 0,
      stoppedWith: isOfStop ? { location, format } : undefined,
      newest: completed?.external_path,
      restored: restored?.external_path,
    };
  }

  /** Why a job failed last, as a stack trace of Java; empty where it did not. */
  public async failure(id: string): Promise<string> {
    const found = await this.askOr404<Failures>(`/jobs/${id}/exceptions?maxExceptions=1`);
    return found?.exceptionHistory?.entries?.[0]?.stacktrace ?? "";
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
