import { writeSoakRecord } from "../../scenarios/failover/soak-record";
import { type Soak, soak } from "../../scenarios/failover/soak";
import type { StreamContents } from "../../scenarios/numbered-stream";
import { NODE_COUNT, RollingSession } from "../../scenarios/rolling-session";
import { steps } from "../../support/steps";
import { Lab } from "../lab";

/**
 * Whether a process that stands still for a moment is taken for dead. `make prove` alone runs it; the host should do nothing else
 * meanwhile. Sixty minutes or more write the record; fewer show less, and print it alone.
 */

const MINUTE = 60_000;
const COUNTING_JOBS = 2;
const SOAK_MINUTES = Number(process.env.SOAK_MINUTES ?? 5);
const RECORD_MINUTES = 60;
const SEED = Number(process.env.SOAK_SEED ?? Date.now() % 1_000_000);

jest.setTimeout((30 + SOAK_MINUTES) * MINUTE);

describe("pauses of processes under two jobs and the numbered stream", () => {
  const step = steps();
  let lab: Lab;
  let session: RollingSession;
  let soaked: Soak;
  let contents: StreamContents;

  beforeAll(async () => {
    lab = await Lab.start({ quickJava: process.env.PROVE !== "1", overcommit: 2 });
    session = new RollingSession(lab, {}, COUNTING_JOBS);
  });

  afterAll(async () => {
    await lab?.stop();
  });

  step("applies", () => session.apply());

  step("runs two jobs and the numbered stream", () => session.runJobs());

  step("takes no process for dead that stands still for 2 s", async () => {
    soaked = await soak(session.nodes, SOAK_MINUTES, SEED);
    console.log(JSON.stringify(soaked));
    expect(Object.values(soaked.falseFailovers)).toEqual(Object.values(soaked.falseFailovers).map(() => 0));
    await session.everyJobRuns();
  });

  step("takes a change over afterwards, on one node after the other", async () => {
    const { nodes } = await session.changed("a key of Flink, after the pauses", async () => {
      await session.deployment.change({ flinkConfiguration: { "rest.flamegraph.enabled": "true" } });
      await session.deployment.waitUntilRolled(15);
    });
    expect(nodes.filter(({ down }) => down.length > 0)).toHaveLength(NODE_COUNT);
  });

  step("has lost and doubled nothing", async () => {
    contents = await session.endStream();
  });

  step("destroys, and no packet ever left the lab", async () => {
    await session.destroy();
    if (SOAK_MINUTES < RECORD_MINUTES) return console.log(JSON.stringify(contents));
    const about = [`Three nodes with ${COUNTING_JOBS} jobs and the numbered stream; a checkpoint every 5 s.`];
    const record = { title: "Pauses of processes", of: "test/lab/long/soak.test.ts", about, soak: soaked, contents };
    console.log(`written: ${writeSoakRecord(record)}`);
  });
});
