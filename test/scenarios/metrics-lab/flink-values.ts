import type { FlinkSession } from "../flink-session";
import type { Labels, MetricsStore, StoredValue, ValueName } from "./metrics-store";

/** A value of Flink that a store has, and what Flink's REST API says of the same. */
export interface FlinkValue {
  readonly value: ValueName;
  /** `job`: the one of the compared job; otherwise that of its process. */
  readonly of: "process" | "job";
  /**
   * How both agree: `same`: it does not change; `rising`: it lies between what the REST API said before and what it said after;
   * `bounded`: it is above zero and no larger than the bound that the REST API gives.
   */
  readonly agrees: "same" | "rising" | "bounded";
  /** What the REST API says: the value, or its bound. */
  readonly ask: (session: FlinkSession, jid: string) => Promise<number>;
}

/** How a value of a store was compared with Flink's own answer. */
export interface Comparison {
  readonly name: string;
  readonly before: number;
  readonly stored: number;
  readonly after: number;
  readonly agrees: boolean;
}

const ofOverview = (field: string) => async (session: FlinkSession) =>
  (await session.get<Readonly<Record<string, number>>>("/overview"))[field];

/** One of a process's or a job's metrics, which the REST API gives as texts. */
async function metricAt(session: FlinkSession, path: string, name: string): Promise<number> {
  const [metric] = await session.get<{ value: string }[]>(`${path}/metrics?get=${name}`);
  if (!metric) throw new Error(`Flink's REST API knows no ${name} at ${path}`);
  return Number(metric.value);
}

async function pathOfTaskManager(session: FlinkSession): Promise<string> {
  const { taskmanagers } = await session.get<{ taskmanagers: { id: string }[] }>("/taskmanagers");
  if (taskmanagers.length !== 1) throw new Error(`there are ${taskmanagers.length} TaskManagers and not one`);
  return `/taskmanagers/${taskmanagers[0].id}`;
}

const HEAP = { used: "Status_JVM_Memory_Heap_Used", largest: "Status.JVM.Memory.Heap.Max" };
const leader = (name: string): ValueName => ({ kind: "flink_jobmanager", name });
const job = (name: string): ValueName => ({ kind: "flink_jobmanager_job", name });

export const FLINK_VALUES: readonly FlinkValue[] = [
  { value: leader("numRegisteredTaskManagers"), of: "process", agrees: "same", ask: ofOverview("taskmanagers") },
  { value: leader("taskSlotsTotal"), of: "process", agrees: "same", ask: ofOverview("slots-total") },
  { value: leader("taskSlotsAvailable"), of: "process", agrees: "same", ask: ofOverview("slots-available") },
  { value: leader("numRunningJobs"), of: "process", agrees: "same", ask: ofOverview("jobs-running") },
  {
    ...{ value: job("numRestarts"), of: "job", agrees: "same" },
    ask: (session, jid) => metricAt(session, `/jobs/${jid}`, "numRestarts"),
  },
  {
    ...{ value: job("numberOfCompletedCheckpoints"), of: "job", agrees: "rising" },
    ask: async (session, jid) => (await session.job(jid)).completedCheckpoints,
  },
  {
    ...{ value: leader(HEAP.used), of: "process", agrees: "bounded" },
    ask: (session) => metricAt(session, "/jobmanager", HEAP.largest),
  },
  {
    ...{ value: { kind: "flink_taskmanager", name: HEAP.used }, of: "process", agrees: "bounded" },
    ask: async (session) => metricAt(session, await pathOfTaskManager(session), HEAP.largest),
  },
];

export function agree(how: FlinkValue["agrees"], before: number, stored: number, after: number): boolean {
  switch (how) {
    case "same":
      return before === stored && stored === after;
    case "rising":
      return before <= stored && stored <= after;
    case "bounded":
      return stored > 0 && stored <= after;
  }
}

export interface ComparisonPlace {
  readonly session: FlinkSession;
  readonly store: Pick<MetricsStore, "read">;
  /** Id and name of a job that goes on. */
  readonly jid: string;
  readonly jobName: string;
  /** Waits until a condition gives something. */
  readonly waitFor: <T>(condition: () => Promise<T | undefined>, what: string) => Promise<T>;
}

/** Flink's REST API answers with what it knows, and asks its processes for what it then knows. */
const ANSWERED_MILLIS = 2000;

/**
 * Asks Flink, waits for two values of later moments, asks Flink again, and compares with the first of them. The second is waited
 * for because Flink's REST API remembers its answers for some seconds, which is less than from one value to the next.
 */
export async function compareWithFlink(
  place: ComparisonPlace,
  values: readonly FlinkValue[] = FLINK_VALUES,
): Promise<readonly Comparison[]> {
  const { session, store, jid, jobName, waitFor } = place;
  const ask = async () => {
    const answers: number[] = [];
    for (const value of values) answers.push(await value.ask(session, jid));
    return answers;
  };
  const askForNews = async () => {
    await ask();
    const asked = Date.now();
    await waitFor(async () => Date.now() - asked >= ANSWERED_MILLIS || undefined, "Flink's REST API to know more");
    return ask();
  };
  const before = await askForNews();
  const since = Date.now();
  const stored: number[] = [];
  for (const { value, of } of values) {
    const labels: Labels = of === "job" ? { job_name: jobName } : {};
    const isOfTwoMoments = async () => {
      const found = withLabels(await store.read(value, since), labels);
      return new Set(found.map(({ at }) => at)).size > 1 ? found : undefined;
    };
    const [first] = await waitFor(isOfTwoMoments, `two values of ${fullName(value)}`);
    stored.push(first.value);
  }
  const after = await askForNews();
  return values.map(({ value, agrees }, n) => ({
    ...{ name: fullName(value), before: before[n], stored: stored[n], after: after[n] },
    agrees: agree(agrees, before[n], stored[n], after[n]),
  }));
}

function fullName({ kind, name }: ValueName): string {
  return `${kind}_${name}`;
}

/** Those that carry all of these labels. */
export function withLabels(values: readonly StoredValue[], labels: Labels): readonly StoredValue[] {
  const wanted = Object.entries(labels) as [keyof Labels, string][];
  return values.filter((value) => wanted.every(([label, text]) => value.labels[label] === text));
}
