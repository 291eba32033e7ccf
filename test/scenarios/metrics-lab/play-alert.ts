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

/** Does it, waits until all its alerts are told of, mends it, and waits until none of them is. */
export async function playAlert(place: AlertPlace, provocation: AlertProvocation): Promise<readonly AlertRecord[]> {
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
    fired = await eachSeconds(place, alerts, begin, async (alert) => (await told()).has(alert), "to be told of");
  } finally {
    // Though it was not told of: others are played after it.
    mended = Date.now();
    await mend();
  }
  const cleared = await eachSeconds(place, alerts, mended, async (alert) => !(await told()).has(alert), "to be over");
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

/** Seconds until it is so of each of them; they are waited for at once. */
async function eachSeconds(
  { deployment }: AlertPlace,
  alerts: readonly FlinkAlert[],
  since: number,
  isSo: (alert: FlinkAlert) => Promise<boolean>,
  what: string,
): Promise<readonly number[]> {
  return Promise.all(
    alerts.map(async (alert) => {
      await deployment.lab.waitFor(() => isSo(alert), {
        ...{ timeout: PATIENCE, interval: 1000, what: `${alert} ${what}` },
      });
      return Math.round((Date.now() - since) / 1000);
    }),
  );
}
