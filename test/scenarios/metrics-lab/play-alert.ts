import type { FlinkAlert } from "../../../lib/observability/metric-alerts/flink-alert";
import type { AlertPlace, AlertProvocation } from "./alert-provocations";
import type { AlertLabels } from "./prometheus-answer";

/** How an alert was provoked. */
export interface AlertRecord {
  readonly alert: string;
  readonly what: string;
  /** From the beginning of the act until Prometheus told of it. */
  readonly secondsToFire: number;
  /** From the beginning of the act that mended it until Prometheus did not tell of it any more. */
  readonly secondsToClear: number;
}

const PATIENCE = 12 * 60_000;

/** Those of one group at once. All are waited for, so that none goes on beside what comes next; the first that failed is told. */
export async function playAlerts<P extends AlertPlace>(
  place: P,
  group: readonly AlertProvocation<P>[],
  records: AlertRecord[],
): Promise<void> {
  const played = await Promise.allSettled(group.map((one) => playAlert(place, one)));
  for (const one of played) if (one.status === "fulfilled") records.push(...one.value);
  console.table(records);
  for (const one of played) if (one.status === "rejected") throw one.reason;
}

/**
 * Does it, waits until all its alerts are told of, mends it, and waits until none of them is.
 *
 * @param patience milliseconds until they are told of, and as long again until they are not
 */
export async function playAlert<P extends AlertPlace>(
  place: P,
  provocation: AlertProvocation<P>,
  patience = PATIENCE,
): Promise<readonly AlertRecord[]> {
  const { what, alerts, job } = provocation;
  const told = async (): Promise<ReadonlySet<string>> => {
    const firing = (await place.prometheus.firingAlerts()).filter((labels) => isMeant(labels, alerts, job));
    return new Set(firing.map(({ alertname }) => alertname));
  };
  // An act before this one may have left some of them.
  await eachWithout(place, alerts, told, "to be over before it begins");
  const begin = Date.now();
  const mend = await provocation.provoke(place);
  let mended: number;
  let fired: readonly number[];
  try {
    const isTold = async (alert: FlinkAlert) => (await told()).has(alert);
    fired = await eachSeconds(place, alerts, { since: begin, patience, isSo: isTold, what: "to be told of" });
  } finally {
    // Though it was not told of: others are played after it.
    mended = Date.now();
    await mend();
  }
  const isOver = async (alert: FlinkAlert) => !(await told()).has(alert);
  const cleared = await eachSeconds(place, alerts, { since: mended, patience, isSo: isOver, what: "to be over" });
  return alerts.map((alert, at) => ({ alert, what, secondsToFire: fired[at], secondsToClear: cleared[at] }));
}

function isMeant(labels: AlertLabels, alerts: readonly FlinkAlert[], job: string | undefined): boolean {
  return alerts.some((alert) => String(alert) === labels.alertname) && (job === undefined || labels.job_name === job);
}

async function eachWithout(
  place: AlertPlace,
  alerts: readonly FlinkAlert[],
  told: () => Promise<ReadonlySet<string>>,
  what: string,
): Promise<void> {
  await place.deployment.lab.waitFor(async () => (await told()).size === 0, {
    ...{ timeout: PATIENCE, interval: 1000, what: `${alerts.join(", ")} ${what}` },
  });
}

/** What is waited for of each alert. */
interface Awaited {
  readonly since: number;
  readonly patience: number;
  readonly isSo: (alert: FlinkAlert) => Promise<boolean>;
  readonly what: string;
}

/** Seconds until it is so of each of them; they are waited for at once. */
async function eachSeconds(
  { deployment }: AlertPlace,
  alerts: readonly FlinkAlert[],
  { since, patience, isSo, what }: Awaited,
): Promise<readonly number[]> {
  return Promise.all(
    alerts.map(async (alert) => {
      await deployment.lab.waitFor(() => isSo(alert), {
        ...{ timeout: patience, interval: 1000, what: `${alert} ${what}` },
      });
      return Math.round((Date.now() - since) / 1000);
    }),
  );
}
