import { FlinkLogDashboards } from "../../lib";
import { JOB_MANAGER_UNIT, TASK_MANAGER_UNIT } from "../../lib/node/flink-services";
import { LOG_COLLECTOR_UNIT, LOG_EXPORTER_UNIT } from "../../lib/node/logs/log-units";
import { LOG_LINES, LOG_LINES_FILE_NAME } from "../../lib/node/paths";
import type { LogsReport } from "../../lib/node/report";
import { ZOOKEEPER_UNIT } from "../../lib/node/zookeeper-service";
import { countingJobsSql } from "../scenarios/counting-jobs";
import { attemptsOfJobsAtLogs, attemptsOfLogShippers, permittedActsOfLogShippers } from "../scenarios/attempts-at-logs";
import { Deployment } from "../scenarios/deployment";
import type { FlinkSession } from "../scenarios/flink-session";
import { AttemptOutcome, requireActs, tryAttempts } from "../scenarios/job-is-not-machine";
import { requireLeastPrivilege } from "../scenarios/judgement";
import { drawOverview, LAB_PICTURE } from "../scenarios/log-overview/draw-overview";
import { examineNumberLog, NumberLogContents } from "../scenarios/logs/log-documents";
import { LOG_FAULTS } from "../scenarios/logs/log-faults";
import { installLogFunctions } from "../scenarios/logs/log-functions";
import { LogSearch } from "../scenarios/logs/log-search";
import { ShippingCost, writeLogsRecord } from "../scenarios/logs/logs-record";
import { NUMBERS_PER_TRACE, numberLogSql } from "../scenarios/logs/number-log";
import { emptyPanels } from "../scenarios/logs/panel-answers";
import { LogFaultRecord, playLogFault } from "../scenarios/logs/play-log-fault";
import { measureShipping } from "../scenarios/logs/shipping-cost";
import { TROUBLED_JOBS_SQL } from "../scenarios/logs/troubled-jobs";
import { readReports } from "../scenarios/node-reports";
import { ensureOpenSearch } from "../scenarios/opensearch/opensearch-software";
import { OPENSEARCH_HOST, OPENSEARCH_PORT, SEARCH_MACHINE } from "../scenarios/opensearch/opensearch-stacks";
import { CommandLine, type RunOptions } from "../scenarios/operators/command-line";
import { QUIET_CHANGE } from "../scenarios/rolling-change";
import { SqlClient } from "../scenarios/sql-client";
import { waitForRoll } from "../scenarios/two-builds";
import { steps } from "../support/steps";
import { createAuthority, KeyAndCertificate } from "./authority";
import { Lab } from "./lab";
import type { Machine } from "./machine";

/** Logs of a node, on their way into somebody else's OpenSearch. */

const MINUTE = 60_000;
const PATIENCE = 6 * MINUTE;
const FLINK_VERSION = "2.2";
const LONG = process.env.PROVE === "1";
/**
 * How many numbers a job writes to its log, how fast, how long OpenSearch is away meanwhile, and how much the node keeps: some
 * 1.4 KB of each number, so that files are full several times and all of it is there until OpenSearch is back.
 */
const {
  numbers: NUMBERS,
  numbersPerSecond,
  awaySeconds,
  bufferMebibytes,
} = LONG
  ? { numbers: 100_000, numbersPerSecond: 1000, awaySeconds: 300, bufferMebibytes: 192 }
  : { numbers: 5_000, numbersPerSecond: 500, awaySeconds: 30, bufferMebibytes: 64 };
/** A file is full with a twentieth of what is kept (lib/settings/log4j-lines.ts). */
const FULL_FILE_BYTES = Math.floor((bufferMebibytes << 20) / 20);
/** Small jobs that run while it is measured what the shipping costs, and over what that takes. */
const [SMALL_JOBS, MEASURED_SECONDS] = [10, 60];
/** Beside them one that writes to its log until the end, and one more. */
const SLOTS = LONG ? SMALL_JOBS + 2 : 2;
/** What a person asks for who looks after jobs. */
const ERRORS = ["--since", "1h", "--level", "ERROR", "--role", "taskmanager", "--limit", "2"];
const OF_NUMBERS = { term: { logger: "numbers" } };

jest.setTimeout(20 * MINUTE);

describe("a node whose logs go into OpenSearch", () => {
  const step = steps();
  let lab: Lab;
  let authority: KeyAndCertificate;
  let deployment: Deployment;
  let search: LogSearch;
  let session: FlinkSession;
  let sql: SqlClient;
  let node: Machine;
  let contents: NumberLogContents;
  let report: LogsReport;
  let cost: ShippingCost;
  let commands: CommandLine;
  const faults: LogFaultRecord[] = [];
  let attempts: readonly AttemptOutcome[];

  beforeAll(async () => {
    await ensureOpenSearch();
    lab = await Lab.start({ quickJava: !LONG });
    authority = await createAuthority();
    deployment = new Deployment(lab, {
      ...{ flinkVersion: FLINK_VERSION, nodeCount: 1, numberOfTaskSlots: SLOTS, checkpointIntervalSeconds: 5 },
      logs: { authority: authority.certificate, bufferMebibytes },
    });
    search = new LogSearch(deployment, FLINK_VERSION, authority);
  });

  afterAll(async () => {
    await lab?.stop();
  });

  const logsReport = async (): Promise<LogsReport> => (await readReports(deployment))[0].logs!;

  const waitForDocuments = (query: object, count: number, what: string): Promise<unknown> =>
    lab.waitFor(async () => (await search.count(query)) >= count, { timeout: PATIENCE, interval: 1000, what });

  const installJobs = async (): Promise<void> => {
    sql = await SqlClient.install(deployment.client, FLINK_VERSION);
    await installLogFunctions(deployment.client, FLINK_VERSION);
  };

  const processOf = async (unit: string): Promise<string> =>
    (await node.run(["systemctl", "show", "-P", "MainPID", unit])).trim();

  step("applies: the node reports that it is healthy, with a server that others keep", async () => {
    deployment.synthesize();
    await Promise.all([deployment.apply("storage"), deployment.apply("sink"), deployment.apply("opensearch-users")]);
    await search.storePassword();
    await deployment.apply("streaming");
    await Promise.all([
      deployment.waitUntilHealthy(6),
      deployment.apply("client").then(installJobs),
      deployment.apply("opensearch").then(() => search.start()),
    ]);
    session = await deployment.session();
    await session.waitForTaskManagers(1, 2 * MINUTE);
    node = deployment.machine(session.nodes[0].name);
    expect(await deployment.plannedActions("opensearch-users", "streaming", "opensearch")).toEqual([{}, {}, {}]);
  });

  step("finds lines of every kind of program, of before OpenSearch was there as well", async () => {
    // Neither the kernel nor its audit: the machines of the lab share their kernel with the host, whose words they do not hear.
    for (const role of ["jobmanager", "taskmanager", "zookeeper", "agent", "system"]) {
      const ofRole = { term: { role } };
      await waitForDocuments(ofRole, 1, `lines of ${role}`);
      expect(await search.count({ bool: { filter: [ofRole], must_not: { term: { node: node.name } } } })).toBe(0);
    }
    // The first line that Flink's own processes write.
    for (const role of ["jobmanager", "taskmanager"]) {
      await waitForDocuments(
        { bool: { filter: [{ term: { role } }, { term: { sequence: 1 } }] } },
        1,
        `${role}'s first`,
      );
    }
  });

  step(
    `finds each of ${NUMBERS} numbers once, though OpenSearch was away, the node rebooted and both shippers were killed`,
    async () => {
      const since = Date.now();
      await search.stop();
      const [jid] = await sql.submit(numberLogSql({ numbers: NUMBERS, numbersPerSecond }), await session.leader());
      await lab.waitFor(async () => (await logsReport())?.problem !== undefined, {
        ...{ timeout: PATIENCE, interval: 1000, what: "the node to tell that OpenSearch is away" },
      });
      console.log(`the node says: ${(await logsReport()).problem}`);
      for (const unit of [LOG_EXPORTER_UNIT, LOG_COLLECTOR_UNIT]) {
        const before = await processOf(unit);
        await node.run(["kill", "-9", before]);
        await lab.waitFor(async () => !["0", before].includes(await processOf(unit)), {
          ...{ timeout: PATIENCE, interval: 500, what: `${unit} to be there again` },
        });
      }
      await session.waitUntilFinished(jid, PATIENCE);
      await node.reboot();
      await deployment.waitUntilHealthy(4);
      await lab.waitFor(() => Date.now() - since >= awaySeconds * 1000, {
        ...{ timeout: awaySeconds * 1000 + MINUTE, interval: 1000, what: `${awaySeconds} seconds to pass` },
      });
      await search.resume();
      const all = NUMBERS + NUMBERS / NUMBERS_PER_TRACE;
      await waitForDocuments(OF_NUMBERS, all, `${all} documents of numbers`);
      contents = examineNumberLog(await search.documents(OF_NUMBERS), NUMBERS, jid);
      const { missing, duplicates, wrong, ...found } = contents;
      console.table({ ...found, missing: missing.length, duplicates: duplicates.length, wrong: wrong.length });
      expect([missing, duplicates, wrong].map((ones) => ones.slice(0, 3))).toEqual([[], [], []]);
      expect(found).toEqual({ lines: NUMBERS, traces: NUMBERS / NUMBERS_PER_TRACE });
      // Files were full meanwhile, or nothing was shown of what comes then: a new start of the process begins one as well.
      const full = ["-name", `${LOG_LINES_FILE_NAME}.*`, "-size", `+${FULL_FILE_BYTES}c`];
      expect(await node.run(["find", LOG_LINES.taskManager, ...full])).toContain(LOG_LINES_FILE_NAME);
    },
  );

  step("tells that nothing is in its way, and that no line was lost", async () => {
    await lab.waitFor(async () => (await logsReport()).problem === undefined, {
      ...{ timeout: PATIENCE, interval: 1000, what: "the node to be content" },
    });
    report = await logsReport();
    expect(report).toMatchObject({ lost: 0, rejected: 0 });
    expect(report.delivered).toBeGreaterThan(0);
  });

  step("goes on while a job has no time for checkpoints, and another uses the memory of its process up", async () => {
    for (const script of TROUBLED_JOBS_SQL) {
      const [jid] = await sql.submit(script, await session.leader());
      await lab.waitFor(async () => (await session.job(jid)).state === "FAILED", {
        ...{ timeout: PATIENCE, interval: 500, what: `job ${jid} to fail for good` },
      });
    }
    await deployment.waitUntilHealthy(4);
  });

  step("runs every saved search and every panel of the overview over these lines, and each finds some", async () => {
    const { searches, overview } = new FlinkLogDashboards();
    const panels = [...searches, ...overview.panels];
    const ask = async () => {
      const answers = await search.search(panels.map((panel) => panel.searchRequest()));
      // Neither role of the kernel nor of its audit has a line here; of memory that was used up the process itself tells.
      const empty = emptyPanels(panels, answers);
      if (empty.length > 0) throw new Error(`nothing is found by ${empty.join(", ")}`);
      return answers;
    };
    const what = "lines for every saved search and every panel";
    const answers = await lab.waitFor(ask, { timeout: 2 * MINUTE, interval: 1000, what });
    const found = answers.map(({ hits, _shards }, at) => {
      return { title: panels[at].title, lines: hits.total.value, failedShards: _shards.failed };
    });
    console.table(found);
    expect(found.filter(({ failedShards }) => failedShards > 0)).toEqual([]);
    if (LONG) await drawOverview(answers.slice(searches.length), LAB_PICTURE);
  });

  if (LONG) {
    step("shows these lines to a person who may read them and no more, through a tunnel", async () => {
      commands = await CommandLine.create(lab);
      const tunnel = await lab.relay(0, SEARCH_MACHINE, OPENSEARCH_PORT);
      try {
        const url = `https://${OPENSEARCH_HOST}:${OPENSEARCH_PORT}`;
        const ca = commands.write("authority.pem", authority.certificate);
        const way = ["--url", url, "--ca", ca, "--connect-to", `localhost:${tunnel.port}`, "--user"];
        const as = async (user: string, what: "read logs" | "prepare logs"): Promise<RunOptions> => {
          return { isOutside: true, env: { OPENSEARCH_PASSWORD: await search.admit(user, what) } };
        };
        const [ann, keeper] = [await as("ann", "read logs"), await as("keeper", "prepare logs")];
        await commands.run("The newest errors of jobs, with stack traces", ["logs", ...way, "ann", ...ERRORS], {
          ...{ ...ann, says: /ERROR[^]+\n\s+at / },
        });
        await commands.run("For programs", ["logs", ...way, "ann", ...ERRORS, "--json"], {
          ...{ ...ann, says: /^\{.*"level":"ERROR".*\}$/m },
        });
        const prepare = ["--retention-days", "3"];
        await commands.run("Without Index State Management", ["prepare-logs", ...way, "keeper", ...prepare], {
          ...{ ...keeper, exitCode: 1, says: /this OpenSearch has no Index State Management/ },
        });
        await commands.run("Who may only read", ["prepare-logs", ...way, "ann", ...prepare], {
          ...{ ...ann, exitCode: 1, says: /may not|not allowed/ },
        });
      } finally {
        await tunnel.close();
      }
    });

    step(`measures what shipping costs the node while ${SMALL_JOBS} small jobs run`, async () => {
      const jobs = await sql.submit(countingJobsSql(SMALL_JOBS), await session.leader());
      for (const jid of jobs) await session.waitForCheckpoint(jid, PATIENCE);
      const everything = { match_all: {} };
      const [before, since] = [await search.count(everything), Date.now()];
      const units = await measureShipping(node, async () => {
        await lab.waitFor(() => Date.now() - since >= MEASURED_SECONDS * 1000, {
          ...{ timeout: MEASURED_SECONDS * 1000 + MINUTE, interval: 1000, what: `${MEASURED_SECONDS} seconds to pass` },
        });
      });
      const seconds = Math.round((Date.now() - since) / 1000);
      const linesPerSecond = Math.round(((await search.count(everything)) - before) / seconds);
      cost = { jobs: jobs.length, seconds, linesPerSecond, units };
      console.table(units.map((unit) => ({ ...unit, linesPerSecond })));
    });

    step("has a job that writes to its log all the time", async () => {
      const checkpoints = "SET 'execution.checkpointing.interval' = '5 s';";
      const job = numberLogSql({ numbers: 100_000, numbersPerSecond: 20 });
      const [jid] = await sql.submit(`${checkpoints}\n${job}`, await session.leader());
      await session.waitForCheckpoint(jid, PATIENCE);
    });

    for (const fault of LOG_FAULTS) {
      step(`lives with this, tells of it and goes on by itself: ${fault.what}`, async () => {
        const place = { deployment, search, session, sql, bufferBytes: bufferMebibytes << 20 };
        faults.push(await playLogFault(place, fault));
        console.table(faults);
      });
    }
  }

  step("takes another level over without a new start of anything", async () => {
    const units = [JOB_MANAGER_UNIT, TASK_MANAGER_UNIT, ZOOKEEPER_UNIT, LOG_EXPORTER_UNIT, LOG_COLLECTOR_UNIT];
    const processes = () => Promise.all(units.map(processOf));
    const before = await processes();
    await deployment.change(QUIET_CHANGE.settings);
    await waitForRoll(deployment, 6);
    // Flink looks at it from time to time.
    const isQuiet = async () => {
      const [jid] = await sql.submit(
        numberLogSql({ numbers: NUMBERS_PER_TRACE, numbersPerSecond }),
        await session.leader(),
      );
      const ofJob = (level: string) => ({
        bool: { filter: [OF_NUMBERS, { term: { job_id: jid } }, { term: { level } }] },
      });
      // Behind all lines of its job.
      await waitForDocuments(ofJob("ERROR"), 1, "the stack trace of another job");
      return (await search.count(ofJob("INFO"))) === 0;
    };
    await lab.waitFor(isQuiet, { timeout: PATIENCE, interval: 1000, what: "Flink to write no line of the level INFO" });
    expect(await processes()).toEqual(before);
  });

  step("lets no job near what ships logs, and what ships them near nothing else", async () => {
    await requireActs(node, permittedActsOfLogShippers());
    const outcomes = await tryAttempts(node, [...attemptsOfJobsAtLogs(), ...attemptsOfLogShippers()]);
    console.table(outcomes.map(({ attempt, layer, policy, outcome }) => ({ attempt, layer, policy, outcome })));
    expect(outcomes.filter(({ outcome }) => outcome !== "refused")).toEqual([]);
    attempts = outcomes;
  });

  step("destroys; no packet left the lab, no permission was too much", async () => {
    await deployment.destroyCluster("client", "opensearch");
    await deployment.destroy("opensearch-users");
    expect(lab.machines()).toEqual([]);
    expect(await lab.escapedPackets()).toBe(0);
    const judge = requireLeastPrivilege(deployment, attempts.filter(({ policy }) => policy !== undefined).length);
    if (!LONG) return;
    const record = {
      flinkVersion: FLINK_VERSION,
      awaySeconds,
      contents,
      report,
      cost,
      faults,
      attempts,
      judge,
      commands: commands.runs,
    };
    console.log(`written: ${writeLogsRecord(record)}`);
  });
});
