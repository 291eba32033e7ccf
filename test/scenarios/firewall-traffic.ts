import { PORTS } from "../../lib/node/ports";
import { waitFor } from "../lab/wait-for";
import { AS_NODE, AS_OPERATOR } from "./credentials";
import { Firewall, FirewallRule } from "./firewall";
import { FlinkSession, SessionNode } from "./flink-session";
import { RestClient } from "./rest-client";
import { SqlClient } from "./sql-client";

const MINUTE = 60_000;

/**
 * What people do with a cluster beside running one job, each a reason for a port: it makes the traffic that a job
 * and its faults alone do not.
 */
export class ClusterTraffic {
  private readonly rest: RestClient;

  public constructor(
    private readonly firewall: Firewall,
    private readonly session: FlinkSession,
    private readonly sql: SqlClient,
  ) {
    this.rest = new RestClient(firewall.client, AS_OPERATOR);
  }

  /** Makes sure that every rule that two machines are there for has let a connection through. */
  public async touchEveryRule(): Promise<void> {
    for (const rule of await this.firewall.untouched(this.firewall.played)) {
      await waitFor(
        async () => {
          // An act for one rule often does for others.
          if (await this.isTouched(rule)) return true;
          await this.actFor(rule.port);
          return this.isTouched(rule);
        },
        { timeout: 4 * MINUTE, interval: 1000, what: `traffic by the rule ${rule.name}` },
      );
    }
  }

  /** Does once what needs each of these ports; for some of them it is for the cluster itself to speak. */
  public async use(ports: readonly number[]): Promise<void> {
    for (const port of ports) await this.actFor(port);
  }

  private async isTouched(rule: FirewallRule): Promise<boolean> {
    return (await this.firewall.untouched([rule])).length === 0;
  }

  /** What a user does that needs a port; for all others it is for the cluster itself to speak. */
  private async actFor(port: number): Promise<void> {
    switch (port) {
      case PORTS.taskManagerRpc.port:
        return this.breakConnections();
      case PORTS.taskManagerData.port:
        return this.shuffleByKey();
      case PORTS.taskManagerCollectSink.port:
        return this.selectRows();
      case PORTS.jobManagerBlob.port:
        return this.readLogs();
      case PORTS.jobManagerMetrics.port:
      case PORTS.taskManagerMetrics.port:
        return this.queryMetrics();
      case PORTS.jobManagerRest.port:
        return this.askAmongNodes();
    }
  }

  /**
   * Ends the connections that the TaskManagers opened to the leader, as an idle timeout on the way does. While
   * they stand the leader answers over them; the heartbeat that finds them gone makes it call the TaskManagers.
   */
  private async breakConnections(): Promise<void> {
    const leader = await this.session.leader();
    for (const { name, machine } of this.session.nodes) {
      const broken = `( dport = :${PORTS.jobManagerRpc.port} )`;
      if (name !== leader.name) await machine.run(["ss", "--kill", "-tnH", "state", "established", broken]);
    }
    await waitFor(
      async () => {
        const calls = await leader.machine.run(["ss", "-tnH", "state", "established"]);
        return calls.includes(`:${PORTS.taskManagerRpc.port}\n`) || calls.includes(`:${PORTS.taskManagerRpc.port} `);
      },
      { timeout: MINUTE, interval: 500, what: "the leader to call a TaskManager" },
    );
  }

  /** A job whose records go by key from each TaskManager to each. */
  private async shuffleByKey(): Promise<void> {
    const { "slots-available": free } = await this.session.overview();
    if (free < 2) throw new Error(`a shuffle needs two free slots, and there is ${free}`);
    const [jid] = await this.sql.submit(
      [
        `SET 'pipeline.name' = 'shuffle';`,
        `SET 'parallelism.default' = '${free}';`,
        `CREATE TABLE events (k INT, v INT) WITH ('connector'='datagen', 'number-of-rows'='1000',`,
        `  'rows-per-second'='500', 'fields.k.min'='1', 'fields.k.max'='50');`,
        `CREATE TABLE nowhere (k INT, n BIGINT) WITH ('connector'='blackhole');`,
        `INSERT INTO nowhere SELECT k, COUNT(*) FROM events GROUP BY k;`,
      ].join("\n"),
      await this.session.leader(),
    );
    await waitFor(async () => (await this.session.job(jid)).state === "FINISHED", {
      timeout: MINUTE,
      interval: 500,
      what: "the shuffle to finish",
    });
  }

  /**
   * A query whose rows the client shows. It lasts some seconds: a short one gives its rows at its end, and the
   * JobManager never asks the TaskManager for them.
   */
  public async selectRows(): Promise<void> {
    const rows = 40;
    const output = await this.sql.run(
      [
        `SET 'sql-client.execution.result-mode' = 'tableau';`,
        `SET 'parallelism.default' = '1';`,
        `CREATE TABLE numbers (n BIGINT) WITH ('connector'='datagen', 'number-of-rows'='${rows}',`,
        `  'rows-per-second'='4', 'fields.n.kind'='sequence', 'fields.n.start'='1', 'fields.n.end'='${rows}');`,
        `SELECT n FROM numbers;`,
      ].join("\n"),
      await this.session.leader(),
    );
    if (!output.includes(`Received a total of ${rows} rows`)) throw new Error(`the query gave other rows:\n${output}`);
  }

  /** The log of each TaskManager, as the web UI shows it: the TaskManager brings it to the JobManager. */
  private async readLogs(): Promise<void> {
    const leader = await this.session.leader();
    for (const { name } of this.session.nodes) {
      const log = await this.rest.text("GET", `${leader.restAddress}/taskmanagers/${name}/log`);
      if (log === "") throw new Error(`the log of ${name} is empty`);
    }
  }

  /** Metrics of all processes, asked at each JobManager, which asks the others. */
  private async queryMetrics(): Promise<void> {
    for (const { restAddress } of this.session.nodes) {
      await this.rest.call("GET", `${restAddress}/jobmanager/metrics?get=Status.JVM.CPU.Load`);
      await this.rest.call("GET", `${restAddress}/taskmanagers/metrics?get=Status.JVM.CPU.Load`);
    }
  }

  /** An operator on each node asks the JobManagers of the others. */
  private async askAmongNodes(): Promise<void> {
    const ask = (from: SessionNode, to: SessionNode) =>
      new RestClient(from.machine, AS_NODE).call("GET", `${to.restAddress}/overview`);
    for (const from of this.session.nodes) {
      for (const to of this.session.nodes) if (to !== from) await ask(from, to);
    }
  }
}
