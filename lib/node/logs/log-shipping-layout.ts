import type { DirectorySpec, FileSpec, LogsSpec, SoftwareItem, UnitSpec, UserSpec } from "../desired-state";
import { LOG_COLLECTOR_DATA, LOG_EXPORTER_DATA, LOG_LINES, LOGS_CONF, LOGS_DATA } from "../paths";
import { PORTS } from "../ports";
import { JOB_MANAGER_USER, LOGS_USER, LOGS_USERS, TASK_MANAGER_USER } from "../users";
import { logCollectorFiles, logCollectorUnit } from "./log-collector";
import { LOGGED_PROCESSES, logExporterFile, logExporterUnit, loginSecretOf } from "./log-exporter-service";
import type { LogShippingInput } from "./log-shipping";

/** What of the nodes of a cluster is there for the shipping of logs. */
export interface LogShippingLayout {
  /** What the agent does for it; absent: nothing. */
  readonly spec?: LogsSpec;
  readonly software: readonly SoftwareItem[];
  readonly users: readonly UserSpec[];
  readonly directories: readonly DirectorySpec[];
  readonly files: readonly FileSpec[];
  /** In the order in which they start, after all others. */
  readonly units: readonly UnitSpec[];
  /** Files of one node alone. */
  filesOf(node: { readonly name: string; readonly host: string }): readonly FileSpec[];
}

/** That of a cluster whose logs stay on its nodes. */
export const NO_LOG_SHIPPING: LogShippingLayout = {
  ...{ software: [], users: [], directories: [], files: [], units: [] },
  filesOf: () => [],
};

export interface LogShippingSoftware {
  readonly nodeJs: SoftwareItem;
  readonly logCollector?: SoftwareItem;
  readonly logExporter?: SoftwareItem;
}

export function logShippingLayout(
  cluster: string,
  logs: LogShippingInput,
  { nodeJs, logCollector, logExporter }: LogShippingSoftware,
): LogShippingLayout {
  if (!logCollector || !logExporter) throw new Error(`the software of ${cluster} holds nothing that ships logs`);
  const credentials = { roleArn: logs.roleArn, port: PORTS.logCredentials.port };
  const secretArn = loginSecretOf(logs.destination);
  return {
    spec: { credentials, ...(secretArn === undefined ? {} : { secretArn }) },
    software: [logCollector, logExporter],
    users: LOGS_USERS,
    directories: DIRECTORIES,
    files: logCollectorFiles(LOGGED_PROCESSES),
    units: [logExporterUnit({ nodeJs, logExporter, credentials }), logCollectorUnit(logCollector)],
    filesOf: ({ name, host }) => [logExporterFile({ cluster, node: name, host }, logs)],
  };
}

/** Files that a process makes in its folder get the group of the folder: that is how the collector may read them. */
const DIRECTORIES: readonly DirectorySpec[] = [
  { path: LOGS_CONF, owner: "root", group: LOGS_USER, mode: "0750" },
  { path: LOGS_DATA, owner: "root", group: "root", mode: "0751" },
  { path: LOG_LINES.jobManager, owner: JOB_MANAGER_USER, group: LOGS_USER, mode: "2750" },
  { path: LOG_LINES.taskManager, owner: TASK_MANAGER_USER, group: LOGS_USER, mode: "2750" },
  { path: LOG_COLLECTOR_DATA, owner: LOGS_USER, group: LOGS_USER, mode: "0700" },
  { path: LOG_EXPORTER_DATA, owner: LOGS_USER, group: LOGS_USER, mode: "0700" },
];
