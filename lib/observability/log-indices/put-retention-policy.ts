import { isOurRetentionPolicy, logRetentionPolicy, logRetentionPolicyId } from "../opensearch-objects/retention-policy";
import { expectDone, OpenSearchRefusal, refusalOf } from "../opensearch/refusal";
import type { OpenSearch, OpenSearchAnswer } from "../opensearch/opensearch";
import { isAsWanted } from "./is-as-wanted";
import type { PreparedObject } from "./prepared-object";

/** A policy as it is at one moment: an index is kept by one revision of it. */
export interface PolicyRevision {
  readonly id: string;
  readonly sequenceNumber: number;
  readonly primaryTerm: number;
}

export interface PutPolicy {
  readonly policy: PreparedObject;
  readonly revision: PolicyRevision;
}

interface PolicyAnswer {
  readonly _seq_no: number;
  readonly _primary_term: number;
  readonly policy?: { readonly description?: unknown };
}

const CONFLICT = 409;
/** Somebody may change it between our reading and our writing. */
const ATTEMPTS = 3;

/**
 * Makes or changes the policy that deletes old indices of a prefix; a change is bound to the revision that was looked at.
 * https://docs.opensearch.org/latest/im-plugin/ism/api/
 */
export async function putRetentionPolicy(
  opensearch: OpenSearch,
  indexPrefix: string,
  retentionDays: number,
): Promise<PutPolicy> {
  const id = logRetentionPolicyId(indexPrefix);
  const wanted = logRetentionPolicy(indexPrefix, retentionDays);
  const path = `/_plugins/_ism/policies/${encodeURIComponent(id)}`;
  const doing = `writing the retention policy ${id}`;
  for (let attempt = 1; ; attempt++) {
    const found = await read(opensearch, path, id);
    if (found && isAsWanted(found.policy, wanted.policy)) return put(id, "as it was", found);
    const condition = found ? `?if_seq_no=${found._seq_no}&if_primary_term=${found._primary_term}` : "";
    const answer = await opensearch.call({ method: "PUT", path: `${path}${condition}`, body: wanted });
    if (answer.status === CONFLICT && attempt < ATTEMPTS) continue;
    return put(id, found ? "changed" : "made", expectDone(doing, answer) as PolicyAnswer);
  }
}

/** The policy as it is; undefined where there is none. */
async function read(opensearch: OpenSearch, path: string, id: string): Promise<PolicyAnswer | undefined> {
  const answer = await opensearch.call({ method: "GET", path });
  if (hasNoStateManagement(answer)) {
    throw new OpenSearchRefusal(
      answer.status,
      "this OpenSearch has no Index State Management, which deletes old indices: install its plugin opensearch-index-management, or delete them by other means",
    );
  }
  const doing = `reading the retention policy ${id}`;
  if (answer.status === 404) {
    // A body with a reason is of OpenSearch; without one, whatever stands before it knows nothing of such a path.
    if (answer.body === undefined) throw refusalOf(doing, answer);
    return undefined;
  }
  const found = expectDone(doing, answer) as PolicyAnswer;
  if (!isOurRetentionPolicy(found.policy?.description)) {
    throw new OpenSearchRefusal(
      answer.status,
      `the policy ${id} is somebody else's, as its description says: choose another index prefix, or delete it`,
    );
  }
  return found;
}

/** OpenSearch answers 400 to paths of plugins that it does not have. */
function hasNoStateManagement({ status, body }: OpenSearchAnswer): boolean {
  const { error } = (body ?? {}) as { readonly error?: unknown };
  return status === 400 && typeof error === "string" && error.startsWith("no handler found for uri");
}

function put(id: string, outcome: PreparedObject["outcome"], answer: PolicyAnswer): PutPolicy {
  return {
    policy: { kind: "retention policy", name: id, outcome },
    revision: { id, sequenceNumber: answer._seq_no, primaryTerm: answer._primary_term },
  };
}
