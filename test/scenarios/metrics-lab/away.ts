import type { MetricsReport } from "../../../lib/node/report";
import type { Deployment } from "../deployment";
import { readReports } from "../node-reports";
import { METRICS_INTERVAL_SECONDS } from "./metrics-stacks";
import type { MetricsStore } from "./metrics-store";
import { isOneRun } from "./moments";
import { momentsMissingIn, waitForMoments } from "./shipped-moments";

/** What became of the values of a time in which the destination was away. */
export interface AwayRecord {
  readonly store: string;
  readonly awaySeconds: number;
  /** Moments of which the node told values meanwhile. */
  readonly moments: number;
  /** Those of which values never arrived. */
  readonly missing: number;
  /** Metrics that the node counted as lost. */
  readonly lost: number;
}

const MINUTE = 60_000;
const PATIENCE = 6 * MINUTE;

export interface AwayPlace {
  readonly deployment: Deployment;
  readonly store: MetricsStore;
}

const metricsOf = async (deployment: Deployment): Promise<MetricsReport> => (await readReports(deployment))[0].metrics!;

/** Stops the destination for so long; fails unless every value comes afterwards and the node counts none as lost. */
export async function stayAwayWithinBound({ deployment, store }: AwayPlace, awaySeconds: number): Promise<AwayRecord> {
  const { lab } = deployment;
  const { lost: lostBefore } = await metricsOf(deployment);
  const begin = Date.now();
  await store.stop();
  await lab.waitFor(() => Date.now() - begin >= awaySeconds * 1000, {
    ...{ timeout: awaySeconds * 1000 + MINUTE, interval: 1000, what: `${awaySeconds} seconds to pass` },
  });
  const waiting = (await metricsOf(deployment)).waiting;
  await store.resume();
  if (waiting === 0) throw new Error("the node keeps nothing while its destination is away");
  const end = Date.now();
  const patiently: Parameters<typeof waitForMoments>[0] = (condition, options) =>
    lab.waitFor(condition, { timeout: PATIENCE, interval: 1000, ...options });
  await waitForMoments(patiently, store, { from: begin, to: end });
  const { lost } = await metricsOf(deployment);
  expect(lost).toBe(lostBefore);
  return { store: store.title, awaySeconds, ...momentsOf(begin, end), missing: 0, lost: lost - lostBefore };
}

/**
 * Stops the destination until the node has lost so many. Fails unless what is missing afterwards are the oldest of
 * meanwhile, and the count stays as it is.
 */
export async function stayAwayBeyondBound({ deployment, store }: AwayPlace, atLeast: number): Promise<AwayRecord> {
  const { lab } = deployment;
  const begin = Date.now();
  await store.stop();
  try {
    await lab.waitFor(async () => (await metricsOf(deployment)).lost >= atLeast, {
      ...{ timeout: 10 * MINUTE, interval: 1000, what: `the node to have lost ${atLeast} metrics` },
    });
  } finally {
    await store.resume();
  }
  const end = Date.now();
  // What it has kept comes in the order of its age.
  await lab.waitFor(
    async () => {
      const isContent = (await metricsOf(deployment)).problem === undefined;
      return isContent && (await momentsMissingIn(store, { from: end, to: end + intervalMillis })).length === 0;
    },
    { timeout: PATIENCE, interval: 1000, what: "values of after its return" },
  );
  const missing = await momentsMissingIn(store, { from: begin, to: end });
  const { lost } = await metricsOf(deployment);
  const { moments } = momentsOf(begin, end);
  expect(missing.length).toBeGreaterThan(0);
  expect(missing.length).toBeLessThan(moments);
  expect(isOneRun(missing, METRICS_INTERVAL_SECONDS)).toBe(true);
  expect(missing[0] - begin).toBeLessThan(2 * intervalMillis);
  expect(saidOfLoss(await deployment.status(), lost)).toBe(true);
  const awaySeconds = Math.round((end - begin) / 1000);
  return { store: store.title, awaySeconds, moments, missing: missing.length, lost };
}

const intervalMillis = METRICS_INTERVAL_SECONDS * 1000;

function momentsOf(begin: number, end: number): Pick<AwayRecord, "moments"> {
  return { moments: Math.floor(end / intervalMillis) - Math.ceil(begin / intervalMillis) + 1 };
}

function saidOfLoss(status: string, lost: number): boolean {
  return status.includes(`lost so far: ${lost}`);
}
