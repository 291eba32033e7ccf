import { requireInteger } from "../../core/validation";
import { requireIndexPrefix } from "../opensearch-objects/index-names";
import type { OpenSearch } from "../opensearch/opensearch";
import { keepExistingIndices } from "./existing-indices";
import type { PreparedObject } from "./prepared-object";
import { putIndexTemplate } from "./put-index-template";
import { putRetentionPolicy } from "./put-retention-policy";

/** How the daily indices of a prefix shall be. */
export interface LogIndices {
  readonly indexPrefix: string;
  /** Days that each line is kept, 1 to 10,000. */
  readonly retentionDays: number;
}

/**
 * Gives OpenSearch the types of the fields of log lines and how long their indices are kept, and makes indices that are there
 * already keep to it. It can be called again: what is as it shall be is not touched. Whoever it calls as needs leave to keep
 * index templates and policies of Index State Management, which nobody who ships logs has. What is somebody else's is never
 * changed: it rejects with one sentence.
 */
export async function prepareLogIndices(
  opensearch: OpenSearch,
  { indexPrefix, retentionDays }: LogIndices,
): Promise<readonly PreparedObject[]> {
  requireIndexPrefix("indexPrefix", indexPrefix);
  requireInteger("retentionDays", retentionDays, 1, 10_000, "days");
  const template = await putIndexTemplate(opensearch, indexPrefix);
  const { policy, revision } = await putRetentionPolicy(opensearch, indexPrefix, retentionDays);
  return [template, policy, ...(await keepExistingIndices(opensearch, indexPrefix, revision))];
}
