import type { StateStore } from "../../../lib/node/agent/state-store";

/** How often an agent falls until the machine goes back by itself. */
export const MOST_FALLS = 5;

/** What watches over a state that was taken over; the real one is tried with systemd's commands in trial.test.ts. */
export class MemoryTrial {
  public current?: { readonly sha256: string; readonly before: string };
  public hasReserve = false;
  private falls = 0;
  private from?: string;

  public constructor(private readonly disk: Pick<StateStore, "goBack">) {}

  public begin(sha256: string, before: string): Promise<void> {
    this.current = { sha256, before };
    this.hasReserve = true;
    this.falls = 0;
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
    return Promise.resolve(this.from === sha256 ? `its agent ended ${MOST_FALLS} times` : undefined);
  }

  public async agentFell(): Promise<void> {
    if (!this.current || ++this.falls < MOST_FALLS) return;
    this.from = this.current.sha256;
    await this.disk.goBack(this.current.before, new Date(0));
  }
}
