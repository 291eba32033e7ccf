/**
 * A node is ill when it has not been healthy for so long. Before, it may only boot, or its agent may be new and not
 * have asked its units yet, while they serve.
 */
export const ILL_AFTER_MILLIS = 180_000;

/** Tells whether this node is ill, which a look or two at its health does not. */
export class IllnessWatch {
  private since: number | undefined;

  public constructor(private readonly clock: () => number) {}

  /** To be called with each look. */
  public saw(isHealthy: boolean): void {
    this.since = isHealthy ? undefined : (this.since ?? this.clock());
  }

  public get isIll(): boolean {
    return this.since !== undefined && this.clock() - this.since >= ILL_AFTER_MILLIS;
  }
}
