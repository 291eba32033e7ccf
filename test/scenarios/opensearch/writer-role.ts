import type { OpenSearchRequest } from "./opensearch-client";

export const SECURITY_API = "/_plugins/_security/api";
const ROLE = "writer_of_orders";
const USER = "writer";

/**
 * All that jobs need to write documents: OpenSearch asks for the bulk as a whole, for its part of each index and for each
 * kind of line in it; and for the index where the first document makes it. Where a document may bring a new field, it
 * would ask for `indices:admin/mapping/put` as well.
 */
const permissions = (indices: string) => ({
  cluster_permissions: ["indices:data/write/bulk"],
  index_permissions: [
    {
      index_patterns: [indices],
      allowed_actions: [
        ...["indices:data/write/bulk[s]", "indices:data/write/index", "indices:data/write/delete"],
        "indices:admin/create",
      ],
    },
  ],
});

/** Calls of an administrator that make the jobs' user, who may write these indices and do nothing else. */
export function makeWriter(indices: string, password: string): OpenSearchRequest[] {
  return [
    { method: "PUT", path: `${SECURITY_API}/roles/${ROLE}`, body: permissions(indices) },
    givePassword(password),
    { method: "PUT", path: `${SECURITY_API}/rolesmapping/${ROLE}`, body: { users: [USER] } },
  ];
}

/** Reserved: the user cannot change its own password, which every other user can. */
export function givePassword(password: string): OpenSearchRequest {
  return { method: "PUT", path: `${SECURITY_API}/internalusers/${USER}`, body: { password, reserved: true } };
}
