import { JOB_MANAGER_UNIT, TASK_MANAGER_UNIT } from "../../../lib/node/flink-services";
import {
  CONNECTION_CREDENTIALS,
  connectionCredentialsFile,
  connectionFile,
  CONNECTIONS,
} from "../../../lib/node/paths";
import { TASK_MANAGER_USER } from "../../../lib/node/users";
import { ZOOKEEPER_UNIT } from "../../../lib/node/zookeeper-service";
import { Deployment } from "../../scenarios/deployment";
import { FaultRecord, Faults } from "../../scenarios/faults";
import { FlinkSession } from "../../scenarios/flink-session";
import { AttemptOutcome, requireActs, tryAttempts } from "../../scenarios/job-is-not-machine";
import { requireLeastPrivilege } from "../../scenarios/judgement";
import { ClientsOnNode } from "../../scenarios/kafka/client-on-node";
import { NOT_THIS_PASSWORD, READER, tryOnKafka, tryToComeIn, writerOf } from "../../scenarios/kafka/kafka-attempts";
import { writeKafkaRecord } from "../../scenarios/kafka/kafka-record";
import { ensureKafka } from "../../scenarios/kafka/kafka-software";
import {
  BROKER_NAME,
  KAFKA_HOST,
  KAFKA_KEY_ALIAS,
  KAFKA_PORT,
  OTHER_TOPIC,
  SECRETS,
  SINK,
  SOURCE,
} from "../../scenarios/kafka/kafka-stacks";
import { OthersKafka } from "../../scenarios/kafka/others-kafka";
import { KafkaConnectionFile, topicJobSql } from "../../scenarios/kafka/topic-job";
import { SINK_BUCKET, SINK_PREFIX } from "../../scenarios/lab-stacks";
import { readReports } from "../../scenarios/node-reports";
import { examineNumbers, readNumberedStream, StreamContents } from "../../scenarios/numbered-stream";
import { callsFromOthers } from "../../scenarios/others/calls-from-others";
import { attemptsAtTheCredential, permittedAtTheCredential } from "../../scenarios/others/credential-attempts";
import { tracesOnMachine } from "../../scenarios/others/traces-on-machine";
import { SqlClient } from "../../scenarios/sql-client";
import { waitForRoll } from "../../scenarios/two-builds";
import { steps } from "../../support/steps";
import { plannedActions } from "../../support/terraform";
import { Lab } from "../lab";
import type { Machine } from "../machine";

/** A job that reads and writes topics of somebody else's Kafka. It takes a quarter of an hour, so `make prove` alone runs it. */

const MINUTE = 60_000;
const PATIENCE = 4 * MINUTE;
const FLINK_VERSION = "2.2";
const ROWS = 3000;
/** Rows are dealt to so many partitions by their numbers, as examining them takes them to be. */
const FILES = { bucket: SINK_BUCKET, prefix: `${SINK_PREFIX}${SOURCE}`, parallelism: 4 };
const CREDENTIALS_FILES = [SOURCE, SINK].map(connectionCredentialsFile);
const [READER_FILE] = CREDENTIALS_FILES;
/** On a node: what attempts are made with. */
const ATTEMPTS = "/opt/kafka-attempts";
const BEFORE_ROTATION = `${ATTEMPTS}/before-rotation.properties`;

jest.setTimeout(20 * MINUTE);

describe("a node whose jobs read and write topics of Kafka", () => {
  const step = steps();
  const faults: FaultRecord[] = [];
  const attempts: AttemptOutcome[] = [];
  let lab: Lab;
  let deployment: Deployment;
  let kafka: OthersKafka;
  let session: FlinkSession;
  let node: Machine;
  let source: KafkaConnectionFile;
  let sink: KafkaConnectionFile;
  let jid: string;
  let files: StreamContents;
  let topic: Omit<StreamContents, "files">;

  beforeAll(async () => {
    await ensureKafka();
    lab = await Lab.start();
    deployment = new Deployment(lab, {
      ...{ flinkVersion: FLINK_VERSION, nodeCount: 1, numberOfTaskSlots: 2, checkpointIntervalSeconds: 5 },
      kafkaTopics: [SOURCE],
    });
    kafka = new OthersKafka(deployment, FLINK_VERSION);
  });

  afterAll(async () => {
    await lab?.stop();
  });

  const readFiles = () => readNumberedStream(lab.s3(), FILES);
  const readTopic = async () => examineNumbers(await kafka.rows(SINK), 1);

  /** Waits until the job has written so many rows; then none is missing and none is there twice. */
  const everyRowIsThere = async (rows: number): Promise<void> => {
    const areThere = async () => (await readFiles()).rows >= rows && (await readTopic()).rows >= rows;
    await lab.waitFor(areThere, { timeout: PATIENCE, interval: 2000, what: `${rows} rows in files and in the topic` });
    [files, topic] = [await readFiles(), await readTopic()];
    for (const found of [files, topic]) {
      expect(found).toMatchObject({ rows, largest: rows, duplicates: [], missing: [] });
    }
  };

  const connectionOf = async (name: string): Promise<KafkaConnectionFile> =>
    JSON.parse(await node.run(["cat", connectionFile(name)], { user: TASK_MANAGER_USER })) as KafkaConnectionFile;

  /** Which of a user's passwords the node knows, by their order. */
  const passwordsOnNode = async (user: "reader" | "writer"): Promise<boolean[]> => {
    const file = connectionCredentialsFile(user === "reader" ? SOURCE : SINK);
    const text = await node.run(["cat", file], { user: TASK_MANAGER_USER });
    return kafka.passwords[user].map((password) => text.includes(password));
  };

  const problems = async (): Promise<readonly string[]> => (await readReports(deployment))[0].connectionProblems ?? [];

  const everyPassword = () => Object.values(kafka.passwords).flat();

  step("applies: the node reports that it is healthy, with a broker that others keep", async () => {
    deployment.synthesize();
    await Promise.all([deployment.apply("storage"), deployment.apply("sink"), deployment.apply("kafka-users")]);
    await kafka.storePasswords();
    await deployment.apply("streaming");
    await Promise.all([
      deployment.waitUntilHealthy(6),
      deployment.apply("client"),
      deployment.apply("kafka").then(() => kafka.start()),
    ]);
    session = await deployment.session();
    await session.waitForTaskManagers(1, 2 * MINUTE);
    node = deployment.machine(session.nodes[0].name);
  });

  step("plans nothing once it is applied", async () => {
    for (const stack of ["kafka-users", "streaming", "kafka"] as const) {
      expect(plannedActions(await deployment.plan(stack))).toEqual({});
    }
  });

  step("tells jobs all that a client needs, and the passwords to nobody else, in memory", async () => {
    [source, sink] = await Promise.all([connectionOf(SOURCE), connectionOf(SINK)]);
    const prefix = `${deployment.output.cluster_name}.`;
    expect([source, sink]).toEqual(
      [SOURCE, SINK].map((name) => ({
        kind: "kafka",
        properties: {
          "bootstrap.servers": `${KAFKA_HOST}:${KAFKA_PORT}`,
          "security.protocol": "SASL_SSL",
          "sasl.mechanism": "SCRAM-SHA-512",
          "sasl.jaas.config": `\${file:${connectionCredentialsFile(name)}:sasl.jaas.config}`,
          "config.providers": "file",
          "config.providers.file.class": "org.apache.kafka.common.config.provider.FileConfigProvider",
        },
        topics: { read: name === SOURCE ? [SOURCE] : [], write: name === SINK ? [SINK] : [] },
        ...{ consumerGroupPrefix: prefix, transactionalIdPrefix: prefix },
      })),
    );
    const folders = [CONNECTIONS, CONNECTION_CREDENTIALS];
    const paths = [...[SOURCE, SINK].map(connectionFile), ...CREDENTIALS_FILES];
    const modes = await node.run(["stat", "--format=%n %U:%G %a", ...folders, ...paths]);
    expect(modes.trim().split("\n")).toEqual([
      ...folders.map((folder) => `${folder} root:flink 750`),
      ...paths.map((file) => `${file} root:flink 640`),
    ]);
    const kinds = await node.run(["stat", "--file-system", "--format=%T", ...CREDENTIALS_FILES]);
    expect(kinds.trim().split("\n")).toEqual(CREDENTIALS_FILES.map(() => "tmpfs"));
    expect(await passwordsOnNode("reader")).toEqual([true]);
    expect(await tracesOnMachine(node, everyPassword())).toEqual([...CREDENTIALS_FILES].sort());
    expect(await problems()).toEqual([]);
  });

  step("reads and writes the topics with what the node says of them, each row once", async () => {
    await kafka.produce(1, ROWS);
    const sql = await SqlClient.install(deployment.client, FLINK_VERSION, ["kafka"]);
    const job = { source, sink, ...FILES, parallelism: 2, checkpointIntervalSeconds: 5 };
    [jid] = (await sql.submit(topicJobSql(job), await session.leader())) as [string];
    await session.waitForCheckpoint(jid, PATIENCE);
    await everyRowIsThere(ROWS);
  });

  step("goes on after the TaskManager is killed", async () => {
    // Some rows lie in files that are not ended when it is killed, and some come while it is away.
    await kafka.produce(ROWS + 1, 1.5 * ROWS);
    const [fault] = await Promise.all([
      new Faults(deployment, session, jid).killTaskManager(),
      kafka.produce(1.5 * ROWS + 1, 2 * ROWS),
    ]);
    faults.push(fault);
    await everyRowIsThere(2 * ROWS);
  });

  step("goes on after the JobManager is killed", async () => {
    faults.push(await new Faults(deployment, session, jid).killLeadingJobManager());
    await everyRowIsThere(2 * ROWS);
  });

  step("tells jobs of another topic and starts nothing anew", async () => {
    const units = [JOB_MANAGER_UNIT, TASK_MANAGER_UNIT, ZOOKEEPER_UNIT];
    const processes = () => node.run(["systemctl", "show", "-P", "MainPID", ...units]);
    const before = await processes();
    expect(before.match(/^[1-9]\d*$/gm)).toHaveLength(units.length);
    await deployment.change({ kafkaTopics: [SOURCE, OTHER_TOPIC] });
    await waitForRoll(deployment, 6);
    expect(await connectionOf(SOURCE)).toEqual({ ...source, topics: { read: [SOURCE, OTHER_TOPIC], write: [] } });
    expect(await processes()).toBe(before);
  });

  step("goes on by itself after the passwords are rotated and every connection is cut", async () => {
    await node.run(["mkdir", "-p", ATTEMPTS]);
    await node.run(["cp", READER_FILE, BEFORE_ROTATION]);
    await node.run(["chgrp", "flink", BEFORE_ROTATION]);
    await session.waitForCheckpoint(jid, PATIENCE);
    const since = Date.now();
    await kafka.rotatePasswords();
    await kafka.produce(2 * ROWS + 1, 3 * ROWS);
    await everyRowIsThere(3 * ROWS);
    const { restored } = await session.job(jid);
    const failures = await session.failures(jid);
    console.log(`the job failed ${failures.length} times until now:\n${failures.join("\n")}`);
    // The broker took nobody in any more who showed an old one: the job must have begun anew.
    expect(restored!.at).toBeGreaterThan(since);
    const fault = "passwords rotated and broker started anew";
    faults.push({ fault, node: node.name, seconds: (restored!.at - since) / 1000, restoredFrom: restored!.id });
    for (const user of ["reader", "writer"] as const) expect(await passwordsOnNode(user)).toEqual([false, true]);
  });

  step("says so where a secret holds no user, keeps the last good one, and the job goes on", async () => {
    await kafka.breakSecret();
    await lab.waitFor(async () => (await problems()).length > 0, {
      ...{ timeout: PATIENCE, interval: 1000, what: "the node to tell of the secret" },
    });
    console.log((await problems()).join("\n"));
    expect(await passwordsOnNode("reader")).toEqual([false, true]);
    await deployment.waitUntilHealthy(1);
    await session.waitForCheckpoint(jid, PATIENCE);
    await kafka.storeUsers();
    await lab.waitFor(async () => (await problems()).length === 0, {
      ...{ timeout: PATIENCE, interval: 1000, what: "the node to be content with the secret" },
    });
  });

  step("lets jobs' users do nothing but read that topic and write the other, and nobody else come in", async () => {
    const clients = await ClientsOnNode.layOut(node, ATTEMPTS, FLINK_VERSION);
    attempts.push(...(await tryOnKafka(await clients.client("reader", source), READER)));
    attempts.push(...(await tryOnKafka(await clients.client("writer", sink), writerOf(SINK))));
    const oldLogin = { "sasl.jaas.config": `\${file:${BEFORE_ROTATION}:sasl.jaas.config}` };
    const old = await clients.client("old", source, oldLogin);
    attempts.push(await tryToComeIn("come in with the password of before the rotation", old, NOT_THIS_PASSWORD));
    await node.run(["rm", "-r", ATTEMPTS]);

    const secrets = await lab.aws().secretsManager.list();
    const secretArn = secrets.find(({ Name }) => Name === SECRETS.reader)!.ARN;
    const targets = {
      ...{ region: lab.region, connection: SOURCE, credentialsFile: READER_FILE, holds: /^username=/m },
      ...{ secretArn, otherSecret: SECRETS.other, keyAlias: KAFKA_KEY_ALIAS },
    };
    await requireActs(node, permittedAtTheCredential(targets));
    attempts.push(...(await tryAttempts(node, attemptsAtTheCredential(targets))));

    const broker = { what: "the broker", machine: BROKER_NAME, port: KAFKA_PORT };
    attempts.push(...(await callsFromOthers(deployment, node.name, broker)));
    console.table(
      attempts.map(({ attempt, layer, policy, outcome, said }) => ({ attempt, layer, policy, outcome, said })),
    );
    console.log(`refused by the broker, in its own words:\n${(await kafka.refusals()).join("\n")}`);
    expect(attempts.filter(({ outcome }) => outcome !== "refused")).toEqual([]);
    expect(await kafka.rows(SOURCE)).toHaveLength(3 * ROWS);
    expect(await tracesOnMachine(node, everyPassword())).toEqual([...CREDENTIALS_FILES].sort());
  });

  step("has lost and doubled nothing", async () => {
    await session.stopWithSavepoint(jid, 3 * MINUTE);
    await everyRowIsThere(3 * ROWS);
    console.table(faults);
  });

  step("destroys; no packet left the lab, no permission was too much", async () => {
    await deployment.destroyCluster("client", "kafka");
    await deployment.destroy("kafka-users");
    expect(lab.machines()).toEqual([]);
    expect(await lab.escapedPackets()).toBe(0);
    const judge = requireLeastPrivilege(deployment, attempts.filter(({ policy }) => policy !== undefined).length);
    const shown = { flinkVersion: FLINK_VERSION, faults, files, topic, attempts, judge };
    console.log(`written: ${writeKafkaRecord(shown)}`);
  });
});
