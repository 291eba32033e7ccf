import type { JudgeFigures } from "../../lab/judge/figures";
import { judgeLines } from "../judge-record";
import { origin, writePage } from "../record";
import { METRICS_INTERVAL_SECONDS } from "./metrics-stacks";
import type { AlertRecord } from "./play-alert";

/** What provoking alerts showed. */
export interface AlertsRecord {
  readonly flinkVersion: string;
  readonly alerts: readonly AlertRecord[];
  /** What is to be known of their thresholds, in sentences. */
  readonly thresholds: readonly string[];
  readonly judge: JudgeFigures;
}

/**
 * Writes the page of a test in test/lab/long; gives its path.
 *
 * @param name of both, such as `metric-alerts`
 */
export function writeAlertsRecord(name: string, record: AlertsRecord): string {
  return writePage(`${name}.md`, alertsRecordLines(record, origin(`test/lab/long/${name}.test.ts`)));
}

export function alertsRecordLines(
  { flinkVersion, alerts, thresholds, judge }: AlertsRecord,
  from: readonly string[],
): readonly string[] {
  return [
    "# Alerts on metrics, provoked",
    "",
    ...from,
    "",
    `Flink ${flinkVersion} on one node, its metrics in a Prometheus 2.42 that others keep, which looked at the rules of`,
    `\`FlinkMetricAlerts\`. The node looked at all values each ${METRICS_INTERVAL_SECONDS} seconds, and what has to be so for a time had to be`,
    "so for eight looks. Seconds are from the beginning of the act until Prometheus told of the alert, and from the beginning of the act that",
    "mended it until Prometheus told of it no more; both with the threshold, and with what the acts themselves take.",
    ...thresholds,
    "",
    "| alert | how it was provoked | seconds until it was told of | seconds until it was over |",
    "| --- | --- | --- | --- |",
    ...alerts.map((one) => `| \`${one.alert}\` | ${one.what} | ${one.secondsToFire} | ${one.secondsToClear} |`),
    "",
    ...judgeLines(judge),
  ];
}
