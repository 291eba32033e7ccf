import { CONNECTIONS_VARIABLE, POSTGRESQL_SERVICES_VARIABLE } from "../node/connections";
import type { FlinkConfiguration } from "../settings";
import { differenceOf } from "./differences";
import { localLayout, processLayout, type ProcessLayout } from "./layout";
import type { LocalSoftware } from "./local-software";
import type { ProductionCluster } from "./production-cluster";

/** One process of a local cluster, as it is to be started. */
export interface LocalProcess {
  /** `jobmanager`, `taskmanager-1` … */
  readonly name: string;
  readonly paths: ProcessLayout;
  readonly command: readonly string[];
  /** All of it: nothing of the developer's own environment comes along but the path of programs. */
  readonly environment: Readonly<Record<string, string>>;
  /** The word of its command line by which it is known. */
  readonly mark: string;
  /** What jobs print. Flink looks for it beside its log, and shows it in the web UI. */
  readonly outputFile: string;
  readonly logFile: string;
}

/** In the names of logs, where a node has its host's name. */
const HOST_IN_NAMES = "local";

const JOB_MANAGER = "jobmanager";

/** Names of the processes of a local cluster, in the order in which they start. */
export function processNames(taskManagers: number): readonly string[] {
  return [JOB_MANAGER, ...Array.from({ length: taskManagers }, (_, index) => `taskmanager-${index + 1}`)];
}

/** The word by which a process of the local cluster in a folder is known among all programs of the machine. */
export function markOf(folder: string, name: string): string {
  return `io.tmp.dirs=${processLayout(folder, name).tmp}`;
}

/** The processes of a local cluster. */
export function localProcesses(
  folder: string,
  taskManagers: number,
  software: LocalSoftware,
  production: ProductionCluster,
): readonly LocalProcess[] {
  return processNames(taskManagers).map((name) => {
    const isJobManager = name === JOB_MANAGER;
    const paths = processLayout(folder, name);
    const own = isJobManager
      ? unlisted(production.jobManagerSettings)
      : {
          ...unlisted(production.taskManagerSettings),
          "taskmanager.resource-id": name,
          "process.taskmanager.working-dir": paths.work,
        };
    const settings = { "io.tmp.dirs": paths.tmp, ...own };
    const logs = `${paths.log}/flink-flink-${isJobManager ? "standalonesession" : "taskexecutor"}-0-${HOST_IN_NAMES}`;
    return {
      name,
      paths,
      command: [
        `${software.flink}/bin/${isJobManager ? "jobmanager.sh" : "taskmanager.sh"}`,
        "start-foreground",
        ...Object.entries(settings).flatMap(([key, value]) => ["-D", `${key}=${value}`]),
      ],
      environment: {
        PATH: process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin",
        ...flinkEnvironment(folder, software),
        FLINK_LOG_DIR: paths.log,
        FLINK_PID_DIR: paths.pid,
        FLINK_IDENT_STRING: "flink",
        HOSTNAME: HOST_IN_NAMES,
        HOME: paths.home,
        // On a node /tmp is the process's own.
        JVM_ARGS: `-Djava.io.tmpdir=${paths.systemTmp}`,
      },
      mark: markOf(folder, name),
      outputFile: `${logs}.out`,
      logFile: `${logs}.log`,
    };
  });
}

/** What every program of Flink is told of a local cluster. */
export function flinkEnvironment(folder: string, software: LocalSoftware): Readonly<Record<string, string>> {
  const layout = localLayout(folder);
  return {
    // As on nodes: times without a zone are in UTC, and texts in UTF-8.
    TZ: "UTC",
    LANG: process.platform === "darwin" ? "en_US.UTF-8" : "C.UTF-8",
    JAVA_HOME: software.java,
    FLINK_CONF_DIR: layout.conf,
    FLINK_LIB_DIR: layout.lib,
    FLINK_PLUGINS_DIR: layout.plugins,
    [CONNECTIONS_VARIABLE]: layout.connections,
    [POSTGRESQL_SERVICES_VARIABLE]: layout.postgresqlServices,
  };
}

/** What a process is told on a node, and differs on no developer's machine. */
function unlisted(settings: FlinkConfiguration): FlinkConfiguration {
  return Object.fromEntries(Object.entries(settings).filter(([key]) => differenceOf(key) === undefined));
}
