/** How a step and the others hang together. */
export interface StepOptions {
  /** No later step builds on it: they go on though it failed. */
  readonly isLeaf?: boolean;
  /** It tells of all steps: it is not reached where any of them failed. */
  readonly needsAll?: boolean;
}

/** Steps build on each other: after one has failed, the next ones say so at once instead of waiting in vain. */
export function steps(): (name: string, act: () => Promise<void>, options?: StepOptions) => void {
  let failed: string | undefined;
  let failedLeaf: string | undefined;
  return (name, act, { isLeaf = false, needsAll = false } = {}) =>
    test(name, async () => {
      const inTheWay = failed ?? (needsAll ? failedLeaf : undefined);
      if (inTheWay !== undefined) throw new Error(`not reached, because this failed before: ${inTheWay}`);
      const started = Date.now();
      // Jest itself tells of a file when it is over, which here is many minutes later.
      const tell = (outcome: string, why = "") =>
        process.stderr.write(
          `${((Date.now() - started) / 1000).toFixed(0).padStart(5)} s  ${outcome}: ${name}\n${why}`,
        );
      try {
        await act();
        tell("done");
      } catch (error) {
        if (isLeaf) failedLeaf ??= name;
        else failed = name;
        tell("FAILED", `${error instanceof Error ? error.message : String(error)}\n`);
        throw error;
      }
    });
}
