import Table from "cli-table3";
import { readClusterFile, type ClusterFile } from "./cluster-file";
import { processNames } from "./cluster-processes";
import { askJobs, askOverview, restUrl, type LocalJob } from "./flink-rest";
import { localLayout, processLayout } from "./layout";
import { runningOf } from "./running";

/** How a local cluster is. */
export interface LocalStatus {
  /** `up`: all processes run, and Flink answers; `partly up`: some do; `down`: none. */
  readonly state: "up" | "partly up" | "down";
  readonly folder: string;
  /** Absent where the folder never was a local cluster's. */
  readonly cluster?: Pick<ClusterFile, "cluster" | "flink" | "memoryMib">;
  /** Absent while Flink does not answer. */
  readonly url?: string;
  readonly processes: readonly {
    readonly name: string;
    /** Absent where it does not run. */
    readonly pid?: number;
    /** Folder of its logs. */
    readonly logs: string;
  }[];
  /** Absent while Flink does not answer. */
  readonly slots?: { readonly all: number; readonly free: number };
  readonly jobs: readonly LocalJob[];
}

/** Looks at a local cluster, and changes nothing. */
export async function localStatus(folder: string): Promise<LocalStatus> {
  const file = readClusterFile(localLayout(folder).clusterFile);
  const running = runningOf(folder);
  const names = [...new Set([...(file ? processNames(file.taskManagers) : []), ...running.keys()])];
  const overview = file && running.size > 0 ? await askOverview(file.restPort) : undefined;
  const isWhole = overview !== undefined && names.every((name) => running.has(name));
  return {
    state: isWhole ? "up" : running.size > 0 ? "partly up" : "down",
    folder,
    ...(file ? { cluster: { cluster: file.cluster, flink: file.flink, memoryMib: file.memoryMib } } : {}),
    ...(overview ? { url: restUrl(file!.restPort) } : {}),
    processes: names.map((name) => ({ name, pid: running.get(name)?.pid, logs: processLayout(folder, name).log })),
    ...(overview ? { slots: { all: overview.slots, free: overview.freeSlots } } : {}),
    jobs: overview ? await askJobs(file!.restPort) : [],
  };
}

/** The same for people. */
export function renderLocalStatus({ state, folder, cluster, url, processes, slots, jobs }: LocalStatus): string {
  if (!cluster) return `There is no local cluster in ${folder}.`;
  const lines = [
    `The local cluster of ${cluster.cluster}, Flink ${cluster.flink}, is ${state}${url ? `: ${url}` : "."}`,
    table(
      ["process", "pid", "logs"],
      processes.map(({ name, pid, logs }) => [name, pid === undefined ? "does not run" : String(pid), logs]),
    ),
  ];
  if (slots) lines.push(`Slots: ${slots.all}, of which ${slots.free} are free.`);
  if (jobs.length > 0) {
    lines.push(
      table(
        ["job", "state", "tasks that run", "id"],
        jobs.map(({ name, state: ofJob, tasks, id }) => [name, ofJob, `${tasks.running} of ${tasks.all}`, id]),
      ),
    );
  }
  if (slots?.free === 0 && jobs.some(waits)) {
    lines.push(
      "A job of which no task runs waits for slots: end another one, or call local down, and local up with more --task-managers.",
    );
  }
  return lines.join("\n");
}

/** Flink calls a job running that has not got a slot yet. */
function waits({ state, tasks }: LocalJob): boolean {
  return state === "RUNNING" && tasks.all > 0 && tasks.running === 0;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const found = new Table({ head: [...head], style: { head: [], border: [] } });
  rows.forEach((row) => found.push([...row]));
  return found.toString();
}
