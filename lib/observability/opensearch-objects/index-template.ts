import { dailyIndicesOf, priorityOf, requireIndexPrefix } from "./index-names";
import { LOG_FIELD_TYPES, type LogFieldType } from "./log-fields";

/** Characters up to which a text is kept whole for counting; Lucene takes no term of more than 32,766 bytes. */
const LONGEST_TERM = 1024;
/** Who made a template: one that does not say so is somebody else's. */
export const MANAGED_BY = "cdktf-flink";

const MAPPINGS: Readonly<Record<LogFieldType, object>> = {
  date: { type: "date" },
  keyword: { type: "keyword", ignore_above: LONGEST_TERM },
  long: { type: "long" },
  // Lines are found, and never ranked by how well they match: no norms.
  text: { type: "text", norms: false },
  "countable text": {
    type: "text",
    norms: false,
    fields: { keyword: { type: "keyword", ignore_above: LONGEST_TERM } },
  },
};

/** A composable index template, as `PUT _index_template/<name>` takes it. */
export interface LogIndexTemplate {
  readonly index_patterns: readonly string[];
  readonly priority: number;
  readonly template: { readonly settings: object; readonly mappings: object };
  readonly _meta: { readonly managed_by: string; readonly description: string };
}

/** Name of the index template of a prefix. */
export function logIndexTemplateName(indexPrefix: string): string {
  return `${indexPrefix}-lines`;
}

/**
 * Types of the fields of all daily indices of a prefix that are made from now on.
 * https://docs.opensearch.org/latest/api-reference/index-apis/create-index-template/
 */
export function logIndexTemplate(indexPrefix: string): LogIndexTemplate {
  requireIndexPrefix("indexPrefix", indexPrefix);
  return {
    index_patterns: dailyIndicesOf(indexPrefix),
    priority: priorityOf(indexPrefix),
    template: {
      settings: {
        index: {
          // A day of a cluster's lines is far below what one shard takes. How many copies there are is the cluster's to say
          // (cluster.default_number_of_replicas): some refuse all numbers but one.
          number_of_shards: 1,
          codec: "best_compression",
        },
      },
      mappings: {
        // A field of a newer version is kept in the document, and neither refused nor guessed at.
        dynamic: false,
        properties: Object.fromEntries(Object.entries(LOG_FIELD_TYPES).map(([name, type]) => [name, MAPPINGS[type]])),
      },
    },
    _meta: { managed_by: MANAGED_BY, description: `Lines of logs of Flink clusters, daily indices ${indexPrefix}-…` },
  };
}
