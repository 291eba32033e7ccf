import { createInterface } from "readline";
import { Deployment } from "../../scenarios/deployment";
import { FlinkSession } from "../../scenarios/flink-session";
import { SqlClient } from "../../scenarios/sql-client";
import { Lab } from "../lab";

/**
 * How many records a second a job passes from machine to machine. scripts/compare-throughput.mjs runs this program in two
 * checkouts at once and lets them measure in turns: it brings a cluster up, measures for each line that it reads, and
 * ends with its input.
 */

const FLINK_VERSION = "2.2";
const NODE_COUNT = 3;
const MINUTE = 60_000;
/** Compilers and caches are warm by then. */
const WARM_UP_MILLIS = 20_000;
const MEASURED_MILLIS = 40_000;

/** Every record crosses the shuffle: two of three go to another machine. */
const SCRIPT = `
SET 'parallelism.default' = '${NODE_COUNT}';
SET 'pipeline.name' = 'throughput';
SET 'execution.checkpointing.interval' = '60 s';
CREATE TABLE events (k INT, a BIGINT, b BIGINT, c BIGINT) WITH ('connector'='datagen',
  'rows-per-second'='100000000', 'fields.k.min'='1', 'fields.k.max'='1000');
CREATE TABLE sums (k INT, a BIGINT, b BIGINT, c BIGINT) WITH ('connector'='blackhole');
INSERT INTO sums SELECT k, SUM(a), SUM(b), SUM(c) FROM events GROUP BY k;
`;

async function main(): Promise<void> {
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
      if (line === "measure") console.log(JSON.stringify({ recordsPerSecond: await measure(session, sql) }));
    }
  } finally {
    await lab.stop();
  }
}

async function measure(session: FlinkSession, sql: SqlClient): Promise<number> {
  const [jid] = (await sql.submit(SCRIPT, await session.leader())) as [string];
  const { vertices } = await session.get<{ vertices: { id: string; name: string }[] }>(`/jobs/${jid}`);
  const receiver = vertices.at(-1)!.id;
  await rest(WARM_UP_MILLIS);
  const first = await nextCount(session, jid, receiver);
  await rest(MEASURED_MILLIS);
  const last = await nextCount(session, jid, receiver);
  await session.call("PATCH", `/jobs/${jid}?mode=cancel`);
  for (;;) {
    const { state } = await session.get<{ state: string }>(`/jobs/${jid}`);
    if (state === "CANCELED") break;
    if (state === "FAILED") throw new Error("the job failed");
    await rest(500);
  }
  return Math.round(((last.records - first.records) * 1000) / (last.at - first.at));
}

/** Flink refreshes what it tells each 10 seconds: the moment at which the count changes is one of them. */
async function nextCount(session: FlinkSession, jid: string, vertex: string): Promise<{ records: number; at: number }> {
  const count = async () => {
    const [sum] = await session.get<{ sum: number }[]>(
      `/jobs/${jid}/vertices/${vertex}/subtasks/metrics?get=numRecordsIn&agg=sum`,
    );
    return sum?.sum ?? 0;
  };
  const before = await count();
  for (;;) {
    const records = await count();
    if (records !== before) return { records, at: Date.now() };
    await rest(100);
  }
}

function rest(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

main().catch((error: Error) => {
  console.error(error);
  process.exitCode = 1;
});
