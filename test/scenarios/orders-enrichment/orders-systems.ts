import { readFileSync } from "fs";
import { createAuthority, Issuer, KeyAndCertificate } from "../../lab/authority";
import type { Machine } from "../../lab/machine";
import type { Deployment } from "../deployment";
import { issueClientCertificate } from "../kafka/client-authority";
import { KafkaBroker } from "../kafka/kafka-broker";
import { ensureKafka } from "../kafka/kafka-software";
import { OpenSearchServer } from "../opensearch/opensearch-server";
import { ensureOpenSearch } from "../opensearch/opensearch-software";
import { givePassword, makeWriter } from "../opensearch/writer-role";
import { HOSTILE, newPassword } from "../others/passwords";
import { quoted } from "../postgresql/postgresql-client";
import { PostgreSqlServer } from "../postgresql/postgresql-server";
import { ensurePostgreSql } from "../postgresql/postgresql-software";
import { CUSTOMER, CUSTOMERS, ENRICHED, ORDER, OrderRows, Revenue, SinkContents } from "./orders";
import { DATABASE, INDEX, SCHEMA, SECRETS, SystemName, SYSTEMS, TOPICS } from "./orders-stacks";

const MINUTE = 60_000;
const PARTITIONS = 4;
/** Administrators of Kafka log in there, by passwords. */
const SCRAM_PORT = SYSTEMS.source.port;
const WRITER = "orders-writer";
/** Names of groups and of transactions begin with the cluster's. */
const OF_CLUSTER = "PREFIXED lab.";
const TABLE = `${SCHEMA}.revenue_by_country`;
/** As many documents as OpenSearch gives at once. */
const PAGE = 10_000;
const PAGES_AT_ONCE = 10;

/** The types of all fields: jobs cannot add one. */
const TEMPLATE = {
  index_patterns: [INDEX],
  template: {
    settings: { number_of_shards: 1, number_of_replicas: 0 },
    mappings: {
      dynamic: "strict",
      properties: {
        ...{ order_id: { type: "long" }, customer_id: { type: "long" } },
        ...{ country: { type: "keyword" }, amount: { type: "double" } },
      },
    },
  },
};

/** A document, with its fields in the order of a row. */
interface EnrichedOrder {
  readonly order_id: number;
  readonly customer_id: number;
  readonly country: string;
  readonly amount: number;
}

/** What a job reads orders from and writes them to, as others keep it: each with one user, who may do that and no more. */
export class OrdersSystems {
  private source?: KafkaBroker;
  private sink?: KafkaBroker;
  private database?: PostgreSqlServer;
  private search?: OpenSearchServer;
  private readonly passwords = { source: "", analytics: "", search: "" };

  /**
   * @param searchAuthority signs the certificate of OpenSearch
   * @param clientAuthority signs the certificate by which jobs write to Kafka
   */
  public constructor(
    private readonly deployment: Deployment,
    private readonly flinkVersion: string,
    private readonly searchAuthority: KeyAndCertificate,
    private clientAuthority: KeyAndCertificate,
  ) {}

  /** Gives every user what the job comes in by, before there is a server to know it. */
  public async storeSecrets(): Promise<void> {
    for (const name of ["source", "analytics", "search"] as const) this.passwords[name] = `${HOSTILE}${newPassword()}`;
    await this.storePassword("source", "reader");
    await this.storePassword("analytics", "writer");
    await this.storePassword("search", "writer");
    await this.storeCertificate();
  }

  /** Starts all servers, one after the other: each needs all that the host has. Each knows its user by then. */
  public async start(): Promise<void> {
    await this.startSource();
    await this.startSink();
    await this.startDatabase();
    await this.startSearch();
  }

  /** Writes every customer, and then orders with the numbers from the first to the last. */
  public async produceCustomers(): Promise<void> {
    // Numbers of orders leave remainders from 0 on.
    await this.started(this.source).administrator.run(`fill ${TOPICS.customers} 0 ${CUSTOMERS - 1} ${CUSTOMER}`);
  }

  public async produceOrders(first: number, last: number): Promise<void> {
    await this.started(this.source).administrator.run(`fill ${TOPICS.orders} ${first} ${last} ${ORDER}`);
  }

  /** How many orders are in OpenSearch. */
  public async documents(): Promise<number> {
    const path = `/${INDEX}/_count?ignore_unavailable=true`;
    const { administrator } = this.started(this.search);
    const { count } = await administrator.call<{ count: number }>(REFRESH, { method: "GET", path });
    return count;
  }

  /** What the topic holds whose transactions are complete. */
  public async topicContents(orders: number): Promise<SinkContents> {
    const said = await this.started(this.sink).administrator.run(`examine ${TOPICS.enriched} ${orders} ${ENRICHED}`);
    const [rows, missing, duplicates, wrong] = said.split(" ").map(Number);
    return { rows, missing, duplicates, wrong };
  }

  public async indexContents(orders: number): Promise<SinkContents> {
    const found = new OrderRows(orders);
    const starts = Array.from({ length: Math.ceil(orders / PAGE) }, (_, page) => page * PAGE);
    for (let at = 0; at < starts.length; at += PAGES_AT_ONCE) {
      const requests = starts.slice(at, at + PAGES_AT_ONCE).map((start) => ({
        ...{ method: "POST" as const, path: `/${INDEX}/_search?filter_path=hits.hits._id,hits.hits._source` },
        body: { size: PAGE, query: { range: { order_id: { gt: start, lte: start + PAGE } } } },
      }));
      const answers = await this.started(this.search).administrator.callEach(...requests);
      for (const { hits } of answers as { hits?: { hits: { _id: string; _source: EnrichedOrder }[] } }[]) {
        for (const { _id, _source } of hits?.hits ?? []) {
          const { order_id, customer_id, country, amount } = _source;
          const row = JSON.stringify({ order_id, customer_id, country, amount });
          found.add(_id === String(order_id) ? row : `under ${_id}: ${row}`);
        }
      }
    }
    // What is outside of the pages is no order.
    const [contents, all] = [found.contents(), await this.documents()];
    return { ...contents, rows: all, wrong: contents.wrong + all - contents.rows };
  }

  public async revenue(): Promise<Revenue[]> {
    const list = "coalesce(jsonb_agg(jsonb_build_array(country, orders, revenue::text) ORDER BY country), '[]')";
    const said = await this.started(this.database).administrator(DATABASE).run(`SELECT ${list} FROM ${TABLE}`);
    return JSON.parse(said) as Revenue[];
  }

  /**
   * Gives the job's users other passwords and another certificate, of another authority, and ends what they are connected
   * by: servers know the new ones alone.
   */
  public async rotate(): Promise<void> {
    this.clientAuthority = await createAuthority();
    await this.storeSecrets();
    const [source, sink] = [this.started(this.source), this.started(this.sink)];
    await source.administrator.run(`set-password reader ${this.passwords.source}`);
    await source.restart();
    await sink.trustClients(this.clientAuthority.certificate);
    await this.started(this.database)
      .administrator(DATABASE)
      .run(
        `ALTER ROLE writer PASSWORD ${quoted(this.passwords.analytics)}`,
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'writer'",
      );
    await this.started(this.search).administrator.call(givePassword(this.passwords.search));
  }

  /** Lines of the brokers' logs about what they refused. */
  public async refusals(): Promise<string[]> {
    return [...(await this.started(this.source).refusals()), ...(await this.started(this.sink).refusals())];
  }

  private async startSource(): Promise<void> {
    const { machine, host, port } = await this.machineOf("source");
    this.source = await KafkaBroker.start({ machine, host, port, ...(await this.brokerProps(host)) });
    await this.source.administrator.run(
      ...[TOPICS.orders, TOPICS.customers].flatMap((topic) => [
        `create-topic ${topic} ${PARTITIONS}`,
        `allow reader READ TOPIC LITERAL ${topic}`,
        `allow reader DESCRIBE TOPIC LITERAL ${topic}`,
      ]),
      `allow reader READ GROUP ${OF_CLUSTER}`,
      `set-password reader ${this.passwords.source}`,
    );
  }

  private async startSink(): Promise<void> {
    const { machine, host, port } = await this.machineOf("sink");
    this.sink = await KafkaBroker.start({
      ...{ machine, host, port: SCRAM_PORT, ...(await this.brokerProps(host)) },
      clientCertificates: { port, authority: this.clientAuthority.certificate },
    });
    await this.sink.administrator.run(
      `create-topic ${TOPICS.enriched} ${PARTITIONS}`,
      `allow CN=${WRITER} WRITE TOPIC LITERAL ${TOPICS.enriched}`,
      `allow CN=${WRITER} DESCRIBE TOPIC LITERAL ${TOPICS.enriched}`,
      `allow CN=${WRITER} WRITE TRANSACTIONAL_ID ${OF_CLUSTER}`,
      `allow CN=${WRITER} DESCRIBE TRANSACTIONAL_ID ${OF_CLUSTER}`,
    );
  }

  private async brokerProps(host: string) {
    const { lab } = this.deployment;
    const [software, certificate] = await Promise.all([ensureKafka(), lab.certificateFor(host)]);
    return {
      software,
      certificate,
      authority: readFileSync(lab.authorityFile, "utf8"),
      flinkVersion: this.flinkVersion,
    };
  }

  private async startDatabase(): Promise<void> {
    const { lab } = this.deployment;
    const { machine, host } = await this.machineOf("analytics");
    const [software, certificate] = await Promise.all([ensurePostgreSql(), lab.certificateFor(host)]);
    const authority = readFileSync(lab.authorityFile, "utf8");
    const { flinkVersion } = this;
    this.database = await PostgreSqlServer.start({ machine, certificate, authority, software, flinkVersion });
    await this.database
      .administrator("postgres")
      .run(
        `CREATE ROLE writer LOGIN PASSWORD ${quoted(this.passwords.analytics)}`,
        `CREATE DATABASE ${DATABASE}`,
        `REVOKE ALL ON DATABASE ${DATABASE} FROM PUBLIC`,
        `GRANT CONNECT ON DATABASE ${DATABASE} TO writer`,
      );
    await this.database
      .administrator(DATABASE)
      .run(
        `CREATE SCHEMA ${SCHEMA}`,
        `CREATE TABLE ${TABLE} (country text PRIMARY KEY, orders bigint NOT NULL, revenue numeric(20, 2) NOT NULL)`,
        `GRANT USAGE ON SCHEMA ${SCHEMA} TO writer`,
        `GRANT INSERT, SELECT, UPDATE (orders, revenue) ON ${TABLE} TO writer`,
      );
  }

  private async startSearch(): Promise<void> {
    const { machine, host } = await this.machineOf("search");
    const [software, certificate] = await Promise.all([
      ensureOpenSearch(),
      new Issuer(this.searchAuthority).certificateFor(host),
    ]);
    const authority = this.searchAuthority.certificate;
    const { flinkVersion } = this;
    this.search = await OpenSearchServer.start({ machine, certificate, authority, software, flinkVersion });
    await this.search.administrator.call(
      { method: "PUT", path: "/_index_template/orders", body: TEMPLATE },
      ...makeWriter("orders-*", this.passwords.search),
    );
  }

  private async machineOf(name: SystemName): Promise<{ machine: Machine; host: string; port: number }> {
    const { lab } = this.deployment;
    const machine = lab.machine(SYSTEMS[name].machine);
    await lab.waitFor(() => machine.cloudInitResult(), {
      ...{ timeout: 5 * MINUTE, what: `${machine.name} to be configured` },
    });
    return { ...SYSTEMS[name], machine };
  }

  private async storeCertificate(): Promise<void> {
    const { secretsManager } = this.deployment.lab.aws();
    await secretsManager.putValue(SECRETS.sink, await issueClientCertificate(this.clientAuthority, WRITER));
  }

  /** As an operator with the account's own keys. */
  private storePassword(name: keyof OrdersSystems["passwords"], username: string): Promise<void> {
    const { secretsManager } = this.deployment.lab.aws();
    return secretsManager.putValue(SECRETS[name], JSON.stringify({ username, password: this.passwords[name] }));
  }

  private started<T>(server: T | undefined): T {
    if (server === undefined) throw new Error("what others keep is not started");
    return server;
  }
}

/** What was written before is found from then on. */
const REFRESH = { method: "POST", path: `/${INDEX}/_refresh?ignore_unavailable=true` } as const;
