import type { DirectorySpec, LogsSpec, SoftwareItem } from "../desired-state";
import { LOG_COLLECTOR_DATA, LOG_EXPORTER_DATA, LOG_LINES, LOGS_CONF, LOGS_DATA } from "../paths";
import { PORTS } from "../ports";
import type { ShippingLayout } from "../shipping-layout";
import { JOB_MANAGER_USER, LOGS_USER, LOGS_USERS, TASK_MANAGER_USER } from "../users";
import { logCollectorFiles, logCollectorUnit } from "./log-collector";
import { LOGGED_PROCESSES, logExporterFile, logExporterUnit, loginSecretOf } from "./log-exporter-service";
import type { LogShippingInput } from "./log-shipping";

export interface LogShippingSoftware {
  readonly nodeJs: SoftwareItem;
  readonly logCollector?: SoftwareItem;
  readonly logExporter?: SoftwareItem;
}

/** What of the nodes of a cluster is there for the shipping of logs. */
export function logShippingLayout(
  cluster: string,
  logs: LogShippingInput,
  { nodeJs, logCollector, logExporter }: LogShippingSoftware,
): ShippingLayout<LogsSpec> {
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
