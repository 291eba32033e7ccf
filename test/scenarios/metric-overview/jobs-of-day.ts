import {
  BROKEN_INVOICE,
  END,
  ENRICHMENT,
  failsCheckpoint,
  INVOICES,
  Job,
  OUT_OF_MEMORY,
  ROLL,
  SCORES,
  SESSIONS,
  SILENCE,
  SLOW_DATABASE,
  slowDatabaseFailures,
} from "../made-up-day";

/** A time in which a job ran: minutes of the day, the end not within. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

export interface Checkpoint {
  /** When it was complete or failed. */
  readonly end: number;
  readonly minutes: number;
  readonly failed: boolean;
}

export interface Task {
  readonly id: string;
  readonly name: string;
  readonly parallelism: number;
  /** Records each second of all subtasks in the mean of the day. */
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly bytesOfRecord: number;
  /** Parts of the mean of subtasks that each of them has. */
  readonly parts?: readonly number[];
  /** Waits for the database of customers. */
  readonly asksDatabase?: boolean;
}

/** What a job is like on a day without trouble. */
interface Habits {
  readonly tasks: readonly Task[];
  readonly startedDaysBefore: number;
  readonly restartsBefore: number;
  readonly checkpointSeconds: number;
  readonly stateBytes: number;
}

const [MIB, GIB] = [2 ** 20, 2 ** 30];
const DAY_MINUTES = END;

export const HABITS: ReadonlyMap<Job, Habits> = new Map([
  [
    ENRICHMENT,
    {
      ...{ startedDaysBefore: 9.3, restartsBefore: 2, checkpointSeconds: 7, stateBytes: 1.8 * GIB },
      tasks: [
        {
          ...{ id: "bc764cd8ddf7a0cff126f51c16239658", name: "Source: orders", parallelism: 3 },
          ...{ recordsIn: 0, recordsOut: 3_600, bytesOfRecord: 310 },
        },
        {
          ...{ id: "0a448493b4782967b150582570326227", name: "LookupJoin", parallelism: 3 },
          ...{ recordsIn: 3_600, recordsOut: 0, bytesOfRecord: 310, parts: [0.92, 0.8, 1.28], asksDatabase: true },
        },
      ],
    },
  ],
  [
    SESSIONS,
    {
      ...{ startedDaysBefore: 4.2, restartsBefore: 0, checkpointSeconds: 12, stateBytes: 640 * MIB },
      tasks: [
        {
          ...{ id: "cbc357ccb763df2852fee8c4fc7d55f2", name: "Source: clicks", parallelism: 2 },
          ...{ recordsIn: 0, recordsOut: 9_200, bytesOfRecord: 120 },
        },
        {
          ...{ id: "90bea66de1c231edf33913ecd54406c1", name: "SessionWindow", parallelism: 2 },
          ...{ recordsIn: 9_200, recordsOut: 0, bytesOfRecord: 120, parts: [1.1, 0.9] },
        },
      ],
    },
  ],
  [
    SCORES,
    {
      ...{ startedDaysBefore: 2.1, restartsBefore: 1, checkpointSeconds: 3, stateBytes: 320 * MIB },
      tasks: [
        {
          ...{ id: "717c7b8afebbfb7137f6f0f99beb2a94", name: "Source: payments", parallelism: 2 },
          ...{ recordsIn: 0, recordsOut: 1_500, bytesOfRecord: 480 },
        },
        {
          ...{ id: "6d2677a0ecc3fd8df0b72ec675edf8f4", name: "Score", parallelism: 2 },
          ...{ recordsIn: 1_500, recordsOut: 0, bytesOfRecord: 480 },
        },
      ],
    },
  ],
  [
    INVOICES,
    {
      ...{ startedDaysBefore: 9.3, restartsBefore: 0, checkpointSeconds: 0.8, stateBytes: 12 * MIB },
      tasks: [
        {
          ...{ id: "20ba6b65f97481d5570070de90e4e791", name: "Source: invoices", parallelism: 1 },
          ...{ recordsIn: 0, recordsOut: 260, bytesOfRecord: 900 },
        },
        {
          ...{ id: "ea632d67b7d595e5b851708ae9ad79d6", name: "Sink: invoices", parallelism: 1 },
          ...{ recordsIn: 260, recordsOut: 0, bytesOfRecord: 900 },
        },
      ],
    },
  ],
]);

/** When it began anew, in the order of the day; each with the minutes until it ran again. */
export function restartsOf(job: Job): readonly { readonly minute: number; readonly down: number }[] {
  const all = [
    { minute: OUT_OF_MEMORY + 0.3, down: 1.6 },
    ...(job === ENRICHMENT ? slowDatabaseFailures().map((minute) => ({ minute: minute + 0.6, down: 1.3 })) : []),
    ...(job === INVOICES ? BROKEN_INVOICE.slice(0, -1).map((minute) => ({ minute: minute + 0.1, down: 0.8 })) : []),
    ...Object.values(ROLL).map((minute) => ({ minute: minute + 0.2, down: 0.9 })),
    { minute: SILENCE + 0.9, down: 1.4 },
  ];
  return all.filter(({ minute }) => minute < endOf(job)).sort((one, other) => one.minute - other.minute);
}

const RUNS = new Map([...HABITS.keys()].map((job) => [job, makeRuns(job)]));

/** From the start of one attempt to the next restart; the first began before the day. */
export function runsOf(job: Job): readonly Run[] {
  return RUNS.get(job)!;
}

function makeRuns(job: Job): readonly Run[] {
  const restarts = restartsOf(job);
  const starts = [
    -HABITS.get(job)!.startedDaysBefore * DAY_MINUTES,
    ...restarts.map(({ minute, down }) => minute + down),
  ];
  const ends = [...restarts.map(({ minute }) => minute), endOf(job)];
  return starts.map((from, index) => ({ from, to: ends[index] }));
}

export function endOf(job: Job): number {
  return job.until === undefined ? END + 1 : job.until - 0.9;
}

/** One each ten minutes; where one fails, it is that one. */
export function checkpointsOf(job: Job, order: number, random: () => number): readonly Checkpoint[] {
  const failures = [
    OUT_OF_MEMORY + 0.4,
    ...(job === ENRICHMENT
      ? slowDatabaseFailures()
          .filter(failsCheckpoint)
          .map((minute) => minute + 3)
      : []),
    ...(job.until === undefined ? [SILENCE + 1] : []),
  ];
  const failed = failures.map((end) => ({ end, minutes: 0, failed: true }));
  const runs = runsOf(job);
  const complete = Array.from({ length: END / 10 }, (_, index) => 10 * index + order + 0.4).flatMap((start) => {
    const isSlow = job === ENRICHMENT && start >= SLOW_DATABASE.from && start < SLOW_DATABASE.to;
    const minutes = (HABITS.get(job)!.checkpointSeconds / 60) * (0.85 + 0.4 * random()) * (isSlow ? 9 : 1);
    const isReplaced = failures.some((failure) => failure >= start && failure < start + 10);
    const doesRun = runs.some(({ from, to }) => from <= start && start + minutes < to);
    return isReplaced || !doesRun ? [] : [{ end: start + minutes, minutes, failed: false }];
  });
  return [...failed, ...complete].sort((one, other) => one.end - other.end);
}
