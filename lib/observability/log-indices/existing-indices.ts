import { dailyIndicesOf, isDailyIndexOf } from "../opensearch-objects/index-names";
import { expectDone } from "../opensearch/refusal";
import type { OpenSearch } from "../opensearch/opensearch";
import type { PreparedObject } from "./prepared-object";
import type { PolicyRevision } from "./put-retention-policy";

/** What Index State Management says of one index. */
interface Explained {
  readonly policy_id?: string | null;
  readonly "index.plugins.index_state_management.policy_id"?: string | null;
  /** Absent until it was looked at for the first time, some minutes later: it is told again, which does no harm. */
  readonly policy_seq_no?: number;
  readonly policy_primary_term?: number;
}

interface StatusAnswer {
  readonly failed_indices?: readonly { readonly index_name: string; readonly reason: string }[];
}

/** Names of indices in one path: OpenSearch takes a first line of 4096 bytes. */
const MOST_NAMES_BYTES = 2048;

/**
 * Makes the daily indices that are there keep to a revision of the policy: a policy is taken on by itself only by indices that
 * are made after it, and a changed one by none. An index with a policy of somebody else's is left alone.
 */
export async function keepExistingIndices(
  opensearch: OpenSearch,
  indexPrefix: string,
  revision: PolicyRevision,
): Promise<readonly PreparedObject[]> {
  const indices = await explain(opensearch, indexPrefix);
  const without = indices.filter(({ policyId }) => policyId === undefined);
  const outdated = indices.filter(({ policyId, isOf }) => policyId === revision.id && !isOf(revision));
  const foreign = indices.filter(({ policyId }) => policyId !== undefined && policyId !== revision.id);
  const body = { policy_id: revision.id };
  const prepared = [
    ...(await apply(opensearch, "add", body, without)),
    ...(await apply(opensearch, "change_policy", body, outdated)),
    ...foreign.map(({ name, policyId }) => ({
      ...({ kind: "index", name, outcome: "left alone" } as const),
      note: `the policy ${policyId} keeps it`,
    })),
  ];
  return prepared.sort((left, right) => (left.name < right.name ? -1 : 1));
}

interface Index {
  readonly name: string;
  readonly policyId?: string;
  readonly isOf: (revision: PolicyRevision) => boolean;
}

async function explain(opensearch: OpenSearch, indexPrefix: string): Promise<readonly Index[]> {
  const patterns = dailyIndicesOf(indexPrefix).join(",");
  const doing = `asking how the indices ${indexPrefix}-… are kept`;
  // Where there is none, Index State Management answers with an error.
  const there = await opensearch.call({ method: "GET", path: `/_resolve/index/${patterns}` });
  const { indices = [] } = expectDone(`listing the indices ${indexPrefix}-…`, there) as {
    indices?: readonly unknown[];
  };
  if (indices.length === 0) return [];
  const path = `/_plugins/_ism/explain/${patterns}`;
  const body = expectDone(doing, await opensearch.call({ method: "GET", path })) as Readonly<Record<string, unknown>>;
  return Object.entries(body)
    .filter((each): each is [string, Explained] => typeof each[1] === "object" && each[1] !== null)
    .filter(([name]) => isDailyIndexOf(indexPrefix, name))
    .map(([name, explained]) => ({
      name,
      policyId: explained["index.plugins.index_state_management.policy_id"] ?? explained.policy_id ?? undefined,
      isOf: ({ sequenceNumber, primaryTerm }: PolicyRevision) =>
        explained.policy_seq_no === sequenceNumber && explained.policy_primary_term === primaryTerm,
    }));
}

async function apply(
  opensearch: OpenSearch,
  operation: "add" | "change_policy",
  body: object,
  indices: readonly Index[],
): Promise<readonly PreparedObject[]> {
  const prepared: PreparedObject[] = [];
  for (const names of inPaths(indices.map(({ name }) => name))) {
    const path = `/_plugins/_ism/${operation}/${names.join(",")}`;
    const doing = `making ${names[0]}${names.length > 1 ? ` and ${names.length - 1} more` : ""} keep to the policy`;
    const answer = expectDone(doing, await opensearch.call({ method: "POST", path, body })) as StatusAnswer;
    const reasons = new Map((answer.failed_indices ?? []).map(({ index_name, reason }) => [index_name, reason]));
    prepared.push(
      ...names.map((name) => {
        const reason = reasons.get(name);
        const kind = "index" as const;
        return reason === undefined
          ? { kind, name, outcome: "changed" as const }
          : { kind, name, outcome: "left alone" as const, note: reason.replace(/\.$/, "") };
      }),
    );
  }
  return prepared;
}

/** Names in groups that one path can hold. */
function* inPaths(names: readonly string[]): Generator<readonly string[]> {
  let group: string[] = [];
  let bytes = 0;
  for (const name of names) {
    if (group.length > 0 && bytes + name.length + 1 > MOST_NAMES_BYTES) {
      yield group;
      [group, bytes] = [[], 0];
    }
    group.push(name);
    bytes += name.length + 1;
  }
  if (group.length > 0) yield group;
}
