import { randomBytes } from "node:crypto";
import { printable } from "../../core/printable";
import { ValidationError } from "../../core/validation";
import { hasEnded, type JobOverview, runsWhole } from "../../node/agent/roll/flink-view";
import { lineOf, readsSavepointsOf } from "../../node/flink-line";
import { Problem } from "../../software/problem";
import type { FlinkProgram } from "../flink-cli/run-flink";
import { causeOf, type FlinkJobs, shownJob } from "./flink-jobs";
import type { ResumedJob, StoppedJob } from "./jobs-file";
import type { JobsFileStore } from "./jobs-file-store";
import { programOf, type Submission, submissionOf } from "./submission";

/** What is to go on, and how. */
export interface ResumeOptions {
  readonly store: JobsFileStore;
  readonly jobs: FlinkJobs;
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

/**
 * Begins each stopped job of a file from its savepoint, or anew, one after the other, and waits until all its tasks run. The id of the new job
 * is chosen and written down before it is submitted: so the same again finds what it has begun, and Flink refuses a second one. Stops at
 * the first job that does not run.
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
      `the nodes run Flink ${runs}, and their desired state says ${flink}: wait until they run it (\`npx cdktf-flink status\` says what they wait for), or undo the change and deploy, and run the same command again`,
    );
  }
  if (!options.withoutState) requireReadable(left, flink);
  for (const [index, job] of left.entries()) await resumeJob(options, job, programs[index]);
  return left;
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
  const unread = left.filter(({ flink: of }) => of !== undefined && !isReadBy(line, lineOf(of)));
  if (unread.length === 0) return;
  const lines = [...new Set(unread.map((job) => lineOf(job.flink!)))].join(" and ");
  throw new Problem(
    `the nodes run Flink ${flink}, which reads no savepoint of Flink ${lines}, as these have: ${unread.map(shownJob).join(", ")}; nothing was begun: change the cluster to a line that reads them, or begin all jobs of the file that are left anew, without their state, with --without-state`,
  );
}

function isReadBy(line: string, of: string): boolean {
  return of === line || readsSavepointsOf(of, line);
}

async function resumeJob(options: ResumeOptions, job: StoppedJob, program: FlinkProgram): Promise<void> {
  const { store, jobs, tell } = options;
  const resumed = await planned(options, job);
  const { id, withoutState } = resumed;
  if (!(await find(jobs, id))) {
    await options.mayBegin();
    const savepoint = withoutState ? undefined : job.savepoint!;
    const how = savepoint === undefined ? "anew, without its state" : `from ${printable(savepoint)}`;
    tell(`${shownJob(job)}: begins as ${id} ${how}`);
    const code = await options.submit(submissionOf(program, savepoint, id));
    if (!(await find(jobs, id))) {
      throw new Problem(
        `the job ${shownJob(job)} was not begun: ${printable(job.submit.join(" "))} ended with ${code}, and said why above; mend it and run the same command again`,
      );
    }
  }
  await untilItRuns(options, job, resumed);
  await store.change(job.id, (each) => ({ ...each, resumed: { ...resumed, at: new Date().toISOString() } }));
  tell(`${shownJob(job)}: ${withoutState ? `runs as ${id}, without its state` : `goes on as ${id}`}`);
}

/** The job that goes on, as it stands in the file from here on. */
async function planned(options: ResumeOptions, job: StoppedJob): Promise<ResumedJob> {
  const { store, jobs, flink } = options;
  const write = async (id: string, withoutState = options.withoutState): Promise<ResumedJob> => {
    const resumed: ResumedJob = { id, ...(withoutState ? { withoutState } : {}) };
    await store.change(job.id, (each) => ({ ...each, resumed }));
    return resumed;
  };
  const listed = await jobs.list();
  const before = job.resumed && listed.find(({ jid }) => jid === job.resumed!.id);
  if (before && hasEnded(before) && before.state !== "FINISHED") {
    const { completed = 0, newest } = (await jobs.checkpoints(before.jid)) ?? {};
    if (completed === 0) return write(newId());
    const { withoutState } = options;
    const [again, how] = withoutState
      ? ["beginning anew", ", in a file of its own and without --without-state"]
      : ["its savepoint", ""];
    throw new Problem(
      `the job ${shownJob(job)} went on as ${before.jid} and is ${before.state} after ${completed} checkpoints, so that ${again} would have it do again what it has done: write ${newest ?? "the path of its newest checkpoint"} as "savepoint" and ${flink} as "flink", and take "resumed" out of ${store.path} to go on from there${how}`,
    );
  }
  // What has not begun begins as this command says, and what has is as it began.
  if (job.resumed) return before ? job.resumed : write(job.resumed.id);
  const ours = store.jobs.map(({ resumed }) => resumed?.id);
  const namesake = listed.find((each) => each.name === job.name && !hasEnded(each) && !ours.includes(each.jid));
  if (!namesake) return write(newId());
  const { restored } = (await jobs.checkpoints(namesake.jid)) ?? {};
  // Somebody began it by hand.
  if (restored === job.savepoint) return write(namesake.jid, false);
  throw new Problem(
    `a job named ${shownJob({ ...namesake, id: namesake.jid })} runs already, and not from the savepoint that ${store.path} has: cancel it, or take the job out of the file`,
  );
}

async function untilItRuns(options: ResumeOptions, job: StoppedJob, { id, withoutState }: ResumedJob): Promise<void> {
  const { store, jobs, timeoutMillis } = options;
  const end = Date.now() + timeoutMillis;
  for (;;) {
    const found = await find(jobs, id);
    if (found && (runsWhole(found) || found.state === "FINISHED")) break;
    if (!found || hasEnded(found) || Date.now() >= end) {
      const why = causeOf(await jobs.failure(id));
      const state = found ? found.state : "not listed any more";
      throw new Problem(
        `the job ${shownJob(job)} does not go on as ${id}, it is ${state}${why === "" ? "" : ` (${why})`}: mend it and run the same command again`,
      );
    }
    await jobs.pause(PAUSE_MILLIS);
  }
  if (withoutState || options.withoutState) return;
  const checkpoints = await jobs.checkpoints(id);
  if (checkpoints === undefined || checkpoints.restored !== undefined) return;
  throw new Problem(
    `the job ${shownJob(job)} runs as ${id}, but from nothing and not from its savepoint: cancel it, have its program leave execution.state-recovery.path as it is, and take "resumed" of it out of ${store.path}`,
  );
}

async function find(jobs: FlinkJobs, id: string): Promise<JobOverview | undefined> {
  return (await jobs.list()).find(({ jid }) => jid === id);
}

function newId(): string {
  return randomBytes(16).toString("hex");
}
