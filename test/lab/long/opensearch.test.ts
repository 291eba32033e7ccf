import { cpSync } from "fs";
import * as path from "path";
import { JOB_MANAGER_UNIT, TASK_MANAGER_UNIT } from "../../../lib/node/flink-services";
import {
  CONNECTION_CREDENTIALS,
  connectionAuthoritiesFile,
  connectionCredentialsFile,
  connectionFile,
  CONNECTIONS,
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
import {
  examineIndex,
  examineLatest,
  IndexContents,
  LatestContents,
  NUMBERS,
  StoredDocument,
} from "../../scenarios/opensearch/documents";
import { documentsJobSql, OpenSearchConnectionFile } from "../../scenarios/opensearch/documents-job";
import { tryOnOpenSearch, tryToComeIn } from "../../scenarios/opensearch/opensearch-attempts";
import { OpenSearchClient, OpenSearchLogin } from "../../scenarios/opensearch/opensearch-client";
import { writeOpenSearchRecord } from "../../scenarios/opensearch/opensearch-record";
import { ensureOpenSearch } from "../../scenarios/opensearch/opensearch-software";
import {
  CONNECTION,
  INDICES,
  MORE_INDICES,
  OPENSEARCH_HOST,
  OPENSEARCH_KEY_ALIAS,
  OPENSEARCH_PORT,
  SEARCH_MACHINE,
  SECRETS,
} from "../../scenarios/opensearch/opensearch-stacks";
import { OthersOpenSearch } from "../../scenarios/opensearch/others-opensearch";
import { callsFromOthers } from "../../scenarios/others/calls-from-others";
import { attemptsAtTheCredential, permittedAtTheCredential } from "../../scenarios/others/credential-attempts";
import { tracesOnMachine } from "../../scenarios/others/traces-on-machine";
import { releaseSoftware } from "../../scenarios/release-software";
import { SqlClient } from "../../scenarios/sql-client";
import { waitForRoll } from "../../scenarios/two-builds";
import { steps } from "../../support/steps";
import { plannedActions } from "../../support/terraform";
import { createAuthority, KeyAndCertificate } from "../authority";
import { Lab } from "../lab";
import type { Machine } from "../machine";

/** A job that writes documents to somebody else's OpenSearch. It takes a quarter of an hour, so `make prove` alone runs it. */

const MINUTE = 60_000;
const PATIENCE = 4 * MINUTE;
const FLINK_VERSION = "2.2";
const PARALLELISM = 2;
const FILES = { bucket: SINK_BUCKET, prefix: `${SINK_PREFIX}documents`, parallelism: PARALLELISM };
const JOB = {
  ...{ ...FILES, connection: CONNECTION, checkpointIntervalSeconds: 5 },
  // Some two hours of work: what ends the job is the test.
  ...{ numbersPerSecond: 40, lastNumber: 300_000 },
};
/** How many documents more show that the job goes on. */
const SOME = 200;
const CREDENTIALS_FILE = connectionCredentialsFile(CONNECTION);
const AUTHORITIES_FILE = connectionAuthoritiesFile(CONNECTION);
/** On a node: what attempts are made with. */
const ATTEMPTS = "/opt/opensearch-attempts";
const BEFORE_ROTATION = `${ATTEMPTS}/before-rotation.properties`;

jest.setTimeout(20 * MINUTE);

describe("a node whose jobs write documents to OpenSearch", () => {
  const step = steps();
  const faults: FaultRecord[] = [];
  const attempts: AttemptOutcome[] = [];
  let lab: Lab;
  let authority: KeyAndCertificate;
  let deployment: Deployment;
  let search: OthersOpenSearch;
  let session: FlinkSession;
  let node: Machine;
  let jid: string;
  let connection: OpenSearchConnectionFile;
  let files: StreamContents;
  let numbers: IndexContents;
  let byKind: IndexContents;
  let latest: LatestContents;
  /** Of the documents that come and go, as many as were seen at once. */
  let mostOfLatest = 0;

  beforeAll(async () => {
    await ensureOpenSearch();
    lab = await Lab.start();
    authority = await createAuthority();
    deployment = new Deployment(lab, {
      ...{ flinkVersion: FLINK_VERSION, nodeCount: 1, numberOfTaskSlots: 2, checkpointIntervalSeconds: 5 },
      openSearch: { authority: authority.certificate, indices: [INDICES] },
    });
    search = new OthersOpenSearch(deployment, FLINK_VERSION, authority);
  });

  afterAll(async () => {
    await lab?.stop();
  });

  /** Waits until the job has written so many documents more, and gives the time when the first of them was there. */
  const documentsCome = async (more = SOME): Promise<number> => {
    const before = await search.count(NUMBERS);
    let first: number | undefined;
    const areThere = async () => {
      const count = await search.count(NUMBERS);
      if (count > before) first ??= Date.now();
      return count >= before + more;
    };
    const options = { timeout: PATIENCE, interval: 1000, what: `${more} documents more than ${before}` };
    await lab.waitFor(areThere, options).catch(async (error: Error) => {
      const failures = await session.failures(jid).catch(() => []);
      throw new Error(`${error.message}; the job failed by: ${failures.join("\n")}`, { cause: error });
    });
    return first!;
  };

  /** As long as the job runs, the last numbers of a subtask may still be on their way; none before them is. */
  const nothingIsMissing = async (): Promise<void> => {
    const found = await search.documents();
    numbers = examineIndex(found["orders-numbers"], PARALLELISM);
    byKind = examineIndex([...found["orders-even"], ...found["orders-odd"]], PARALLELISM);
    for (const one of [numbers, byKind]) expect(one).toMatchObject({ duplicates: [], missing: [], wrong: [] });
    const kindsOf = (documents: readonly StoredDocument[]) => [...new Set(documents.map(({ source }) => source.kind))];
    expect([kindsOf(found["orders-even"]), kindsOf(found["orders-odd"])]).toEqual([["even"], ["odd"]]);
    const all = found["orders-numbers"].map(({ source }) => source.n);
    latest = examineLatest(found["orders-latest"], all);
    mostOfLatest = Math.max(mostOfLatest, latest.documents);
  };

  /** A fault that no task of the job has to notice: until the first document after it. */
  const recordUntilDocuments = async (fault: string, since: number): Promise<void> => {
    const first = await documentsCome();
    const { restored } = await session.job(jid);
    const restoredFrom = restored && restored.at > since ? restored.id : undefined;
    faults.push({ fault, node: node.name, seconds: (first - since) / 1000, restoredFrom });
    const failures = await session.failures(jid);
    console.log(`the job failed ${failures.length} times until now:\n${failures.join("\n")}`);
  };

  const connectionOnNode = async (): Promise<OpenSearchConnectionFile> =>
    JSON.parse(
      await node.run(["cat", connectionFile(CONNECTION)], { user: TASK_MANAGER_USER }),
    ) as OpenSearchConnectionFile;

  /** Which of the user's passwords the node knows, by their order. */
  const passwordsOnNode = async (): Promise<boolean[]> => {
    const text = await node.run(["cat", CREDENTIALS_FILE], { user: TASK_MANAGER_USER });
    return search.passwords.map((password) => text.includes(password));
  };

  const problems = async (): Promise<readonly string[]> => (await readReports(deployment))[0].connectionProblems ?? [];

  /** A client on the node, as the user whom jobs have. */
  const clientOfJob = (login: Partial<OpenSearchLogin>): OpenSearchClient => {
    const { java } = releaseSoftware(FLINK_VERSION);
    return new OpenSearchClient(
      {
        ...{ host: node, user: TASK_MANAGER_USER, java: `${softwareFolder(java)}/bin/java` },
        ...{ classPath: [`${ATTEMPTS}/program`], javaOptions: trustStoreFlags().split(" ") },
      },
      { url: `https://${OPENSEARCH_HOST}:${OPENSEARCH_PORT}`, ...login },
    );
  };

  step("applies: the node reports that it is healthy, with a server that others keep", async () => {
    deployment.synthesize();
    await Promise.all([deployment.apply("storage"), deployment.apply("sink"), deployment.apply("opensearch-users")]);
    await search.storePasswords();
    await deployment.apply("streaming");
    await Promise.all([
      deployment.waitUntilHealthy(6),
      deployment.apply("client"),
      deployment.apply("opensearch").then(() => search.start()),
    ]);
    session = await deployment.session();
    await session.waitForTaskManagers(1, 2 * MINUTE);
    node = deployment.machine(session.nodes[0].name);
  });

  step("plans nothing once it is applied", async () => {
    for (const stack of ["opensearch-users", "streaming", "opensearch"] as const) {
      expect(plannedActions(await deployment.plan(stack))).toEqual({});
    }
  });

  step("tells jobs all that the connector needs, and the password to nobody else, in memory", async () => {
    connection = await connectionOnNode();
    expect(connection).toEqual({
      kind: "opensearch",
      url: `https://${OPENSEARCH_HOST}:${OPENSEARCH_PORT}`,
      authentication: "basic",
      credentialsFile: CREDENTIALS_FILE,
      certificateAuthoritiesFile: AUTHORITIES_FILE,
      indices: { write: [INDICES] },
    });
    const pem = await node.run(["cat", AUTHORITIES_FILE], { user: TASK_MANAGER_USER });
    expect(pem.trim()).toBe(authority.certificate.trim());
    const folders = [CONNECTIONS, CONNECTION_CREDENTIALS];
    const paths = [connectionFile(CONNECTION), AUTHORITIES_FILE, CREDENTIALS_FILE];
    const modes = await node.run(["stat", "--format=%n %U:%G %a", ...folders, ...paths]);
    expect(modes.trim().split("\n")).toEqual([
      ...folders.map((folder) => `${folder} root:flink 750`),
      ...paths.map((file) => `${file} root:flink 640`),
    ]);
    expect((await node.run(["stat", "--file-system", "--format=%T", CREDENTIALS_FILE])).trim()).toBe("tmpfs");
    expect(await passwordsOnNode()).toEqual([true]);
    expect(await tracesOnMachine(node, search.passwords)).toEqual([CREDENTIALS_FILE]);
    expect(await problems()).toEqual([]);
  });

  step("writes documents by what the node says of the server, into indices of fixed names and of fields", async () => {
    const sql = await SqlClient.install(deployment.client, FLINK_VERSION, ["opensearch"]);
    [jid] = (await sql.submit(documentsJobSql(JOB), await session.leader())) as [string];
    await session.waitForCheckpoint(jid, PATIENCE);
    await documentsCome();
    await nothingIsMissing();
  });

  step("goes on after the TaskManager is killed", async () => {
    faults.push(await new Faults(deployment, session, jid).killTaskManager());
    await documentsCome();
    await nothingIsMissing();
  });

  step("goes on after the JobManager is killed", async () => {
    faults.push(await new Faults(deployment, session, jid).killLeadingJobManager());
    await documentsCome();
    await nothingIsMissing();
  });

  step("tells jobs of another index and starts nothing anew", async () => {
    const units = [JOB_MANAGER_UNIT, TASK_MANAGER_UNIT, ZOOKEEPER_UNIT];
    const processes = () => node.run(["systemctl", "show", "-P", "MainPID", ...units]);
    const before = await processes();
    expect(before.match(/^[1-9]\d*$/gm)).toHaveLength(units.length);
    await deployment.change({ openSearch: { authority: authority.certificate, indices: [INDICES, MORE_INDICES] } });
    await waitForRoll(deployment, 6);
    expect(await connectionOnNode()).toEqual({ ...connection, indices: { write: [INDICES, MORE_INDICES] } });
    expect(await processes()).toBe(before);
  });

  step("goes on by itself after the password is rotated, though the old one was good no more", async () => {
    await node.run(["mkdir", "-p", ATTEMPTS]);
    await node.run(["cp", CREDENTIALS_FILE, BEFORE_ROTATION]);
    await node.run(["chgrp", "flink", BEFORE_ROTATION]);
    const since = Date.now();
    await search.rotatePassword();
    await lab.waitFor(async () => (await passwordsOnNode())[1], {
      ...{ timeout: PATIENCE, interval: 1000, what: "the node to know the new password" },
    });
    await recordUntilDocuments("password rotated", since);
    expect(await passwordsOnNode()).toEqual([false, true]);
    await nothingIsMissing();
  });

  step("waits while OpenSearch is away for a minute, and goes on", async () => {
    await session.waitForCheckpoint(jid, PATIENCE);
    const since = Date.now();
    await search.stop();
    await lab.waitFor(() => Date.now() - since >= MINUTE, {
      ...{ timeout: 2 * MINUTE, interval: 1000, what: "a minute to pass" },
    });
    await search.resume();
    await recordUntilDocuments("OpenSearch stopped for a minute", since);
    await session.waitForCheckpoint(jid, PATIENCE);
    await nothingIsMissing();
  });

  step("says so where a secret holds no user, keeps the last good one, and the job goes on", async () => {
    await search.breakSecret();
    await lab.waitFor(async () => (await problems()).length > 0, {
      ...{ timeout: PATIENCE, interval: 1000, what: "the node to tell of the secret" },
    });
    console.log((await problems()).join("\n"));
    expect(await passwordsOnNode()).toEqual([false, true]);
    await deployment.waitUntilHealthy(1);
    await documentsCome();
    await search.storeUser();
    await lab.waitFor(async () => (await problems()).length === 0, {
      ...{ timeout: PATIENCE, interval: 1000, what: "the node to be content with the secret" },
    });
  });

  step("lets the jobs' user do nothing but write documents of these indices, and nobody else come in", async () => {
    const { program } = await ensureOpenSearch();
    cpSync(program, path.join(node.root, ATTEMPTS, "program"), { recursive: true });
    const authorities = AUTHORITIES_FILE;
    attempts.push(...(await tryOnOpenSearch(clientOfJob({ authorities, credentials: CREDENTIALS_FILE }))));
    attempts.push(
      ...(await tryToComeIn({
        withOldPassword: clientOfJob({ authorities, credentials: BEFORE_ROTATION }),
        asNobody: clientOfJob({ authorities }),
        withoutTls: clientOfJob({ url: `http://${OPENSEARCH_HOST}:${OPENSEARCH_PORT}`, credentials: CREDENTIALS_FILE }),
      })),
    );
    // What the node itself trusts does not know who signed the certificate: the connector had it of the connection.
    const [withoutAuthorities] = await clientOfJob({}).ask({ method: "GET", path: "/" });
    expect(withoutAuthorities).toMatchObject({ error: "SSLHandshakeException" });
    await node.run(["rm", "-r", ATTEMPTS]);

    const secrets = await lab.aws().secretsManager.list();
    const secretArn = secrets.find(({ Name }) => Name === SECRETS.writer)!.ARN;
    const targets = {
      ...{ region: lab.region, connection: CONNECTION, credentialsFile: CREDENTIALS_FILE, holds: /^username=/m },
      ...{ secretArn, otherSecret: SECRETS.other, keyAlias: OPENSEARCH_KEY_ALIAS },
    };
    await requireActs(node, permittedAtTheCredential(targets));
    attempts.push(...(await tryAttempts(node, attemptsAtTheCredential(targets))));

    const server = { what: "OpenSearch", machine: SEARCH_MACHINE, port: OPENSEARCH_PORT };
    attempts.push(...(await callsFromOthers(deployment, node.name, server)));
    console.table(
      attempts.map(({ attempt, layer, policy, outcome, said }) => ({ attempt, layer, policy, outcome, said })),
    );
    console.log(`refused by OpenSearch, in its own words:\n${(await search.refusals()).slice(-40).join("\n")}`);
    expect(attempts.filter(({ outcome }) => outcome !== "refused")).toEqual([]);
    expect(await tracesOnMachine(node, search.passwords)).toEqual([CREDENTIALS_FILE]);
  });

  step("has lost and doubled nothing", async () => {
    // Drained: what the sink still holds is written, and every index tells of the same numbers.
    await session.call("POST", `/jobs/${jid}/stop`, { drain: true });
    await session.waitUntilFinished(jid, PATIENCE);
    await nothingIsMissing();
    files = await readNumberedStream(lab.s3(), FILES);
    expect(files).toMatchObject({ duplicates: [], missing: [] });
    for (const one of [byKind, files]) expect([one.rows, one.largest]).toEqual([numbers.rows, numbers.largest]);
    expect(latest.wrong).toEqual([]);
    expect(mostOfLatest).toBeGreaterThan(0);
    // Or no fault would have found anything on its way.
    expect(numbers.writtenAgain).toBeGreaterThan(0);
    console.table(faults);
  });

  step("destroys; no packet left the lab, no permission was too much", async () => {
    await deployment.destroyCluster("client", "opensearch");
    await deployment.destroy("opensearch-users");
    expect(lab.machines()).toEqual([]);
    expect(await lab.escapedPackets()).toBe(0);
    const judge = requireLeastPrivilege(deployment, attempts.filter(({ policy }) => policy !== undefined).length);
    const shown = { flinkVersion: FLINK_VERSION, faults, numbers, byKind, latest, files, attempts, judge };
    console.log(`written: ${writeOpenSearchRecord(shown)}`);
  });
});
