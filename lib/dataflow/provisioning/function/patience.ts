import { setTimeout as sleep } from "node:timers/promises";

export interface Patience {
  readonly tries: number;
  readonly pauseMillis: number;
}

/** A role's policy takes some seconds to hold everywhere, and a database that fails over up to a minute. */
export const DEFAULT_PATIENCE: Patience = { tries: 12, pauseMillis: 5_000 };

/** Tries again what fails for a reason that goes away by itself; the last failure is told as it is. */
export async function withPatience<T>(
  { tries, pauseMillis }: Patience,
  isPassing: (failure: unknown) => boolean,
  act: () => Promise<T>,
): Promise<T> {
  for (let rest = tries - 1; ; rest--) {
    try {
      return await act();
    } catch (failure) {
      if (rest <= 0 || !isPassing(failure)) throw failure;
      await sleep(pauseMillis);
    }
  }
}
