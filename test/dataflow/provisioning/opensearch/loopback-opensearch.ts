import { ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { RequestSigner } from "@smithy/types";
import { createAuthority, Issuer } from "../../../lab/authority";
import { waitFor } from "../../../lab/wait-for";
import { ensureOpenSearch } from "../../../scenarios/opensearch/opensearch-software";
import { freePort } from "../../../support/free-port";

export const ACCOUNT = "123456789012";
export const ADMINISTRATOR = `arn:aws:iam::${ACCOUNT}:role/search-administrator`;
const START_MILLIS = 240_000;
const NODE = "node-1";

export interface OpenSearchAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * A real OpenSearch with its security plugin on loopback. It is told by headers who calls, as a domain of Amazon finds it out
 * by the signature: the ARN of a role of IAM is the user's name and its backend role.
 */
export class LoopbackOpenSearch {
  public static async start(): Promise<LoopbackOpenSearch> {
    const { lib, program } = await ensureOpenSearch();
    const folder = mkdtempSync(join(tmpdir(), "opensearch-"));
    const authority = await createAuthority();
    const { key, certificate } = await new Issuer(authority).certificateFor(NODE);
    const files = {
      ...configurationFiles(folder, await freePort(), await freePort()),
      "tls/node.pem": certificate,
      "tls/node.key": key,
      "tls/authority.pem": authority.certificate,
    };
    for (const [name, content] of Object.entries(files)) {
      const file = join(folder, "config", name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    }
    const server = new LoopbackOpenSearch(folder, files["opensearch.yml"]["http.port"]);
    await server.serve([program, join(lib, "*")]);
    return server;
  }

  public readonly url: string;
  private process?: ChildProcess;

  private constructor(
    private readonly folder: string,
    port: number,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  /** A call as a role of IAM. */
  public async ask(roleArn: string, method: string, path: string, body?: object | string): Promise<OpenSearchAnswer> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...headersOf(roleArn), ...(body === undefined ? {} : { "content-type": "application/json" }) },
      body: typeof body === "object" ? JSON.stringify(body) : body,
    });
    const text = await answer.text();
    return {
      status: answer.status,
      body: text.startsWith("{") ? (JSON.parse(text) as OpenSearchAnswer["body"]) : { text },
    };
  }

  /** The same, of what must succeed; gives what is answered. */
  public async tell(method: string, path: string, body?: object): Promise<OpenSearchAnswer["body"]> {
    const answer = await this.ask(ADMINISTRATOR, method, path, body);
    if (answer.status > 299) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** What a bulk of one document does, as a role of IAM; statuses of the call and of the document. */
  public async write(roleArn: string, index: string, document: object = { id: 1 }): Promise<number[]> {
    const lines = [{ index: { _id: "1" } }, document].map((line) => `${JSON.stringify(line)}\n`).join("");
    const { status, body } = await this.ask(roleArn, "POST", `/${index}/_bulk`, lines);
    const items = (body.items ?? []) as { readonly index: { readonly status: number } }[];
    return [status, ...items.map((item) => item.index.status)];
  }

  public async stop(): Promise<void> {
    const { process } = this;
    if (process && process.exitCode === null) {
      const ended = new Promise((resolve) => process.once("exit", resolve));
      process.kill("SIGKILL");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async serve(classPath: readonly string[]): Promise<void> {
    const log = `-Dlog4j2.configurationFile=${join(this.folder, "config/log4j2.properties")}`;
    const argv = ["-Xms256m", "-Xmx512m", log, "-Dlog4j2.disable.jmx=true", "-cp", classPath.join(":"), "SearchServer"];
    const server = spawn("java", [...argv, this.folder], { stdio: ["ignore", "pipe", "pipe"] });
    this.process = server;
    let said = "";
    for (const stream of [server.stdout, server.stderr]) stream.on("data", (text: Buffer) => (said += text.toString()));
    const ended = new Promise<never>((_, reject) => {
      server.once("error", reject);
      server.once("exit", (code) => reject(new Error(`OpenSearch ended with ${code}:\n${said}`)));
    });
    const answers = async () =>
      this.tell("GET", "/_plugins/_security/api/roles").then(
        () => true,
        () => false,
      );
    const ready = waitFor(answers, { timeout: START_MILLIS, what: "OpenSearch on loopback", interval: 500 });
    await Promise.race([ended, ready]);
    // Its end is expected from now on.
    ended.catch(() => undefined);
  }
}

/** Says who calls as the server is told it, in place of a signature. */
export function signerAs(roleArn: string): RequestSigner {
  return {
    sign: (request) => {
      const asked = request;
      return Promise.resolve({ ...asked, headers: { ...asked.headers, ...headersOf(roleArn) } });
    },
  };
}

/** What the server believes of whoever comes from loopback. */
export function headersOf(roleArn: string): Record<string, string> {
  return { "x-proxy-user": roleArn, "x-proxy-roles": roleArn, "x-forwarded-for": "10.0.0.1" };
}

function configurationFiles(folder: string, port: number, transportPort: number) {
  const security = (type: string, content: object = {}) => ({ _meta: { type, config_version: 2 }, ...content });
  const authc = {
    by_role: {
      ...{ http_enabled: true, transport_enabled: false, order: 0 },
      http_authenticator: {
        ...{ type: "proxy", challenge: false },
        config: { user_header: "x-proxy-user", roles_header: "x-proxy-roles" },
      },
      authentication_backend: { type: "noop" },
    },
  };
  const xff = { enabled: true, internalProxies: "127\\.0\\.0\\.1", remoteIpHeader: "x-forwarded-for" };
  return {
    "opensearch.yml": {
      ...{ "cluster.name": "loopback", "node.name": NODE, "discovery.type": "single-node" },
      ...{ "path.data": join(folder, "data"), "path.logs": join(folder, "logs") },
      ...{ "http.host": "127.0.0.1", "http.port": port },
      ...{ "transport.host": "127.0.0.1", "transport.port": transportPort },
      "cluster.routing.allocation.disk.threshold_enabled": false,
      "rest.action.multi.allow_explicit_index": false,
      "plugins.security.ssl.transport.pemcert_filepath": "tls/node.pem",
      "plugins.security.ssl.transport.pemkey_filepath": "tls/node.key",
      "plugins.security.ssl.transport.pemtrustedcas_filepath": "tls/authority.pem",
      "plugins.security.ssl.transport.enforce_hostname_verification": false,
      "plugins.security.ssl.http.enabled": false,
      "plugins.security.nodes_dn": [`CN=${NODE}`],
      "plugins.security.allow_default_init_securityindex": true,
      "plugins.security.audit.type": "noop",
      "plugins.security.restapi.roles_enabled": ["all_access"],
    },
    "opensearch-security/config.yml": security("config", {
      config: { dynamic: { http: { anonymous_auth_enabled: false, xff }, authc } },
    }),
    "opensearch-security/internal_users.yml": security("internalusers"),
    "opensearch-security/roles.yml": security("roles"),
    "opensearch-security/roles_mapping.yml": security("rolesmapping", {
      all_access: { backend_roles: [ADMINISTRATOR] },
    }),
    "opensearch-security/action_groups.yml": security("actiongroups"),
    "opensearch-security/tenants.yml": security("tenants"),
    "log4j2.properties": LOG_SETTINGS,
  };
}

const LOG_SETTINGS = `status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %p %c{1} %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
`;
