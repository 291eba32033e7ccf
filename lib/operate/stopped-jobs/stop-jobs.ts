import { randomBytes } from "node:crypto";
import { hasEnded, type JobOverview, runsWhole } from "../../node/agent/roll/flink-view";
import { explain, Problem } from "../../software/problem";
import type { Progress } from "../../software/progress";
import { RestProblem } from "../rest-caller";
import { causeOf, type FlinkJobs, shownJob } from "./flink-jobs";
import type { BegunStop, JobsFile, SavepointFormat, StoppedJob } from "./jobs-file";
import type { JobsFileStore } from "./jobs-file-store";

/** What is to be stopped, and where it is written down. */
export interface StopOptions {
  readonly place: Pick<JobsFile, "cluster" | "region" | "bucket">;
  readonly store: JobsFileStore;
  readonly jobs: FlinkJobs;
  /** Of an earlier time, for how each job is begun again. */
  readonly earlier: readonly StoppedJob[];
  /** How long each job may take. */
  readonly timeoutMillis: number;
  readonly progress: Progress;
}

/** Savepoints at once: each loads the bucket, and all jobs stand until the last is complete. */
const AT_ONCE = 4;
const PAUSE_MILLIS = 1000;
/** What a state says that can be written in the native format alone. */
const NOT_CANONICAL = /Not supported yet/;

/**
 * Stops every job that has not ended with a savepoint, and writes each down before it is touched and as soon as its savepoint
 * is complete. The same again goes on with what is left. A job that cannot be stopped is told in one sentence, with what
 * remains; all others that were begun are brought to their end.
 */
export async function stopJobs(options: StopOptions): Promise<readonly StoppedJob[]> {
  const { store, jobs } = options;
  await writeDown(
    options,
    (await jobs.list()).filter((job) => !hasEnded(job)),
  );
  const left = store.jobs.filter(({ stopping }) => stopping !== undefined).map(({ id }) => id);
  const failures: string[] = [];
  const stopNext = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined && failures.length === 0; id = left.shift()) {
      await stopJob(options, id).catch((failure: unknown) => failures.push(explain(failure)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, stopNext));
  if (failures.length > 0) throw new Problem(whatRemains(store, failures));
  return store.jobs;
}

/** Before anything is stopped: whoever finds the file knows of every job. */
async function writeDown({ place, store, jobs, earlier }: StopOptions, running: readonly JobOverview[]): Promise<void> {
  const known = (await store.read())?.jobs ?? [];
  for (const job of running) requireUnambiguous(store.path, known, job);
  // As long as one of them runs, no node changes to another line.
  const flink = running.length > 0 ? await jobs.version() : undefined;
  const begun = known.map((entry) => {
    const job = running.find(({ jid }) => jid === (entry.resumed?.id ?? entry.id));
    return job && !entry.stopping ? { ...entry, stopping: newStop(job.jid, flink) } : entry;
  });
  const stopped = begun.flatMap(({ id, stopping }) => [id, ...(stopping ? [stopping.id] : [])]);
  const others = running
    .filter(({ jid }) => !stopped.includes(jid))
    .map(({ jid, name }) => ({ id: jid, name, submit: submitOf(earlier, name), stopping: newStop(jid, flink) }));
  const unready = running.find((job) => !runsWhole(job) && !known.some(({ stopping }) => stopping?.id === job.jid));
  if (unready) {
    throw new Problem(
      `the job ${shownJob({ ...unready, id: unready.jid })} cannot be stopped, as it is ${unready.state} and not all its tasks run, and no job was touched now: mend or cancel it, and run the same command again`,
    );
  }
  await store.write({ schemaVersion: 1, ...place, jobs: [...begun, ...others] });
}

/** A job that somebody began from the savepoint by hand would be begun once more by `jobs resume`. */
function requireUnambiguous(path: string, known: readonly StoppedJob[], { jid, name }: JobOverview): void {
  if (known.some(({ id, resumed, stopping }) => [id, resumed?.id, stopping?.id].includes(jid))) return;
  const stopped = known.find((entry) => entry.name === name && entry.savepoint !== undefined && !entry.resumed);
  if (!stopped) return;
  throw new Problem(
    `${path} has the savepoint of a job ${shownJob(stopped)} that was not begun again by it, and another job of that name runs (${jid}): name another file, and this one with --jobs`,
  );
}

/** Of a name that says which job is meant. */
function submitOf(earlier: readonly StoppedJob[], name: string): readonly string[] {
  const found = earlier.filter((job) => job.name === name).map(({ submit }) => submit);
  return new Set(found.map((submit) => JSON.stringify(submit))).size === 1 ? found[0] : [];
}

function newStop(id: string, flink: string | undefined, format: SavepointFormat = "canonical"): BegunStop {
  return { id, triggerId: randomBytes(16).toString("hex"), format, ...(flink === undefined ? {} : { flink }) };
}

async function stopJob(options: StopOptions, id: string): Promise<void> {
  const { store, jobs, progress, timeoutMillis } = options;
  const entry = store.jobs.find((job) => job.id === id)!;
  const task = progress.task(entry.name);
  const end = Date.now() + timeoutMillis;
  const inTime = (): void => {
    if (Date.now() < end) return;
    throw new Problem(`the job ${shownJob(entry)} is not stopped yet: run the same command again to wait for it`);
  };
  try {
    const stop = await completeStop(options, entry, inTime);
    if (stop === undefined) {
      // Where it went on from a savepoint of before, that one stays.
      if (entry.savepoint === undefined) await store.drop(id);
      else await store.change(id, (job) => ({ ...job, stopping: undefined }));
      return task.done("it has ended by itself");
    }
    task.note(`savepoint ${stop.savepoint}`);
    while (await isOn(jobs, stop.id)) {
      inTime();
      await jobs.pause(PAUSE_MILLIS);
    }
    const { savepoint, format, flink } = stop;
    const of = { savepoint, format, ...(flink === undefined ? {} : { flink }) };
    await store.change(id, ({ name, submit }) => ({ id: stop.id, name, ...of, submit }));
    task.done(`stopped, ${format} savepoint ${savepoint}`);
  } catch (failure) {
    task.failed(explain(failure));
    throw failure;
  }
}

type CompleteStop = BegunStop & { readonly savepoint: string };

/** Until the savepoint is complete; nothing where the job came to its end before. */
async function completeStop(
  { store, jobs }: StopOptions,
  entry: StoppedJob,
  inTime: () => void,
): Promise<CompleteStop | undefined> {
  let stop = entry.stopping!;
  const change = async (next: BegunStop): Promise<BegunStop> => {
    await store.change(entry.id, (job) => ({ ...job, stopping: next }));
    return next;
  };
  for (;;) {
    if (stop.savepoint !== undefined) return { ...stop, savepoint: stop.savepoint };
    const outcome = await jobs.stopOutcome(stop.id, stop.triggerId);
    if (outcome.kind === "complete") {
      stop = await change({ ...stop, savepoint: outcome.location });
      continue;
    }
    if (outcome.kind !== "on") {
      const job = (await jobs.list()).find(({ jid }) => jid === stop.id);
      if (!job || hasEnded(job)) return endedStop(entry, stop, job, jobs);
      // One whose savepoint failed may have to come back first.
      if (outcome.kind === "unknown" && runsWhole(job)) await begin(jobs, stop, entry);
    }
    if (outcome.kind === "failed") {
      // Of the savepoint Flink tells no more than that the job fell, and why it fell the job alone.
      const failure = await jobs.failure(stop.id);
      const isRefused = stop.format === "native" || !NOT_CANONICAL.test(`${outcome.why}\n${failure}`);
      // Also the next time a savepoint is asked for anew.
      stop = await change(newStop(stop.id, stop.flink, isRefused ? "canonical" : "native"));
      if (isRefused) {
        const last = failure === "" ? "" : `; its last failure: ${causeOf(failure)}`;
        throw new Problem(`the job ${shownJob(entry)} could not be stopped (${causeOf(outcome.why)}${last})`);
      }
    }
    inTime();
    await jobs.pause(PAUSE_MILLIS);
  }
}

async function begin(jobs: FlinkJobs, { id, triggerId, format }: BegunStop, entry: StoppedJob): Promise<void> {
  try {
    await jobs.stop(id, triggerId, format);
  } catch (failure) {
    if (!(failure instanceof RestProblem)) throw failure;
    throw new Problem(`the job ${shownJob(entry)} could not be stopped (${causeOf(failure.told) || failure.message})`);
  }
}

/** What became of a job that has ended, and of whose stop Flink tells no more. */
async function endedStop(
  entry: StoppedJob,
  stop: BegunStop,
  job: JobOverview | undefined,
  jobs: FlinkJobs,
): Promise<CompleteStop | undefined> {
  const stoppedWith = (await jobs.checkpoints(stop.id))?.stoppedWith;
  if (stoppedWith) return { ...stop, savepoint: stoppedWith.location, format: stoppedWith.format };
  if (job && job.state !== "FAILED") return undefined;
  throw new Problem(
    job
      ? `the job ${shownJob(entry)} has failed before it could be stopped`
      : `Flink knows no more of the job ${shownJob(entry)}, which was being stopped: write the path of its newest savepoint, savepoint-${stop.id.slice(0, 6)}-… in the cluster's folder of savepoints, into the file as "savepoint" in place of "stopping", or take the job out of it`,
  );
}

async function isOn(jobs: FlinkJobs, id: string): Promise<boolean> {
  return (await jobs.list()).some((job) => job.jid === id && !hasEnded(job));
}

function whatRemains({ jobs, path }: JobsFileStore, failures: readonly string[]): string {
  const names = (found: readonly StoppedJob[]): string => found.map(shownJob).join(", ");
  const [stopped, left] = [jobs.filter(isStopped), jobs.filter(({ stopping }) => stopping !== undefined)];
  const others = stopped.length === 0 ? "no job was stopped" : `${names(stopped)} stopped, with savepoints in ${path}`;
  return (
    `${failures.join("; ")}; ${others}; not stopped: ${names(left)}: mend it and run the same command again` +
    (stopped.length === 0 ? "" : `, or begin what was stopped again with \`npx cdktf-flink jobs resume ${path}\``)
  );
}

/** Whether a job stands, and waits to be begun again. */
export function isStopped({ savepoint, stopping, resumed }: StoppedJob): boolean {
  return savepoint !== undefined && !stopping && !resumed;
}
