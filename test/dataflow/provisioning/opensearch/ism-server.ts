import { createServer, Server } from "node:http";
import type { AddressInfo } from "node:net";

interface Policy {
  readonly body: object;
  readonly version: number;
}

const POLICY = /^\/_plugins\/_ism\/policies\/([^/?]+)(?:\?(.*))?$/;

/**
 * As much of OpenSearch as its published API says of policies (Index State Management, which the tests' OpenSearch lacks),
 * and of roles nothing but that there is none.
 *
 * @see https://docs.opensearch.org/latest/im-plugin/ism/api/
 */
export class IsmServer {
  public static async start(): Promise<IsmServer> {
    const ism = new IsmServer();
    await new Promise<void>((resolve) => ism.server.listen(0, "127.0.0.1", resolve));
    return ism;
  }

  public readonly policies = new Map<string, Policy>();
  /** Methods and paths, as they were sent, of what changes something. */
  public readonly changes: string[] = [];
  /** Called once, before the next policy is written: another deploy may be faster. */
  public beforeWrite?: () => void;
  /** Answered as by an OpenSearch that is not whole. */
  public refusedChange?: string;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        const [status, body] = this.answer(
          request.method!,
          request.url!,
          text === "" ? {} : (JSON.parse(text) as object),
        );
        response.writeHead(status, { connection: "close" }).end(JSON.stringify(body));
      });
    });
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(method: string, url: string, body: object): [number, object] {
    const [, name = "", query] = POLICY.exec(url) ?? [];
    if (name === "") return this.answerOthers(method, url);
    if (method === "GET") {
      const found = this.policies.get(name);
      if (found === undefined) return [404, { error: { reason: "Policy not found" }, status: 404 }];
      return [200, { _id: name, _seq_no: found.version, _primary_term: 1, ...found.body }];
    }
    this.changes.push(`${method} ${url}`);
    this.beforeWrite?.();
    this.beforeWrite = undefined;
    const found = this.policies.get(name);
    const { if_seq_no: version = null } = Object.fromEntries(new URLSearchParams(query)) as Record<string, string>;
    if (found !== undefined && version !== String(found.version)) {
      return [409, { error: { reason: "version conflict" }, status: 409 }];
    }
    this.policies.set(name, { body, version: (found?.version ?? 0) + 1 });
    return [found === undefined ? 201 : 200, { _id: name }];
  }

  private answerOthers(method: string, url: string): [number, object] {
    if (method === "GET") return [200, {}];
    this.changes.push(`${method} ${url}`);
    if (`${method} ${url}` === this.refusedChange) return [503, { error: { reason: "no master" }, status: 503 }];
    return [200, { updated_indices: 1, failures: false, failed_indices: [] }];
  }
}
