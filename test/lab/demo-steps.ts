import pc from "picocolors";

/** Tells what is done, step by step, with the seconds of each. */
export class Demo {
  private readonly started = Date.now();
  private stepStarted = 0;
  private readonly failures = new Map<unknown, string>();

  public async show<T>(what: string, act: () => Promise<T>): Promise<T> {
    this.stepStarted = Date.now();
    console.log(pc.bold(`\n▸ ${what}`));
    try {
      const result = await act();
      console.log(pc.green(`  done in ${seconds(this.stepStarted)} s`));
      return result;
    } catch (error) {
      this.failures.set(error, what);
      throw error;
    }
  }

  public say(line: string): void {
    console.log(pc.dim(`  ${seconds(this.stepStarted || this.started).padStart(6)} s  `) + line);
  }

  /** Each step that failed with its error: what cleans up may fail after what was shown. */
  public tellFailures(last: unknown): void {
    if (!this.failures.has(last)) this.failures.set(last, "the demo");
    for (const [error, what] of this.failures) {
      console.error(pc.red(`\n"${what}" failed: ${error instanceof Error ? error.message : String(error)}`));
      if (process.env.DEBUG) console.error(error);
    }
  }

  public get total(): string {
    return seconds(this.started);
  }
}

function seconds(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(1);
}
