import type { DomainApi } from "./domain-api";

export const ISM_API = "/_plugins/_ism";
/** Names of indices in one path, of which OpenSearch takes 4096 bytes with what stands around it. */
const MOST_NAMES = 10;

/** A policy as it is at one moment: an index is kept by one revision of it. */
export interface PolicyRevision {
  readonly name: string;
  readonly sequenceNumber: unknown;
  readonly primaryTerm: unknown;
}

/** What Index State Management says of one index. */
interface Explained {
  readonly policy_id?: string | null;
  readonly "index.plugins.index_state_management.policy_id"?: string | null;
  /** Absent until it was looked at for the first time, some minutes later: it is told again, which does no harm. */
  readonly policy_seq_no?: number;
  readonly policy_primary_term?: number;
}

/**
 * Makes indices that are there keep to a policy: by itself it takes on new indices alone, and those that it has go on by
 * what it was. They are named one by one: by a wildcard OpenSearch would take them away from policies of others, and where
 * there is none it answers with an error.
 */
export async function takeOnIndices(
  api: DomainApi,
  patterns: readonly string[],
  revision: PolicyRevision,
): Promise<void> {
  const { name } = revision;
  const what = `the index policy ${name} does not take on indices that are there`;
  const get = (path: string) => api.ask(what, { method: "GET", path: `${path}/${inPath(patterns)}` }, [404]);
  const { indices = [] } = (await get("/_resolve/index")).body as { readonly indices?: readonly unknown[] };
  if (patterns.length === 0 || indices.length === 0) return;
  const explained = Object.entries((await get(`${ISM_API}/explain`)).body)
    .filter((each): each is [string, Explained] => typeof each[1] === "object" && each[1] !== null)
    .map(([index, { "index.plugins.index_state_management.policy_id": set, policy_id, ...rest }]) => ({
      ...{ index, policyId: set ?? policy_id ?? undefined },
      isUpToDate: rest.policy_seq_no === revision.sequenceNumber && rest.policy_primary_term === revision.primaryTerm,
    }));
  const without = explained.filter(({ policyId }) => policyId === undefined);
  const outdated = explained.filter(({ policyId, isUpToDate }) => policyId === name && !isUpToDate);
  for (const [act, those] of [["add", without] as const, ["change_policy", outdated] as const]) {
    for (let from = 0; from < those.length; from += MOST_NAMES) {
      const names = inPath(those.slice(from, from + MOST_NAMES).map(({ index }) => index));
      await api.ask(what, { method: "POST", path: `${ISM_API}/${act}/${names}`, body: { policy_id: name } });
    }
  }
}

/** As it is signed: encodeURIComponent leaves a `*` as it is. */
function inPath(names: readonly string[]): string {
  return encodeURIComponent(names.join(",")).replaceAll("*", "%2A");
}
