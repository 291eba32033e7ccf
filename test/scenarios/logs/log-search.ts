import { createAuthority, Issuer, KeyAndCertificate } from "../../lab/authority";
import { putIndexTemplate } from "../../../lib/observability/log-indices/put-index-template";
import type { Deployment } from "../deployment";
import { newPassword } from "../others/passwords";
import { OpenSearchRequest, sayingOf } from "../opensearch/opensearch-client";
import type { OpenSearchServer } from "../opensearch/opensearch-server";
import { OPENSEARCH_HOST, SECRETS } from "../opensearch/opensearch-stacks";
import { startServer } from "../opensearch/start-server";
import { SECURITY_API } from "../opensearch/writer-role";
import type { LogDocument } from "./log-documents";

export const LOG_PREFIX = "logs";
const INDICES = `${LOG_PREFIX}-*`;
const USER = "writer";
const ROLE = "writer_of_logs";
/** As many as an index gives at once. */
const PAGE = 10_000;
/** All that the log exporter needs: it neither reads nor deletes nor brings new fields. */
const PERMISSIONS = {
  cluster_permissions: ["indices:data/write/bulk"],
  index_permissions: [
    {
      index_patterns: [INDICES],
      allowed_actions: ["indices:data/write/bulk[s]", "indices:data/write/index", "indices:admin/create"],
    },
  ],
};

interface Page {
  readonly hits: { readonly hits: readonly { readonly _source: LogDocument; readonly sort: readonly unknown[] }[] };
}

/** What a search was answered. */
export interface SearchAnswer {
  readonly hits: { readonly total: { readonly value: number } };
  readonly _shards: { readonly failed: number };
  readonly aggregations?: Readonly<Record<string, { readonly buckets?: readonly unknown[]; readonly value?: unknown }>>;
}

/** All that `prepare-logs` needs (docs/logs.md) of an OpenSearch without Index State Management. */
const PREPARING = {
  cluster_permissions: [
    "indices:admin/index_template/get",
    "indices:admin/index_template/put",
    "cluster:admin/opendistro/ism/policy/get",
  ],
};

/** All that `logs` needs (docs/logs.md). */
const READING = {
  index_permissions: [{ index_patterns: [INDICES], allowed_actions: ["indices:data/read/search*"] }],
};

/** The same role without its indices. */
const NO_PERMISSIONS = { ...PERMISSIONS, index_permissions: [] };

/** OpenSearch as somebody else keeps it, with a user who may write logs, whose password is in AWS Secrets Manager. */
export class LogSearch {
  private password = newPassword();
  private server?: OpenSearchServer;

  /** @param authority signs its certificate, and is known to no operating system */
  public constructor(
    private readonly deployment: Deployment,
    private readonly flinkVersion: string,
    private readonly authority: KeyAndCertificate,
  ) {}

  /** Gives the user a password, before there is a server to know it. */
  public storePassword(): Promise<void> {
    const { secretsManager } = this.deployment.lab.aws();
    return secretsManager.putValue(SECRETS.writer, JSON.stringify({ username: USER, password: this.password }));
  }

  public async start(): Promise<void> {
    this.server = await startServer(this.deployment, this.flinkVersion, this.authority);
    const { administrator } = this.server;
    const call = async (request: OpenSearchRequest) => {
      const [answer] = await administrator.ask(request);
      if (answer.status === undefined) throw new Error(sayingOf(answer));
      return { status: answer.status, body: JSON.parse(answer.body) as unknown };
    };
    await putIndexTemplate({ call }, LOG_PREFIX);
    await this.ask(giveRole(PERMISSIONS), givePassword(this.password), mapRole(ROLE, USER));
  }

  /** Lets a person in who may do this; gives the password. */
  public async admit(user: string, what: "read logs" | "prepare logs"): Promise<string> {
    const [password, role] = [newPassword(), `${user}_may_${what.replace(" ", "_")}`];
    const permissions = what === "read logs" ? READING : PREPARING;
    await this.ask(giveRole(permissions, role), givePassword(password, user), mapRole(role, user));
    return password;
  }

  public async stop(): Promise<void> {
    await this.started().stop();
  }

  public async resume(): Promise<void> {
    await this.started().resume();
  }

  /** Gives the user another password, which the secret does not hold until it is stored. */
  public async changePassword(): Promise<void> {
    this.password = newPassword();
    await this.ask(givePassword(this.password));
  }

  /** Whether the user may write documents of logs. */
  public async allowWriting(isAllowed: boolean): Promise<void> {
    await this.ask(giveRole(isAllowed ? PERMISSIONS : NO_PERMISSIONS));
  }

  /** What OpenSearch does with its indices when its disk is nearly full, and takes back when there is room. */
  public async blockIndices(isBlocked: boolean): Promise<void> {
    const body = { "index.blocks.read_only_allow_delete": isBlocked ? true : null };
    await this.ask({ method: "PUT", path: `/${INDICES}/_settings`, body });
  }

  /** Shows a certificate for the same name by an authority that nobody trusts, or its own again. */
  public async showCertificate(whose: "a stranger's" | "its own"): Promise<void> {
    const authority = whose === "its own" ? this.authority : await createAuthority();
    const certificate = await new Issuer(authority).certificateFor(OPENSEARCH_HOST);
    await this.started().showCertificate(certificate, authority.certificate);
  }

  /** How many documents answer a query. */
  public async count(query: object): Promise<number> {
    const { count } = await this.ask<{ count: number }>(
      { method: "POST", path: `/${INDICES}/_refresh?ignore_unavailable=true` },
      { method: "POST", path: `/${INDICES}/_count?ignore_unavailable=true`, body: { query } },
    );
    return count;
  }

  /** All documents that answer a query, in the order in which each process wrote them. */
  public async documents(query: object): Promise<LogDocument[]> {
    const found: LogDocument[] = [];
    for (let after: readonly unknown[] | undefined; ;) {
      const sort = [{ run: "asc" }, { sequence: "asc" }];
      const body = { query, size: PAGE, sort, ...(after === undefined ? {} : { search_after: after }) };
      const { hits } = (await this.ask<Page>({ method: "POST", path: `/${INDICES}/_search`, body })).hits;
      found.push(...hits.map(({ _source }) => _source));
      if (hits.length < PAGE) return found;
      after = hits.at(-1)!.sort;
    }
  }

  /** What each search over all days finds. */
  public async search(bodies: readonly object[]): Promise<readonly SearchAnswer[]> {
    const requests = bodies.map((body) => ({ method: "POST", path: `/${INDICES}/_search`, body }) as const);
    return (await this.started().administrator.callEach(...requests)) as readonly SearchAnswer[];
  }

  /** Calls of its administrator, which must succeed; gives what the last one was answered. */
  public ask<T>(...requests: readonly OpenSearchRequest[]): Promise<T> {
    return this.started().administrator.call<T>(...requests);
  }

  private started(): OpenSearchServer {
    if (!this.server) throw new Error("OpenSearch is not started");
    return this.server;
  }
}

function giveRole(body: object, role = ROLE): OpenSearchRequest {
  return { method: "PUT", path: `${SECURITY_API}/roles/${role}`, body };
}

/** Reserved: the user cannot change its own password, which every other user can. */
function givePassword(password: string, user = USER): OpenSearchRequest {
  return { method: "PUT", path: `${SECURITY_API}/internalusers/${user}`, body: { password, reserved: true } };
}

function mapRole(role: string, user: string): OpenSearchRequest {
  return { method: "PUT", path: `${SECURITY_API}/rolesmapping/${role}`, body: { users: [user] } };
}
