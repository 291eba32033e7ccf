/** Lets so many pass a second, and after a silence a few more at once. */
export class RateLimit {
  private left: number;
  private last: number;

  public constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    private readonly now: () => number = Date.now,
  ) {
    this.left = burst;
    this.last = now();
  }

  /** Whether one more may pass now, which then has passed. */
  public pass(): boolean {
    if (!this.isOpen()) return false;
    this.left--;
    return true;
  }

  /** Whether one more may pass now. */
  public isOpen(): boolean {
    const now = this.now();
    this.left = Math.min(this.burst, this.left + (Math.max(0, now - this.last) / 1000) * this.perSecond);
    this.last = now;
    return this.left >= 1;
  }
}
