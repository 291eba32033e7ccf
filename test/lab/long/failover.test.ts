import { type Series, tellSeries, writeFailoverRecord } from "../../scenarios/failover/record";
import { type Failover, Failovers } from "../../scenarios/failover/failovers";
import { replaceDesiredState, withUpstreamDefaults } from "../../scenarios/failover/upstream-defaults";
import type { FlinkSession } from "../../scenarios/flink-session";
import type { StreamContents } from "../../scenarios/numbered-stream";
import { NODE_COUNT, RollingSession } from "../../scenarios/rolling-session";
import { steps } from "../../support/steps";
import { Lab } from "../lab";

/** What becomes of running jobs when the leader goes. It takes most of an hour, so `make prove` alone runs it. */

const MINUTE = 60_000;
const PATIENCE = 4 * MINUTE;
const COUNTING_JOBS = 2;
/** Of each kind. */
const OUR_FAILOVERS = Number(process.env.FAILOVER_TURNS ?? 5);
const UPSTREAM_FAILOVERS = Math.min(3, OUR_FAILOVERS);

jest.setTimeout(60 * MINUTE);

describe("failovers of the leader under two jobs and the numbered stream", () => {
  const step = steps();
  const series: Series[] = [];
  let lab: Lab;
  let session: RollingSession;
  let flink: FlinkSession;
  let failovers: Failovers;
  let contents: StreamContents;

  beforeAll(async () => {
    lab = await Lab.start({ quickJava: process.env.PROVE !== "1", overcommit: 2 });
    session = new RollingSession(lab, {}, COUNTING_JOBS);
  });

  afterAll(async () => {
    await lab?.stop();
  });

  /** In turns: who leads after a machine has gone has questions on hand that were put to it. */
  const failOver = async (times: Series["times"], count: number): Promise<void> => {
    const [gone, asked]: [Failover[], Failover[]] = [[], []];
    for (let turn = 0; turn < count; turn++) {
      gone.push(await failovers.killMachine());
      asked.push(await failovers.handOver());
      console.table(
        [gone.at(-1), asked.at(-1)].map((one) => ({ ...one, steps: one?.steps.map(({ seconds }) => seconds).join() })),
      );
    }
    series.push({ kind: "asked to end", times, failovers: asked }, { kind: "machine gone", times, failovers: gone });
    console.table(series.map(tellSeries));
  };

  step("applies", () => session.apply());

  step("runs two jobs and the numbered stream", async () => {
    await session.runJobs();
    flink = await session.deployment.session();
    failovers = new Failovers(
      session.deployment,
      flink,
      (await flink.jobs()).map(({ jid }) => jid),
    );
  });

  step("fails over, and every leader that is asked to end hands over", async () => {
    await failOver("ours", OUR_FAILOVERS);
    const [asked] = series;
    expect(asked.failovers.map(({ handsOver }) => handsOver)).toEqual(Array(OUR_FAILOVERS).fill(true));
  });

  step("fails over with the waiting times that upstream has by default", async () => {
    const { deployment } = session;
    const ours = await replaceDesiredState(deployment, withUpstreamDefaults);
    await deployment.waitUntilRolled(15);
    await session.everyJobRuns();
    await failOver("upstream's", UPSTREAM_FAILOVERS);
    await replaceDesiredState(deployment, () => ours);
    await deployment.waitUntilRolled(15);
    await flink.waitForTaskManagers(NODE_COUNT, PATIENCE);
    await session.everyJobRuns();
  });

  step("has lost and doubled nothing", async () => {
    contents = await session.endStream();
  });

  step("destroys, and no packet ever left the lab", async () => {
    await session.destroy();
    const about = [`Three nodes with ${COUNTING_JOBS} jobs and the numbered stream; a checkpoint every 5 s.`];
    const of = "test/lab/long/failover.test.ts";
    const record = { title: "Failovers of the leader", of, about, series, contents };
    console.log(`written: ${writeFailoverRecord(record)}`);
  });
});
