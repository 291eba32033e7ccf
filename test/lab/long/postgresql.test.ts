import { cpSync, readFileSync, writeFileSync } from "fs";
import * as path from "path";
import { JOB_MANAGER_UNIT, TASK_MANAGER_UNIT } from "../../../lib/node/flink-services";
import {
  CONNECTION_CREDENTIALS,
  connectionAuthoritiesFile,
  connectionFile,
  CONNECTIONS,
  FLINK_LIB,
  POSTGRESQL_SERVICES,
  softwareFolder,
} from "../../../lib/node/paths";
import { TASK_MANAGER_USER } from "../../../lib/node/users";
import { ZOOKEEPER_UNIT } from "../../../lib/node/zookeeper-service";
import { trustStoreFlags } from "../../../lib/settings/java-options";
import { Deployment } from "../../scenarios/deployment";
import { FaultRecord, Faults } from "../../scenarios/faults";
import { FlinkSession } from "../../scenarios/flink-session";
import { AttemptOutcome, requireActs, tryAttempts } from "../../scenarios/job-is-not-machine";
import { requireLeastPrivilege } from "../../scenarios/judgement";
import { SINK_BUCKET, SINK_PREFIX } from "../../scenarios/lab-stacks";
import { readReports } from "../../scenarios/node-reports";
import { readNumberedStream, StreamContents } from "../../scenarios/numbered-stream";
import { callsFromOthers } from "../../scenarios/others/calls-from-others";
import { attemptsAtTheCredential, permittedAtTheCredential } from "../../scenarios/others/credential-attempts";
import { tracesOnMachine } from "../../scenarios/others/traces-on-machine";
import { ITEMS, OTHER_DATABASE } from "../../scenarios/postgresql/database-layout";
import { OthersPostgreSql } from "../../scenarios/postgresql/others-postgresql";
import { READER, tryOnPostgreSql, tryToComeIn, WRITER } from "../../scenarios/postgresql/postgresql-attempts";
import { PostgreSqlClient } from "../../scenarios/postgresql/postgresql-client";
import { writePostgreSqlRecord } from "../../scenarios/postgresql/postgresql-record";
import { ensurePostgreSql } from "../../scenarios/postgresql/postgresql-software";
import {
  DATABASE,
  DATABASE_MACHINE,
  OTHER_SCHEMA,
  POSTGRESQL_HOST,
  POSTGRESQL_KEY_ALIAS,
  POSTGRESQL_PORT,
  SECRETS,
  SINK,
  SOURCE,
} from "../../scenarios/postgresql/postgresql-stacks";
import { examineRows, itemOf, TableContents } from "../../scenarios/postgresql/rows";
import { copyJobSql, PostgreSqlConnectionFile, tablesJobSql } from "../../scenarios/postgresql/tables-job";
import { releaseSoftware } from "../../scenarios/release-software";
import { SqlClient } from "../../scenarios/sql-client";
import { waitForRoll } from "../../scenarios/two-builds";
import { steps } from "../../support/steps";
import { plannedActions } from "../../support/terraform";
import { createAuthority } from "../authority";
import { Lab } from "../lab";
import type { Machine } from "../machine";

/** Jobs that read and write tables of somebody else's PostgreSQL. It takes a quarter of an hour, so `make prove` alone runs it. */

const MINUTE = 60_000;
const PATIENCE = 4 * MINUTE;
const FLINK_VERSION = "2.2";
const PARALLELISM = 2;
const FILES = { bucket: SINK_BUCKET, prefix: `${SINK_PREFIX}items`, parallelism: PARALLELISM };
const JOB = {
  ...{ ...FILES, checkpointIntervalSeconds: 5 },
  // Some two hours of work: what ends the job is the test.
  ...{ numbersPerSecond: 40, lastNumber: 300_000 },
};
/** How many rows more show that the job goes on. */
const SOME = 200;
const AUTHORITIES_FILE = connectionAuthoritiesFile(SOURCE.connection);
/** On a node: what attempts are made with. */
const ATTEMPTS = "/opt/postgresql-attempts";
const BEFORE_ROTATION = `${ATTEMPTS}/before-rotation.conf`;
const OTHER_AUTHORITY = `${ATTEMPTS}/other-authority.pem`;

jest.setTimeout(20 * MINUTE);

describe("a node whose jobs read and write tables of PostgreSQL", () => {
  const step = steps();
  const faults: FaultRecord[] = [];
  const attempts: AttemptOutcome[] = [];
  let lab: Lab;
  let authority: string;
  let deployment: Deployment;
  let database: OthersPostgreSql;
  let session: FlinkSession;
  let node: Machine;
  let source: PostgreSqlConnectionFile;
  let sink: PostgreSqlConnectionFile;
  let sql: SqlClient;
  let jid: string;
  let enriched: TableContents;
  let events: TableContents;
  let files: StreamContents;

  beforeAll(async () => {
    await ensurePostgreSql();
    lab = await Lab.start();
    authority = readFileSync(lab.authorityFile, "utf8");
    deployment = new Deployment(lab, {
      ...{ flinkVersion: FLINK_VERSION, nodeCount: 1, numberOfTaskSlots: 2, checkpointIntervalSeconds: 5 },
      postgreSql: { authority, schemas: [SOURCE.schema] },
    });
    database = new OthersPostgreSql(deployment, FLINK_VERSION);
  });

  afterAll(async () => {
    await lab?.stop();
  });

  /** Waits until the job has written so many rows more, and gives the time when the first of them was there. */
  const rowsCome = async (more = SOME): Promise<number> => {
    const before = await database.count();
    let first: number | undefined;
    const areThere = async () => {
      const count = await database.count();
      if (count > before) first ??= Date.now();
      return count >= before + more;
    };
    const options = { timeout: PATIENCE, interval: 1000, what: `${more} rows more than ${before}` };
    await lab.waitFor(areThere, options).catch(async (error: Error) => {
      const failures = await session.failures(jid).catch(() => []);
      throw new Error(`${error.message}; the job failed by: ${failures.join("\n")}`, { cause: error });
    });
    return first!;
  };

  /** As long as the job runs, the last numbers of a subtask may still be on their way; none before them is. */
  const nothingIsMissing = async (): Promise<void> => {
    enriched = examineRows(await database.enriched(), PARALLELISM);
    events = examineRows(await database.events(), PARALLELISM);
    files = await readNumberedStream(lab.s3(), FILES);
    expect(enriched).toMatchObject({ duplicates: [], missing: [], wrong: [] });
    // Without a key a row may be there twice after a fault.
    expect(events).toMatchObject({ missing: [], wrong: [] });
    expect(files).toMatchObject({ duplicates: [], missing: [] });
  };

  const connectionOf = async (name: string): Promise<PostgreSqlConnectionFile> =>
    JSON.parse(await node.run(["cat", connectionFile(name)], { user: TASK_MANAGER_USER })) as PostgreSqlConnectionFile;

  /** Which of a user's passwords the node knows, by their order. */
  const passwordsOnNode = async (user: "reader" | "writer"): Promise<boolean[]> => {
    const text = await node.run(["cat", POSTGRESQL_SERVICES], { user: TASK_MANAGER_USER });
    return database.passwords[user].map((password) => text.includes(password));
  };

  const problems = async (): Promise<readonly string[]> => (await readReports(deployment))[0].connectionProblems ?? [];

  const everyPassword = () => Object.values(database.passwords).flat();

  /** A client on the node with what jobs have. */
  const clientOfJob = (url: string, services = POSTGRESQL_SERVICES): PostgreSqlClient => {
    const { java } = releaseSoftware(FLINK_VERSION);
    return new PostgreSqlClient(
      {
        ...{ host: node, user: TASK_MANAGER_USER, java: `${softwareFolder(java)}/bin/java` },
        ...{ classPath: [`${ATTEMPTS}/program`, `${FLINK_LIB}/*`], javaOptions: trustStoreFlags().split(" ") },
      },
      { url, services },
    );
  };

  step("applies: the node reports that it is healthy, with a server that others keep", async () => {
    deployment.synthesize();
    await Promise.all([deployment.apply("storage"), deployment.apply("sink"), deployment.apply("postgresql-users")]);
    await database.storePasswords();
    await deployment.apply("streaming");
    await Promise.all([
      deployment.waitUntilHealthy(6),
      deployment.apply("client"),
      deployment.apply("postgresql").then(() => database.start()),
    ]);
    session = await deployment.session();
    await session.waitForTaskManagers(1, 2 * MINUTE);
    node = deployment.machine(session.nodes[0].name);
  });

  step("plans nothing once it is applied", async () => {
    for (const stack of ["postgresql-users", "streaming", "postgresql"] as const) {
      expect(plannedActions(await deployment.plan(stack))).toEqual({});
    }
  });

  step("tells jobs all that the driver needs, and the passwords to nobody else, in memory", async () => {
    [source, sink] = await Promise.all([connectionOf(SOURCE.connection), connectionOf(SINK.connection)]);
    const address = `jdbc:postgresql://${POSTGRESQL_HOST}:${POSTGRESQL_PORT}/${DATABASE}`;
    expect(source).toEqual({
      kind: "postgresql",
      url: `${address}?service=${SOURCE.connection}&sslmode=verify-full&sslrootcert=${AUTHORITIES_FILE}`,
      schemas: { read: [SOURCE.schema], write: [] },
    });
    expect(sink).toEqual({
      kind: "postgresql",
      url: `${address}?service=${SINK.connection}&sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory`,
      schemas: { read: [], write: [SINK.schema] },
    });
    const pem = await node.run(["cat", AUTHORITIES_FILE], { user: TASK_MANAGER_USER });
    expect(pem.trim()).toBe(authority.trim());
    const folders = [CONNECTIONS, CONNECTION_CREDENTIALS];
    const files = [...[SOURCE, SINK].map(({ connection }) => connectionFile(connection)), AUTHORITIES_FILE];
    const modes = await node.run(["stat", "--format=%n %U:%G %a", ...folders, ...files, POSTGRESQL_SERVICES]);
    expect(modes.trim().split("\n")).toEqual([
      ...folders.map((folder) => `${folder} root:flink 750`),
      ...[...files, POSTGRESQL_SERVICES].map((file) => `${file} root:flink 640`),
    ]);
    expect((await node.run(["stat", "--file-system", "--format=%T", POSTGRESQL_SERVICES])).trim()).toBe("tmpfs");
    for (const user of ["reader", "writer"] as const) expect(await passwordsOnNode(user)).toEqual([true]);
    expect(await tracesOnMachine(node, everyPassword())).toEqual([POSTGRESQL_SERVICES]);
    expect(await problems()).toEqual([]);
  });

  step("copies a table with what the node says of the server, and ends", async () => {
    sql = await SqlClient.install(deployment.client, FLINK_VERSION, ["jdbc-postgresql"]);
    const [copy] = await sql.submit(copyJobSql({ source, sink }), await session.leader());
    await session.waitUntilFinished(copy, PATIENCE);
    expect(await database.copies()).toEqual(Array.from({ length: ITEMS }, (_, id) => [id, itemOf(id)]));
  });

  step("looks rows up and writes them, by their key and without one", async () => {
    [jid] = (await sql.submit(tablesJobSql({ source, sink, ...JOB }), await session.leader())) as [string];
    await session.waitForCheckpoint(jid, PATIENCE);
    await rowsCome();
    await nothingIsMissing();
  });

  step("goes on after the TaskManager is killed", async () => {
    faults.push(await new Faults(deployment, session, jid).killTaskManager());
    await rowsCome();
    await nothingIsMissing();
  });

  step("goes on after the JobManager is killed", async () => {
    faults.push(await new Faults(deployment, session, jid).killLeadingJobManager());
    await rowsCome();
    await nothingIsMissing();
  });

  step("tells jobs of another schema and starts nothing anew", async () => {
    const units = [JOB_MANAGER_UNIT, TASK_MANAGER_UNIT, ZOOKEEPER_UNIT];
    const processes = () => node.run(["systemctl", "show", "-P", "MainPID", ...units]);
    const before = await processes();
    expect(before.match(/^[1-9]\d*$/gm)).toHaveLength(units.length);
    await deployment.change({ postgreSql: { authority, schemas: [SOURCE.schema, OTHER_SCHEMA] } });
    await waitForRoll(deployment, 6);
    const schemas = { read: [OTHER_SCHEMA, SOURCE.schema], write: [] };
    expect(await connectionOf(SOURCE.connection)).toEqual({ ...source, schemas });
    expect(await processes()).toBe(before);
  });

  step("goes on by itself after the passwords are rotated and every connection is cut", async () => {
    await node.run(["mkdir", "-p", ATTEMPTS]);
    await node.run(["cp", POSTGRESQL_SERVICES, BEFORE_ROTATION]);
    await node.run(["chgrp", "flink", BEFORE_ROTATION]);
    await session.waitForCheckpoint(jid, PATIENCE);
    const since = Date.now();
    await database.rotatePasswords();
    // A job without a connection may have begun anew when the first row comes.
    const first = await rowsCome();
    const { restored } = await session.waitForCheckpoint(jid, PATIENCE);
    const restoredFrom = restored && restored.at > since ? restored.id : undefined;
    const fault = "passwords rotated and connections cut";
    faults.push({ fault, node: node.name, seconds: (first - since) / 1000, restoredFrom });
    const failures = await session.failures(jid);
    console.log(`the job failed ${failures.length} times until now:\n${failures.join("\n")}`);
    for (const user of ["reader", "writer"] as const) expect(await passwordsOnNode(user)).toEqual([false, true]);
    await nothingIsMissing();
  });

  step("says so where a secret holds no user, keeps the last good one, and the job goes on", async () => {
    await database.breakSecret();
    await lab.waitFor(async () => (await problems()).length > 0, {
      ...{ timeout: PATIENCE, interval: 1000, what: "the node to tell of the secret" },
    });
    console.log((await problems()).join("\n"));
    for (const user of ["reader", "writer"] as const) expect(await passwordsOnNode(user)).toEqual([false, true]);
    await deployment.waitUntilHealthy(1);
    await rowsCome();
    await database.storeUsers();
    await lab.waitFor(async () => (await problems()).length === 0, {
      ...{ timeout: PATIENCE, interval: 1000, what: "the node to be content with the secret" },
    });
  });

  step("believes no server but the one that is named, by the authority that is named", async () => {
    const { program } = await ensurePostgreSql();
    cpSync(program, path.join(node.root, ATTEMPTS, "program"), { recursive: true });
    writeFileSync(path.join(node.root, OTHER_AUTHORITY), (await createAuthority()).certificate);
    const answerTo = async (url: string) => (await clientOfJob(url).tell("SELECT 1"))[0];
    expect(await answerTo(source.url)).toEqual({ said: "1" });
    const byOtherAuthority = source.url.replace(AUTHORITIES_FILE, OTHER_AUTHORITY);
    const byAddress = source.url.replace(POSTGRESQL_HOST, lab.addressOf(lab.machine(DATABASE_MACHINE)));
    for (const url of [byOtherAuthority, byAddress]) {
      const answer = await answerTo(url);
      console.log(answer.said);
      expect(answer).toMatchObject({ error: "08006", said: expect.stringMatching(/PKIX|hostname/) as unknown });
    }
  });

  step("lets jobs' users do nothing but read and write what is theirs, and nobody else come in", async () => {
    attempts.push(...(await tryOnPostgreSql(clientOfJob(source.url), READER)));
    attempts.push(...(await tryOnPostgreSql(clientOfJob(sink.url), WRITER)));
    attempts.push(
      ...(await tryToComeIn({
        withOldPassword: clientOfJob(source.url, BEFORE_ROTATION),
        withoutTls: clientOfJob(sink.url.replace(/&sslmode=.*/, "&sslmode=disable")),
        asAdministrator: clientOfJob(`${sink.url.replace(/service=[^&]*/, "user=administrator&password=x")}`),
        inOtherDatabase: clientOfJob(sink.url.replace(`/${DATABASE}?`, `/${OTHER_DATABASE}?`)),
      })),
    );
    await node.run(["rm", "-r", ATTEMPTS]);

    const secrets = await lab.aws().secretsManager.list();
    const secretArn = secrets.find(({ Name }) => Name === SECRETS.reader)!.ARN;
    const targets = {
      ...{ region: lab.region, connection: SOURCE.connection, credentialsFile: POSTGRESQL_SERVICES, holds: /^user=/m },
      ...{ secretArn, otherSecret: SECRETS.other, keyAlias: POSTGRESQL_KEY_ALIAS },
    };
    await requireActs(node, permittedAtTheCredential(targets));
    attempts.push(...(await tryAttempts(node, attemptsAtTheCredential(targets))));

    const server = { what: "PostgreSQL", machine: DATABASE_MACHINE, port: POSTGRESQL_PORT };
    attempts.push(...(await callsFromOthers(deployment, node.name, server)));
    console.table(
      attempts.map(({ attempt, layer, policy, outcome, said }) => ({ attempt, layer, policy, outcome, said })),
    );
    console.log(`refused by PostgreSQL, in its own words:\n${(await database.refusals()).slice(-60).join("\n")}`);
    expect(attempts.filter(({ outcome }) => outcome !== "refused")).toEqual([]);
    expect(await tracesOnMachine(node, everyPassword())).toEqual([POSTGRESQL_SERVICES]);
  });

  step("has lost nothing, and doubled nothing that has a key", async () => {
    // Drained: what the sinks still hold is written, and both tables tell of the same numbers.
    await session.call("POST", `/jobs/${jid}/stop`, { drain: true });
    await session.waitUntilFinished(jid, PATIENCE);
    await nothingIsMissing();
    expect([events.rows - events.duplicates.length, events.largest]).toEqual([enriched.rows, enriched.largest]);
    expect([enriched.rows, files.rows]).toEqual([enriched.largest, enriched.largest]);
    // Or no fault would have found anything on its way.
    expect(await database.writtenAgain()).toBeGreaterThan(0);
    console.table(faults);
  });

  step("destroys; no packet left the lab, no permission was too much", async () => {
    const writtenAgain = await database.writtenAgain();
    await deployment.destroyCluster("client", "postgresql");
    await deployment.destroy("postgresql-users");
    expect(lab.machines()).toEqual([]);
    expect(await lab.escapedPackets()).toBe(0);
    const judge = requireLeastPrivilege(deployment, attempts.filter(({ policy }) => policy !== undefined).length);
    const written = { enriched, writtenAgain, events, files, copied: ITEMS };
    const shown = { flinkVersion: FLINK_VERSION, faults, ...written, attempts, judge };
    console.log(`written: ${writePostgreSqlRecord(shown)}`);
  });
});
