import { request } from "node:https";
import type { IncomingMessage } from "node:http";
import { Problem } from "../software/problem";
import type { TlsOf } from "./tunnel/open-way";
import type { Way } from "./tunnel/way";

/** Longer than Flink waits for an answer of its own processes. */
const SILENCE_MILLIS = 30_000;
/** What an answer of JSON has at most. */
const LARGEST_JSON_BYTES = 16 << 20;
/** Flink tells of a failure with its whole stack trace. */
const LARGEST_FAILURE_BYTES = 256 << 10;

/** Flink answered, and that it has not what was asked for, or not now. */
export class RestProblem extends Problem {
  public constructor(
    message: string,
    /** Of HTTP. */
    public readonly status: number,
    /** What Flink says of it, such as a stack trace. */
    public readonly told = "",
  ) {
    super(message);
  }
}

/** Calls the REST API of the node to which a way leads. */
export class RestCaller {
  /** @param signal ends what is asked for just then, which fails; by default nothing does */
  public constructor(
    private readonly way: Way,
    private readonly tls: TlsOf,
    private readonly signal?: AbortSignal,
  ) {}

  /** An answer that is JSON; `body` is sent as such, by POST. */
  public async json<T>(path: string, body?: object): Promise<T> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of await this.stream(path, body)) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (bytes > LARGEST_JSON_BYTES) throw new Problem(`${this.way.node.name} answers ${path} with too much`);
    }
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as T;
  }

  /** An answer as it comes, such as a log. */
  public stream(path: string, body?: object): Promise<IncomingMessage> {
    const { node, address, port } = this.way;
    return new Promise((resolve, reject) => {
      const to = { ...this.tls(node.host), host: address, port, path };
      const options = { ...to, agent: false, timeout: SILENCE_MILLIS, signal: this.signal };
      const headers = { host: `${node.host}:${node.port}`, ...(body && { "content-type": "application/json" }) };
      const asked = request({ ...options, method: body ? "POST" : "GET", headers }, (answer) => {
        const status = answer.statusCode ?? 0;
        if (status === 200 || status === 202) return resolve(answer);
        const refuse = (told: string): void =>
          reject(new RestProblem(`${node.name} answers ${path} with ${status}`, status, told));
        // Where the words are cut off, the number says enough.
        whatIsTold(answer).then(refuse, () => refuse(""));
      });
      asked.once("timeout", () => asked.destroy(new Error(`${node.name} does not answer`)));
      asked.once("error", reject);
      asked.end(body && JSON.stringify(body));
    });
  }
}

async function whatIsTold(answer: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of answer) if (text.length < LARGEST_FAILURE_BYTES) text += String(chunk);
  try {
    const { errors } = JSON.parse(text) as { readonly errors?: readonly string[] };
    return errors instanceof Array ? errors.join("\n") : "";
  } catch {
    return "";
  }
}
