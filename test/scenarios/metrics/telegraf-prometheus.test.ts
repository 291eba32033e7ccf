import type { MetricsDestinationSpec } from "../../../lib/node/metrics/metrics-shipping";
import { METRICS_SECRET } from "../../node/support/metrics-shipping-input";
import { LoopbackPrometheus } from "./loopback-prometheus";
import { INTERVAL_SECONDS, LoopbackTelegraf } from "./loopback-telegraf";
import { until } from "./until";

// A test waits for several things, and each of them may take a minute on a busy machine.
jest.setTimeout(300_000);

/** Programs are built where the cache lacks them. */
const PREPARATION_MILLIS = 1_200_000;
const AUTHORIZATION = "Bearer a-token";

let prometheus: LoopbackPrometheus;
let telegraf: LoopbackTelegraf | undefined;

beforeEach(async () => (prometheus = await LoopbackPrometheus.start(AUTHORIZATION)), PREPARATION_MILLIS);
afterEach(async () => {
  await telegraf?.stop();
  telegraf = undefined;
  await prometheus.stop();
});

type RemoteWrite = Extract<MetricsDestinationSpec, { kind: "prometheus-remote-write" }>;

const spec = (kind: "token" | "basic" = "token"): RemoteWrite => ({
  kind: "prometheus-remote-write",
  url: `${prometheus.front.url}/api/v1/write`,
  login: { kind, secretArn: METRICS_SECRET },
  certificateAuthorities: prometheus.front.certificateAuthorities,
  timeoutSeconds: 5,
});
const untilThere = (selector: string, least = 1) =>
  until(async () => {
    telegraf!.requireRunning();
    const [series] = await prometheus.ask(selector);
    return series && series.values.length >= least ? series : undefined;
  }, selector);

test("each value is there under its official name, with its labels and ours", async () => {
  telegraf = await LoopbackTelegraf.start({ destination: spec(), tags: { team: "orders" } }, { token: "a-token" });
  const { metric, values } = await untilThere("flink_jobmanager_job_numRestarts", 2);
  expect(metric).toEqual({
    __name__: "flink_jobmanager_job_numRestarts",
    ...{ job_id: "4f3a", job_name: "Orders, 5 min", host: "node-1.orders.flink.internal" },
    ...{ cluster: "orders", node: "orders-node-1", team: "orders" },
  });
  expect(values.slice(0, 2).map(([, value]) => value)).toEqual(["1", "2"]);
  expect(values[1][0] - values[0][0]).toBe(INTERVAL_SECONDS);
  for (const [name, value] of [
    ["flink_jobmanager_Status_JVM_Memory_Heap_Used", "123456780"],
    ["flink_taskmanager_job_task_buffers_inPoolUsage", "0.25"],
    ["flink_taskmanager_job_task_checkpointAlignment_count", "4"],
    ['flink_taskmanager_job_task_checkpointAlignment{quantile="0.5"}', "12"],
    ['cdktf_flink_certificate_remaining_seconds{process="jobmanager"}', "3600"],
    ["cdktf_flink_node_healthy", "1"],
  ]) {
    expect([name, (await untilThere(name)).values[0][1]]).toEqual([name, value]);
  }
  for (const name of ["cpu_usage_idle", "mem_available", "net_bytes_recv", "system_load1", "internal_write_errors"]) {
    expect((await untilThere(name)).metric).toMatchObject({ cluster: "orders", node: "orders-node-1" });
  }
  expect(telegraf.trouble()).toBeUndefined();
});

test("every moment of an outage is there afterwards, in order", async () => {
  telegraf = await LoopbackTelegraf.start({ destination: spec() }, { token: "a-token" });
  const NAME = "flink_jobmanager_job_numRestarts";
  await untilThere(NAME);
  prometheus.front.isAway = true;
  const looks = telegraf.exporters.jobManager.looks;
  await until(() => (telegraf!.exporters.jobManager.looks >= looks + 4 ? true : undefined), "four looks");
  expect(telegraf.trouble()).toMatch(/received status code: 503/);
  const before = telegraf.exporters.jobManager.looks;
  prometheus.front.isAway = false;
  const { values } = await untilThere(NAME, before);
  expect(values.slice(0, before).map(([, value]) => Number(value))).toEqual(
    Array.from({ length: before }, (_, at) => at + 1),
  );
  expect(await until(() => telegraf!.status(), "a status")).toMatchObject({ lost: 0 });
});

test("a name and a password do as well, and another one is shown as soon as there is one", async () => {
  const header = (password: string): string => `Basic ${Buffer.from(`writer:${password}`).toString("base64")}`;
  prometheus.front.authorization = header("first");
  telegraf = await LoopbackTelegraf.start({ destination: spec("basic") }, { username: "writer", password: "first" });
  const NAME = "flink_jobmanager_job_numRestarts";
  await untilThere(NAME);
  prometheus.front.authorization = header("second");
  await until(() => telegraf!.trouble(), "a complaint");
  expect(telegraf.trouble()).toMatch(/received status code: 401/);
  telegraf.secret = { username: "writer", password: "second" };
  const { length } = (await untilThere(NAME)).values;
  await untilThere(NAME, length + 2);
});
