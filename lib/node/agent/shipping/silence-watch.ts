/** How long somebody has said nothing new. */
export class SilenceWatch {
  private heard?: { readonly mark: unknown; readonly at: number };

  public constructor(private readonly clock: () => number) {}

  /** Milliseconds since the mark was another one, or since the first look. */
  public millis(mark: unknown): number {
    if (!this.heard || this.heard.mark !== mark) this.heard = { mark, at: this.clock() };
    return this.clock() - this.heard.at;
  }
}
