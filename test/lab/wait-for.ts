export interface WaitOptions {
  /** Milliseconds. */
  readonly timeout: number;
  /** What is waited for, for the message. */
  readonly what: string;
  /** Milliseconds between two looks; default 50. */
  readonly interval?: number;
}

/**
 * Waits until the condition gives something other than undefined or false, and gives that. A condition
 * that throws counts as not yet met; its last message is part of the error.
 */
export async function waitFor<T>(
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  options: WaitOptions,
): Promise<T> {
  const end = Date.now() + options.timeout;
  let last = "";
  for (;;) {
    try {
      const value = await condition();
      if (value !== undefined && value !== false) return value;
      last = "";
    } catch (error) {
      last = `: ${(error as Error).message}`;
    }
    if (Date.now() >= end) throw new Error(`waited ${options.timeout} ms for ${options.what}${last}`);
    await new Promise((resolve) => setTimeout(resolve, options.interval ?? 50));
  }
}
