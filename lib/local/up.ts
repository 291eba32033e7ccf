import { pathToFileURL } from "node:url";
import { Problem } from "../software/problem";
import type { Progress } from "../software/progress";
import type { OriginName } from "../software/software-table";
import { readClusterFile, writeClusterFile, type ClusterFile } from "./cluster-file";
import { localProcesses } from "./cluster-processes";
import { localConfiguration, type LocalPlace } from "./differences";
import { fingerprintOf, layOut, type LocalFiles } from "./files";
import { prepareFolder, withFolder } from "./folder";
import { anyFreePort, freePortFrom, requireFreePort } from "./free-port";
import { localLayout, processLayout } from "./layout";
import { localSoftware, type LocalSoftware } from "./local-software";
import { localLog4j } from "./log4j";
import { localMemory } from "./memory";
import type { ProductionCluster } from "./production-cluster";
import { runningOf } from "./running";
import { start } from "./start";

/** What is to be up. */
export interface LocalUpOptions {
  readonly folder: string;
  readonly production: ProductionCluster;
  readonly lockFile: string;
  readonly origin: OriginName;
  /** Absent: 8081, or the next one that is free. */
  readonly port?: number;
  readonly memoryMib: number;
  readonly taskManagers: number;
  readonly timeoutMillis: number;
  readonly progress: Progress;
  /** Stands in for what the lock file names; for tests. */
  readonly software?: LocalSoftware;
}

export interface LocalUp {
  readonly cluster: ClusterFile;
  /** Names of the processes that were started: none where all were up. */
  readonly started: readonly string[];
}

interface Ports {
  readonly restPort: number;
  readonly jobManagerRpcPort: number;
}

/** Where Flink's REST API is by default. */
const WISHED_PORT = 8081;

/** Brings a local cluster up, or those of its processes that are not; when it ends, all are registered. */
export async function localUp(options: LocalUpOptions): Promise<LocalUp> {
  const { folder, production, taskManagers } = options;
  // Before anything is fetched: it may be refused.
  localMemory(options.memoryMib, taskManagers);
  prepareFolder(folder);
  return withFolder(folder, async () => {
    const { clusterFile } = localLayout(folder);
    const software =
      options.software ??
      (await localSoftware({ ...options, flink: production.flink, libraries: production.libraries }));
    const before = readClusterFile(clusterFile);
    const running = runningOf(folder);
    const isUp = running.size > 0;
    const ports = isUp && before ? before : await choosePorts(options.port);
    const files = filesOf(options, software, ports);
    const cluster: ClusterFile = {
      schemaVersion: 1,
      cluster: production.name,
      flink: software.flinkVersion,
      restPort: ports.restPort,
      jobManagerRpcPort: ports.jobManagerRpcPort,
      memoryMib: options.memoryMib,
      taskManagers,
      fingerprint: fingerprintOf(files),
    };
    if (isUp) {
      requireSame(cluster, before, options.port);
    } else {
      // Before anything else: by it the folder is known as one of a local cluster, whenever this program is ended.
      writeClusterFile(clusterFile, cluster);
      layOut(folder, files);
    }
    const missing = files.processes.filter(({ name }) => !running.has(name));
    // Also where none is missing: they may have been started a moment ago, by a command that was killed.
    await start(missing, { ...options, restPort: ports.restPort });
    return { cluster, started: missing.map(({ name }) => name) };
  });
}

async function choosePorts(wished: number | undefined): Promise<Ports> {
  return {
    restPort: await (wished === undefined ? freePortFrom(WISHED_PORT) : requireFreePort(wished)),
    jobManagerRpcPort: await anyFreePort(),
  };
}

function filesOf(options: LocalUpOptions, software: LocalSoftware, ports: Ports): LocalFiles {
  const { folder, production, taskManagers } = options;
  const layout = localLayout(folder);
  const memory = localMemory(options.memoryMib, taskManagers);
  const place: LocalPlace = {
    ...ports,
    checkpointsUri: pathToFileURL(layout.checkpoints).href,
    savepointsUri: pathToFileURL(layout.savepoints).href,
    jobManagerWork: processLayout(folder, "jobmanager").work,
    memory: memory.configuration,
    jobManagerFlags: memory.jobManagerFlags.join(" "),
    taskManagerFlags: memory.taskManagerFlags.join(" "),
  };
  return {
    configuration: localConfiguration(production.configuration, place),
    log4j: localLog4j(production.log4j),
    software,
    processes: localProcesses(folder, taskManagers, software, production),
  };
}

/** A cluster that runs is not changed under its jobs. */
function requireSame(cluster: ClusterFile, before: ClusterFile | undefined, port: number | undefined): void {
  const isSame = cluster.fingerprint === before?.fingerprint && (port ?? cluster.restPort) === cluster.restPort;
  if (isSame) return;
  throw new Problem(
    `the local cluster ${cluster.cluster} is up with other settings: run \`npx cdktf-flink local down\` with the same --name or --dir, and then this command again`,
  );
}
