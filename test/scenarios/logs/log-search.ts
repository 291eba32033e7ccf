import type { KeyAndCertificate } from "../../lab/authority";
import { putIndexTemplate } from "../../../lib/observability/log-indices/put-index-template";
import type { Deployment } from "../deployment";
import { newPassword } from "../others/passwords";
import { OpenSearchRequest, sayingOf } from "../opensearch/opensearch-client";
import type { OpenSearchServer } from "../opensearch/opensearch-server";
import { SECRETS } from "../opensearch/opensearch-stacks";
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

interface SearchAnswer {
  readonly hits: { readonly total: { readonly value: number } };
  readonly _shards: { readonly failed: number };
}

/** OpenSearch as somebody else keeps it, with a user who may write logs, whose password is in AWS Secrets Manager. */
export class LogSearch {
  private readonly password = newPassword();
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
    await this.ask(
      { method: "PUT", path: `${SECURITY_API}/roles/${ROLE}`, body: PERMISSIONS },
      {
        method: "PUT",
        path: `${SECURITY_API}/internalusers/${USER}`,
        body: { password: this.password, reserved: true },
      },
      { method: "PUT", path: `${SECURITY_API}/rolesmapping/${ROLE}`, body: { users: [USER] } },
    );
  }

  public async stop(): Promise<void> {
    await this.started().stop();
  }

  public async resume(): Promise<void> {
    await this.started().resume();
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
