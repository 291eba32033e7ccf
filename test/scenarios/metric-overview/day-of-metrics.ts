import { JOB_MANAGER_UNIT, TASK_MANAGER_UNIT } from "../../../lib/node/flink-services";
import { AGENT_UNIT } from "../../../lib/node/paths";
import { ZOOKEEPER_UNIT } from "../../../lib/node/zookeeper-service";
import {
  CLUSTER,
  DAY,
  END,
  Job,
  JOBS,
  leaderAt,
  NODES,
  ONE,
  OUT_OF_MEMORY,
  randomNumbers,
  ROLL,
  SILENCE,
  SLOW_DATABASE,
  THREE,
  TWO,
} from "../made-up-day";
import type { WrittenSeries } from "../metrics/remote-write";
import { checkpointsOf, endOf, HABITS, restartsOf, Run, runsOf, Task } from "./jobs-of-day";

const MINUTE = 60_000;
const START = Date.parse(DAY.from);
const SLOTS_OF_NODE = 4;
const UNITS = [JOB_MANAGER_UNIT, TASK_MANAGER_UNIT, ZOOKEEPER_UNIT, AGENT_UNIT];
/** From the moment at which a node's processes end until they are there again. */
const ROLL_MINUTES = 1.2;
/** As long as a roll says beforehand that there is something to change, and afterwards that it was the last. */
const [PENDING_FROM, PENDING_AFTER] = [Math.min(...Object.values(ROLL)) - 1, 3];
/** A TaskManager that says nothing is given up after so long. */
const GIVEN_UP = 0.9;

/** A value at a minute of the day; none where the node says nothing of it. */
type Value = (minute: number) => number | undefined;
type Labels = Readonly<Record<string, string>>;

/** What the nodes of the made-up day ship of what the overview, the jobs and the checkpoints show: at each minute. */
export function dayOfMetrics(): readonly WrittenSeries[] {
  const random = randomNumbers(20261129);
  return [
    ...ofNodes(),
    ...ofLeader(),
    ...JOBS.flatMap((job, index) => [...ofJob(job, index, random), ...ofTasks(job, random)]),
  ];
}

/** The same in parts that a Prometheus takes one after the other: it takes nothing older than an hour or two before its newest. */
export function hoursOf(series: readonly WrittenSeries[]): readonly (readonly WrittenSeries[])[] {
  return Array.from({ length: END / 60 + 1 }, (_, hour) => {
    const [from, to] = [hour, hour + 1].map((each) => START + each * 60 * MINUTE);
    return series
      .map(({ labels, samples }) => ({ labels, samples: samples.filter(([time]) => time >= from && time < to) }))
      .filter(({ samples }) => samples.length > 0);
  });
}

function ofNodes(): WrittenSeries[] {
  return NODES.flatMap((node, index) => {
    const says =
      (value: Value): Value =>
      (minute) =>
        node === THREE && minute >= SILENCE ? undefined : value(minute);
    const isDown = (minute: number): boolean =>
      isWithin(minute, ROLL[node], ROLL_MINUTES) || (node === TWO && isWithin(minute, OUT_OF_MEMORY, 1.5));
    const isPending = (minute: number): boolean => minute >= PENDING_FROM && minute < ROLL[node] + PENDING_AFTER;
    // A unit that the roll starts anew counts from 0 again.
    const wasEnded = (unit: string, minute: number): boolean =>
      node === TWO && unit === TASK_MANAGER_UNIT && minute > OUT_OF_MEMORY && minute < ROLL[TWO];
    return [
      ...made(
        "cdktf_flink_node_healthy",
        { node },
        says((minute) => Number(!isDown(minute))),
      ),
      ...made(
        "cdktf_flink_node_leads",
        { node },
        says((minute) => Number(leaderAt(minute) === node)),
      ),
      ...made(
        "cdktf_flink_node_change_pending",
        { node },
        says((minute) => Number(isPending(minute))),
      ),
      ...made(
        "cdktf_flink_agent_timestamp_seconds",
        { node },
        says((minute) => (START + minute * MINUTE) / 1_000),
      ),
      ...UNITS.flatMap((unit) =>
        made(
          "cdktf_flink_unit_restarts_total",
          { node, unit },
          says((minute) => Number(wasEnded(unit, minute))),
        ),
      ),
      ...["flink", "zookeeper", "agent"].flatMap((process, which) =>
        made(
          "cdktf_flink_certificate_remaining_seconds",
          { node, process },
          says((minute) => 86_400 * (61 + 2 * index + 5 * which) - 60 * minute),
        ),
      ),
    ];
  });
}

function ofLeader(): WrittenSeries[] {
  const taskManagers = (minute: number): number =>
    NODES.filter(
      (node) =>
        !isWithin(minute, ROLL[node], ROLL_MINUTES) &&
        !(node === TWO && isWithin(minute, OUT_OF_MEMORY + GIVEN_UP, 0.7)) &&
        !(node === THREE && minute >= SILENCE + GIVEN_UP),
    ).length;
  const used = (minute: number): number =>
    JOBS.filter((job) => doesRun(job, minute)).reduce((sum, job) => sum + HABITS.get(job)!.tasks[0].parallelism, 0);
  const values: Readonly<Record<string, (minute: number) => number>> = {
    numRunningJobs: (minute) => JOBS.filter((job) => doesRun(job, minute)).length,
    numRegisteredTaskManagers: taskManagers,
    taskSlotsTotal: (minute) => SLOTS_OF_NODE * taskManagers(minute),
    taskSlotsAvailable: (minute) => Math.max(0, SLOTS_OF_NODE * taskManagers(minute) - used(minute)),
  };
  return Object.entries(values).flatMap(([field, value]) => madeByLeader(`flink_jobmanager_${field}`, {}, value));
}

/** A leader that takes over counts from 0. */
function ofJob(job: Job, index: number, random: () => number): WrittenSeries[] {
  const labels = { job_id: job.id, job_name: job.name };
  const { restartsBefore, stateBytes } = HABITS.get(job)!;
  const [restarts, runs, checkpoints] = [restartsOf(job), runsOf(job), checkpointsOf(job, index, random)];
  const sinceTakeover = (minute: number, moment: number): boolean =>
    moment <= minute && (minute < ROLL[ONE] || moment > ROLL[ONE] + ROLL_MINUTES);
  const completed = (minute: number) => checkpoints.filter(({ failed, end }) => !failed && end <= minute);
  const last = (minute: number) => completed(minute).at(-1);
  const runAt = (minute: number) => runs.find(({ from, to }) => from <= minute && minute < to);
  const size = (minute: number): number => stateBytes * (0.8 + 0.12 * busy(minute) + minute / END / 12);
  const sizes = new Map(
    checkpoints.map(({ end }) => [end, { full: size(end), part: size(end) * (0.05 + 0.04 * random()) }]),
  );
  const values: Readonly<Record<string, Value>> = {
    uptime: (minute) => MINUTE * (minute - (runAt(minute)?.from ?? minute)),
    restartingTime: (minute) =>
      runAt(minute) ? 0 : MINUTE * (minute - restarts.filter((one) => one.minute <= minute).at(-1)!.minute),
    numRestarts: (minute) =>
      (minute < ROLL[ONE] ? restartsBefore : 0) + restarts.filter((one) => sinceTakeover(minute, one.minute)).length,
    lastCheckpointCompletedTimestamp: (minute) => last(minute) && START + MINUTE * last(minute)!.end,
    lastCheckpointDuration: (minute) => last(minute) && MINUTE * last(minute)!.minutes,
    lastCheckpointFullSize: (minute) => last(minute) && sizes.get(last(minute)!.end)!.full,
    lastCheckpointSize: (minute) => last(minute) && sizes.get(last(minute)!.end)!.part,
    numberOfCompletedCheckpoints: (minute) =>
      (minute < ROLL[ONE] ? 144 * (index + 2) : 0) +
      completed(minute).filter(({ end }) => sinceTakeover(minute, end)).length,
    numberOfFailedCheckpoints: (minute) =>
      checkpoints.filter(({ failed, end }) => failed && sinceTakeover(minute, end)).length,
    numberOfInProgressCheckpoints: (minute) =>
      Number(checkpoints.some(({ minutes, end }) => minute >= end - minutes && minute < end)),
  };
  return Object.entries(values).flatMap(([field, value]) =>
    madeByLeader(`flink_jobmanager_job_${field}`, labels, (minute) =>
      minute < endOf(job) ? value(minute) : undefined,
    ),
  );
}

/** Each attempt of a job has series of its own. */
function ofTasks(job: Job, random: () => number): WrittenSeries[] {
  return runsOf(job).flatMap((run, attempt) =>
    HABITS.get(job)!.tasks.flatMap((task) =>
      Array.from({ length: task.parallelism }, (_, subtask) =>
        ofSubtask({ job, run, attempt, task, subtask, random }),
      ).flat(),
    ),
  );
}

interface Subtask {
  readonly job: Job;
  readonly run: Run;
  readonly attempt: number;
  readonly task: Task;
  readonly subtask: number;
  readonly random: () => number;
}

function ofSubtask({ job, run, attempt, task, subtask, random }: Subtask): WrittenSeries[] {
  const nodes = run.from > SILENCE ? [ONE, TWO] : NODES;
  const node = nodes[subtask % nodes.length];
  const labels = {
    ...{ node, job_id: job.id, job_name: job.name, task_id: task.id, task_name: task.name },
    ...{ subtask_index: String(subtask), task_attempt_id: `${task.id.slice(0, 24)}_${subtask}_${attempt}` },
  };
  const part = (task.parts?.[subtask] ?? 1) / task.parallelism;
  const flow = (minute: number): number => part * busy(minute) * pace(job, run, minute) * (0.94 + 0.12 * random());
  const delay = (minute: number): number => (isSlow(job, minute) ? 20 + 30 * random() : 0.03 + 0.05 * random());
  const values: Readonly<Record<string, (minute: number) => number>> = {
    numRecordsInPerSecond: (minute) => task.recordsIn * flow(minute),
    numRecordsOutPerSecond: (minute) => task.recordsOut * flow(minute),
    numBytesInPerSecond: (minute) => task.recordsIn * task.bytesOfRecord * flow(minute),
    numBytesOutPerSecond: (minute) => task.recordsOut * task.bytesOfRecord * flow(minute),
    checkpointStartDelayNanos: (minute) => 1e9 * delay(minute) * (task.asksDatabase ? 1 : 0.2),
    checkpointAlignmentTime: (minute) => (task.recordsIn === 0 ? 0 : 2e8 * delay(minute)),
  };
  const end = node === THREE ? Math.min(run.to, SILENCE) : run.to;
  return Object.entries(values).flatMap(([field, value]) =>
    made(`flink_taskmanager_job_task_${field}`, labels, value, { from: run.from, to: end }),
  );
}

/** How fast it goes beside what comes in: slowly while it waits for the database, and faster while it has something to make up for. */
function pace(job: Job, run: Run, minute: number): number {
  if (isSlow(job, minute)) return 0.18;
  if (job === JOBS[0] && isWithin(minute, SLOW_DATABASE.to, 60)) return 1.7;
  return isWithin(minute, run.from, 3) ? 1.25 : 1;
}

function isSlow(job: Job, minute: number): boolean {
  return job === JOBS[0] && minute >= SLOW_DATABASE.from && minute < SLOW_DATABASE.to;
}

function doesRun(job: Job, minute: number): boolean {
  return runsOf(job).some(({ from, to }) => from <= minute && minute < to);
}

/** More by day than by night, 1 in the mean. */
function busy(minute: number): number {
  return 1 + 0.6 * Math.sin(((minute - 8 * 60) / END) * 2 * Math.PI);
}

function isWithin(minute: number, from: number, length: number): boolean {
  return minute >= from && minute < from + length;
}

/** The node that leads tells it; while no node does, nobody. */
function madeByLeader(name: string, labels: Labels, value: Value): WrittenSeries[] {
  return [ONE, TWO].flatMap((node) =>
    made(name, { ...labels, node }, (minute) =>
      leaderAt(minute) === node && !isWithin(minute, ROLL[ONE], ROLL_MINUTES) ? value(minute) : undefined,
    ),
  );
}

/** At each minute of a run; none where there is no value in all of it. */
function made(name: string, labels: Labels, value: Value, run: Run = { from: 0, to: END + 1 }): WrittenSeries[] {
  const samples: [number, number][] = [];
  for (let minute = Math.max(0, Math.ceil(run.from)); minute < Math.min(run.to, END + 1); minute += 1) {
    const found = value(minute);
    if (found !== undefined) samples.push([START + minute * MINUTE, found]);
  }
  return samples.length === 0 ? [] : [{ labels: { ...labels, __name__: name, cluster: CLUSTER }, samples }];
}
