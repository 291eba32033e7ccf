import type { RollEvent } from "../../../lib/node/roll";
import { CertificateRenewals } from "../../scenarios/certificate-renewals";
import { countingJobsSql } from "../../scenarios/counting-jobs";
import { Deployment } from "../../scenarios/deployment";
import { FlinkSession } from "../../scenarios/flink-session";
import { JobWatch, requireUnharmed } from "../../scenarios/job-watch";
import { SINK_BUCKET } from "../../scenarios/lab-stacks";
import { requireLeastPrivilege } from "../../scenarios/judgement";
import { readReports } from "../../scenarios/node-reports";
import { NumberedStream, numberedStreamSql, readNumberedStream, StreamContents } from "../../scenarios/numbered-stream";
import { writeRollsRecord } from "../../scenarios/record";
import {
  BREAKING_CHANGE,
  fewestHealthy,
  measureRoll,
  readRollEvents,
  readRollLock,
  requireOrder,
  rollChange,
  ROLLING_CHANGES,
  RollRecord,
  rollUntilItStops,
  secondsPerNode,
  tellRoll,
  wishForMissingPart,
} from "../../scenarios/rolling-change";
import { SqlClient } from "../../scenarios/sql-client";
import { steps } from "../../support/steps";
import { Lab } from "../lab";

/** Every kind of rolling change under running jobs. It takes more than an hour, so `make prove` alone runs it. */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const FLINK_VERSION = "2.2";
const NODE_COUNT = 3;
const COUNTING_JOBS = 5;
/** Renewed when two thirds of it are over; the shortest that three nodes take, and a third for a busy machine. */
const VALIDITY_SECONDS = 24 * 60;
const RENEWALS = 2;
const PATIENCE = 4 * MINUTE;
/** The same property that the breaking change sets, as it was. */
const { flinkConfiguration } = ROLLING_CHANGES.find(({ settings }) => settings.flinkConfiguration)!.settings;
const BEFORE_BREAKING = { flinkConfiguration };

jest.setTimeout(60 * MINUTE);

describe("rolling changes under five jobs and the numbered stream", () => {
  const step = steps();
  const stream: NumberedStream = {
    name: "numbered-stream",
    bucket: SINK_BUCKET,
    prefix: "numbers",
    numbersPerSecond: 100,
    lastNumber: 1_000_000,
    parallelism: 2,
    checkpointIntervalSeconds: 5,
  };
  const rolls: RollRecord[] = [];
  let lab: Lab;
  let deployment: Deployment;
  let session: FlinkSession;
  let jids: readonly string[];
  let contents: StreamContents;

  beforeAll(async () => {
    lab = await Lab.start();
    deployment = new Deployment(lab, {
      flinkVersion: FLINK_VERSION,
      nodeCount: NODE_COUNT,
      // With one machine away the others hold all jobs.
      numberOfTaskSlots: 4,
      checkpointIntervalSeconds: 5,
      certificateValiditySeconds: VALIDITY_SECONDS,
    });
  });

  afterAll(async () => {
    await lab?.stop();
  });

  const firstEndOfCertificates = async (): Promise<number> => {
    const reports = await readReports(deployment);
    return Math.min(
      ...reports.flatMap(({ certificates }) => certificates!.issued.map(({ notAfter }) => Date.parse(notAfter))),
    );
  };

  const everyJobRuns = async (): Promise<void> => {
    for (const jid of jids) await session.waitForCheckpoint(jid, PATIENCE);
  };

  /** Rolls under watch: no job may fail, and each restarts at least once where all nodes did, and never more often. */
  const watched = async <T extends RollRecord>(act: () => Promise<T>): Promise<T> => {
    const watch = JobWatch.start(
      deployment.client,
      session.nodes.map(({ restAddress }) => restAddress),
    );
    const [since, roll] = [Date.now(), await act()];
    await everyJobRuns();
    const seen = await watch.stop();
    const restarted = (await readRollEvents(deployment))
      .filter(({ what, time }) => (what === "applied" || what === "rolled-back") && Date.parse(time) >= since)
      .map(({ node }) => node);
    const everyNode = session.nodes.every(({ name }) => restarted.includes(name));
    const restores = seen.jobs.map((job) => job.restores).join(", ");
    console.table([{ ...tellRoll(roll), "nodes restarted": restarted.length, "restores of each job": restores }]);
    console.log(`${seen.samples} samples of the jobs, ${seen.unanswered} of them without an answer`);
    requireUnharmed(seen, { jids, restarts: restarted.length, everyNode });
    expect(roll.mostDown).toBeLessThanOrEqual(1);
    rolls.push(roll);
    return roll;
  };

  step("applies, with certificates that are good for minutes", async () => {
    deployment.synthesize();
    await Promise.all([deployment.apply("storage"), deployment.apply("sink")]);
    await deployment.apply("streaming");
    await Promise.all([deployment.waitUntilHealthy(6), deployment.apply("client")]);
    session = await deployment.session();
    await session.waitForTaskManagers(NODE_COUNT, 2 * MINUTE);
  });

  step("runs five jobs and the numbered stream", async () => {
    const sql = await SqlClient.install(deployment.client, FLINK_VERSION);
    const leader = await session.leader();
    const [numbered] = await sql.submit(numberedStreamSql(stream), leader);
    jids = [numbered, ...(await sql.submit(countingJobsSql(COUNTING_JOBS), leader))];
    expect(jids).toHaveLength(COUNTING_JOBS + 1);
    await everyJobRuns();
  });

  step("renews every node's certificates twice at least", async () => {
    const renewals = new CertificateRenewals(deployment);
    await renewals.look();
    const since = Date.now();
    const renewed = async (): Promise<RollEvent[]> =>
      (await readRollEvents(deployment)).filter(
        ({ change, time }) => change.kind === "certificates" && Date.parse(time) >= since,
      );
    await watched(async () => {
      const roll = await measureRoll(deployment, session.nodes, "certificates", async () => {
        await renewals.waitUntilEveryNodeRenewed(RENEWALS, 4 * VALIDITY_SECONDS * 1000);
        await deployment.waitUntilHealthy(10);
        // A node says so in its report at once, and that all is well again a while later.
        await lab.waitFor(async () => fewestHealthy(await renewed(), session.nodes) >= RENEWALS, {
          timeout: PATIENCE,
          interval: 1000,
          what: `every node to end its renewal ${RENEWALS} times`,
        });
      });
      return { ...roll, nodes: secondsPerNode(await renewed()) };
    });
    for (const count of Object.values(await renewals.look())) expect(count).toBeGreaterThanOrEqual(RENEWALS);
  });

  step("rolls back to certificates that are good for long", async () => {
    await watched(() =>
      measureRoll(deployment, session.nodes, "validity of certificates, with the renewal after it", async () => {
        await deployment.change({ certificateValiditySeconds: undefined });
        // Those that are there are renewed once more in their time, which must not fall into the next step.
        await lab.waitFor(async () => (await firstEndOfCertificates()) > Date.now() + DAY, {
          timeout: 4 * VALIDITY_SECONDS * 1000,
          interval: 3000,
          what: "every certificate to be one that is good for long",
        });
        await deployment.waitUntilHealthy(15);
      }),
    );
  });

  for (const { what, settings } of ROLLING_CHANGES.slice(0, -1)) {
    step(`rolls: ${what}`, async () => {
      const roll = await watched(() => rollChange(deployment, session.nodes, what, settings));
      requireOrder(roll, session.nodes);
      // The units of all nodes differ: a watch that saw none of them down looked at nothing.
      expect(roll.mostDown).toBe(1);
    });
  }

  step("stops at the first node with a value that Flink does not start with, and goes back", async () => {
    const before = await readReports(deployment);
    const stopped = await watched(() =>
      rollUntilItStops(deployment, session.nodes, "a value that breaks Flink", () =>
        deployment.change(BREAKING_CHANGE),
      ),
    );
    console.log(`the roll stopped at ${stopped.lock.owner}: ${stopped.lock.reason}`);
    expect(stopped.nodes).toHaveLength(1);
    await runsAsBefore(before);
    await watched(() =>
      measureRoll(deployment, session.nodes, "going back", async () => {
        await deployment.change(BEFORE_BREAKING);
        await lab.waitFor(async () => (await readRollLock(deployment))?.owner === null, {
          timeout: PATIENCE,
          interval: 1000,
          what: "the lock to be released",
        });
      }),
    );
  });

  step("stops before anything is touched where a part cannot be fetched", async () => {
    const before = await readReports(deployment);
    const stopped = await watched(() =>
      rollUntilItStops(deployment, session.nodes, "a part that is not there", () => wishForMissingPart(deployment)),
    );
    console.log(`the roll stopped at ${stopped.lock.owner}: ${stopped.lock.reason}`);
    expect(stopped.mostDown).toBe(0);
    expect(stopped.lock.reason).toMatch(/nothing was stopped/);
    await runsAsBefore(before);
    // A change that can be taken over is the way out, and the last kind of them.
    const { what, settings } = ROLLING_CHANGES.at(-1)!;
    const roll = await watched(() => rollChange(deployment, session.nodes, what, settings));
    requireOrder(roll, session.nodes);
  });

  const runsAsBefore = async (before: Awaited<ReturnType<typeof readReports>>): Promise<void> => {
    const running = (reports: typeof before) => reports.map(({ node, running: state }) => [node, state?.sha256]);
    await lab.waitFor(
      async () => JSON.stringify(running(await readReports(deployment))) === JSON.stringify(running(before)),
      { timeout: PATIENCE, interval: 1000, what: "every node to report that it runs what it ran before" },
    );
  };

  step("has lost and doubled nothing", async () => {
    console.table(rolls.map(tellRoll));
    await session.stopWithSavepoint(jids[0], 3 * MINUTE);
    contents = await readNumberedStream(lab.s3(), stream);
    console.log(`numbered stream: ${contents.rows} rows in ${contents.files} files, largest ${contents.largest}`);
    expect(contents).toMatchObject({ duplicates: [], missing: [] });
    expect(contents.rows).toBeGreaterThan(10_000);
  });

  step("destroys, and no packet ever left the lab", async () => {
    await deployment.destroy("client");
    await deployment.liftTerminationProtection();
    await deployment.destroy("streaming");
    expect(lab.machines()).toEqual([]);
    expect(await lab.escapedPackets()).toBe(0);
    requireLeastPrivilege(deployment);
    console.log(`written: ${writeRollsRecord(rolls, contents)}`);
  });
});
