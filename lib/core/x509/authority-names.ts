/** An authority of a cluster: `node` signs what nodes show each other, `client` what operators show to nodes. */
export type AuthorityKind = "node" | "client";

/** Alias by which an authority's key is found in KMS. */
export function authorityAlias(kind: AuthorityKind, cluster: string): string {
  return `alias/cdktf-flink/${cluster}/${kind}-authority`;
}
