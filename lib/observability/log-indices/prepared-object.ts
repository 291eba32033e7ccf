/** One thing in OpenSearch, and what became of it. */
export interface PreparedObject {
  readonly kind: "index template" | "retention policy" | "index";
  readonly name: string;
  readonly outcome: "made" | "changed" | "as it was" | "left alone";
  /** What there is to say of it, one sentence without a full stop. */
  readonly note?: string;
}
