import { logIndexTemplate, logIndexTemplateName, MANAGED_BY } from "../opensearch-objects/index-template";
import { expectDone, OpenSearchRefusal } from "../opensearch/refusal";
import type { OpenSearch } from "../opensearch/opensearch";
import { isAsWanted } from "./is-as-wanted";
import type { PreparedObject } from "./prepared-object";

interface TemplatesAnswer {
  readonly index_templates?: readonly {
    readonly index_template: { readonly _meta?: { readonly managed_by?: unknown } };
  }[];
}

const FROM_NOW_ON = "indices that are there keep the types that they have";

/**
 * Makes or changes the index template of a prefix.
 * https://docs.opensearch.org/latest/im-plugin/index-templates/
 */
export async function putIndexTemplate(opensearch: OpenSearch, indexPrefix: string): Promise<PreparedObject> {
  const name = logIndexTemplateName(indexPrefix);
  const wanted = logIndexTemplate(indexPrefix);
  const path = `/_index_template/${encodeURIComponent(name)}`;
  const prepared = { kind: "index template", name } as const;
  const before = await opensearch.call({ method: "GET", path });
  if (before.status !== 404) {
    const doing = `reading the index template ${name}`;
    const { index_templates: [found] = [] } = expectDone(doing, before) as TemplatesAnswer;
    const { index_template: actual } = found ?? {};
    if (actual && actual._meta?.managed_by !== MANAGED_BY) {
      throw new OpenSearchRefusal(
        before.status,
        `the index template ${name} is somebody else's, as its _meta.managed_by is not ${MANAGED_BY}: choose another index prefix, or delete it`,
      );
    }
    if (isAsWanted(actual, wanted)) return { ...prepared, outcome: "as it was" };
  }
  expectDone(`writing the index template ${name}`, await opensearch.call({ method: "PUT", path, body: wanted }));
  return { ...prepared, outcome: before.status === 404 ? "made" : "changed", note: FROM_NOW_ON };
}
