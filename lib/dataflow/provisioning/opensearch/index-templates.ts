import type { ReportLines } from "../function/report";
import type { DomainApi } from "./domain-api";
import type { TemplateRequest } from "./domain-request";
import { MANAGED_BY, orderMark, requireOurs } from "./mark";

/** What OpenSearch keeps with a template and never reads. */
interface Meta {
  readonly managed_by?: unknown;
  readonly order?: unknown;
}

interface FoundTemplates {
  readonly index_templates?: readonly { readonly name: string; readonly index_template: { readonly _meta?: Meta } }[];
}

const pathOf = ({ name }: TemplateRequest) => `/_index_template/${name}`;

/** The mark of what was ordered last; refuses a template that others made. */
export async function lookAtTemplate(api: DomainApi, template: TemplateRequest): Promise<unknown> {
  const { name } = template;
  const path = pathOf(template);
  const answer = await api.ask(`the index template ${name} cannot be read`, { method: "GET", path }, [404]);
  const found = (answer.body as FoundTemplates).index_templates?.find((one) => one.name === name);
  if (answer.status === 404 || found === undefined) return undefined;
  const { _meta: meta } = found.index_template;
  requireOurs(`the index template ${name}`, meta?.managed_by === MANAGED_BY);
  return meta?.order;
}

/** Brings a template to what is asked for; indices that are there already keep what they have. */
export async function provideTemplate(
  api: DomainApi,
  template: TemplateRequest,
  before: unknown,
  report: ReportLines,
): Promise<void> {
  const { name, body } = template;
  const order = orderMark(body);
  // Also where nothing changed since: somebody may have changed it by hand.
  await api.ask(`the index template ${name} cannot be made`, {
    method: "PUT",
    path: pathOf(template),
    body: { ...body, _meta: { ...(body._meta as object | undefined), managed_by: MANAGED_BY, order } satisfies Meta },
  });
  (before === order ? report.there : report.made).push(`index template ${name}`);
}
