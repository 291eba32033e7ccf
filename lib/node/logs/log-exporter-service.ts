import type { FileSpec, JobCredentialsSpec, SoftwareItem, UnitSpec } from "../desired-state";
import { JOB_MANAGER_UNIT, TASK_MANAGER_UNIT } from "../flink-services";
import {
  AGENT_UNIT,
  LOG_COLLECTOR_DATA,
  LOG_COLLECTOR_TOKEN_FILE,
  LOG_EXPORTER_CONFIGURATION_FILE,
  LOG_EXPORTER_DATA,
  LOG_EXPORTER_STATE_FILE,
  LOG_JOURNAL_CURSOR_FILE,
  LOG_LINES,
  LOG_LINES_FILE_NAME,
  LOG_LOGIN_FILE,
  LOG_STATUS,
  LOG_STATUS_FILE,
  softwareFolder,
} from "../paths";
import { PORTS } from "../ports";
import { credentialsEnvironment } from "../served-credentials";
import { SHIPPING_PRIORITY, renderServiceUnit } from "../units";
import { LOGS_USER } from "../users";
import { ZOOKEEPER_UNIT } from "../zookeeper-service";
import { HIDDEN_FROM_SHIPPING } from "../hidden-from-shipping";
import { LOG_CREDENTIALS } from "./log-credentials";
import type { LogExporterConfiguration, LoggedProcess, LogRole } from "./log-exporter-configuration";
import type { LogDestinationSpec, LogShippingInput } from "./log-shipping";
import { LOG_EXPORTER_UNIT } from "./log-units";

/**
 * How Node.js keeps house in it: sparingly, at the price of young objects that are looked through more often, by one thread
 * beside its own. Lines live for as long as a request of a few milliseconds. The threads that look up names and write files
 * stay four: a name that is long in coming must not hold up what is said of it.
 */
export const LOG_EXPORTER_MEMORY = {
  flags: [
    // MiB of its JavaScript: room for the longest entry of the journal.
    "--max-old-space-size=128",
    // A third of what its young objects take. Node.js would take sixteen times as much, and not give it back.
    "--max-semi-space-size=1",
    "--v8-pool-size=1",
  ],
  // glibc keeps free memory by threads.
  environment: { MALLOC_ARENA_MAX: "1" },
} as const;

/** Bytes of all of it, beyond which something is wrong with it. */
const LARGEST_MEMORY = 384 << 20;

/** Processes of Flink, whose lines lie in files. */
export const LOGGED_PROCESSES: readonly LoggedProcess[] = [
  { role: "jobmanager", unit: JOB_MANAGER_UNIT, folder: LOG_LINES.jobManager, fileName: LOG_LINES_FILE_NAME },
  { role: "taskmanager", unit: TASK_MANAGER_UNIT, folder: LOG_LINES.taskManager, fileName: LOG_LINES_FILE_NAME },
];

/** What units write to the journal: Flink's own there is what the JVM says. */
const ROLES: Readonly<Record<string, LogRole>> = {
  [JOB_MANAGER_UNIT]: "jobmanager",
  [TASK_MANAGER_UNIT]: "taskmanager",
  [ZOOKEEPER_UNIT]: "zookeeper",
  [AGENT_UNIT]: "agent",
};

export interface LogExporterServiceInput {
  readonly nodeJs: SoftwareItem;
  readonly logExporter: SoftwareItem;
  readonly credentials: JobCredentialsSpec;
}

/** The unit of the log exporter, the only program on a node that may reach what logs are shipped to. */
export function logExporterUnit({ nodeJs, logExporter, credentials }: LogExporterServiceInput): UnitSpec {
  return {
    name: LOG_EXPORTER_UNIT,
    reads: [LOG_EXPORTER_CONFIGURATION_FILE],
    auxiliary: true,
    content: renderServiceUnit({
      description: "Log exporter of this Flink node",
      user: LOGS_USER,
      command: [
        `${softwareFolder(nodeJs)}/bin/node`,
        "--use-system-ca",
        ...LOG_EXPORTER_MEMORY.flags,
        `${softwareFolder(logExporter)}/${logExporter.fileName}`,
      ],
      environment: {
        LOG_EXPORTER_CONFIGURATION: LOG_EXPORTER_CONFIGURATION_FILE,
        ...LOG_EXPORTER_MEMORY.environment,
        ...credentialsEnvironment(LOG_CREDENTIALS, credentials.port),
      },
      writableFolders: [LOG_EXPORTER_DATA, LOG_STATUS],
      hiddenPaths: [...HIDDEN_FROM_SHIPPING, LOG_COLLECTOR_DATA],
      // Its port is one that no job can take.
      capability: "CAP_NET_BIND_SERVICE",
      memoryBytes: LARGEST_MEMORY,
      priority: SHIPPING_PRIORITY,
      stopTimeoutSeconds: 10,
    }),
  };
}

export interface LogExporterNode {
  readonly cluster: string;
  readonly node: string;
  readonly host: string;
}

/** What the exporter of one node is told. */
export function logExporterFile({ cluster, node, host }: LogExporterNode, logs: LogShippingInput): FileSpec {
  const configuration: LogExporterConfiguration = {
    schemaVersion: 1,
    cluster,
    node,
    host,
    listen: { host: "127.0.0.1", port: PORTS.logs.port },
    tokenFile: LOG_COLLECTOR_TOKEN_FILE,
    destination: logs.destination,
    ...(loginSecretOf(logs.destination) === undefined ? {} : { loginFile: LOG_LOGIN_FILE }),
    ...(logs.fields === undefined ? {} : { fields: logs.fields }),
    statusFile: LOG_STATUS_FILE,
    stateFile: LOG_EXPORTER_STATE_FILE,
    journalCursorFile: LOG_JOURNAL_CURSOR_FILE,
    processes: LOGGED_PROCESSES,
    roles: ROLES,
  };
  const content = `${JSON.stringify(configuration, undefined, 2)}\n`;
  return { path: LOG_EXPORTER_CONFIGURATION_FILE, owner: "root", group: LOGS_USER, mode: "0640", content };
}

/** ARN of the secret with which the exporter logs in, where the destination asks for a name and a password. */
export function loginSecretOf(destination: LogDestinationSpec): string | undefined {
  if (destination.kind !== "opensearch" || destination.login.kind !== "basic") return undefined;
  return destination.login.secretArn;
}
