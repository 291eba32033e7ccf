import { createHash } from "node:crypto";
import { printable } from "../../core/printable";
import { ValidationError } from "../../core/validation";
import { hasEnded, type JobOverview, runsWhole } from "../../node/agent/roll/flink-view";
import { lineOf, readsSavepointsOf } from "../../node/flink-line";
import { Problem } from "../../software/problem";
import type { FlinkProgram } from "../flink-cli/run-flink";
import { causeOf, type FlinkJobs, shownJob } from "./flink-jobs";
import type { ResumedJob, StoppedJob } from "./jobs-file";
import type { JobsFileStore } from "./jobs-file-store";
import { checkpointsOf, isBelow, isSamePlace } from "./state-places";
import { programOf, type Submission, submissionOf } from "./submission";

/** What is to go on, and how. */
export interface ResumeOptions {
  readonly store: JobsFileStore;
  readonly jobs: FlinkJobs;
  /** Where the newest checkpoint of a job lies that the bucket still has, by the job's id. */
  readonly newestKept: (id: string) => Promise<string | undefined>;
  /** Which Flink the nodes shall run, such as `2.3.0`: it makes the jobs. */
  readonly flink: string;
  /** Whether jobs begin from nothing, and not from their savepoints. */
  readonly withoutState: boolean;
  /** Rejects while no job may be begun. */
  readonly mayBegin: () => Promise<void>;
  /** Runs Flink's own client to its end; gives its exit code. */
  readonly submit: (submission: Submission) => Promise<number>;
  /** How long each job may take until all its tasks run. */
  readonly timeoutMillis: number;
  /** Tells a line of how it goes, between those of Flink's client. */
  readonly tell: (line: string) => void;
}

const PAUSE_MILLIS = 1000;
/** Hexadecimal digits of an id of Flink's. */
const ID_LENGTH = 32;

/**
 * Begins each stopped job of a file from its savepoint, or anew, one after the other, and waits until all tasks of all run: a job that reads
 * much state holds up none after it. The id of the new job follows from the old one's and is written down before it is submitted: so the same
 * again, and the same of a copy of the file, finds what it has begun, and Flink refuses a second one. Begins none any more once one does not run.
 */
export async function resumeJobs(options: ResumeOptions): Promise<readonly StoppedJob[]> {
  const { store, jobs, flink } = options;
  const file = await store.readWritten();
  const left = file.jobs.filter(({ resumed }) => resumed?.at === undefined);
  const programs = left.map((job) => checked(job, store.path));
  if (left.length > 0) await options.mayBegin();
  const runs = await jobs.version();
  if (runs !== flink) {
    throw new Problem(
      `the nodes run Flink ${printable(runs)}, and their desired state says ${flink}: wait until they run it (\`npx cdktf-flink status\` says what they wait for), or undo the change and deploy, and run the same command again`,
    );
  }
  if (!options.withoutState) requireReadable(left, flink);
  await allGoOn(options, left, programs);
  return left;
}

async function allGoOn(
  options: ResumeOptions,
  left: readonly StoppedJob[],
  programs: readonly FlinkProgram[],
): Promise<void> {
  const waits: Promise<void>[] = [];
  // Of beginning, too.
  let open = 1;
  let hasFailed = false;
  let last: Error | undefined;
  const settled = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
      open--;
    } catch (failure) {
      open--;
      hasFailed = true;
      // The others may take their time. That of the last one is told by whoever catches it.
      if (open > 0) options.tell((failure as Error).message);
      else last = failure as Error;
    }
  };
  const beginEach = async (): Promise<void> => {
    for (const [index, job] of left.entries()) {
      if (hasFailed) return;
      const resumed = await begin(options, job, programs[index]);
      open++;
      waits.push(settled(untilItGoesOn(options, job, resumed)));
    }
  };
  await settled(beginEach());
  await Promise.all(waits);
  if (last !== undefined) throw last;
  if (hasFailed)
    throw new Problem("not all jobs go on, for what is said above: mend it and run the same command again");
}

function checked(job: StoppedJob, path: string): FlinkProgram {
  if (job.savepoint === undefined || job.stopping) {
    throw new ValidationError(
      `${path} has no savepoint yet of the job ${shownJob(job)}: run \`npx cdktf-flink jobs stop --out ${path}\` again first`,
    );
  }
  return programOf(job, path);
}

/** Before anything begins: what to do about one savepoint that cannot be read may well be another cluster for all of them. */
function requireReadable(left: readonly StoppedJob[], flink: string): void {
  const line = lineOf(flink);
  const unread = left.filter(({ flink: of }) => of !== undefined && !readsSavepointsOf(lineOf(of), line));
  if (unread.length === 0) return;
  const lines = [...new Set(unread.map((job) => lineOf(job.flink!)))].join(" and ");
  throw new Problem(
    `the nodes run Flink ${flink}, which reads no savepoint of Flink ${lines}, as these have: ${unread.map(shownJob).join(", ")}; nothing was begun: change the cluster to a line that reads them, or begin all jobs of the file that are left anew, without their state, with --without-state`,
  );
}

/** Until Flink has it. */
async function begin(options: ResumeOptions, job: StoppedJob, program: FlinkProgram): Promise<ResumedJob> {
  const { store, jobs, tell } = options;
  const wanted = await planned(options, job);
  const { id, withoutState } = wanted;
  if (!(await find(jobs, id))) {
    await options.mayBegin();
    const savepoint = withoutState ? undefined : job.savepoint!;
    const how = savepoint === undefined ? "anew, without its state" : `from ${printable(savepoint)}`;
    tell(`${shownJob(job)}: begins as ${printable(id)} ${how}`);
    const code = await options.submit(submissionOf(program, savepoint, id));
    if (!(await find(jobs, id))) {
      throw new Problem(
        `the job ${shownJob(job)} was not begun: ${printable(job.submit.join(" "))} ended with ${code}, and said why above; mend it and run the same command again`,
      );
    }
  }
  const resumed: ResumedJob = { ...wanted, begun: wanted.begun ?? new Date().toISOString() };
  await store.change(job.id, (each) => ({ ...each, resumed }));
  return resumed;
}

async function untilItGoesOn(options: ResumeOptions, job: StoppedJob, resumed: ResumedJob): Promise<void> {
  const { store, tell } = options;
  const { id, withoutState } = resumed;
  const { state } = await untilItRuns(options, job, resumed);
  await store.change(job.id, (each) => ({ ...each, resumed: { ...resumed, at: new Date().toISOString() } }));
  const runs = withoutState ? "runs" : "goes on";
  const how = state === "FINISHED" ? "has come to its end" : runs;
  tell(`${shownJob(job)}: ${how} as ${printable(id)}${withoutState ? ", without its state" : ""}`);
}

/** The job that goes on, as it stands in the file from here on. */
async function planned(options: ResumeOptions, job: StoppedJob): Promise<ResumedJob> {
  const { store, jobs, withoutState } = options;
  const write = async (resumed: ResumedJob): Promise<ResumedJob> => {
    await store.change(job.id, (each) => ({ ...each, resumed }));
    return resumed;
  };
  const listed = await jobs.list();
  const ofId = (id: string): JobOverview | undefined => listed.find(({ jid }) => jid === id);
  let resumed = job.resumed ?? tryOf(options, job, 0);
  let before = ofId(resumed.id);
  while (before && hasEnded(before) && before.state !== "FINISHED") {
    const done = await doneBy(options, before.jid);
    if (done !== undefined) throw hasGoneOn(options, job, `${before.jid} and is ${before.state}`, done);
    resumed = tryOf(options, job, (resumed.attempt ?? 0) + 1);
    before = ofId(resumed.id);
  }
  if (before) return write(resumed);
  await requireNeverBegun(options, job, resumed);
  const namesake = job.resumed ? undefined : namesakeOf(store.jobs, job, listed);
  // Somebody began it by hand.
  if (namesake) return write(await takenOver(options, job, namesake));
  // What has not begun begins as this command says, and what has is as it began.
  const { id, attempt } = resumed;
  return write({ id, ...(attempt === undefined ? {} : { attempt }), ...(withoutState ? { withoutState } : {}) });
}

/** Of a job that Flink does not list, as another leader does not list one that has ended. */
async function requireNeverBegun(options: ResumeOptions, job: StoppedJob, { id, begun }: ResumedJob): Promise<void> {
  const kept = await options.newestKept(id);
  if (kept !== undefined) throw hasGoneOn(options, job, `${printable(id)} and Flink lists it no more`, kept);
  if (begun === undefined) return;
  throw new Problem(
    `the job ${shownJob(job)} went on as ${printable(id)}, which Flink lists no more and of which the bucket has no checkpoint: either it came to its end, and then take the job out of ${options.store.path}, or it failed before its first checkpoint, and then take "resumed" out of the job to begin it again`,
  );
}

/** The newest checkpoint of its own of a job that failed or was cancelled; nothing where it has completed none. */
async function doneBy({ jobs, store, newestKept }: ResumeOptions, id: string): Promise<string | undefined> {
  const { completed = 0, newest } = (await jobs.checkpoints(id)) ?? {};
  const own = checkpointsOf(store.place, id);
  // Another leader counts anew, and what it restored the job from is told.
  if (newest !== undefined && (completed > 0 || isBelow(own, newest))) return newest;
  return newestKept(id);
}

/** What to do about a job whose savepoint is older than what was done from there. */
function hasGoneOn(
  { withoutState, flink, store }: ResumeOptions,
  job: StoppedJob,
  became: string,
  newest: string,
): Problem {
  const [again, how] = withoutState
    ? ["beginning anew", ", in a file of its own and without --without-state"]
    : ["its savepoint", ""];
  return new Problem(
    `the job ${shownJob(job)} went on as ${became}, so that ${again} might have it do again what it has done: write ${printable(newest)} as "savepoint" and ${printable(flink)} as "flink", and take "resumed" out of ${store.path} to go on from there${how}, or take the job out of it`,
  );
}

/** A job of the same name that runs, and that this file has not begun. */
function namesakeOf(
  all: readonly StoppedJob[],
  job: StoppedJob,
  listed: readonly JobOverview[],
): JobOverview | undefined {
  const others = all.filter(({ id }) => id !== job.id);
  const ours = others.flatMap((each) => [each.resumed?.id, newId(each, false), newId(each, true)]);
  return listed.find((each) => each.name === job.name && !hasEnded(each) && !ours.includes(each.jid));
}

async function takenOver(
  { store, jobs }: ResumeOptions,
  job: StoppedJob,
  { jid: id, name }: JobOverview,
): Promise<ResumedJob> {
  const { restored } = (await jobs.checkpoints(id)) ?? {};
  if (restored !== undefined && isSamePlace(restored, job.savepoint!)) return { id };
  throw new Problem(
    `a job named ${shownJob({ id, name })} runs already, and not from the savepoint that ${store.path} has: cancel it, or take the job out of the file`,
  );
}

/** Until all its tasks run, from its savepoint or, after a failure, from a checkpoint of its own. */
async function untilItRuns(
  options: ResumeOptions,
  job: StoppedJob,
  { id, withoutState }: ResumedJob,
): Promise<JobOverview> {
  const { jobs, timeoutMillis } = options;
  const end = Date.now() + timeoutMillis;
  for (;;) {
    const found = await find(jobs, id);
    const runs = found !== undefined && (runsWhole(found) || found.state === "FINISHED");
    if (runs && (withoutState || options.withoutState || (await wentOnFromSavepoint(options, job, id)))) return found;
    if (!found || (hasEnded(found) && !runs) || Date.now() >= end) {
      const why = causeOf(await jobs.failure(id));
      const state = found ? found.state : "not listed any more";
      const unsaid = runs ? ", and Flink does not tell from where" : "";
      throw new Problem(
        `the job ${shownJob(job)} does not go on as ${printable(id)}, it is ${state}${unsaid}${why === "" ? "" : ` (${why})`}: mend it and run the same command again`,
      );
    }
    await jobs.pause(PAUSE_MILLIS);
  }
}

/** False where Flink does not tell it yet. */
async function wentOnFromSavepoint({ store, jobs }: ResumeOptions, job: StoppedJob, id: string): Promise<boolean> {
  const checkpoints = await jobs.checkpoints(id);
  if (checkpoints === undefined) return false;
  const { restored } = checkpoints;
  if (restored !== undefined) {
    if (isSamePlace(restored, job.savepoint!) || isBelow(checkpointsOf(store.place, id), restored)) return true;
  }
  throw new Problem(
    `the job ${shownJob(job)} runs as ${printable(id)}, but from ${restored === undefined ? "nothing" : printable(restored)} and not from its savepoint: cancel it, have its program leave execution.state-recovery.path as it is, and take "resumed" of it out of ${store.path}`,
  );
}

async function find(jobs: FlinkJobs, id: string): Promise<JobOverview | undefined> {
  return (await jobs.list()).find(({ jid }) => jid === id);
}

/** A job that is to begin as this command says; `attempt` counts those before it that ended without anything done. */
function tryOf({ withoutState }: ResumeOptions, job: StoppedJob, attempt: number): ResumedJob {
  const id = newId(job, withoutState, attempt);
  return { id, ...(withoutState ? { withoutState } : {}), ...(attempt > 0 ? { attempt } : {}) };
}

/** The same for each copy of the file, so that Flink refuses the second of two. */
function newId({ id, savepoint }: StoppedJob, withoutState: boolean, attempt = 0): string {
  const text = JSON.stringify([id, savepoint, withoutState, attempt]);
  return createHash("sha256").update(text).digest("hex").slice(0, ID_LENGTH);
}
