import type { LogEntry } from "./log-document";

/** Where lines go to. */
export interface Destination {
  /**
   * Writes all of them; repeats do no harm. Gives how many it refused in any form; fails with `NotDelivered` where some are
   * not in.
   */
  write(entries: readonly LogEntry[], signal: AbortSignal): Promise<number>;
}
