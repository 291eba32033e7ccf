import { refuse } from "../core/validation";
import { PORTS } from "../node/ports";

const PROMETHEUS = /\.PrometheusReporterFactory$/;
/** Where Flink's reporter for Prometheus listens when nobody says otherwise. Flink documentation, "Metric Reporters". */
const DEFAULT_PORT = "9249";
const OURS = [PORTS.jobManagerReporter.port, PORTS.taskManagerReporter.port];

/**
 * Refuses a reporter for Prometheus of the user's that may take a port at which Flink's processes answer to what ships their
 * metrics: of two that want one port the second does not start, and Flink says so in a log alone.
 */
export function refuseReporterAtOurPorts(flinkConfiguration: Readonly<Record<string, string>>): void {
  for (const [key, factory] of Object.entries(flinkConfiguration)) {
    const [, name] = /^metrics\.reporter\.([^.]+)\.factory\.class$/.exec(key) ?? [];
    if (name === undefined || !PROMETHEUS.test(factory)) continue;
    const property = `metrics.reporter.${name}.port`;
    const given = flinkConfiguration[property];
    if (!OURS.some((port) => holds(given ?? DEFAULT_PORT, port))) continue;
    refuse({
      property: `flinkConfiguration["${property}"] of the cluster`,
      value: given,
      allowed: `ports apart from ${OURS.join(" and ")}, at which Flink answers to what ships its metrics`,
      remedy: `set it to "9260-9261", or leave the reporter ${name} out`,
    });
  }
}

/** Whether ports as Flink takes them, such as `9249` or `9249-9260,9300`, hold one. */
function holds(ports: string, wanted: number): boolean {
  return ports.split(",").some((range) => {
    const [first, last = first] = range.split("-").map(Number);
    return first <= wanted && wanted <= last;
  });
}
