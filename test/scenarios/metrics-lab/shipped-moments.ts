import { missingMoments } from "./moments";
import { METRICS_INTERVAL_SECONDS } from "./metrics-stacks";
import type { MetricsStore, ValueName } from "./metrics-store";

/** Values that there is one of at each look of a node: of Flink, and of what needs nobody's answer. */
export const AT_EACH_LOOK: readonly ValueName[] = [
  { kind: "flink_jobmanager", name: "numRunningJobs" },
  { kind: "system", name: "uptime" },
];

/** Moments from a time to another of which one of these values is missing in the store. */
export async function momentsMissingIn(
  store: Pick<MetricsStore, "read">,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly number[]> {
  const missing = new Set<number>();
  for (const name of AT_EACH_LOOK) {
    const times = (await store.read(name, from)).map(({ at }) => at);
    const options = { from, to, intervalSeconds: METRICS_INTERVAL_SECONDS };
    for (const moment of missingMoments(times, options)) missing.add(moment);
  }
  return [...missing].sort((one, other) => one - other);
}
