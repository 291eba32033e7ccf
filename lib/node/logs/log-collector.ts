import { stringify } from "yaml";
import type { FileSpec, SoftwareItem, UnitSpec } from "../desired-state";
import {
  LOG_COLLECTOR_CONFIGURATION_FILE,
  LOG_COLLECTOR_DATA,
  LOG_COLLECTOR_TOKEN_FILE,
  LOG_JOURNAL_CURSOR_FILE,
  LOG_JOURNAL_READER_FILE,
  LOG_SECRETS,
  LOG_STATUS,
  softwareFolder,
} from "../paths";
import { PORTS } from "../ports";
import { SHIPPING_PRIORITY, renderServiceUnit } from "../units";
import { LOGS_USER } from "../users";
import { HIDDEN_FROM_SHIPPING } from "../hidden-from-shipping";
import { JOURNAL, LOG_SOURCE, LoggedProcess } from "./log-exporter-configuration";
import { LOG_COLLECTOR_UNIT, LOG_EXPORTER_UNIT } from "./log-units";

/** For ever, and at once again when the exporter is back. */
const RETRY = { enabled: true, initial_interval: "1s", max_interval: "10s", max_elapsed_time: "0s" };

/** Fields of the journal that say something of an entry; with those that journalctl always gives. */
const JOURNAL_FIELDS = [
  ...["MESSAGE", "PRIORITY", "SYSLOG_IDENTIFIER", "UNIT", "INVOCATION_ID"],
  ...["_COMM", "_PID", "_SYSTEMD_INVOCATION_ID", "_SYSTEMD_UNIT", "_TRANSPORT"],
];

/** What one collector needs of memory with a few megabytes of lines in its hands. */
const GO_MEMORY = "96MiB";
const LARGEST_MEMORY = 384 << 20;

/**
 * The unit of the OpenTelemetry Collector. It is killed and never asked to end: on its way out it would note what it could
 * not hand over as handed over. After a kill it reads again from its last note, and documents have ids.
 */
export function logCollectorUnit(collector: SoftwareItem): UnitSpec {
  return {
    name: LOG_COLLECTOR_UNIT,
    reads: [LOG_COLLECTOR_CONFIGURATION_FILE, LOG_JOURNAL_READER_FILE],
    auxiliary: true,
    content: renderServiceUnit({
      description: "Log collector of this Flink node",
      user: LOGS_USER,
      command: [
        `${softwareFolder(collector)}/otelcol`,
        `--config=${LOG_COLLECTOR_CONFIGURATION_FILE}`,
        // A batch is handed over before the next is read, and before its place is noted.
        "--feature-gates=stanza.synchronousLogEmitter",
      ],
      environment: { GOMEMLIMIT: GO_MEMORY, GOMAXPROCS: "1" },
      writableFolders: [LOG_COLLECTOR_DATA],
      // It reads folders in which jobs can lay links: it sees nothing that a job must not see in the logs.
      hiddenPaths: [...HIDDEN_FROM_SHIPPING, LOG_SECRETS, LOG_STATUS],
      memoryBytes: LARGEST_MEMORY,
      priority: SHIPPING_PRIORITY,
      stopSignal: "SIGKILL",
      stopTimeoutSeconds: 10,
    }),
  };
}

/** Its configuration, and the program by which it reads the journal. */
export function logCollectorFiles(processes: readonly LoggedProcess[]): readonly FileSpec[] {
  return [
    logsFile(LOG_COLLECTOR_CONFIGURATION_FILE, "0640", renderLogCollectorConfiguration(processes)),
    logsFile(LOG_JOURNAL_READER_FILE, "0750", renderJournalReader()),
  ];
}

/**
 * The collector's own configuration. There is no queue in it: files and journal are the buffer, and what is not delivered
 * is not read on.
 */
export function renderLogCollectorConfiguration(processes: readonly LoggedProcess[]): string {
  const receivers = {
    ...Object.fromEntries(processes.map((process) => [`file_log/${process.role}`, fileReceiver(process)])),
    journald: journalReceiver(),
  };
  const configuration = {
    extensions: {
      // Notes outlive a loss of power: with broken ones it would not start again.
      file_storage: { directory: LOG_COLLECTOR_DATA, fsync: true },
    },
    receivers,
    exporters: {
      otlp_http: {
        endpoint: `http://127.0.0.1:${PORTS.logs.port}`,
        encoding: "json",
        compression: "none",
        headers: { authorization: `\${file:${LOG_COLLECTOR_TOKEN_FILE}}` },
        // The exporter has bounds of its own for what it asks others.
        timeout: "0s",
        sending_queue: { enabled: false },
        retry_on_failure: RETRY,
      },
    },
    service: {
      extensions: ["file_storage"],
      pipelines: { logs: { receivers: Object.keys(receivers), exporters: ["otlp_http"] } },
      telemetry: { metrics: { level: "none" }, logs: { level: "warn", encoding: "console" } },
    },
  };
  return stringify(configuration, { lineWidth: 0, aliasDuplicateObjects: false });
}

function fileReceiver({ role, folder, fileName }: LoggedProcess): object {
  return {
    include: [`${folder}/${fileName}`, `${folder}/${fileName}.*`],
    start_at: "beginning",
    include_file_name: false,
    attributes: { [LOG_SOURCE]: role },
    storage: "file_storage",
    retry_on_failure: RETRY,
    poll_interval: "1s",
    // One after the other: what is held open takes its room on the disk although it is gone.
    max_concurrent_files: 2,
    // A line whose end is not there yet is none: it may be in the middle of being written.
    force_flush_period: "0s",
    // A hundred of them are in its memory at once, fifteen times over where each character is escaped for the exporter: a
    // job can write such lines, and beyond LARGEST_MEMORY it would be ended at the same place again and again.
    max_log_size: "192KiB",
    // A loss of power may have cut a file before the place that was noted.
    on_truncate: "read_whole_file",
  };
}

/** Without a note of its own place, which it writes before the entry is handed over: see the journal's reader. */
function journalReceiver(): object {
  const own = [LOG_COLLECTOR_UNIT, LOG_EXPORTER_UNIT].map((unit) => `"${unit}"`).join(", ");
  return {
    journalctl_path: LOG_JOURNAL_READER_FILE,
    convert_message_bytes: true,
    attributes: { [LOG_SOURCE]: JOURNAL },
    retry_on_failure: RETRY,
    // What they say of a failing delivery would be one more to deliver.
    operators: [{ type: "filter", expr: `body._SYSTEMD_UNIT in [${own}]` }],
  };
}

/**
 * What the collector takes for journalctl: it goes on behind the last entry that the exporter has delivered, and gives
 * entries of the audit too, which have no priority, and which journalctl leaves out where it is asked for one.
 */
export function renderJournalReader(): string {
  return [
    "#!/bin/sh",
    "# Made by cdktf-flink. The journal behind the last entry that is delivered; else from its beginning.",
    `cursor=$(cat ${LOG_JOURNAL_CURSOR_FILE} 2>/dev/null)`,
    `exec /usr/bin/journalctl --follow --no-tail --all --quiet --output=json --output-fields=${JOURNAL_FIELDS.join(",")} \${cursor:+--after-cursor="$cursor"}`,
    "",
  ].join("\n");
}

function logsFile(path: string, mode: string, content: string): FileSpec {
  return { path, owner: "root", group: LOGS_USER, mode, content };
}
