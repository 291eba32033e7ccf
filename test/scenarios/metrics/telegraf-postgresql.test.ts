import type { MetricsDestinationSpec } from "../../../lib/node/metrics/metrics-shipping";
import { LoopbackLogin, LoopbackPostgreSql } from "../../dataflow/provisioning/postgresql/loopback-postgresql";
import { METRICS_SECRET } from "../../node/support/metrics-shipping-input";
import { INTERVAL_SECONDS, LoopbackTelegraf } from "./loopback-telegraf";
import { until } from "./until";

// A test waits for several things, and each of them may take a minute on a busy machine.
jest.setTimeout(300_000);

/** Programs are built where the cache lacks them. */
const PREPARATION_MILLIS = 1_200_000;
/** With what a connection string must not end, or be read as another parameter. */
const WRITER: LoopbackLogin = { username: "writer", password: "it's \\a sslmode=disable" };
const READER: LoopbackLogin = { username: "reader", password: "reads" };

let postgres: LoopbackPostgreSql;
let telegraf: LoopbackTelegraf | undefined;

beforeAll(async () => (postgres = await LoopbackPostgreSql.start()), PREPARATION_MILLIS);
afterAll(() => postgres.stop());
beforeEach(async () => {
  await postgres.reset();
  for (const { username, password } of [WRITER, READER]) {
    await postgres.ask(`CREATE ROLE ${username} LOGIN PASSWORD '${password.replaceAll("'", "''")}'`);
  }
  await postgres.ask("CREATE SCHEMA metrics");
  await postgres.ask("GRANT CREATE, USAGE ON SCHEMA metrics TO writer");
  await postgres.ask("GRANT USAGE ON SCHEMA metrics TO reader");
});
afterEach(async () => {
  await telegraf?.stop();
  telegraf = undefined;
});

type PostgreSql = Extract<MetricsDestinationSpec, { kind: "postgresql" }>;

const spec = (changes: Partial<PostgreSql> = {}): PostgreSql => ({
  ...{ kind: "postgresql", host: postgres.host, port: postgres.port, database: postgres.databaseName },
  ...{ schema: "metrics", reader: "reader", login: { kind: "basic", secretArn: METRICS_SECRET } },
  ...{ retentionDays: 30, certificateAuthorities: postgres.certificateAuthorities, timeoutSeconds: 5 },
  ...changes,
});
const rows = (table: string, rest = "ORDER BY time") =>
  postgres.ask<Record<string, unknown>>(`SELECT * FROM metrics.${table} ${rest}`, READER);
const untilThere = (table: string, least = 1) =>
  until(async () => {
    telegraf!.requireRunning();
    const found = await rows(table).catch(() => []);
    return found.length >= least ? found : undefined;
  }, `a row of ${table}`);

test("each measurement is a table, with a column for each tag and each field, which the reader may read at once", async () => {
  telegraf = await LoopbackTelegraf.start({ destination: spec(), tags: { team: "orders" } }, WRITER);
  const [first, second] = await untilThere("flink_jobmanager_job", 2);
  expect(first).toEqual({
    ...{ time: expect.any(Date), lastCheckpointDuration: 120, numRestarts: 1 },
    ...{ job_id: "4f3a", job_name: "Orders, 5 min", host: "node-1.orders.flink.internal" },
    ...{ cluster: "orders", node: "orders-node-1", team: "orders" },
  });
  expect(second.numRestarts).toBe(2);
  expect((second.time as Date).getTime() - (first.time as Date).getTime()).toBe(INTERVAL_SECONDS * 1_000);
  expect(await untilThere("flink_taskmanager_job_task")).toEqual(
    expect.arrayContaining([expect.objectContaining({ numRecordsIn: 100, buffers_inPoolUsage: 0.25 })]),
  );
  expect((await untilThere("cdktf_flink_node"))[0]).toMatchObject({ healthy: 1 });
  expect((await untilThere("cpu"))[0]).toMatchObject({ cluster: "orders", node: "orders-node-1" });
  expect(telegraf.trouble()).toBeUndefined();
  const indices = await postgres.ask<{ indexdef: string }>(
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'metrics' AND tablename = 'flink_jobmanager_job'",
  );
  expect(indices.map(({ indexdef }) => indexdef)).toEqual([expect.stringMatching(/USING btree \("time"\)$/)]);
  // The test itself asks for tables that are not there yet.
  const errors = postgres.log.split("\n").filter((line) => line.includes("ERROR:"));
  expect(errors.filter((line) => !/relation "metrics\.\w+" does not exist/.test(line))).toEqual([]);
});

test("rows that are too old go when new ones come, and another number of days holds for tables that are there", async () => {
  telegraf = await LoopbackTelegraf.start({ destination: spec() }, WRITER);
  await untilThere("flink_jobmanager_job");
  await telegraf.stop();
  // As superuser, whose session has no days: nothing is deleted for it.
  await postgres.asSuperuser(
    "INSERT INTO metrics.flink_jobmanager_job (time, node) SELECT now() - make_interval(days => age), 'old' " +
      "FROM generate_series(1, 60) AS age, generate_series(1, 500)",
  );
  const old = () => rows("flink_jobmanager_job", "WHERE node = 'old' AND time < now() - interval '30 days'");
  expect(await old()).toHaveLength(31 * 500);
  telegraf = await LoopbackTelegraf.start({ destination: spec() }, WRITER);
  await until(async () => ((await old()).length === 0 ? true : undefined), "the end of old rows");
  const kept = () => rows("flink_jobmanager_job", "WHERE node = 'old'");
  expect((await kept()).length).toBeGreaterThanOrEqual(29 * 500);
  // No statement deletes more than it may.
  await telegraf.stop();
  telegraf = await LoopbackTelegraf.start({ destination: spec({ retentionDays: 7 }) }, WRITER);
  await until(async () => ((await kept()).length <= 7 * 500 ? true : undefined), "the end of rows of more than a week");
  await telegraf.stop();
  telegraf = await LoopbackTelegraf.start({ destination: spec({ retentionDays: 0 }) }, WRITER);
  const before = (await kept()).length;
  await untilThere("flink_jobmanager_job", before + 1);
  expect((await kept()).length).toBe(before);
});

test("what comes while PostgreSQL is away is there afterwards, and nothing is lost", async () => {
  telegraf = await LoopbackTelegraf.start({ destination: spec() }, WRITER);
  await untilThere("flink_jobmanager_job");
  const { jobManager } = telegraf.exporters;
  await postgres.leave();
  try {
    // The first words may be about the connection that was there.
    await until(() => (/connection refused/.test(telegraf!.trouble() ?? "") ? true : undefined), "a complaint");
    const { looks } = jobManager;
    await until(() => (jobManager.looks >= looks + 2 ? true : undefined), "two looks");
  } finally {
    await postgres.comeBack();
  }
  const before = jobManager.looks;
  const found = await untilThere("flink_jobmanager_job", before);
  expect(found.slice(0, before).map(({ numRestarts }) => numRestarts)).toEqual(
    Array.from({ length: before }, (_, at) => at + 1),
  );
  expect(await until(() => telegraf!.status(), "a status")).toMatchObject({ lost: 0 });
});

test("several nodes write the same tables, and none waits for another for ever", async () => {
  telegraf = await LoopbackTelegraf.start({ destination: spec() }, WRITER);
  const other = await LoopbackTelegraf.start({ destination: spec() }, WRITER);
  try {
    await untilThere("flink_jobmanager_job", 6);
    for (const each of [telegraf, other]) expect(each.trouble()).toBeUndefined();
  } finally {
    await other.stop();
  }
});

test("a wrong password is told without it, and another one is shown with a new start", async () => {
  telegraf = await LoopbackTelegraf.start({ destination: spec() }, { ...WRITER, password: "wrong" });
  expect(await until(() => telegraf!.trouble(), "a complaint")).toMatch(/password authentication failed/);
  expect(telegraf.log).not.toContain("password=");
  telegraf.requireRunning();
  telegraf.secret = WRITER;
  await until(async () => ((await telegraf!.hasLogin(WRITER)) ? true : undefined), "the new login");
  await telegraf.startAnew();
  await untilThere("flink_jobmanager_job");
});

test("a server that is not whose name it has is told, and gets no password", async () => {
  telegraf = await LoopbackTelegraf.start({ destination: spec({ host: "127.0.0.1" }) }, WRITER);
  expect(await until(() => telegraf!.trouble(), "a complaint")).toMatch(/certificate/);
  expect(await postgres.ask("SELECT 1 FROM pg_stat_activity WHERE usename = 'writer'")).toEqual([]);
});
