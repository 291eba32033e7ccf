import type { ReportLines } from "../function/report";
import type { DomainApi } from "./domain-api";
import type { PolicyRequest } from "./domain-request";
import { isOurDescription, orderMark, ourDescription, requireOurs } from "./mark";
import { ISM_API, takeOnIndices } from "./policy-indices";

/** Of a policy that another deploy changed since it was read. */
const CONFLICT = 409;
const TRIES = 3;

/** A policy as OpenSearch has it: its description begins with who made it, and ends with the mark of the order. */
interface FoundPolicy {
  readonly description: string;
  readonly sequenceNumber: unknown;
  readonly primaryTerm: unknown;
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
  return { description, sequenceNumber: _seq_no, primaryTerm: _primary_term };
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
  const patterns = (body.policy.ism_template ?? []).flatMap(({ index_patterns }) => index_patterns);
  if (found?.description.endsWith(mark)) {
    report.there.push(line);
    // Also now: a deploy before may have ended between the two.
    return takeOnIndices(api, patterns, { name, ...found });
  }
  const { description: said = ourDescription(name) } = body.policy;
  const description = `${isOurDescription(said) ? said : ourDescription(said)} ${mark}`;
  const call = {
    method: "PUT",
    path: `${ISM_API}/policies/${name}`,
    query: found && { if_seq_no: String(found.sequenceNumber), if_primary_term: String(found.primaryTerm) },
    body: { policy: { ...body.policy, description } },
  } as const;
  const expected = tries > 1 ? [CONFLICT] : [];
  const { status, body: written } = await api.ask(`the index policy ${name} cannot be made`, call, expected);
  // Another deploy was faster: the same call would be refused for ever.
  if (status === CONFLICT) return providePolicy(api, request, report, tries - 1);
  report.made.push(line);
  await takeOnIndices(api, patterns, { name, sequenceNumber: written._seq_no, primaryTerm: written._primary_term });
}
