import { setTimeout as sleep } from "timers/promises";

export interface RetryOptions {
  /** Called with each failure and the seconds until the next try. */
  readonly onFailure: (error: unknown, waitSeconds: number) => void;
  /** 1000 by default. */
  readonly firstWaitMillis?: number;
  /** 30 000 by default. */
  readonly largestWaitMillis?: number;
}

/**
 * Does it until it succeeds: a bucket, a permission or a disk may come late, and a node that gives up helps
 * nobody. Waits longer each time, and never in step with other nodes.
 */
export async function untilItSucceeds<T>(act: () => Promise<T>, options: RetryOptions): Promise<T> {
  const largest = options.largestWaitMillis ?? 30_000;
  let wait = options.firstWaitMillis ?? 1_000;
  for (;;) {
    try {
      return await act();
    } catch (error) {
      const pause = wait * (0.5 + Math.random() / 2);
      options.onFailure(error, pause / 1000);
      await sleep(pause);
      wait = Math.min(wait * 2, largest);
    }
  }
}
