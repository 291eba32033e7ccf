import { printable } from "../../core/printable";
import { ValidationError } from "../../core/validation";

/** Canonical can be read by every state backend; some states can be written in the native one alone. */
export type SavepointFormat = "canonical" | "native";

/** A stop that was begun, and of which it is not known yet that the job has ended. */
export interface BegunStop {
  /** Flink's id of the job that is stopped. */
  readonly id: string;
  /** Ours, by which Flink knows the same request when it comes again. */
  readonly triggerId: string;
  readonly format: SavepointFormat;
  /** Which Flink runs the job, such as `2.2.1`; absent in files of before. */
  readonly flink?: string;
  /** As soon as it is complete. */
  readonly savepoint?: string;
}

/** The job that goes on from a savepoint. */
export interface ResumedJob {
  /** Chosen before it is submitted, and the same for each copy of the file, so that it is not begun twice. */
  readonly id: string;
  /** Whether it began, or shall begin, from nothing. */
  readonly withoutState?: true;
  /** Which try it is, after others that ended before their first checkpoint; absent for the first. */
  readonly attempt?: number;
  /** When Flink was first seen to list it: from then on it may have done what nobody may do again. */
  readonly begun?: string;
  /** When it was first seen to run with all its tasks, and until then nothing. */
  readonly at?: string;
}

/** One job of a file. */
export interface StoppedJob {
  /** Flink's id of the job that was stopped. */
  readonly id: string;
  readonly name: string;
  /** Where it stands, such as `s3p://my-checkpoints/savepoints/orders/savepoint-0be3a5-…`. */
  readonly savepoint?: string;
  readonly format?: SavepointFormat;
  /** Which Flink wrote the savepoint, such as `2.2.1`; absent in files of before. */
  readonly flink?: string;
  /** How it is begun again: arguments of `cdktf-flink`, such as `["flink", "run", "-d", "orders.jar"]`. */
  readonly submit: readonly string[];
  readonly stopping?: BegunStop;
  readonly resumed?: ResumedJob;
}

/** What `jobs stop` writes and `jobs resume` reads. */
export interface JobsFile {
  readonly schemaVersion: 1;
  readonly cluster: string;
  readonly region: string;
  readonly bucket: string;
  /** In the order in which they are begun again. */
  readonly jobs: readonly StoppedJob[];
}

const VERSION = /^\d+\.\d+/;

/** Reads the text of such a file; `name` is how messages call it. */
export function parseJobsFile(text: string, name: string): JobsFile {
  let found: Partial<JobsFile> | null;
  try {
    found = JSON.parse(text) as Partial<JobsFile> | null;
  } catch (failure) {
    throw new ValidationError(
      `${name} is not JSON (${printable((failure as Error).message)}): mend it, or name another file`,
    );
  }
  if (typeof found !== "object" || found?.schemaVersion !== 1 || !(found.jobs instanceof Array)) {
    throw new ValidationError(`${name} is not a file that jobs stop of this version writes: name another file`);
  }
  const place = [found.cluster, found.region, found.bucket];
  const wrong = place.every((text) => typeof text === "string") ? wrongJob(found.jobs) : "cluster, region or bucket";
  if (wrong === undefined) return found as JobsFile;
  throw new ValidationError(
    `${name} has something else in ${wrong} than jobs stop writes: a job has the texts id, name and savepoint, flink, a version such as "2.2.1", and submit, a list of texts such as ["flink", "run", "-d", "orders.jar"]`,
  );
}

/** The text of a file. */
export function printJobsFile(file: JobsFile): string {
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

/** Where a value is of another kind, such as `jobs[1].submit`. */
function wrongJob(jobs: readonly unknown[]): string | undefined {
  for (const [index, each] of jobs.entries()) {
    const at = `jobs[${index}]`;
    if (typeof each !== "object" || each === null) return at;
    const { id, name, savepoint, flink, submit, stopping, resumed } = each as Partial<StoppedJob>;
    const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
    const texts = { id, savepoint: savepoint ?? "none" };
    const isWrong = Object.entries(texts).find(([, value]) => !isText(value));
    if (isWrong) return `${at}.${isWrong[0]}`;
    // Flink takes a job without a name.
    if (typeof name !== "string") return `${at}.name`;
    const { begun = "none", at: since = "none", attempt = 1 } = resumed ?? {};
    const isMode = [undefined, true].includes(resumed?.withoutState);
    const isTold = [resumed ? resumed.id : "none", begun, since].every(isText);
    if (!isTold || !isMode || !Number.isSafeInteger(attempt) || attempt < 1) return `${at}.resumed`;
    const { savepoint: complete = "none", format = "canonical" } = stopping ?? {};
    const isBegun = stopping === undefined || [stopping?.id, stopping?.triggerId, complete].every(isText);
    if (!isBegun || !["canonical", "native"].includes(format)) return `${at}.stopping`;
    const isVersion = (value: unknown): boolean =>
      value === undefined || (typeof value === "string" && VERSION.test(value));
    if (!isVersion(flink)) return `${at}.flink`;
    if (!isVersion(stopping?.flink)) return `${at}.stopping.flink`;
    if (!(submit instanceof Array) || !submit.every((word) => typeof word === "string")) return `${at}.submit`;
  }
  return undefined;
}
