import { randomBytes } from "node:crypto";
import { printable } from "../../core/printable";
import { endedInPeace, hasEnded, type JobOverview, runsWhole } from "../../node/agent/roll/flink-view";
import { shownJobName } from "../../node/agent/roll/job-name";
import { explain, Problem } from "../../software/problem";
import type { Progress } from "../../software/progress";
import { RestProblem } from "../rest-caller";
import { causeOf, type FlinkJobs, shownJob, type StopSavepoint } from "./flink-jobs";
import type { BegunStop, JobsFile, SavepointFormat, StoppedJob } from "./jobs-file";
import type { JobsFileStore } from "./jobs-file-store";
import { checkpointsOf, isBelow, isSamePlace, savepointsOf } from "./state-places";

/** What is to be stopped, and where it is written down. */
export interface StopOptions {
  readonly place: Pick<JobsFile, "cluster" | "region" | "bucket">;
  readonly store: JobsFileStore;
  readonly jobs: FlinkJobs;
  /** Where the newest checkpoint of a job lies that the bucket still has, by the job's id. */
  readonly newestKept: (id: string) => Promise<string | undefined>;
  /** Of an earlier time, for how each job is begun again. */
  readonly earlier: readonly StoppedJob[];
  /** How long each job may take. */
  readonly timeoutMillis: number;
  readonly progress: Progress;
}

/** Savepoints at once: each loads the bucket, and all jobs stand until the last is complete. */
const AT_ONCE = 4;
const PAUSE_MILLIS = 1000;
/** Pauses after which what Flink tells of checkpoints is no answer of before any more: it keeps one for 3 seconds. */
const UNTIL_IT_IS_TOLD = 10;
/** What a state says that can be written in the native format alone. */
const NOT_CANONICAL = /Not supported yet/;

/**
 * Stops every job that has not ended with a savepoint, and writes each down before it is touched and as soon as its savepoint
 * is complete. The same again goes on with what is left. A job that cannot be stopped is told in one sentence, with what
 * remains; all others that were begun are brought to their end.
 */
export async function stopJobs(options: StopOptions): Promise<readonly StoppedJob[]> {
  const { store, jobs } = options;
  await writeDown(options, await jobs.list());
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
async function writeDown(options: StopOptions, listed: readonly JobOverview[]): Promise<void> {
  const { place, store, jobs, earlier } = options;
  const running = listed.filter((job) => !hasEnded(job));
  const all = (await store.read())?.jobs ?? [];
  const over = all.filter((entry) => isOver(entry, listed));
  const known = all.filter((entry) => !over.includes(entry));
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
  for (const { id, name, resumed } of over) {
    options.progress.line(
      `${shownJob({ id, name })} went on as ${printable(resumed!.id)} and has ended since, so it is taken out of ${store.path}: what is left of it, if it failed, lies below ${printable(checkpointsOf(place, resumed!.id))}`,
    );
  }
}

/**
 * Whether a job went on and came to its end since, or somebody ended it: the savepoint from which it went on is older than
 * what it has done. One that Flink still lists as failed stays.
 */
function isOver({ resumed, stopping }: StoppedJob, listed: readonly JobOverview[]): boolean {
  if (!resumed || stopping) return false;
  const job = listed.find(({ jid }) => jid === resumed.id);
  return job ? endedInPeace(job) : (resumed.begun ?? resumed.at) !== undefined;
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
  const { store, progress, timeoutMillis } = options;
  const entry = store.jobs.find((job) => job.id === id)!;
  const task = progress.task(shownJobName(entry.name));
  const end = Date.now() + timeoutMillis;
  const inTime = (): void => {
    if (Date.now() < end) return;
    throw new Problem(`the job ${shownJob(entry)} is not stopped yet: run the same command again to wait for it`);
  };
  try {
    const stop = await completeStop(options, entry, { inTime, note: (text) => task.note(text) });
    if (stop === undefined) {
      await store.drop(id);
      return task.done(`it has ended by itself, and ${store.path} has it no more`);
    }
    const { savepoint, format, flink } = stop;
    const of = { savepoint, format, ...(flink === undefined ? {} : { flink }) };
    await store.change(id, ({ name, submit }) => ({ id: stop.id, name, ...of, submit }));
    task.done(`stopped, ${format} savepoint ${printable(savepoint)}`);
  } catch (failure) {
    task.failed(explain(failure));
    throw failure;
  }
}

type CompleteStop = BegunStop & { readonly savepoint: string };

/** Of one stop, while it is waited for. */
interface Waiting {
  /** Throws when it has taken too long. */
  readonly inTime: () => void;
  readonly note: (text: string) => void;
}

/** Until the job has ended with its savepoint; nothing where it came to its end without one. */
async function completeStop(
  options: StopOptions,
  entry: StoppedJob,
  { inTime, note }: Waiting,
): Promise<CompleteStop | undefined> {
  const { store, jobs } = options;
  let stop = entry.stopping!;
  let isSeen = false;
  let unsaid = 0;
  const change = async (next: BegunStop): Promise<BegunStop> => {
    await store.change(entry.id, (job) => ({ ...job, stopping: next }));
    return next;
  };
  for (;;) {
    const outcome =
      stop.savepoint === undefined
        ? await jobs.stopOutcome(stop.id, stop.triggerId)
        : ({ kind: "complete", location: stop.savepoint } as const);
    if (outcome.kind === "complete" && stop.savepoint === undefined) {
      stop = await change({ ...stop, savepoint: ownSavepoint(options, entry, outcome.location) });
      note(`savepoint ${stop.savepoint}`);
      isSeen = true;
    }
    if (outcome.kind !== "on") {
      const job = (await jobs.list()).find(({ jid }) => jid === stop.id);
      if (!job || hasEnded(job)) return endedStop(options, entry, { stop, isSeen }, job);
      // One whose savepoint failed may have to come back first.
      if (outcome.kind === "unknown" && runsWhole(job)) await begin(options, stop, entry);
      if (outcome.kind === "complete" && runsWhole(job)) {
        const isLast = isStillLast(stop, (await jobs.checkpoints(stop.id))?.stoppedWith);
        unsaid = isLast === undefined ? unsaid + 1 : 0;
        if (isLast === false || unsaid > UNTIL_IT_IS_TOLD) {
          // It has come back, and its savepoint is older than what it does.
          [stop, isSeen, unsaid] = [await change(newStop(stop.id, stop.flink, stop.format)), false, 0];
        }
      }
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

/** Whether a savepoint is still the last that its job did; nothing where Flink does not tell of it. */
function isStillLast({ savepoint }: BegunStop, told: StopSavepoint | undefined): boolean | undefined {
  return told && savepoint !== undefined && isSamePlace(told.location, savepoint) ? told.isLast : undefined;
}

/** Whoever resumes the job trusts it: a place of anybody else's is not taken over. */
function ownSavepoint({ place, store }: StopOptions, entry: StoppedJob, location: string): string {
  const folder = savepointsOf(place);
  if (isBelow(folder, location)) return location;
  throw new Problem(
    `Flink says that the savepoint of the job ${shownJob(entry)} lies at ${printable(location)}, which is not below ${folder}, where those of this cluster belong: look at it, and if it is the job's, write it into ${store.path} as "savepoint" in place of "stopping"`,
  );
}

async function begin(
  { place, jobs }: StopOptions,
  { id, triggerId, format }: BegunStop,
  entry: StoppedJob,
): Promise<void> {
  try {
    await jobs.stop(id, triggerId, format, savepointsOf(place));
  } catch (failure) {
    if (!(failure instanceof RestProblem)) throw failure;
    throw new Problem(
      `the job ${shownJob(entry)} could not be stopped (${causeOf(failure.told) || printable(failure.message)})`,
    );
  }
}

/** A stop, and whether Flink itself said in this command that its savepoint is complete. */
interface EndedStop {
  readonly stop: BegunStop;
  readonly isSeen: boolean;
}

/** What became of a job that has ended: it did so with its savepoint, or without. */
async function endedStop(
  options: StopOptions,
  entry: StoppedJob,
  ended: EndedStop,
  job: JobOverview | undefined,
): Promise<CompleteStop | undefined> {
  const { stop, isSeen } = ended;
  if (job?.state === "FINISHED") {
    const told = await toldStop(options.jobs, stop.id);
    if (told?.isLast) {
      return { ...stop, savepoint: ownSavepoint(options, entry, told.location), format: told.format };
    }
    if (told) throw notLast(options, entry, told.location, (await options.jobs.checkpoints(stop.id))?.newest);
    return isSeen && stop.savepoint !== undefined ? { ...stop, savepoint: stop.savepoint } : undefined;
  }
  if (job && endedInPeace(job)) return undefined;
  if (!job) return forgottenStop(options, entry, ended);
  const kept = (await options.jobs.checkpoints(stop.id))?.newest ?? (await options.newestKept(stop.id));
  const goOn =
    kept === undefined
      ? ""
      : `: write ${printable(kept)}, its newest checkpoint, into ${options.store.path} as "savepoint" in place of "stopping" to go on from there, or take the job out of it`;
  throw new Problem(`the job ${shownJob(entry)} has failed before it could be stopped${goOn}`);
}

/** A job may have come back from its stop, gone on, and finished by itself. */
function notLast({ store }: StopOptions, entry: StoppedJob, savepoint: string, newest = "none"): Problem {
  return new Problem(
    `the job ${shownJob(entry)} has finished, and not by its savepoint ${printable(savepoint)}, after which it went on: take the job out of ${store.path} if it came to its end, or write the path of its newest checkpoint (${printable(newest)}) into it as "savepoint" in place of "stopping"`,
  );
}

/** What Flink tells of the stop of a job that has finished, when that is told. */
async function toldStop(jobs: FlinkJobs, id: string): Promise<StopSavepoint | undefined> {
  for (let left = UNTIL_IT_IS_TOLD; ; left--) {
    const told = (await jobs.checkpoints(id))?.stoppedWith;
    if (told || left === 0) return told;
    await jobs.pause(PAUSE_MILLIS);
  }
}

/**
 * Of a job that Flink does not list, as another leader does not list one that has ended. Whoever saw the savepoint complete saw
 * the end of the job too. Else it may have come back and gone on, and then the bucket has checkpoints of it.
 */
async function forgottenStop(
  { place, store, newestKept }: StopOptions,
  entry: StoppedJob,
  { stop, isSeen }: EndedStop,
): Promise<CompleteStop> {
  const { savepoint, id } = stop;
  const kept = isSeen ? undefined : await newestKept(id);
  if (savepoint !== undefined && kept === undefined) return { ...stop, savepoint };
  const own = savepoint ?? `savepoint-${id.slice(0, 6)}-… in ${savepointsOf(place)}`;
  const newest = kept === undefined ? "" : `, or ${kept} where that is newer`;
  throw new Problem(
    `Flink knows no more of the job ${shownJob(entry)}, which was being stopped: write the path of its newest savepoint, ${printable(`${own}${newest}`)}, into ${store.path} as "savepoint" in place of "stopping", or take the job out of it`,
  );
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
