import { Machine } from "./machine";

/** What is done with machines: one thing after the other with each, different machines at once. */
export class MachineTasks {
  /** What went wrong first, if anything did. */
  public failure?: Error;
  public isStopped = false;
  /** The last thing that each machine waits for. */
  private readonly busy = new Map<string, Promise<void>>();

  public constructor(private readonly onProgress: (line: string) => void) {}

  public do(machine: Machine, what: string, act: () => Promise<void>): void {
    if (this.isStopped) return;
    const before = this.busy.get(machine.id) ?? Promise.resolve();
    const now = before
      .then(() => {
        if (this.isStopped) return;
        this.onProgress(`${machine.name} ${what}`);
        return act();
      })
      .catch((error: Error) => this.fail(new Error(`${machine.name} ${what}: ${error.message}`, { cause: error })))
      .finally(() => {
        if (this.busy.get(machine.id) === now) this.busy.delete(machine.id);
      });
    this.busy.set(machine.id, now);
  }

  /** Resolves when all that a machine waits for until now has ended, well or not. */
  public async endedFor(machine: Machine): Promise<void> {
    await this.busy.get(machine.id);
  }

  public get areDone(): boolean {
    return this.busy.size === 0;
  }

  /** Resolves when all that was begun until now has ended, well or not. */
  public async ended(): Promise<void> {
    await Promise.all(this.busy.values());
  }

  /** Remembers what went wrong, for whoever waits. */
  public fail(error: Error): void {
    if (this.isStopped) return;
    this.failure ??= error;
    this.onProgress(`the lab failed: ${error.message}`);
  }

  /** Nothing is begun any more, and nothing counts as a failure. */
  public stop(): void {
    this.isStopped = true;
  }
}
