import { differenceOf } from "../../../lib/local/differences";

/** Flat keys, as Flink tells of them. */
export type Keys = Readonly<Record<string, string>>;

/** What Flink's REST API answers at a path. */
export type Get = <T>(path: string) => Promise<T>;

/** The configuration that the JobManager runs with. */
export async function effectiveConfiguration(get: Get): Promise<Keys> {
  const entries = await get<readonly { readonly key: string; readonly value: string }[]>("/jobmanager/config");
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}

/**
 * Where what Flink runs with is not what a cluster says, one line for each key: none where only keys of the committed list
 * differ. Of secrets Flink shows stars.
 */
export function unlistedDifferences(said: Keys, effective: Keys): string[] {
  return [...new Set([...Object.keys(said), ...Object.keys(effective)])]
    .filter((key) => said[key] !== effective[key] && differenceOf(key) === undefined)
    .sort()
    .map((key) => `${key}: the cluster says ${said[key] ?? "nothing"}, Flink runs with ${effective[key] ?? "nothing"}`);
}

/** What a job sees of the cluster's configuration where it says nothing itself. */
export interface JobConfiguration {
  readonly parallelism: number;
  readonly objectReuse: boolean;
  readonly checkpointIntervalMillis: number;
  readonly checkpointTimeoutMillis: number;
  readonly checkpointMode: string;
  readonly stateBackend: string;
  readonly keptWhenCancelled: boolean;
  readonly tolerableFailedCheckpoints: number;
}

interface CheckpointsConfig {
  readonly mode: string;
  readonly interval: number;
  readonly timeout: number;
  readonly state_backend: string;
  readonly tolerable_failed_checkpoints: number;
  readonly externalization: { readonly enabled: boolean; readonly delete_on_cancellation: boolean };
}

interface JobConfig {
  readonly "execution-config": { readonly "job-parallelism": number; readonly "object-reuse-mode": boolean };
}

/** What a job runs with, as Flink tells of it. */
export async function configurationOfJob(get: Get, id: string): Promise<JobConfiguration> {
  const checkpoints = await get<CheckpointsConfig>(`/jobs/${id}/checkpoints/config`);
  const { "execution-config": execution } = await get<JobConfig>(`/jobs/${id}/config`);
  return {
    parallelism: execution["job-parallelism"],
    objectReuse: execution["object-reuse-mode"],
    checkpointIntervalMillis: checkpoints.interval,
    checkpointTimeoutMillis: checkpoints.timeout,
    checkpointMode: checkpoints.mode,
    stateBackend: checkpoints.state_backend,
    keptWhenCancelled: checkpoints.externalization.enabled && !checkpoints.externalization.delete_on_cancellation,
    tolerableFailedCheckpoints: checkpoints.tolerable_failed_checkpoints,
  };
}

/** What a job runs with that says nothing itself, in a cluster that says this. */
export function configurationForJobs(said: Keys): JobConfiguration {
  return {
    parallelism: Number(said["parallelism.default"]),
    objectReuse: said["pipeline.object-reuse"] === "true",
    checkpointIntervalMillis: millis(said["execution.checkpointing.interval"]),
    checkpointTimeoutMillis: millis(said["execution.checkpointing.timeout"]),
    checkpointMode: "exactly_once",
    stateBackend: "HashMapStateBackend",
    keptWhenCancelled: said["execution.checkpointing.externalized-checkpoint-retention"] === "RETAIN_ON_CANCELLATION",
    tolerableFailedCheckpoints: Number(said["execution.checkpointing.tolerable-failed-checkpoints"]),
  };
}

const UNIT_MILLIS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 };

/** Of such as `10 min`. */
function millis(text: string): number {
  const [amount, unit] = text.split(" ");
  return Number(amount) * UNIT_MILLIS[unit];
}
