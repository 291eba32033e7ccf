import type { KeyAndCertificate } from "../../lab/authority";
import type { Deployment } from "../deployment";
import { HOSTILE, newPassword } from "../others/passwords";
import { DocumentIndex, INDEX_NAMES, StoredDocument } from "./documents";
import type { OpenSearchRequest } from "./opensearch-client";
import type { OpenSearchServer } from "./opensearch-server";
import { INDICES, SECRETS } from "./opensearch-stacks";
import { startServer } from "./start-server";
import { givePassword, makeWriter } from "./writer-role";

type User = keyof typeof SECRETS;

/** More than a run of the test writes, and more than an index gives at once by default. */
const MOST_DOCUMENTS = 1_000_000;
/** An index with which jobs have nothing to do, and its only document. */
export const OTHER_INDEX = "payroll";
/** The types of all fields: jobs cannot add one. */
const TEMPLATE = {
  index_patterns: [INDICES],
  template: {
    settings: { number_of_shards: 1, number_of_replicas: 0, max_result_window: MOST_DOCUMENTS },
    mappings: {
      dynamic: "strict",
      properties: { id: { type: "long" }, n: { type: "long" }, kind: { type: "keyword" } },
    },
  },
};

interface SearchAnswer {
  readonly hits: {
    readonly hits: readonly {
      readonly _id: string;
      readonly _version: number;
      readonly _source: StoredDocument["source"];
    }[];
  };
}

/** OpenSearch as somebody else keeps it, with a user for jobs whose password is in AWS Secrets Manager. */
export class OthersOpenSearch {
  /** The part of each password of the jobs' user that is like no other text, the newest last. */
  public readonly passwords: string[] = [];
  private server?: OpenSearchServer;

  /** @param authority signs its certificate, and is known to no operating system */
  public constructor(
    private readonly deployment: Deployment,
    private readonly flinkVersion: string,
    private readonly authority: KeyAndCertificate,
  ) {}

  /** Gives every user a password, before there is a server to know it. */
  public async storePasswords(): Promise<void> {
    this.passwords.push(newPassword());
    await this.storeUser();
    await this.store("other", newPassword());
  }

  /** Starts the server, with a user who may write some indices and do nothing else. */
  public async start(): Promise<void> {
    this.server = await startServer(this.deployment, this.flinkVersion, this.authority);
    await this.ask(
      { method: "PUT", path: "/_index_template/orders", body: TEMPLATE },
      { method: "PUT", path: `/${OTHER_INDEX}/_doc/1?refresh=true`, body: { name: "n", salary: 1 } },
      ...makeWriter(INDICES, this.currentPassword()),
    );
  }

  /** How many documents an index holds; none where there is no index. */
  public async count(index: DocumentIndex): Promise<number> {
    const path = `/${index}/_count?ignore_unavailable=true`;
    const { count } = await this.ask<{ count: number }>(refresh(index), { method: "GET", path });
    return count;
  }

  /** All documents of the indices that jobs write, in the order of their numbers. */
  public async documents(): Promise<Record<DocumentIndex, StoredDocument[]>> {
    const body = { size: MOST_DOCUMENTS, sort: [{ n: "asc" }], version: true };
    const searches = INDEX_NAMES.map((index) => ({ method: "POST", path: `/${index}/_search`, body }) as const);
    const requests = [...INDEX_NAMES.map(refresh), ...searches];
    const answers = (await this.started().administrator.callEach(...requests)) as readonly SearchAnswer[];
    const found = answers.slice(-INDEX_NAMES.length).map(({ hits }) => {
      return hits.hits.map(({ _id, _version, _source }) => ({ id: _id, version: _version, source: _source }));
    });
    return Object.fromEntries(INDEX_NAMES.map((index, at) => [index, found[at]])) as Record<
      DocumentIndex,
      StoredDocument[]
    >;
  }

  /** Calls of its administrator, which must succeed; gives what the last one was answered. */
  public ask<T>(...requests: readonly OpenSearchRequest[]): Promise<T> {
    return this.started().administrator.call<T>(...requests);
  }

  /** Gives the jobs' user another password: first to OpenSearch, so that the one that nodes have is good no more. */
  public async rotatePassword(): Promise<void> {
    this.passwords.push(newPassword());
    await this.ask(givePassword(this.currentPassword()));
    await this.storeUser();
  }

  /** Stops the server, or starts it again. */
  public async stop(): Promise<void> {
    await this.started().stop();
  }

  public async resume(): Promise<void> {
    await this.started().resume();
  }

  /** Puts something into the secret that is no user. */
  public breakSecret(): Promise<void> {
    return this.deployment.lab.aws().secretsManager.putValue(SECRETS.writer, "{}");
  }

  /** Puts the user back. */
  public storeUser(): Promise<void> {
    return this.store("writer", this.currentPassword());
  }

  /** Lines of the server's log about what it refused. */
  public refusals(): Promise<string[]> {
    return this.started().refusals();
  }

  private currentPassword(): string {
    return `${HOSTILE}${this.passwords.at(-1)!}`;
  }

  /** As an operator with the account's own keys. */
  private store(username: User, password: string): Promise<void> {
    const { secretsManager } = this.deployment.lab.aws();
    return secretsManager.putValue(SECRETS[username], JSON.stringify({ username, password }));
  }

  private started(): OpenSearchServer {
    if (!this.server) throw new Error("OpenSearch is not started");
    return this.server;
  }
}

/** What was written before is found from then on. */
function refresh(index: string): OpenSearchRequest {
  return { method: "POST", path: `/${index}/_refresh?ignore_unavailable=true` };
}
