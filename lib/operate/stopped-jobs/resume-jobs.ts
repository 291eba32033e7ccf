import { randomBytes } from "node:crypto";
import { printable } from "../../core/printable";
import { ValidationError } from "../../core/validation";
import { hasEnded, type JobOverview, runsWhole } from "../../node/agent/roll/flink-view";
import { Problem } from "../../software/problem";
import type { FlinkProgram } from "../flink-cli/run-flink";
import { causeOf, type FlinkJobs, shownJob } from "./flink-jobs";
import type { StoppedJob } from "./jobs-file";
import type { JobsFileStore } from "./jobs-file-store";
import { programOf, type Submission, submissionOf } from "./submission";

/** What is to go on, and how. */
export interface ResumeOptions {
  readonly store: JobsFileStore;
  readonly jobs: FlinkJobs;
  /** Which Flink the nodes shall run, such as `2.3.0`: it makes the jobs. */
  readonly flink: string;
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
 * Begins each stopped job of a file from its savepoint, one after the other, and waits until all its tasks run. The id of the new job is chosen
 * and written down before it is submitted: so the same again finds what it has begun, and Flink refuses a second one. Stops at
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

async function resumeJob(options: ResumeOptions, job: StoppedJob, program: FlinkProgram): Promise<void> {
  const { store, jobs, tell } = options;
  const id = await planned(options, job);
  if (!(await find(jobs, id))) {
    await options.mayBegin();
    tell(`${shownJob(job)}: begins as ${id} from ${printable(job.savepoint!)}`);
    const code = await options.submit(submissionOf(program, job.savepoint!, id));
    if (!(await find(jobs, id))) {
      throw new Problem(
        `the job ${shownJob(job)} was not begun: ${printable(job.submit.join(" "))} ended with ${code}, and said why above; mend it and run the same command again`,
      );
    }
  }
  await untilItRuns(options, job, id);
  await store.change(job.id, (each) => ({ ...each, resumed: { id, at: new Date().toISOString() } }));
  tell(`${shownJob(job)}: goes on as ${id}`);
}

/** The id of the job that goes on, which stands in the file from here on. */
async function planned({ store, jobs }: ResumeOptions, job: StoppedJob): Promise<string> {
  const write = async (id: string): Promise<string> => {
    await store.change(job.id, (each) => ({ ...each, resumed: { id } }));
    return id;
  };
  const listed = await jobs.list();
  const before = job.resumed && listed.find(({ jid }) => jid === job.resumed!.id);
  if (before && hasEnded(before) && before.state !== "FINISHED") {
    const { completed = 0, newest } = (await jobs.checkpoints(before.jid)) ?? {};
    if (completed === 0) return write(newId());
    throw new Problem(
      `the job ${shownJob(job)} went on as ${before.jid} and is ${before.state} after ${completed} checkpoints, so that its savepoint would have it do again what it has done: write ${newest ?? "the path of its newest checkpoint"} as "savepoint" and take "resumed" out of ${store.path} to go on from there`,
    );
  }
  if (job.resumed) return job.resumed.id;
  const ours = store.jobs.map(({ resumed }) => resumed?.id);
  const namesake = listed.find((each) => each.name === job.name && !hasEnded(each) && !ours.includes(each.jid));
  if (!namesake) return write(newId());
  const { restored } = (await jobs.checkpoints(namesake.jid)) ?? {};
  // Somebody began it by hand.
  if (restored === job.savepoint) return write(namesake.jid);
  throw new Problem(
    `a job named ${shownJob({ ...namesake, id: namesake.jid })} runs already, and not from the savepoint that ${store.path} has: cancel it, or take the job out of the file`,
  );
}

async function untilItRuns({ store, jobs, timeoutMillis }: ResumeOptions, job: StoppedJob, id: string): Promise<void> {
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
