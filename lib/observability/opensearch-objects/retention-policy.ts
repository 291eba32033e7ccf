import { requireInteger } from "../../core/validation";
import { dailyIndicesOf, priorityOf, requireIndexPrefix } from "./index-names";
import { MANAGED_BY } from "./index-template";

/** A policy of Index State Management, as `PUT _plugins/_ism/policies/<id>` takes it. */
export interface LogRetentionPolicy {
  readonly policy: {
    readonly description: string;
    readonly default_state: string;
    readonly states: readonly object[];
    readonly ism_template: readonly { readonly index_patterns: readonly string[]; readonly priority: number }[];
  };
}

/** Id of the policy that deletes old indices of a prefix. */
export function logRetentionPolicyId(indexPrefix: string): string {
  return `${indexPrefix}-retention`;
}

/** Whether a policy is one of ours, by its description: it has no place for anything else. */
export function isOurRetentionPolicy(description: unknown): boolean {
  return typeof description === "string" && description.startsWith(`${MANAGED_BY}: `);
}

/**
 * Deletes each daily index so long after it was made that its last line has been kept for the days: an index is made by
 * the first line of its day, and its last one comes a day later. It is taken on by indices that are made after it; others
 * have to be added to it.
 * https://docs.opensearch.org/latest/im-plugin/ism/policies/
 */
export function logRetentionPolicy(indexPrefix: string, retentionDays: number): LogRetentionPolicy {
  requireIndexPrefix("indexPrefix", indexPrefix);
  requireInteger("retentionDays", retentionDays, 1, 10_000, "days");
  return {
    policy: {
      description: `${MANAGED_BY}: keeps each line of ${indexPrefix}-… for ${retentionDays === 1 ? "one day" : `${retentionDays} days`}`,
      default_state: "kept",
      states: [
        {
          name: "kept",
          actions: [],
          transitions: [{ state_name: "deleted", conditions: { min_index_age: `${retentionDays + 1}d` } }],
        },
        { name: "deleted", actions: [{ delete: {} }], transitions: [] },
      ],
      ism_template: [{ index_patterns: dailyIndicesOf(indexPrefix), priority: priorityOf(indexPrefix) }],
    },
  };
}
