/** Who said no: a kind of policy, or what comes before any policy. */
export type DenyingLayer =
  | "signature"
  | "caller"
  | "route"
  | "identity"
  | "boundary"
  | "trust"
  | "bucket"
  | "key"
  | "secret"
  | "endpoint"
  /** The judge does not know what the call needs: a gap in the judge. */
  | "judge";

/** What was decided about one thing that a call needs leave for. */
export interface Decision {
  readonly action: string;
  readonly resource: string;
  readonly allowed: boolean;
  /** Absent where it is allowed. */
  readonly layer?: DenyingLayer;
  /** In words, for the log and for the one who is refused. */
  readonly reason: string;
  /** Lines of the statements that decided. */
  readonly statements: readonly string[];
}
