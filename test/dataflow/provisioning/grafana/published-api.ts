import api from "./grafana-api.json";

/** A request, as it came. */
export interface SentRequest {
  readonly method: string;
  /** Below `/api`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body?: unknown;
}

/** One operation of Grafana's HTTP API, as its OpenAPI document has it. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly statuses: readonly number[];
  readonly query: readonly string[];
  /** Types of the members of what is sent along. */
  readonly body?: Readonly<Record<string, string>>;
}

const OPERATIONS = api.operations as unknown as readonly Operation[];

/** What a request asks for, with what stands in its path in place of names in braces. */
export interface Asked {
  readonly operation: Operation;
  readonly parameters: readonly string[];
}

/** The operation that is asked for, or why the request is none that Grafana publishes. */
export function askedFor({ method, path, query, body }: SentRequest): Asked | string {
  for (const operation of OPERATIONS) {
    const pattern = new RegExp(`^${operation.path.replace(/\{\w+\}/g, "([A-Za-z0-9_-]{1,40})")}$`);
    const found = method === operation.method ? pattern.exec(path) : undefined;
    if (!found) continue;
    const parameter = [...query.keys()].find((name) => !operation.query.includes(name));
    if (parameter !== undefined) return `${method} ${operation.path} knows no parameter ${parameter}`;
    return problemOfBody(operation, body) ?? { operation, parameters: found.slice(1) };
  }
  return `there is no ${method} ${path}`;
}

function problemOfBody({ method, path, body: types }: Operation, body: unknown): string | undefined {
  if (types === undefined) return body === undefined ? undefined : `${method} ${path} takes no body`;
  if (typeof body !== "object" || body === null) return `${method} ${path} takes an object`;
  for (const [member, value] of Object.entries(body)) {
    const type = types[member];
    if (type === undefined) return `${method} ${path} knows no member ${member}`;
    const given = Number.isInteger(value) ? "integer" : typeof value;
    if (type !== "any" && type !== given) return `${member} of ${method} ${path} is of the type ${type}, not ${given}`;
  }
  return undefined;
}
