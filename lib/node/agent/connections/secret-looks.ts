import { setTimeout as sleep } from "timers/promises";

/** How often a secret is looked at. */
export interface SecretLookTimes {
  readonly lookMillis: number;
  readonly firstRetryMillis: number;
}

/**
 * Looks at a secret until the signal, after a first look that told of this problem, or of none. While there is one the next
 * look comes sooner.
 */
export async function goOnLooking(
  look: () => Promise<string | undefined>,
  first: string | undefined,
  { firstRetryMillis, lookMillis }: SecretLookTimes,
  signal: AbortSignal,
): Promise<void> {
  let [problem, retry] = [first, firstRetryMillis];
  while (!signal.aborted) {
    const wait = problem === undefined ? lookMillis : retry;
    retry = problem === undefined ? firstRetryMillis : Math.min(retry * 2, lookMillis);
    // Never in step with other nodes.
    await sleep(wait * (0.75 + Math.random() / 4), undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) problem = await look();
  }
}
