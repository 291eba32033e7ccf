/** What a local cluster says of itself. */
export interface LocalOverview {
  readonly taskManagers: number;
  readonly slots: number;
  readonly freeSlots: number;
}

export interface LocalJob {
  readonly id: string;
  readonly name: string;
  /** In Flink's words, such as `RUNNING`, which it is also while its tasks wait for slots. */
  readonly state: string;
  readonly tasks: { readonly all: number; readonly running: number };
}

/** A job in Flink's own answer. */
interface JobOverview {
  readonly jid: string;
  readonly name: string;
  readonly state: string;
  readonly tasks?: { readonly total?: number; readonly running?: number };
}

/** Flink answers at once or, while it starts, not at all. */
const PATIENCE_MILLIS = 10_000;

/** Where the web UI and the REST API of a local cluster are. */
export function restUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** Undefined while nobody answers, or answers as Flink does. */
export async function askOverview(port: number): Promise<LocalOverview | undefined> {
  const answer = (await ask(port, "/overview")) as Readonly<Record<string, unknown>> | undefined;
  const [taskManagers, slots, freeSlots] = [answer?.taskmanagers, answer?.["slots-total"], answer?.["slots-available"]];
  return typeof taskManagers === "number" && typeof slots === "number" && typeof freeSlots === "number"
    ? { taskManagers, slots, freeSlots }
    : undefined;
}

/** The jobs that it knows, ended ones too; none while nobody answers. */
export async function askJobs(port: number): Promise<readonly LocalJob[]> {
  const answer = (await ask(port, "/jobs/overview")) as { readonly jobs?: readonly JobOverview[] } | undefined;
  return (answer?.jobs ?? []).map(({ jid, name, state, tasks: { total: all = 0, running = 0 } = {} }) => ({
    ...{ id: jid, name, state },
    tasks: { all, running },
  }));
}

async function ask(port: number, path: string): Promise<unknown> {
  try {
    const answer = await fetch(`${restUrl(port)}${path}`, { signal: AbortSignal.timeout(PATIENCE_MILLIS) });
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}
