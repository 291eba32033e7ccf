import type { JobReport } from "./report";

/** Whether every task runs, but for those that are done. Of a report that tells nothing of tasks, Flink's own word holds. */
export function runsWhole(job: JobReport): boolean {
  return job.state === "RUNNING" && !lacksTasks(job);
}

/** Flink calls a job running as soon as it has begun to look for slots: then also how many of its tasks run. */
export function stateInWords(job: JobReport): string {
  const { state, tasks } = job;
  if (state !== "RUNNING" || !tasks || !lacksTasks(job)) return state;
  return `${state}, ${tasks.running} of ${tasks.total} ${tasks.total === 1 ? "task runs" : "tasks run"}`;
}

function lacksTasks({ tasks }: JobReport): boolean {
  // As long as Flink has not laid the job out there are none.
  return tasks !== undefined && (tasks.total === 0 || tasks.running + tasks.finished < tasks.total);
}
