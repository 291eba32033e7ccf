/** Steps build on each other: after one has failed, the next ones say so at once instead of waiting in vain. */
export function steps(): (name: string, act: () => Promise<void>) => void {
  let failed: string | undefined;
  return (name, act) =>
    test(name, async () => {
      if (failed) throw new Error(`not reached, because this failed before: ${failed}`);
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
        failed = name;
        tell("FAILED", `${error instanceof Error ? error.message : String(error)}\n`);
        throw error;
      }
    });
}
