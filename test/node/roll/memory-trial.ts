import type { StateStore } from "../../../lib/node/agent/state-store";
import { LONGEST_TRIAL_MINUTES } from "../../../lib/node/agent/trial/trial";

/** How often an agent falls until the machine goes back by itself. */
export const MOST_FALLS = 5;
const LONGEST_MILLIS = LONGEST_TRIAL_MINUTES * 60_000;

/** What watches over a state that was taken over; the real one is tried with systemd's commands in trial.test.ts. */
export class MemoryTrial {
  public current?: { readonly sha256: string; readonly before: string };
  public hasReserve = false;
  private falls = 0;
  private begunAt = 0;
  private from?: { readonly sha256: string; readonly reason: string };

  public constructor(
    private readonly disk: Pick<StateStore, "applied" | "goBack">,
    private readonly now: () => number,
  ) {}

  public begin(sha256: string, before: string): Promise<void> {
    this.current = { sha256, before };
    this.hasReserve = true;
    this.falls = 0;
    this.begunAt = this.now();
    return this.forgetFallBack();
  }

  public isOf(sha256: string, before: string): Promise<boolean> {
    return Promise.resolve(this.current?.sha256 === sha256 && this.current.before === before);
  }

  /** What was kept free for going back. */
  public makeRoom(): Promise<void> {
    this.hasReserve = false;
    return Promise.resolve();
  }

  public end(): Promise<void> {
    this.current = undefined;
    this.hasReserve = false;
    return Promise.resolve();
  }

  public forgetFallBack(): Promise<void> {
    this.from = undefined;
    return Promise.resolve();
  }

  public fellBackFrom(sha256: string): Promise<string | undefined> {
    return Promise.resolve(this.from?.sha256 === sha256 ? this.from.reason : undefined);
  }

  public async agentFell(): Promise<void> {
    if (!this.current || ++this.falls < MOST_FALLS) return;
    await this.goBack(this.current, `its agent ended ${MOST_FALLS} times`);
  }

  /** Whether nobody has ended it for so long that the machine has gone back, with another agent from now on. */
  public async ranOut(): Promise<boolean> {
    if (!this.current || this.now() - this.begunAt < LONGEST_MILLIS) return false;
    if ((await this.disk.applied())?.reference.sha256 !== this.current.sha256) return false;
    await this.goBack(
      this.current,
      `its agent did not say within ${LONGEST_TRIAL_MINUTES} minutes whether all is well`,
    );
    return true;
  }

  private async goBack({ sha256, before }: { readonly sha256: string; readonly before: string }, reason: string) {
    this.from = { sha256, reason };
    await this.disk.goBack(before, new Date(0));
    await this.end();
  }
}
