import { printable } from "../core/printable";
import { hasEnded } from "../node/agent/roll/flink-view";
import { runsWhole, stateInWords } from "../node/job-state";
import type { FlinkReport, JobReport } from "../node/report";
import { Problem } from "../software/problem";

/** Jobs that run, as far as the leader tells of each; tasks of theirs may wait for slots. */
export function runningJobs(flink: FlinkReport | undefined): readonly JobReport[] {
  return (flink?.jobs ?? []).filter(isRunning);
}

/**
 * Why nobody may take a machine from the jobs now, one sentence without a full stop; nothing where all run that shall.
 *
 * @param mayLackSlots whether tasks may wait, as where a node is away that nobody waits for
 */
export function unreadyJob(flink: FlinkReport | undefined, mayLackSlots = false): string | undefined {
  const isReady = mayLackSlots ? isRunning : runsWhole;
  const job = flink?.jobs.find((each) => !isReady(each) && !hasEnded(each));
  return job && isNotWhole(job);
}

/**
 * Which of the jobs that ran before do not run again yet, one sentence without a full stop; nothing where all do, or ended
 * in peace. One of which all tasks ran shall run so again.
 *
 * @param since when the new machine was well: what the leader was told before says nothing
 * @param mayLackSlots as with `unreadyJob`: Flink gives the slots to whichever job asks first
 */
export function jobThatIsAway(
  before: readonly JobReport[],
  now: FlinkReport | undefined,
  since: string,
  mayLackSlots = false,
): string | undefined {
  if (before.length === 0) return undefined;
  if (!now || Date.parse(now.lookedAt) <= Date.parse(since)) return "no node has told of the jobs since";
  for (const job of before) {
    const found = now.jobs.find(({ id }) => id === job.id);
    if (found?.state === "FAILED") throw new Problem(`the job ${shown(job)} has failed since the machine was replaced`);
    const isBack = !mayLackSlots && runsWhole(job) ? runsWhole : isRunning;
    if (found && (isBack(found) || hasEnded(found))) continue;
    if (found) return isNotWhole(found);
    // Of many jobs only some are told one by one.
    if ((now.moreJobs ?? 0) === 0) return `the job ${shown(job)} is not listed any more`;
  }
  return undefined;
}

function isRunning({ state }: JobReport): boolean {
  return state === "RUNNING";
}

function isNotWhole(job: JobReport): string {
  return `the job ${shown(job)} is ${printable(stateInWords(job))}`;
}

function shown({ id, name }: JobReport): string {
  return `${printable(name)} (${printable(id)})`;
}
