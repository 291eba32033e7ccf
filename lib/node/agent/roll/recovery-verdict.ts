/** Whether a cluster is again what it was before a node was stopped. */
export type RecoveryVerdict =
  | { readonly kind: "well" }
  | { readonly kind: "not yet"; readonly reason: string }
  | { readonly kind: "hopeless"; readonly reason: string };
