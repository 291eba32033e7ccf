import { setTimeout as sleep } from "timers/promises";
import { describeError, log } from "../log";
import type { Roll } from "./roll";
import type { Outcome } from "./rolling-node";

/**
 * How often a node looks while nothing is to be done: one HEAD of the desired state, 86 400 requests a month and
 * node, or 4 US cents (S3 Standard, 0.0004 US dollars for 1000 GET or HEAD).
 */
const SLOW_MILLIS = 30_000;
/**
 * While a roll is on: the HEAD, the lock twice and the nodes' reports. Three nodes that roll for ten minutes make
 * some 2000 requests, less than a tenth of a cent.
 */
const FAST_MILLIS = 5_000;
/** A roll that has been on for so long waits for a person, and need not be watched closely. */
const LONGEST_HURRY_MILLIS = 3_600_000;

/** Looks until the agent has to go on otherwise; nothing when the signal came first. */
export async function runRoll(roll: Roll, signal: AbortSignal): Promise<Outcome | undefined> {
  let hurriesSince: number | undefined;
  while (!signal.aborted) {
    let outcome: Outcome = "soon";
    try {
      outcome = await roll.look();
    } catch (error) {
      log(`what the nodes shall run could not be looked at: ${describeError(error)}`);
    }
    if (outcome === "start anew" || outcome === "try at once") return outcome;
    hurriesSince = outcome === "soon" ? (hurriesSince ?? performance.now()) : undefined;
    const hurries = hurriesSince !== undefined && performance.now() - hurriesSince < LONGEST_HURRY_MILLIS;
    // Never in step with other nodes.
    const pause = (hurries ? FAST_MILLIS : SLOW_MILLIS) * (0.8 + Math.random() * 0.4);
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}
