import * as https from "https";
import {
  type CheckpointReport,
  type FlinkReport,
  type JobReport,
  MOST_REPORTED_JOBS,
  type TasksReport,
} from "../report";
import { getJson, type JsonAnswer } from "./health";
import { shownJobName } from "./roll/job-name";
import { hasEnded, isJobOverview, type JobOverview } from "./roll/flink-view";

/** A report is made as often: more would be told to nobody. */
const PAUSE_MILLIS = 25_000;
const LONGEST_VERSION = 40;

type Found = Readonly<Record<string, unknown>>;
/** Asks the REST API for a path. */
type Ask = (path: string) => Promise<JsonAnswer>;

/** Looks now and then at what Flink says of the whole cluster, on the node whose JobManager leads and on no other. */
export class FlinkSummaryWatch {
  private begunAt = -Infinity;
  private isLooking = false;

  /**
   * @param summarize asks Flink
   * @param tell is given what it says; nothing where another node leads
   */
  public constructor(
    private readonly summarize: () => Promise<FlinkReport>,
    private readonly tell: (summary: FlinkReport | undefined) => void,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** Never throws: where Flink does not answer, its health check says so, and what it said last keeps its time. */
  public async look(leads: boolean | undefined): Promise<void> {
    if (leads === false) {
      this.begunAt = -Infinity;
      this.tell(undefined);
    }
    if (leads !== true || this.isLooking || this.clock() - this.begunAt < PAUSE_MILLIS) return;
    this.isLooking = true;
    this.begunAt = this.clock();
    try {
      this.tell(await this.summarize());
    } catch {
      // Asked again after the pause.
    } finally {
      this.isLooking = false;
    }
  }
}

/** Asks the JobManager of this node, by one connection. */
export async function summarizeFlink(host: string, port: number): Promise<FlinkReport> {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
  try {
    return await flinkSummary((path) => getJson(host, port, path, undefined, agent), new Date());
  } finally {
    agent.destroy();
  }
}

/** What Flink says of the cluster: bounded, however many jobs it has, and whatever they are called. */
export async function flinkSummary(ask: Ask, now: Date): Promise<FlinkReport> {
  const overview = await answer(ask, "/overview");
  const listed = (await answer(ask, "/jobs/overview")).jobs;
  if (!Array.isArray(listed)) throw new Error("the REST API lists no jobs");
  const jobs = (listed as unknown[]).filter(isJobOverview).sort(byInterest);
  const told: JobReport[] = [];
  // One after the other: they are asked for in the process that coordinates them all.
  for (const job of jobs.slice(0, MOST_REPORTED_JOBS)) told.push(await jobReport(ask, job, now));
  const more = jobs.length - told.length;
  return {
    lookedAt: now.toISOString(),
    version: text(overview["flink-version"]).slice(0, LONGEST_VERSION),
    taskManagers: count(overview.taskmanagers) ?? 0,
    slotsTotal: count(overview["slots-total"]) ?? 0,
    slotsFree: count(overview["slots-available"]) ?? 0,
    jobs: told,
    ...(more > 0 ? { moreJobs: more } : {}),
  };
}

async function jobReport(ask: Ask, job: JobOverview, now: Date): Promise<JobReport> {
  const { jid: id, name, state } = job;
  const report = { id, name: shownJobName(name), state, since: isoTime(changedAt(job)) ?? now.toISOString() };
  if (hasEnded(job)) return report;
  const tasks = tasksIn(job);
  const restarts = restartsIn((await ask(`/jobs/${id}/metrics?get=numRestarts`)).body);
  const checkpoint = checkpointIn((await ask(`/jobs/${id}/checkpoints`)).body);
  return {
    ...report,
    ...(restarts === undefined ? {} : { restarts }),
    ...(tasks ? { tasks } : {}),
    ...(checkpoint ? { checkpoint } : {}),
  };
}

function tasksIn({ tasks }: JobOverview): TasksReport | undefined {
  const { total, running, finished, created, scheduled } = tasks;
  const counts = [total, running, finished, created, scheduled].map(count);
  if (!counts.every((each): each is number => each !== undefined)) return undefined;
  return { total: counts[0], running: counts[1], finished: counts[2], waiting: counts[3] + counts[4] };
}

/** `[{ "id": "numRestarts", "value": "3" }]`, and an empty list while the metric is not there yet. */
function restartsIn(body: unknown): number | undefined {
  const [metric] = Array.isArray(body) ? (body as unknown[]) : [];
  const { value } = record(metric);
  return typeof value === "string" && /^\d+$/.test(value) ? count(Number(value)) : undefined;
}

function checkpointIn(body: unknown): CheckpointReport | undefined {
  const completed = record(record(record(body).latest).completed);
  const completedAt = isoTime(count(completed.latest_ack_timestamp));
  const durationMillis = count(completed.end_to_end_duration);
  const sizeBytes = count(completed.state_size);
  if (completedAt === undefined || durationMillis === undefined || sizeBytes === undefined) return undefined;
  return { completedAt, durationMillis, sizeBytes };
}

async function answer(ask: Ask, path: string): Promise<Found> {
  const { status, body } = await ask(path);
  if (status !== 200) throw new Error(`the REST API answers ${status}`);
  return record(body);
}

/** Those that have not ended, then those that changed last; of one time by id, so that the order is steady. */
function byInterest(left: JobOverview, right: JobOverview): number {
  return (
    Number(hasEnded(left)) - Number(hasEnded(right)) ||
    (changedAt(right) ?? 0) - (changedAt(left) ?? 0) ||
    left.jid.localeCompare(right.jid)
  );
}

function changedAt(job: JobOverview): number | undefined {
  const found = job as unknown as Found;
  return hasEnded(job) ? count(found["end-time"]) : count(found["last-modification"]);
}

function isoTime(millis: number | undefined): string | undefined {
  const time = new Date(millis ?? NaN);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function count(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

function record(value: unknown): Found {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Found) : {};
}
