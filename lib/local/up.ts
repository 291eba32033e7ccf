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
import { localSoftware, type LocalSoftware, wantedSoftware } from "./local-software";
import { localLog4j } from "./log4j";
import { localMemory } from "./memory";
import { withoutMissingModules } from "./module-flags";
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
    const query = { ...options, flink: production.flink, libraries: production.libraries };
    const wanted = options.software ?? wantedSoftware(query);
    const asked = (ports: Ports): string => fingerprintOf(filesOf(options, wanted, ports, javaFlags(production)));
    const before = readClusterFile(clusterFile);
    if (before?.asked !== undefined && runningOf(folder).size > 0) {
      requireSame(production.name, before.asked === asked(before) && isPort(options.port, before));
    }
    const software = options.software ?? (await localSoftware(query));
    const running = runningOf(folder);
    const isUp = running.size > 0;
    const ports = isUp && before ? before : await choosePorts(options.port);
    const flags = withoutMissingModules(javaFlags(production), software.java);
    const files = filesOf(options, software, ports, flags);
    const cluster: ClusterFile = {
      schemaVersion: 1,
      cluster: production.name,
      flink: software.flinkVersion,
      restPort: ports.restPort,
      jobManagerRpcPort: ports.jobManagerRpcPort,
      memoryMib: options.memoryMib,
      taskManagers,
      fingerprint: fingerprintOf(files),
      asked: asked(ports),
    };
    if (isUp) {
      requireSame(production.name, cluster.fingerprint === before?.fingerprint && isPort(options.port, before));
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

function javaFlags({ configuration }: ProductionCluster): string {
  return configuration["env.java.opts.all"] ?? "";
}

function filesOf(options: LocalUpOptions, software: LocalSoftware, ports: Ports, moduleFlags: string): LocalFiles {
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
    moduleFlags,
  };
  return {
    configuration: localConfiguration(production.configuration, place),
    log4j: localLog4j(production.log4j),
    software,
    processes: localProcesses(folder, taskManagers, software, production),
  };
}

function isPort(wished: number | undefined, { restPort }: Ports): boolean {
  return wished === undefined || wished === restPort;
}

/** A cluster that runs is not changed under its jobs. */
function requireSame(name: string, isSame: boolean): void {
  if (isSame) return;
  throw new Problem(
    `the local cluster ${name} is up with other settings: run \`npx cdktf-flink local down\` with the same --name or --dir, and then this command again`,
  );
}
