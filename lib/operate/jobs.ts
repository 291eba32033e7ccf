import { printable } from "../core/printable";
import { hasEnded } from "../node/agent/roll/flink-view";
import type { FlinkReport, JobReport } from "../node/report";
import { Problem } from "../software/problem";

/** Jobs that run, as far as the leader tells of each. */
export function runningJobs(flink: FlinkReport | undefined): readonly JobReport[] {
  return (flink?.jobs ?? []).filter(({ state }) => state === "RUNNING");
}

/** Why nobody may take a machine from the jobs now, one sentence without a full stop; nothing where all run that shall. */
export function unreadyJob(flink: FlinkReport | undefined): string | undefined {
  const job = flink?.jobs.find((each) => each.state !== "RUNNING" && !hasEnded(each));
  return job && `the job ${shown(job)} is ${printable(job.state)}`;
}

/**
 * Which of the jobs that ran before do not run again yet, one sentence without a full stop; nothing where all do, or ended
 * in peace.
 *
 * @param since when the new machine was well: what the leader was told before says nothing
 */
export function jobThatIsAway(
  before: readonly JobReport[],
  now: FlinkReport | undefined,
  since: string,
): string | undefined {
  if (before.length === 0) return undefined;
  if (!now || Date.parse(now.lookedAt) <= Date.parse(since)) return "no node has told of the jobs since";
  for (const job of before) {
    const found = now.jobs.find(({ id }) => id === job.id);
    if (found?.state === "FAILED") throw new Problem(`the job ${shown(job)} has failed since the machine was replaced`);
    if (found && (found.state === "RUNNING" || hasEnded(found))) continue;
    if (found) return `the job ${shown(job)} is ${printable(found.state)}`;
    // Of many jobs only some are told one by one.
    if ((now.moreJobs ?? 0) === 0) return `the job ${shown(job)} is not listed any more`;
  }
  return undefined;
}

function shown({ id, name }: JobReport): string {
  return `${printable(name)} (${printable(id)})`;
}
