import { JavaPlace, JavaProgram } from "../others/java-program";

/** A call of OpenSearch's API. A list is a body of several lines of JSON, as `_bulk` takes it. */
export interface OpenSearchRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: object;
}

/** What came of it: an answer of HTTP, or an error of the client, which got none. */
export type OpenSearchAnswer =
  | { readonly status: number; readonly body: string }
  | { readonly status?: undefined; readonly error: string; readonly body: string };

export interface OpenSearchLogin {
  readonly url: string;
  /** Path of a PEM file of the authorities that are trusted; absent: those of the operating system. */
  readonly authorities?: string;
  /** Path of a file of Java properties with `username` and `password`; absent: nobody says who calls. */
  readonly credentials?: string;
}

/** Calls of OpenSearch from a machine. */
export class OpenSearchClient {
  private readonly program: JavaProgram;

  public constructor(place: JavaPlace, { url, authorities, credentials }: OpenSearchLogin) {
    this.program = new JavaProgram(place, "OpenSearchProgram", [url, authorities ?? "-", credentials ?? "-"]);
  }

  /** Makes each call, in order; all are answered, whatever came of them. */
  public async ask(...requests: readonly OpenSearchRequest[]): Promise<OpenSearchAnswer[]> {
    const answers = await this.program.tell(...requests.map(commandOf));
    return answers.map(({ said, error }) => {
      if (error !== undefined) return { error, body: said };
      const [, status, body] = /^(\d+) ?(.*)$/.exec(said) ?? [];
      return { status: Number(status), body };
    });
  }

  /** The same, of calls that must succeed; gives what the last one was answered. */
  public async call<T>(...requests: readonly OpenSearchRequest[]): Promise<T> {
    return (await this.callEach(...requests)).at(-1) as T;
  }

  /** The same; gives what each was answered. */
  public async callEach(...requests: readonly OpenSearchRequest[]): Promise<unknown[]> {
    const answers = await this.ask(...requests);
    const failed = answers.findIndex(({ status = 0 }) => status < 200 || status > 299);
    if (failed < 0) return answers.map(({ body }) => JSON.parse(body) as unknown);
    const { method, path } = requests[failed];
    // A body may hold a password.
    throw new Error(`${method} ${path} failed: ${sayingOf(answers[failed])}`);
  }
}

/** An answer as a text. */
export function sayingOf(answer: OpenSearchAnswer): string {
  return `${answer.status ?? answer.error} ${answer.body}`.trim();
}

function commandOf({ method, path, body }: OpenSearchRequest): string {
  if (body === undefined) return `${method} ${path}`;
  const text = Array.isArray(body) ? body.map((line) => `${JSON.stringify(line)}\n`).join("") : JSON.stringify(body);
  return `${method} ${path} ${Buffer.from(text).toString("base64")}`;
}
