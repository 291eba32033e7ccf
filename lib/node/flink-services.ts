import { connectionsEnvironment } from "./connections";
import type { JobCredentialsSpec, SoftwareItem, UnitSpec } from "./desired-state";
import { jobCredentialsEnvironment, jobCredentialsEnvironmentFiles } from "./job-credentials";
import {
  FLINK_CONF,
  FLINK_LIB,
  FLINK_PLUGINS,
  FlinkProcessPaths,
  JOB_MANAGER_PATHS,
  JOURNAL_SOCKETS,
  LOG_COLLECTOR_DATA,
  LOG_EXPORTER_DATA,
  LOG_LINES,
  LOG_LINES_VARIABLE,
  LOGS_CONF,
  LOGS_RUNTIME,
  METRICS_CONF,
  METRICS_RUNTIME,
  softwareFolder,
  TASK_MANAGER_PATHS,
  ZOOKEEPER_DATA,
} from "./paths";
import { Port, PORTS } from "./ports";
import { JOB_MANAGER_PRIORITY, Priority, renderServiceUnit, TASK_MANAGER_PRIORITY } from "./units";
import { JOB_MANAGER_USER, TASK_MANAGER_USER } from "./users";

export const JOB_MANAGER_UNIT = "flink-jobmanager.service";
export const TASK_MANAGER_UNIT = "flink-taskmanager.service";

/** Of its configuration this file alone asks for a new start: Flink reads log4j's again by itself. */
const READS = [`${FLINK_CONF}/config.yaml`, FLINK_LIB, FLINK_PLUGINS];

export interface FlinkServicesInput {
  readonly java: SoftwareItem;
  readonly flink: SoftwareItem;
  readonly jobCredentials: JobCredentialsSpec;
  /**
   * Settings in which the JobManager differs from the shared config.yaml: folders that it writes, as it has a
   * user of its own, and ports.
   */
  readonly jobManagerSettings: Readonly<Record<string, string>>;
  /** Settings in which the TaskManager differs from it. */
  readonly taskManagerSettings: Readonly<Record<string, string>>;
  /** Whether the node ships its logs. */
  readonly shipsLogs: boolean;
  /** Whether the node ships its metrics. */
  readonly shipsMetrics: boolean;
}

export function jobManagerUnit(input: FlinkServicesInput): UnitSpec {
  return {
    name: JOB_MANAGER_UNIT,
    reads: READS,
    health: { kind: "flink-jobmanager", port: PORTS.jobManagerRest.port },
    content: flinkService(input, {
      description: "Flink JobManager",
      script: "jobmanager.sh",
      user: JOB_MANAGER_USER,
      paths: JOB_MANAGER_PATHS,
      others: TASK_MANAGER_PATHS,
      lines: LOG_LINES.jobManager,
      reporterOfOther: PORTS.taskManagerReporter,
      priority: JOB_MANAGER_PRIORITY,
      settings: input.jobManagerSettings,
    }),
  };
}

export function taskManagerUnit(input: FlinkServicesInput): UnitSpec {
  return {
    name: TASK_MANAGER_UNIT,
    reads: READS,
    health: { kind: "flink-taskmanager", port: PORTS.jobManagerRest.port },
    content: flinkService(input, {
      description: "Flink TaskManager",
      script: "taskmanager.sh",
      user: TASK_MANAGER_USER,
      paths: TASK_MANAGER_PATHS,
      others: JOB_MANAGER_PATHS,
      lines: LOG_LINES.taskManager,
      reporterOfOther: PORTS.jobManagerReporter,
      priority: TASK_MANAGER_PRIORITY,
      settings: input.taskManagerSettings,
    }),
  };
}

interface FlinkProcess {
  readonly description: string;
  readonly script: string;
  readonly user: string;
  readonly paths: FlinkProcessPaths;
  /** Those of the process beside it. */
  readonly others: FlinkProcessPaths;
  /** Folder of its lines that are to be shipped. */
  readonly lines: string;
  /** Where the process beside it answers with its metrics: a job must not do so in its place while it is away. */
  readonly reporterOfOther: Port;
  readonly priority: Priority;
  readonly settings: Readonly<Record<string, string>>;
}

function flinkService(input: FlinkServicesInput, process: FlinkProcess): string {
  const { shipsLogs, shipsMetrics } = input;
  const settings = Object.entries(process.settings).flatMap(([key, value]) => ["-D", `${key}=${value}`]);
  return renderServiceUnit({
    description: process.description,
    user: process.user,
    // The script works out the JVM's memory from config.yaml and becomes the JVM.
    command: [`${softwareFolder(input.flink)}/bin/${process.script}`, "start-foreground", ...settings],
    environment: {
      JAVA_HOME: softwareFolder(input.java),
      FLINK_CONF_DIR: FLINK_CONF,
      FLINK_LIB_DIR: FLINK_LIB,
      FLINK_PLUGINS_DIR: FLINK_PLUGINS,
      FLINK_LOG_DIR: process.paths.log,
      // Never shared, and gone with the process.
      FLINK_PID_DIR: "/tmp/pid",
      FLINK_IDENT_STRING: "flink",
      // Programs that look for settings in a home find the process's own folder, never a person's.
      HOME: process.paths.home,
      ...connectionsEnvironment(),
      ...jobCredentialsEnvironment(input.jobCredentials),
      ...(shipsLogs ? { [LOG_LINES_VARIABLE]: process.lines } : {}),
    },
    environmentFiles: jobCredentialsEnvironmentFiles(input.flink.version),
    // Whole, though it is root's and only the folders in it are the user's: each path here becomes a mount of its own,
    // and there are no hard links across mounts, by which a job takes over its local state (`work` to `tmp`).
    writableFolders: [process.paths.home, ...(shipsLogs ? [process.lines] : [])],
    hiddenPaths: [
      ...[ZOOKEEPER_DATA, process.others.home],
      ...(shipsLogs ? hiddenOfLogs(process.lines) : []),
      ...(shipsMetrics ? [METRICS_CONF, METRICS_RUNTIME] : []),
    ],
    temporaryFolder: process.paths.systemTmp,
    portsOfOthers: shipsMetrics ? [process.reporterOfOther.port] : [],
    priority: process.priority,
    stopTimeoutSeconds: 30,
  });
}

/**
 * What ships the logs, what the process beside it writes to them, and the journal's sockets: by these a job could write
 * entries of any size, one of which would be too much for the collector for ever, and name other units in them. What the
 * process prints goes to the journal all the same: systemd connects it before.
 */
function hiddenOfLogs(own: string): readonly string[] {
  const others = Object.values(LOG_LINES).filter((lines) => lines !== own);
  return [...others, LOG_COLLECTOR_DATA, LOG_EXPORTER_DATA, LOGS_CONF, LOGS_RUNTIME, JOURNAL_SOCKETS];
}
