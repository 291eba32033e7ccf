import { request } from "node:https";
import type { IncomingMessage } from "node:http";
import { Problem } from "../software/problem";
import type { TlsOf } from "./tunnel/open-way";
import type { Way } from "./tunnel/way";

/** Longer than Flink waits for an answer of its own processes. */
const SILENCE_MILLIS = 30_000;
/** What an answer of JSON has at most. */
const LARGEST_JSON_BYTES = 16 << 20;

/** Flink answered, and that it has not what was asked for, or not now. */
export class RestProblem extends Problem {
  public constructor(
    message: string,
    /** Of HTTP. */
    public readonly status: number,
  ) {
    super(message);
  }
}

/** Calls the REST API of the node to which a way leads. */
export class RestCaller {
  public constructor(
    private readonly way: Way,
    private readonly tls: TlsOf,
  ) {}

  /** An answer that is JSON. */
  public async json<T>(path: string): Promise<T> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of await this.stream(path)) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (bytes > LARGEST_JSON_BYTES) throw new Problem(`${this.way.node.name} answers ${path} with too much`);
    }
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as T;
  }

  /** An answer as it comes, such as a log. */
  public stream(path: string): Promise<IncomingMessage> {
    const { node, address, port } = this.way;
    return new Promise((resolve, reject) => {
      const options = { ...this.tls(node.host), host: address, port, path, agent: false, timeout: SILENCE_MILLIS };
      const asked = request({ ...options, headers: { host: `${node.host}:${node.port}` } }, (answer) => {
        if (answer.statusCode === 200) return resolve(answer);
        answer.resume();
        const status = answer.statusCode ?? 0;
        reject(new RestProblem(`${node.name} answers ${path} with ${status}`, status));
      });
      asked.once("timeout", () => asked.destroy(new Error(`${node.name} does not answer`)));
      asked.once("error", reject);
      asked.end();
    });
  }
}
