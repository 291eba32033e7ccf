import {
  type CheckpointReport,
  type FlinkReport,
  type JobReport,
  MOST_REPORTED_JOBS,
  type TasksReport,
} from "./report";

type Found = Readonly<Record<string, unknown>>;

/** What a report tells of the whole cluster, as it was found in the bucket; nothing where it is not of the known form. */
export function asFlinkReport(found: unknown): FlinkReport | undefined {
  if (!isRecord(found) || !Array.isArray(found.jobs)) return undefined;
  const { lookedAt, version, taskManagers, slotsTotal, slotsFree, moreJobs } = found;
  const isGood =
    isTime(lookedAt) &&
    typeof version === "string" &&
    [taskManagers, slotsTotal, slotsFree].every(isCount) &&
    (moreJobs === undefined || isCount(moreJobs)) &&
    found.jobs.every(isJob);
  if (!isGood) return undefined;
  return { ...(found as unknown as FlinkReport), jobs: (found.jobs as JobReport[]).slice(0, MOST_REPORTED_JOBS) };
}

function isJob(found: unknown): found is JobReport {
  if (!isRecord(found)) return false;
  const { id, name, state, since, restarts, tasks, checkpoint } = found;
  return (
    [id, name, state].every((text) => typeof text === "string") &&
    isTime(since) &&
    (restarts === undefined || isCount(restarts)) &&
    (tasks === undefined || isTasks(tasks)) &&
    (checkpoint === undefined || isCheckpoint(checkpoint))
  );
}

function isTasks(found: unknown): found is TasksReport {
  return isRecord(found) && [found.total, found.running, found.finished, found.waiting].every(isCount);
}

function isCheckpoint(found: unknown): found is CheckpointReport {
  return isRecord(found) && isTime(found.completedAt) && isCount(found.durationMillis) && isCount(found.sizeBytes);
}

function isTime(value: unknown): boolean {
  return typeof value === "string" && !Number.isNaN(Date.parse(value));
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRecord(value: unknown): value is Found {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
