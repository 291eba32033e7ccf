import { CONNECTION_TABLES_FILE, connectionFile } from "../../../lib/node/paths";
import { TASK_MANAGER_USER } from "../../../lib/node/users";
import { Deployment } from "../../scenarios/deployment";
import { FaultRecord, Faults } from "../../scenarios/faults";
import { FlinkSession } from "../../scenarios/flink-session";
import { AttemptOutcome } from "../../scenarios/job-is-not-machine";
import { requireLeastPrivilege } from "../../scenarios/judgement";
import { issueClientCertificate } from "../../scenarios/kafka/client-authority";
import { ClientsOnNode } from "../../scenarios/kafka/client-on-node";
import { NOT_THIS_CERTIFICATE, READER, tryOnKafka, tryToComeIn, writerOf } from "../../scenarios/kafka/kafka-attempts";
import { ensureKafka } from "../../scenarios/kafka/kafka-software";
import type { KafkaConnectionFile } from "../../scenarios/kafka/topic-job";
import { ORDERS_PREFIX, SINK_BUCKET } from "../../scenarios/lab-stacks";
import { readReports } from "../../scenarios/node-reports";
import { ensureOpenSearch } from "../../scenarios/opensearch/opensearch-software";
import { filesContents } from "../../scenarios/orders-enrichment/files-contents";
import { COUNTRIES, everyOrderOnce, expectedRevenue, SinkContents } from "../../scenarios/orders-enrichment/orders";
import { ordersJobSql } from "../../scenarios/orders-enrichment/orders-job";
import { writeOrdersRecord } from "../../scenarios/orders-enrichment/orders-record";
import { SYSTEM_NAMES, SYSTEMS, TOPICS } from "../../scenarios/orders-enrichment/orders-stacks";
import { OrdersSystems } from "../../scenarios/orders-enrichment/orders-systems";
import { callsFromOthers } from "../../scenarios/others/calls-from-others";
import { ensurePostgreSql } from "../../scenarios/postgresql/postgresql-software";
import { SqlClient } from "../../scenarios/sql-client";
import { waitForRoll } from "../../scenarios/two-builds";
import { steps } from "../../support/steps";
import { plannedActions } from "../../support/terraform";
import { createAuthority, KeyAndCertificate } from "../authority";
import { Lab } from "../lab";
import type { Machine } from "../machine";

/** The example with all its systems at once. `make prove` alone runs it; LAB_ORDERS=50000 is its short form. */

const MINUTE = 60_000;
const PATIENCE = 20 * MINUTE;
const FLINK_VERSION = "2.2";
const ORDERS = Number(process.env.LAB_ORDERS ?? 1_000_000);
const FILES = { bucket: SINK_BUCKET, prefix: ORDERS_PREFIX, orders: ORDERS };
/** On a node: what attempts are made with. */
const ATTEMPTS = "/opt/orders-attempts";

jest.setTimeout(40 * MINUTE);

describe("the job of examples/orders-enrichment", () => {
  const step = steps();
  const faults: FaultRecord[] = [];
  const attempts: AttemptOutcome[] = [];
  let lab: Lab;
  let deployment: Deployment;
  let firstClients: KeyAndCertificate;
  let systems: OrdersSystems;
  let session: FlinkSession;
  let node: Machine;
  let jid: string;
  let submitted: number;
  let seconds: number;
  let sinks: Readonly<Record<string, SinkContents>>;

  beforeAll(async () => {
    await Promise.all([ensureKafka(), ensurePostgreSql(), ensureOpenSearch()]);
    lab = await Lab.start();
    const searchAuthority = await createAuthority();
    firstClients = await createAuthority();
    deployment = new Deployment(lab, {
      ...{ flinkVersion: FLINK_VERSION, nodeCount: 1, numberOfTaskSlots: 2 },
      ordersEnrichment: { searchAuthority: searchAuthority.certificate },
    });
    systems = new OrdersSystems(deployment, FLINK_VERSION, searchAuthority, firstClients);
  });

  afterAll(async () => {
    await lab?.stop();
  });

  /** Of four parts of all orders, the last one of this part. */
  const upTo = (part: number) => Math.floor((ORDERS * part) / 4);
  const producePart = (part: number) => systems.produceOrders(upTo(part - 1) + 1, upTo(part));

  /** A document for each order that was written until now: the other sinks show theirs when they commit. */
  const documentsAreThere = async (orders: number): Promise<void> => {
    const areThere = async () => {
      if ((await session.job(jid)).state === "FAILED") return true;
      return (await systems.documents()) >= orders;
    };
    const options = { timeout: PATIENCE, interval: 5000, what: `${orders} documents` };
    await lab.waitFor(areThere, options).catch(async (error: Error) => {
      const failures = await session.failures(jid).catch(() => []);
      const there = await systems.documents().catch(() => "unknown");
      throw new Error(`${error.message}; ${there} are there; the job failed by: ${failures.join("\n")}`, {
        cause: error,
      });
    });
    const { state } = await session.job(jid);
    if (state === "FAILED") throw new Error(`the job failed for good: ${(await session.failures(jid)).join("\n")}`);
  };

  const connectionOf = async (name: string): Promise<KafkaConnectionFile> =>
    JSON.parse(await node.run(["cat", connectionFile(name)], { user: TASK_MANAGER_USER })) as KafkaConnectionFile;

  const problems = async (): Promise<readonly string[]> => (await readReports(deployment))[0].connectionProblems ?? [];

  step("applies: the node reports that it is healthy, with four systems that others keep", async () => {
    deployment.synthesize();
    await Promise.all([deployment.apply("storage"), deployment.apply("sink"), deployment.apply("orders-secrets")]);
    await systems.storeSecrets();
    await deployment.apply("streaming");
    await Promise.all([
      deployment.waitUntilHealthy(8),
      deployment.apply("client"),
      deployment.apply("orders-systems").then(() => systems.start()),
    ]);
    session = await deployment.session();
    await session.waitForTaskManagers(1, 2 * MINUTE);
    node = deployment.machine(session.nodes[0].name);
    expect(await problems()).toEqual([]);
  });

  step("plans nothing once it is applied", async () => {
    for (const stack of ["orders-secrets", "streaming", "orders-systems"] as const) {
      expect(plannedActions(await deployment.plan(stack))).toEqual({});
    }
  });

  step("runs the example's own script, with the tables that the cluster's stack gives", async () => {
    await systems.produceCustomers();
    await producePart(1);
    const sql = await SqlClient.install(deployment.client, FLINK_VERSION, ["kafka", "jdbc-postgresql", "opensearch"]);
    const streaming = await deployment.terraform("streaming");
    const { connection_tables: connectionTables } = await streaming.output<Record<"connection_tables", string>>();
    expect(await node.run(["cat", CONNECTION_TABLES_FILE], { user: TASK_MANAGER_USER })).toBe(connectionTables);
    const job = {
      ...{ connectionTables, clusterName: deployment.output.cluster_name },
    };
    submitted = Date.now();
    [jid] = (await sql.submit(ordersJobSql(job), await session.leader())) as [string];
    await session.waitForCheckpoint(jid, PATIENCE);
  });

  step("goes on after the TaskManager is killed", async () => {
    const [fault] = await Promise.all([new Faults(deployment, session, jid).killTaskManager(), producePart(2)]);
    faults.push(fault);
    await documentsAreThere(upTo(1));
  });

  step("goes on after the leading JobManager is killed", async () => {
    const [fault] = await Promise.all([new Faults(deployment, session, jid).killLeadingJobManager(), producePart(3)]);
    faults.push(fault);
    await documentsAreThere(upTo(2));
  });

  step("goes on after a rolling change", async () => {
    await session.waitForCheckpoint(jid, PATIENCE);
    const since = Date.now();
    await deployment.change({ numberOfTaskSlots: 3 });
    await waitForRoll(deployment, 10);
    const job = await session.waitForRecovery(jid, since, PATIENCE);
    const fault = "rolling change: a slot more";
    faults.push({ fault, node: node.name, seconds: (Date.now() - since) / 1000, restoredFrom: job.restored?.id });
  });

  step("goes on by itself after every credential is another", async () => {
    await node.run(["mkdir", "-p", ATTEMPTS]);
    await session.waitForCheckpoint(jid, PATIENCE);
    const since = Date.now();
    await systems.rotate();
    await producePart(4);
    const job = await session.waitForRecovery(jid, since, PATIENCE);
    const fault = "three passwords and the certificate rotated, connections ended";
    faults.push({ fault, node: node.name, seconds: (Date.now() - since) / 1000, restoredFrom: job.restored?.id });
    await documentsAreThere(ORDERS);
    const failures = await session.failures(jid);
    console.log(`the job failed ${failures.length} times until now:\n${failures.join("\n")}`);
    expect(await problems()).toEqual([]);
  });

  step("has each order once in every sink, and every country's revenue", async () => {
    const filesAreThere = async () => (await filesContents(lab.s3(), FILES)).rows >= ORDERS;
    await lab.waitFor(filesAreThere, { timeout: PATIENCE, interval: 10_000, what: `${ORDERS} orders in files` });
    seconds = (Date.now() - submitted) / 1000;
    await session.stopWithSavepoint(jid, 5 * MINUTE);
    sinks = {
      "Kafka, exactly once": await systems.topicContents(ORDERS),
      "files, exactly once": await filesContents(lab.s3(), FILES),
      "OpenSearch, by their number": await systems.indexContents(ORDERS),
    };
    console.table(sinks);
    console.table(faults);
    for (const contents of Object.values(sinks)) expect(contents).toEqual(everyOrderOnce(ORDERS));
    expect(await systems.revenue()).toEqual(expectedRevenue(ORDERS));
  });

  step("lets the certificate do nothing but write that topic, and nobody else come in", async () => {
    const [source, sink] = await Promise.all(["source", "sink"].map(connectionOf));
    const clients = await ClientsOnNode.layOut(node, ATTEMPTS, FLINK_VERSION);
    attempts.push(...(await tryOnKafka(await clients.client("reader", source), READER)));
    attempts.push(...(await tryOnKafka(await clients.client("writer", sink), writerOf(TOPICS.enriched))));
    const without = { "ssl.keystore.type": undefined, "ssl.keystore.location": undefined };
    const nobody = await clients.client("nobody", sink, without);
    attempts.push(await tryToComeIn("come in without a certificate", nobody, NOT_THIS_CERTIFICATE));
    for (const [name, authority] of [
      ["an authority of before the rotation", firstClients],
      ["an authority that nobody knows", await createAuthority()],
    ] as const) {
      const { certificate, privateKey } = JSON.parse(
        await issueClientCertificate(authority, "orders-writer"),
      ) as Record<string, string>;
      const pem = `${ATTEMPTS}/foreign.pem`;
      await node.run(["sh", "-c", `cat > ${pem}`], { input: `${privateKey}\n${certificate}\n` });
      const client = await clients.client("foreign", sink, { "ssl.keystore.location": pem });
      attempts.push(await tryToComeIn(`come in with a certificate of ${name}`, client, NOT_THIS_CERTIFICATE));
    }
    await node.run(["rm", "-r", ATTEMPTS]);
    for (const name of SYSTEM_NAMES) {
      const { machine, port } = SYSTEMS[name];
      attempts.push(...(await callsFromOthers(deployment, node.name, { what: name, machine, port })));
    }
    console.table(attempts.map(({ attempt, layer, outcome, said }) => ({ attempt, layer, outcome, said })));
    console.log(`refused by the brokers, in their own words:\n${(await systems.refusals()).slice(-40).join("\n")}`);
    expect(attempts.filter(({ outcome }) => outcome !== "refused")).toEqual([]);
  });

  step("destroys; no packet left the lab, no permission was too much", async () => {
    await deployment.destroyCluster("client", "orders-systems");
    await deployment.destroy("orders-secrets");
    expect(lab.machines()).toEqual([]);
    expect(await lab.escapedPackets()).toBe(0);
    const judge = requireLeastPrivilege(deployment, attempts.filter(({ policy }) => policy !== undefined).length);
    const shown = { orders: ORDERS, seconds, faults, sinks, countries: COUNTRIES, attempts, judge };
    console.log(`written: ${writeOrdersRecord({ flinkVersion: FLINK_VERSION, ...shown })}`);
  });
});
