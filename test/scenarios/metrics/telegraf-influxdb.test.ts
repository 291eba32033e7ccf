import type { MetricsDestinationSpec } from "../../../lib/node/metrics/metrics-shipping";
import { METRICS_SECRET } from "../../node/support/metrics-shipping-input";
import { LoopbackInfluxDb } from "./loopback-influxdb";
import { INTERVAL_SECONDS, LoopbackTelegraf } from "./loopback-telegraf";
import { until } from "./until";

// A test waits for several things, and each of them may take a minute on a busy machine.
jest.setTimeout(300_000);

/** Programs are built where the cache lacks them. */
const PREPARATION_MILLIS = 1_200_000;
const INTERVAL_MILLIS = INTERVAL_SECONDS * 1_000;

let influx: LoopbackInfluxDb;
let telegraf: LoopbackTelegraf | undefined;

beforeAll(async () => (influx = await LoopbackInfluxDb.start()), PREPARATION_MILLIS);
afterAll(() => influx.stop());
afterEach(async () => {
  await telegraf?.stop();
  telegraf = undefined;
  for (const { name } of await influx.ask("SHOW MEASUREMENTS")) await influx.ask(`DROP MEASUREMENT "${name}"`);
});

const spec = (): MetricsDestinationSpec => ({
  kind: "influxdb",
  url: influx.url,
  database: influx.database,
  retentionPolicy: influx.retentionPolicy,
  login: { kind: "basic", secretArn: METRICS_SECRET },
  certificateAuthorities: influx.certificateAuthorities,
  timeoutSeconds: 5,
});
const from = (measurement: string): string => `SELECT * FROM "${influx.retentionPolicy}"."${measurement}"`;
const points = (measurement: string) => influx.ask(from(measurement));
const untilThere = (measurement: string, least = 1) =>
  until(async () => {
    telegraf!.requireRunning();
    const found = await points(measurement);
    return found.length >= least ? found : undefined;
  }, `a point of ${measurement}`);

test("values of Flink, the agent and the machine are there under their names, all of one moment and one place together", async () => {
  telegraf = await LoopbackTelegraf.start({ destination: spec(), tags: { team: "orders" } }, influx.writer);
  const [first, second] = await untilThere("flink_jobmanager_job", 2);
  expect(first).toEqual({
    ...{ time: expect.any(Number), numRestarts: 1, lastCheckpointDuration: 120 },
    ...{ job_id: "4f3a", job_name: "Orders, 5 min", host: "node-1.orders.flink.internal" },
    ...{ cluster: "orders", node: "orders-node-1", team: "orders" },
  });
  // All nodes look at the same moments, and each value is that of its look.
  expect((first.time as number) % INTERVAL_MILLIS).toBe(0);
  expect(second).toMatchObject({ numRestarts: 2, time: (first.time as number) + INTERVAL_MILLIS });
  expect((await points("flink_jobmanager"))[0]).toMatchObject({
    numRunningJobs: 1,
    Status_JVM_Memory_Heap_Used: 123_456_780,
  });
  const tasks = await points("flink_taskmanager_job_task");
  expect(tasks).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ numRecordsIn: 100, buffers_inPoolUsage: 0.25, checkpointAlignment_count: 4 }),
      expect.objectContaining({ checkpointAlignment: 12, quantile: "0.5" }),
    ]),
  );
  expect(tasks.filter(({ quantile }) => quantile === "0.95")).toEqual([]);
  expect((await untilThere("cdktf_flink_certificate"))[0]).toMatchObject({
    remaining_seconds: 3600,
    process: "jobmanager",
  });
  expect((await untilThere("cdktf_flink_node"))[0]).toMatchObject({ healthy: 1, node: "orders-node-1" });
  for (const measurement of ["cpu", "mem", "net", "system", "kernel", "internal_write"]) {
    expect((await untilThere(measurement))[0]).toMatchObject({ cluster: "orders", node: "orders-node-1" });
  }
  expect(await points("cdktf_flink_status")).toEqual([]);
  expect(telegraf.trouble()).toBeUndefined();
});

test("names that are shut out are not there, and the agent hears of the work all the same", async () => {
  telegraf = await LoopbackTelegraf.start(
    { destination: spec(), include: ["flink_*", "cpu_usage_idle"], exclude: ["flink_*Status_*", "*_numRecordsIn"] },
    influx.writer,
  );
  await untilThere("cpu");
  await untilThere("flink_taskmanager_job_task");
  expect(Object.keys((await points("cpu"))[0]).sort()).toEqual(["cluster", "cpu", "node", "time", "usage_idle"]);
  expect((await influx.ask("SHOW MEASUREMENTS")).map(({ name }) => name).sort()).toEqual([
    ...["cpu", "flink_jobmanager", "flink_jobmanager_job", "flink_taskmanager_job_task"],
  ]);
  expect(await influx.ask('SHOW FIELD KEYS FROM "flink_taskmanager_job_task"')).not.toContainEqual(
    expect.objectContaining({ fieldKey: "numRecordsIn" }),
  );
  expect((await until(() => telegraf!.status(), "a status")).written).toBeGreaterThan(0);
});

test("what comes while InfluxDB is away is there afterwards, and nothing is lost", async () => {
  telegraf = await LoopbackTelegraf.start({ destination: spec() }, influx.writer);
  await untilThere("flink_jobmanager_job");
  await influx.leave();
  await until(() => telegraf!.trouble(), "a complaint");
  expect(telegraf.trouble()).toMatch(/^Error writing to outputs\.http: .*connection refused/);
  const looks = telegraf.exporters.jobManager.looks;
  await until(() => (telegraf!.exporters.jobManager.looks >= looks + 3 ? true : undefined), "three looks");
  const before = telegraf.exporters.jobManager.looks;
  await influx.comeBack();
  const found = await untilThere("flink_jobmanager_job", before);
  expect(found.slice(0, before).map(({ numRestarts }) => numRestarts)).toEqual(
    Array.from({ length: before }, (_, at) => at + 1),
  );
  expect(await until(() => telegraf!.status(), "a status")).toMatchObject({ lost: 0 });
});

test("beyond its bound the oldest go, and are counted", async () => {
  await influx.leave();
  telegraf = await LoopbackTelegraf.start({ destination: spec(), bufferedMetrics: 1_000 }, influx.writer);
  // Each look brings about thirty metrics: half a minute of them would take too long.
  telegraf.exporters.jobManager.text = (looks) => jobManagerTextOfMany(looks, 600);
  const { lost } = await until(async () => {
    const status = await telegraf!.status();
    return status && status.lost > 0 ? status : undefined;
  }, "a loss");
  expect(lost).toBeGreaterThan(0);
  await influx.comeBack();
  const kept = await untilThere("flink_jobmanager_job", 300);
  expect(Math.min(...kept.map(({ numRestarts }) => numRestarts as number))).toBeGreaterThan(1);
});

test("a wrong password loses nothing, is told, and mended by a new secret without a new start", async () => {
  telegraf = await LoopbackTelegraf.start({ destination: spec() }, { ...influx.writer, password: "wrong" });
  const trouble = await until(() => telegraf!.trouble(), "a complaint");
  expect(trouble).toMatch(/received status code: 401.*authorization failed/);
  expect(trouble).not.toContain("wrong");
  const { pid } = telegraf;
  telegraf.secret = influx.writer;
  const [first] = await untilThere("flink_jobmanager_job");
  expect(first).toMatchObject({ numRestarts: 1 });
  expect(telegraf.pid).toBe(pid);
});

test.each<[string, Partial<MetricsDestinationSpec>, RegExp]>([
  ["an authority that did not sign its certificate", { certificateAuthorities: undefined }, /certificate/],
  ["a name that is none", { url: "https://influx.invalid:8086" }, /influx\.invalid.*(no such host|server misbehaving)/],
  ["a database that is not there", { database: "other" }, /404.*database not found/],
])("%s is told in one sentence", async (_, wrong, sentence) => {
  telegraf = await LoopbackTelegraf.start(
    { destination: { ...spec(), ...wrong } as MetricsDestinationSpec },
    influx.writer,
  );
  expect(await until(() => telegraf!.trouble(), "a complaint")).toMatch(sentence);
  expect(await until(() => telegraf!.status(), "a status")).toMatchObject({ written: 0, lost: 0 });
});

test("the write API of InfluxDB 2 takes them with a token", async () => {
  const { username, password } = influx.writer;
  const destination: MetricsDestinationSpec = {
    ...{ kind: "influxdb2", url: influx.url, organization: "any", login: { kind: "token", secretArn: METRICS_SECRET } },
    ...{ bucket: `${influx.database}/${influx.retentionPolicy}`, timeoutSeconds: 5 },
    certificateAuthorities: influx.certificateAuthorities,
  };
  telegraf = await LoopbackTelegraf.start({ destination }, { token: `${username}:${password}` });
  expect((await untilThere("flink_jobmanager_job"))[0]).toMatchObject({ numRestarts: 1, job_name: "Orders, 5 min" });
});

/** A JobManager with many jobs. */
function jobManagerTextOfMany(restarts: number, jobs: number): string {
  const lines = Array.from(
    { length: jobs },
    (_, job) => `flink_jobmanager_job_numRestarts{job_id="${job}",} ${restarts}`,
  );
  return ["# TYPE flink_jobmanager_job_numRestarts gauge", ...lines].join("\n");
}
