import type { NodeReport } from "../../../lib/node/report";
import { readReports } from "../../scenarios/node-reports";
import type { StreamContents } from "../../scenarios/numbered-stream";
import {
  BREAKING_CHANGE,
  measureRoll,
  readRollLock,
  requireOrder,
  rollChange,
  QUIET_CHANGE,
  ROLLING_CHANGES,
  type RollRecord,
  rollUntilItStops,
  wishForMissingPart,
} from "../../scenarios/rolling-change";
import { RollingSession } from "../../scenarios/rolling-session";
import { writeRollsRecord } from "../../scenarios/rolls-record";
import { steps } from "../../support/steps";
import { Lab } from "../lab";

/** Every kind of changed desired state under running jobs. It takes most of an hour, so `make prove` alone runs it. */

const MINUTE = 60_000;
const PATIENCE = 4 * MINUTE;
const COUNTING_JOBS = 9;
/** Two nodes hold all jobs. */
const SLOTS = 6;
const TYPE = "c7i.large";
/** The same property that the breaking change sets, as it was. */
const { flinkConfiguration } = ROLLING_CHANGES.find(({ settings }) => settings.flinkConfiguration)!.settings;
const BEFORE_BREAKING = { flinkConfiguration };
/** Each counting job has one, the numbered stream two. */
const TOO_FEW_SLOTS = { numberOfTaskSlots: 3 };
const ENOUGH_SLOTS = ROLLING_CHANGES.find(({ settings }) => settings.numberOfTaskSlots)!.settings;

jest.setTimeout(60 * MINUTE);

describe("rolling changes under nine jobs and the numbered stream", () => {
  const step = steps();
  let lab: Lab;
  let session: RollingSession;
  let contents: StreamContents;

  beforeAll(async () => {
    lab = await Lab.start({ quickJava: true, overcommit: 2 });
    session = new RollingSession(lab, { instanceType: TYPE, numberOfTaskSlots: SLOTS }, COUNTING_JOBS);
  });

  afterAll(async () => {
    await lab?.stop();
  });

  const runsAsBefore = async (before: Awaited<ReturnType<typeof readReports>>): Promise<void> => {
    const running = (reports: typeof before) => reports.map(({ node, running: state }) => [node, state?.sha256]);
    await lab.waitFor(
      async () => JSON.stringify(running(await readReports(session.deployment))) === JSON.stringify(running(before)),
      { timeout: PATIENCE, interval: 1000, what: "every node to report that it runs what it ran before" },
    );
  };

  /** On all nodes, each with a new start: what nodes and jobs were away for is looked at as well. */
  const rollAll = async ({ what, settings }: (typeof ROLLING_CHANGES)[number]): Promise<void> => {
    const { deployment, nodes } = session;
    let roll: RollRecord | undefined;
    await session.changed(what, async () => {
      roll = await rollChange(deployment, nodes, what, settings);
    });
    session.rolls.push(roll!);
    requireOrder(roll!, nodes);
    // The units of all nodes differ: a watch that saw none of them down looked at nothing.
    expect(roll!.mostDown).toBe(1);
  };

  step("applies", () => session.apply());

  step("runs ten jobs", () => session.runJobs());

  for (const change of ROLLING_CHANGES.slice(0, -1)) step(`rolls: ${change.what}`, () => rollAll(change));

  step("stops at the first node with a value that Flink does not start with, and goes back", async () => {
    const { deployment, nodes } = session;
    const before = await readReports(deployment);
    const stopped = await session.watched(() =>
      rollUntilItStops(deployment, nodes, "a value that breaks Flink", () => deployment.change(BREAKING_CHANGE)),
    );
    console.log(`the roll stopped at ${stopped.lock.owner}: ${stopped.lock.reason}`);
    expect(stopped.nodes).toHaveLength(1);
    await runsAsBefore(before);
    await session.watched(() =>
      measureRoll(deployment, nodes, "going back", async () => {
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
    const { deployment, nodes } = session;
    const before = await readReports(deployment);
    const stopped = await session.watched(() =>
      rollUntilItStops(deployment, nodes, "a part that is not there", () => wishForMissingPart(deployment)),
    );
    console.log(`the roll stopped at ${stopped.lock.owner}: ${stopped.lock.reason}`);
    expect(stopped.mostDown).toBe(0);
    expect(stopped.lock.reason).toMatch(/nothing was stopped/);
    await runsAsBefore(before);
    // A change that can be taken over is the way out, and the last kind of them.
    await rollAll(ROLLING_CHANGES.at(-1)!);
  });

  step("takes over another log level, and stops nothing", async () => {
    const { deployment, nodes } = session;
    const { what, settings } = QUIET_CHANGE;
    const roll = await session.watched(() => rollChange(deployment, nodes, what, settings));
    expect(roll.nodes.map(({ node }) => node).sort()).toEqual(nodes.map(({ name }) => name).sort());
    expect(roll.mostDown).toBe(0);
    expect(roll.leaders).toHaveLength(1);
  });

  step("touches nobody with fewer slots than the jobs have, and leaves that when it is undone", async () => {
    const { deployment } = session;
    const untilNodes = (what: string, said: (roll: NodeReport["roll"]) => boolean): Promise<unknown> =>
      lab.waitFor(async () => (await readReports(deployment)).every(({ roll }) => said(roll)), {
        ...{ timeout: PATIENCE, interval: 1000, what },
      });
    const { nodes } = await session.changed("fewer slots than the jobs have, undone", async () => {
      await deployment.change(TOO_FEW_SLOTS);
      await lab.waitFor(async () => (await readReports(deployment)).some(({ roll }) => roll?.waitsFor === "slots"), {
        ...{ timeout: PATIENCE, interval: 1000, what: "a node to say that slots are lacking" },
      });
      await untilNodes("all nodes to wait", (roll) => roll?.phase === "waiting");
      const reasons = (await readReports(deployment)).map(({ roll }) => roll?.reason);
      console.log(`the nodes say: ${reasons.join("; ")}`);
      const lack = /^the jobs have 11 slots, and the 3 nodes would have 9 \(numberOfTaskSlots 3\): stop a job/;
      expect(reasons).toContainEqual(expect.stringMatching(lack));
      await deployment.change(ENOUGH_SLOTS);
      await untilNodes("no node to want anything", (roll) => roll === undefined);
    });
    expect(nodes.flatMap(({ down }) => down)).toEqual([]);
  });

  step("has lost and doubled nothing", async () => {
    contents = await session.endStream();
  });

  step("destroys, and no packet ever left the lab", async () => {
    await session.destroy();
    const of = "test/lab/long/rolls.test.ts";
    const { rolls, changes } = session;
    const about = [
      `Three nodes of ${TYPE} with ${SLOTS} slots each, ${COUNTING_JOBS} counting jobs and the numbered stream, checkpoints every 5 seconds, a restart`,
      "delay of 10 seconds until its own change, which makes it 5. No job failed, and none restarted more often than nodes did. Java",
      "compiles little here, and so starts sooner.",
    ];
    console.log(`written: ${writeRollsRecord({ title: "Rolling changes", of, about, rolls, changes, contents })}`);
  });
});
