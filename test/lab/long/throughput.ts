import { createInterface } from "readline";
import { TASK_MANAGER_UNIT } from "../../../lib/node/flink-services";
import { Deployment } from "../../scenarios/deployment";
import { FlinkSession } from "../../scenarios/flink-session";
import { SqlClient } from "../../scenarios/sql-client";
import { Reading, Throughput, throughput } from "../../scenarios/throughput";
import { Lab } from "../lab";
import { waitFor } from "../wait-for";

/**
 * How many records one second of a processor passes from machine to machine. scripts/compare-throughput.mjs runs this program
 * in two checkouts and lets them measure at the same time: it brings a cluster up, measures for each line that it reads, and
 * ends with its input.
 *
 * The job is given so many records a second, which both sides can pass together. Where it takes as many as it can, one side
 * alone varies by a factor of two from job to job: how full its buffers are decides how fast it is, and the other way round.
 */

const FLINK_VERSION = "2.2";
const NODE_COUNT = 3;
const MINUTE = 60_000;
/** The classes of a fresh Java are compiled by then. */
const WARM_UP_MILLIS = 75_000;
const MEASURED_MILLIS = 120_000;
/** Until the job is cleared away, and how long nothing is done then. */
const IDLE_REST_MILLIS = 15_000;
const IDLE_MILLIS = 30_000;
const RECORDS_PER_SECOND = 200_000;

/** Every record crosses the shuffle: two of three go to another machine. */
const SCRIPT = `
SET 'parallelism.default' = '${NODE_COUNT}';
SET 'pipeline.name' = 'throughput';
SET 'execution.checkpointing.interval' = '60 s';
CREATE TABLE events (k INT, a BIGINT, b BIGINT, c BIGINT) WITH ('connector'='datagen',
  'rows-per-second'='${RECORDS_PER_SECOND}', 'fields.k.min'='1', 'fields.k.max'='1000');
CREATE TABLE sums (k INT, a BIGINT, b BIGINT, c BIGINT) WITH ('connector'='blackhole');
INSERT INTO sums SELECT k, SUM(a), SUM(b), SUM(c) FROM events GROUP BY k;
`;

async function main(): Promise<void> {
  // Two clusters at once have to fit on one host.
  process.env.FLINK_INSTANCE_TYPE = "t3.medium";
  const lab = await Lab.start();
  try {
    const deployment = new Deployment(lab, {
      flinkVersion: FLINK_VERSION,
      nodeCount: NODE_COUNT,
      numberOfTaskSlots: 1,
      removalPolicy: "destroy",
      terminationProtection: false,
    });
    deployment.synthesize();
    await Promise.all([deployment.apply("storage"), deployment.apply("sink")]);
    await deployment.apply("streaming");
    await Promise.all([deployment.waitUntilHealthy(10), deployment.apply("client")]);
    const session = await deployment.session();
    await session.waitForTaskManagers(NODE_COUNT, 2 * MINUTE);
    const sql = await SqlClient.install(deployment.client, FLINK_VERSION);
    console.log(JSON.stringify({ ready: true }));
    for await (const line of createInterface({ input: process.stdin })) {
      if (line === "measure") console.log(JSON.stringify({ throughput: await measure(session, sql) }));
    }
  } finally {
    await lab.stop();
  }
}

async function measure(session: FlinkSession, sql: SqlClient): Promise<Throughput> {
  await startTaskManagersAnew(session);
  const [jid] = (await sql.submit(SCRIPT, await session.leader())) as [string];
  const { vertices } = await session.get<{ vertices: { id: string; name: string }[] }>(`/jobs/${jid}`);
  const receiver = vertices.at(-1)!.id;
  await rest(WARM_UP_MILLIS);
  const first = await readAtRefresh(session, jid, receiver);
  await rest(MEASURED_MILLIS);
  const last = await readAtRefresh(session, jid, receiver);
  await session.call("PATCH", `/jobs/${jid}?mode=cancel`);
  const end = await waitFor(
    async () => {
      const { state } = await session.get<{ state: string }>(`/jobs/${jid}`);
      return state === "CANCELED" || state === "FAILED" ? state : undefined;
    },
    { timeout: 2 * MINUTE, interval: 500, what: "the job to be cancelled" },
  );
  if (end === "FAILED") throw new Error("the job failed");
  const idleProcessorSeconds = await idleProcessorSecondsOf(session);
  return throughput(first, last, { givenPerSecond: RECORDS_PER_SECOND, idleProcessorSeconds });
}

/** Heartbeats and the like, which no record costs. */
async function idleProcessorSecondsOf(session: FlinkSession): Promise<number> {
  await rest(IDLE_REST_MILLIS);
  const [since, before] = [Date.now(), await processorSecondsOfTaskManagers(session)];
  await rest(IDLE_MILLIS);
  return ((await processorSecondsOfTaskManagers(session)) - before) / ((Date.now() - since) / 1000);
}

/** What Java learned of the jobs before would decide how fast this one is: by a factor of two, seen on one side alone. */
async function startTaskManagersAnew(session: FlinkSession): Promise<void> {
  await Promise.all(session.nodes.map(({ machine }) => machine.run(["systemctl", "restart", TASK_MANAGER_UNIT])));
  await waitFor(
    async () => {
      const { taskmanagers, "slots-available": free } = await session.overview();
      return taskmanagers === NODE_COUNT && free === NODE_COUNT;
    },
    { timeout: 3 * MINUTE, interval: 1000, what: "every TaskManager to be there again" },
  );
}

/** Flink refreshes what it tells each 10 seconds: the moment at which the count changes is one of them. */
async function readAtRefresh(session: FlinkSession, jid: string, vertex: string): Promise<Reading> {
  const count = async () => {
    const [sum] = await session.get<{ sum: number }[]>(
      `/jobs/${jid}/vertices/${vertex}/subtasks/metrics?get=numRecordsIn&agg=sum`,
    );
    return sum?.sum ?? 0;
  };
  const before = await count();
  const changed = await waitFor(
    async () => {
      const records = await count();
      return records !== before && { records, at: Date.now() };
    },
    { timeout: 2 * MINUTE, interval: 100, what: "the count of records to change" },
  );
  const processorSeconds = await processorSecondsOfTaskManagers(session);
  return { ...changed, processorSeconds, ...(await disturbances(session, jid)) };
}

async function processorSecondsOfTaskManagers({ nodes }: FlinkSession): Promise<number> {
  // Times in user and in kernel mode are the 14th and 15th field, counted behind the name in brackets; a second is 100.
  const script = `sed 's/.*) //' "/proc/$(systemctl show -P MainPID ${TASK_MANAGER_UNIT})/stat" | cut -d' ' -f12,13`;
  const said = await Promise.all(nodes.map(({ machine }) => machine.run(["sh", "-c", script])));
  return said.flatMap((line) => line.trim().split(" ")).reduce((sum, ticks) => sum + Number(ticks) / 100, 0);
}

async function disturbances(session: FlinkSession, jid: string): Promise<Pick<Reading, "attempts" | "restores">> {
  const { vertices } = await session.get<{ vertices: { id: string }[] }>(`/jobs/${jid}`);
  const subtasks = await Promise.all(
    vertices.map(({ id }) => session.get<{ subtasks: { attempt: number }[] }>(`/jobs/${jid}/vertices/${id}`)),
  );
  const { counts } = await session.get<{ counts: { restored: number } }>(`/jobs/${jid}/checkpoints`);
  return {
    attempts: subtasks.flatMap((vertex) => vertex.subtasks.map(({ attempt }) => attempt)),
    restores: counts.restored,
  };
}

function rest(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

main().catch((error: Error) => {
  console.error(error);
  process.exitCode = 1;
});
