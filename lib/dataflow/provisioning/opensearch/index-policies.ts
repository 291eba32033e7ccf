import type { ReportLines } from "../function/report";
import type { DomainApi } from "./domain-api";
import type { PolicyRequest } from "./domain-request";
import { isOurDescription, orderMark, ourDescription, requireOurs } from "./mark";

const ISM_API = "/_plugins/_ism";
/** Of a policy that another deploy changed since it was read. */
const CONFLICT = 409;
const TRIES = 3;

/** A policy as OpenSearch has it: its description begins with who made it, and ends with the mark of the order. */
interface FoundPolicy {
  readonly description: string;
  readonly version: { readonly if_seq_no: string; readonly if_primary_term: string };
}

/** A policy that is there; refuses one that others made. */
export async function lookAtPolicy(api: DomainApi, { name }: PolicyRequest): Promise<FoundPolicy | undefined> {
  const path = `${ISM_API}/policies/${name}`;
  const { status, body } = await api.ask(`the index policy ${name} cannot be read`, { method: "GET", path }, [404]);
  if (status === 404) return undefined;
  const { policy, _seq_no, _primary_term } = body as {
    readonly policy?: { readonly description?: string };
    readonly _seq_no?: number;
    readonly _primary_term?: number;
  };
  const description = policy?.description ?? "";
  requireOurs(`the index policy ${name}`, isOurDescription(description));
  return { description, version: { if_seq_no: String(_seq_no), if_primary_term: String(_primary_term) } };
}

/** Brings a policy to what is asked for, and the indices that are there already to it. */
export async function providePolicy(
  api: DomainApi,
  request: PolicyRequest,
  report: ReportLines,
  tries = TRIES,
): Promise<void> {
  const { name, body } = request;
  const found = await lookAtPolicy(api, request);
  const mark = `(${orderMark(body)})`;
  const line = `index policy ${name}`;
  if (found?.description.endsWith(mark)) {
    report.there.push(line);
    // Also now: a deploy before may have ended between the two.
    await takeOnIndices(api, request, found);
    return;
  }
  const { description: said = ourDescription(name) } = body.policy;
  const description = `${isOurDescription(said) ? said : ourDescription(said)} ${mark}`;
  const call = {
    method: "PUT",
    path: `${ISM_API}/policies/${name}`,
    query: found?.version,
    body: { policy: { ...body.policy, description } },
  } as const;
  const expected = tries > 1 ? [CONFLICT] : [];
  const { status } = await api.ask(`the index policy ${name} cannot be made`, call, expected);
  // Another deploy was faster: the same call would be refused for ever.
  if (status === CONFLICT) return providePolicy(api, request, report, tries - 1);
  report.made.push(line);
  await takeOnIndices(api, request, found);
}

/** By itself a policy takes on new indices alone, and those that it has go on by what it was. */
async function takeOnIndices(api: DomainApi, request: PolicyRequest, found: FoundPolicy | undefined): Promise<void> {
  await takeOn(api, request, "add");
  if (found !== undefined) await takeOn(api, request, "change_policy");
}

async function takeOn(api: DomainApi, { name, body }: PolicyRequest, act: "add" | "change_policy"): Promise<void> {
  const patterns = (body.policy.ism_template ?? []).flatMap(({ index_patterns }) => index_patterns);
  if (patterns.length === 0) return;
  // As it is signed: encodeURIComponent leaves a `*` as it is.
  const indices = encodeURIComponent(patterns.join(",")).replaceAll("*", "%2A");
  await api.ask(
    `the index policy ${name} does not take on indices that are there`,
    { method: "POST", path: `${ISM_API}/${act}/${indices}`, body: { policy_id: name } },
    // No index is there yet.
    [404],
  );
}
