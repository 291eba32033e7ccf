import type { HttpRequest, RequestSigner } from "@smithy/types";
import { Patience, withPatience } from "../function/patience";
import { NOT_REACHED, ProvisioningProblem } from "../function/problem";

export interface DomainCall {
  readonly method: "DELETE" | "GET" | "POST" | "PUT";
  /** Without what a path would have to escape. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
}

export interface DomainAnswer {
  readonly status: number;
  /** Empty where it is no JSON object. */
  readonly body: Readonly<Record<string, unknown>>;
}

const ANSWER_MILLIS = 15_000;
/** Of a domain that is changed, and of two deploys at once: OpenSearch keeps all roles in one document. */
const PASSING = [409, 429, 500, 502, 503, 504];
/** Of a domain that does not know its administrator yet. */
const NOT_ALLOWED_YET = [401, 403];
const LONGEST_WORDS = 500;

/** OpenSearch's own API, as its administrator. */
export class DomainApi {
  public constructor(
    private readonly url: string,
    private readonly signer: RequestSigner,
    private readonly patience: Patience,
  ) {}

  /** The first call of all: that the domain lets its administrator in is waited for. */
  public comeIn(what: string, call: DomainCall): Promise<DomainAnswer> {
    return this.patiently([...PASSING, ...NOT_ALLOWED_YET], what, call, []);
  }

  /**
   * What is answered. `what` begins the sentence of a refusal.
   *
   * @param expected statuses that are no refusal here, beside those of success
   */
  public ask(what: string, call: DomainCall, expected: readonly number[] = []): Promise<DomainAnswer> {
    return this.patiently(
      PASSING.filter((status) => !expected.includes(status)),
      what,
      call,
      expected,
    );
  }

  private patiently(
    passing: readonly number[],
    what: string,
    call: DomainCall,
    expected: readonly number[],
  ): Promise<DomainAnswer> {
    const codes = [NOT_REACHED, ...passing.map(String)];
    const isPassing = (failure: unknown) => codes.includes((failure as Partial<ProvisioningProblem>).code ?? "");
    return withPatience(this.patience, isPassing, () => this.send(what, call, expected));
  }

  private async send(what: string, call: DomainCall, expected: readonly number[]): Promise<DomainAnswer> {
    const { status, text } = await this.exchange(call).catch((failure: Error) => {
      // Of what is not reached, the words of the network are those of the cause.
      const { message } = (failure.cause ?? failure) as Error;
      throw new ProvisioningProblem(`the domain at ${this.url} is not reached: ${message}`, NOT_REACHED);
    });
    const body = parseObject(text);
    if ((status >= 200 && status < 300) || expected.includes(status)) return { status, body };
    throw new ProvisioningProblem(`${what}: OpenSearch says "${wordsOf(body, text) || status}"`, String(status));
  }

  private async exchange({ method, path, query = {}, body }: DomainCall): Promise<{ status: number; text: string }> {
    const { protocol, hostname, port, host } = new URL(this.url);
    const text = body === undefined ? undefined : JSON.stringify(body);
    const request: HttpRequest = {
      ...{ method, protocol, hostname, path, query, body: text },
      ...(port === "" ? {} : { port: Number(port) }),
      headers: { host, ...(text === undefined ? {} : { "content-type": "application/json" }) },
    };
    const { headers } = await this.signer.sign(request);
    const parameters = new URLSearchParams(query).toString();
    const answer = await fetch(`${this.url}${path}${parameters && `?${parameters}`}`, {
      method,
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== "host")),
      body: text,
      signal: AbortSignal.timeout(ANSWER_MILLIS),
      // What is signed is for this domain alone.
      redirect: "error",
    });
    return { status: answer.status, text: await answer.text() };
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null ? (found as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** OpenSearch, its security plugin and its other plugins each say in their own way why they refuse. */
function wordsOf({ error, message, reason }: Readonly<Record<string, unknown>>, text: string): string {
  const said = [...reasonsOf(error), message, reason].find(
    (one): one is string => typeof one === "string" && one !== "",
  );
  return (said ?? text).slice(0, LONGEST_WORDS);
}

/** Of an error with causes the innermost first, which alone says what is wrong. */
function reasonsOf(error: unknown): unknown[] {
  if (typeof error !== "object" || error === null) return [error];
  const { reason, caused_by } = error as { readonly reason?: unknown; readonly caused_by?: unknown };
  return [...reasonsOf(caused_by), reason];
}
