import type { WaitOptions } from "../../lab/wait-for";
import { withLabels } from "./flink-values";
import { missingMoments, unansweredMoments } from "./moments";
import { METRICS_INTERVAL_SECONDS } from "./metrics-stacks";
import type { MetricsStore, StoredValue, ValueName } from "./metrics-store";

const intervalSeconds = METRICS_INTERVAL_SECONDS;
/** One that needs nobody's answer, and one of Flink's. */
const OF_MACHINE: ValueName = { kind: "system", name: "uptime" };
const OF_FLINK: ValueName = { kind: "flink_jobmanager", name: "numRunningJobs" };
/** How often Telegraf got no answer of Flink, as it counts itself: on a busy machine one of its processes may be late. */
const NO_ANSWERS: ValueName = { kind: "internal_gather", name: "errors" };
const OF_REPORTERS = { input: "prometheus" } as const;

/** From a time to another, in milliseconds since 1970. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** Moments of a time of which a value is missing in the store that the node had. */
export async function momentsMissingIn(
  store: Pick<MetricsStore, "read">,
  { from, to }: Period,
): Promise<readonly number[]> {
  const timesOf = (values: readonly StoredValue[]) => values.map(({ at }) => at);
  const missing = (times: readonly number[]) => missingMoments(times, { from, to, intervalSeconds });
  const ofMachine = missing(timesOf(await store.read(OF_MACHINE, from)));
  const ofFlink = missing(timesOf(await store.read(OF_FLINK, from)));
  const failures = withLabels(await store.read(NO_ANSWERS, from - 2 * intervalSeconds * 1000), OF_REPORTERS);
  const unanswered = new Set(unansweredMoments(failures, intervalSeconds));
  const shipped = ofFlink.filter((moment) => !unanswered.has(moment));
  return [...new Set([...ofMachine, ...shipped])].sort((one, other) => one - other);
}

/** Waits until nothing is missing of a time; tells what is, where it stays so. */
export async function waitForMoments(
  waitFor: (condition: () => Promise<true>, options: Pick<WaitOptions, "what">) => Promise<unknown>,
  store: Pick<MetricsStore, "read">,
  period: Period,
): Promise<void> {
  const nothingIsMissing = async () => {
    const missing = await momentsMissingIn(store, period);
    if (missing.length === 0) return true as const;
    throw new Error(`${missing.length} are missing, such as ${missing.slice(0, 5).map(asTime).join(", ")}`);
  };
  await waitFor(nothingIsMissing, { what: `every value of ${asTime(period.from)} to ${asTime(period.to)}` });
}

function asTime(moment: number): string {
  return new Date(moment).toISOString();
}
