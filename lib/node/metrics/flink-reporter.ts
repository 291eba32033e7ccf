import { PORTS } from "../ports";

/** Name of the reporter in Flink's configuration: one that no other is likely to have. */
export const REPORTER = "cdktf-flink";

const PORT = { jobmanager: PORTS.jobManagerReporter, taskmanager: PORTS.taskManagerReporter };

/** In which of the reporter's settings a process differs from the other. */
export function reporterSettings(process: keyof typeof PORT): Readonly<Record<string, string>> {
  return { [`metrics.reporter.${REPORTER}.port`]: String(PORT[process].port) };
}
