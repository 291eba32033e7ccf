import { createServer, Server } from "node:http";
import type { AddressInfo } from "node:net";

interface Policy {
  readonly body: object;
  readonly version: number;
}

/** An index, the policy that keeps it, and which revision of that. */
interface KeptIndex {
  readonly policyId?: string;
  readonly version?: number;
}

const POLICY = /^\/_plugins\/_ism\/policies\/([^/?]+)(?:\?(.*))?$/;

/**
 * As much of OpenSearch as its published API and the plugin's sources say of policies (Index State Management, which the tests' OpenSearch lacks),
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
  public readonly indices = new Map<string, KeptIndex>();
  /** Methods and paths, as they were sent, of what changes something. */
  public readonly changes: string[] = [];
  /** Called once, before the next policy is written: another deploy may be faster. */
  public beforeWrite?: () => void;
  /** Whether indices can be taken on: not by an OpenSearch that is not whole. */
  public takesOn = true;
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
    if (name === "") return this.answerOthers(method, url, body);
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
    const next = (found?.version ?? 0) + 1;
    this.policies.set(name, { body, version: next });
    return [found === undefined ? 201 : 200, { _id: name, _seq_no: next, _primary_term: 1 }];
  }

  private answerOthers(method: string, url: string, body: object): [number, object] {
    const [, act = "", named = ""] = /^\/(?:_plugins\/_ism|_resolve)\/(\w+)\/(.+)$/.exec(url) ?? [];
    const patterns = decodeURIComponent(named)
      .split(",")
      .map((pattern) => new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`));
    const meant = [...this.indices].filter(([index]) => patterns.some((pattern) => pattern.test(index)));
    if (act === "index") return [200, { indices: meant.map(([name]) => ({ name })) }];
    if (act === "explain") return [200, { ...Object.fromEntries(meant.map(explained)), total_managed_indices: 0 }];
    if (method === "GET") return [200, {}];
    this.changes.push(`${method} ${url}`);
    if (!this.takesOn) return [503, { error: { reason: "no master" }, status: 503 }];
    // As the plugin's own action, which asks for documents of none.
    if (meant.length === 0 && act === "change_policy") {
      return [400, { error: { reason: "Validation Failed: 1: no documents to get;" }, status: 400 }];
    }
    const { policy_id: policyId } = body as { readonly policy_id: string };
    for (const [index, before] of meant) {
      if (act === "add" && before.policyId !== undefined) continue;
      this.indices.set(index, { policyId, version: this.policies.get(policyId)!.version });
    }
    return [200, { updated_indices: meant.length, failures: false, failed_indices: [] }];
  }
}

function explained([index, { policyId, version }]: [string, KeptIndex]): [string, object] {
  const id = { "index.plugins.index_state_management.policy_id": policyId ?? null };
  return [
    index,
    policyId === undefined ? id : { ...id, policy_id: policyId, policy_seq_no: version, policy_primary_term: 1 },
  ];
}
