import { signalsAreAwaited } from "../lib/core/undone-at-end";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Resolves when somebody ends this program, such as by Ctrl-C; the second time it ends at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    const awaited = signalsAreAwaited();
    const stop = (): void => {
      awaited();
      for (const signal of SIGNALS) process.off(signal, stop);
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, stop);
  });
}
