import { readFileSync } from "node:fs";
import { FlinkLogDashboards, LogMonitor, LogVisualization } from "../../../lib";
import type { LogDocument } from "../../../lib/node/log-exporter/log-document";
import { putIndexTemplate } from "../../../lib/observability/log-indices/put-index-template";
import { ADMINISTRATOR, LoopbackOpenSearch } from "../../dataflow/provisioning/opensearch/loopback-opensearch";
import { drawDay } from "../../scenarios/log-overview/draw-day";
import { DOCS_PICTURE } from "../../scenarios/log-overview/draw-overview";
import { lookTheSame, toPng } from "../../support/pictures/png";

const START_MILLIS = 600_000;
/** What a Java machine says that ends by it. */
const OUT_OF_MEMORY = "Terminating due to java.lang.OutOfMemoryError: Java heap space";
const JOB = "4f3a0c1d2e5b697887969a5b4c3d2e1f";
const NODE = { host: "orders-node-1.orders.internal", node: "orders-node-1", cluster: "orders" };
/** As much older than now as no line of the others: of a node that fell silent. */
const LONG_AGO_MILLIS = 3 * 3_600_000;

let server: LoopbackOpenSearch;
let now: number;

interface Answer {
  readonly hits: { readonly total: { readonly value: number }; readonly hits: readonly { _source: LogDocument }[] };
  readonly _shards: { readonly failed: number };
  readonly aggregations?: Readonly<Record<string, { readonly buckets?: readonly unknown[]; readonly value?: unknown }>>;
}

/** Lines in the words that Flink, its nodes' agents and the kernel write. */
function lines(): LogDocument[] {
  const at = (millisAgo: number) => new Date(now - millisAgo).toISOString();
  const flink = (role: "jobmanager" | "taskmanager", sequence: number, logger: string, message: string) => ({
    ...{ "@timestamp": at(60_000 - sequence), level: "INFO", thread: "main", unit: `flink-${role}.service`, ...NODE },
    ...{ role, run: `run-of-${role}`, sequence, logger: `org.apache.flink.${logger}`, message, job_id: JOB },
  });
  const leader = (sequence: number, logger: string, message: string) =>
    flink("jobmanager", sequence, `runtime.${logger}`, message);
  const trouble = { level: "WARN", exception: "java.io.IOException", stack_trace: "java.io.IOException: boom\n\tat X" };
  const repeated = Array.from({ length: 60 }, (_, index) => ({
    ...flink("taskmanager", index + 1, "runtime.taskmanager.Task", "Source (1/2)#0 switched from RUNNING to FAILED"),
    ...trouble,
  }));
  return [
    leader(1, "executiongraph.ExecutionGraph", `Job orders (${JOB}) switched from state RUNNING to RESTARTING.`),
    leader(2, "executiongraph.ExecutionGraph", `Job orders (${JOB}) switched from state FAILING to FAILED.`),
    {
      ...leader(
        3,
        "checkpoint.CheckpointFailureManager",
        `Failed to trigger or complete checkpoint 12 for job ${JOB}.`,
      ),
      ...trouble,
    },
    leader(4, "checkpoint.CheckpointCoordinator", `Checkpoint 12 of job ${JOB} expired before completing.`),
    leader(5, "dispatcher.DispatcherRestEndpoint", "https://orders-node-1:8081 was granted leadership with id 1"),
    leader(6, "checkpoint.CheckpointCoordinator", `Completed checkpoint 13 for job ${JOB} (1 bytes).`),
    ...repeated,
    { "@timestamp": at(5000), message: "agent: runs the desired state", role: "agent", level: "INFO", ...NODE },
    { "@timestamp": at(4000), message: "Out of memory: Killed process 1 (java)", role: "kernel", ...NODE },
    { "@timestamp": at(3000), message: OUT_OF_MEMORY, role: "taskmanager", level: "INFO", ...NODE },
    { "@timestamp": at(LONG_AGO_MILLIS), message: "the last words", role: "system", ...NODE, node: "orders-node-2" },
  ];
}

async function search(body: object): Promise<Answer> {
  const { status, body: answer } = await server.ask(ADMINISTRATOR, "POST", "/logs-*/_search", body);
  expect([status, answer.error]).toEqual([200, undefined]);
  return answer as unknown as Answer;
}

/** As Alerting asks now. */
const asked = (monitor: LogMonitor): object => {
  const [{ search: searched }] = monitor.toRequest().inputs as { search: { query: object } }[];
  return JSON.parse(JSON.stringify(searched.query).replaceAll("{{period_end}}", String(now))) as object;
};

beforeAll(async () => {
  server = await LoopbackOpenSearch.start();
  now = Date.now();
  const call = ({ method, path, body }: { method: string; path: string; body?: object }) =>
    server.ask(ADMINISTRATOR, method, path, body);
  await putIndexTemplate({ call }, "logs");
  const indexOf = ({ "@timestamp": time }: LogDocument) => `logs-${time.slice(0, 10).replaceAll("-", ".")}`;
  for (const index of new Set(lines().map(indexOf))) {
    const bulk = lines()
      .filter((line) => indexOf(line) === index)
      .map((line) => `{"create":{}}\n${JSON.stringify(line)}\n`);
    const { body } = await server.ask(ADMINISTRATOR, "POST", `/${index}/_bulk?refresh=true`, bulk.join(""));
    expect(body.errors).toBe(false);
  }
}, START_MILLIS);
afterAll(() => server?.stop());

const { searches, overview } = new FlinkLogDashboards();

test.each([...searches, ...overview.panels].map((panel) => [panel.title, panel] as const))(
  "%s: OpenSearch runs it, and finds lines that are meant",
  async (_, panel) => {
    const { hits, _shards, aggregations = {} } = await search(panel.searchRequest());
    expect(_shards.failed).toBe(0);
    expect(hits.total.value).toBeGreaterThan(0);
    for (const { buckets, value } of Object.values(aggregations)) {
      if (buckets) expect(buckets).not.toEqual([]);
      else expect(value).not.toBeNull();
    }
    if (!(panel instanceof LogVisualization)) expect(hits.hits).not.toEqual([]);
  },
);

test("a line is found by what it is about, and by nothing else", async () => {
  const ours = new FlinkLogDashboards();
  const messages = async (panel: (typeof searches)[number]) =>
    (await search(panel.searchRequest())).hits.hits.map(({ _source }) => _source.message);
  expect(await messages(ours.restarts)).toEqual([
    `Job orders (${JOB}) switched from state FAILING to FAILED.`,
    `Job orders (${JOB}) switched from state RUNNING to RESTARTING.`,
  ]);
  expect(await messages(ours.checkpointFailures)).toEqual([
    `Checkpoint 12 of job ${JOB} expired before completing.`,
    `Failed to trigger or complete checkpoint 12 for job ${JOB}.`,
  ]);
  expect(await messages(ours.leaderChanges)).toEqual(["https://orders-node-1:8081 was granted leadership with id 1"]);
  expect(await messages(ours.agents)).toEqual(["agent: runs the desired state"]);
  expect(await messages(ours.kernel)).toEqual([OUT_OF_MEMORY, "Out of memory: Killed process 1 (java)"]);
});

test.each([
  ["errors of a cluster", LogMonitor.errorRate(), [{ key: { cluster: "orders" }, doc_count: 61 }]],
  [
    "an exception of a job",
    LogMonitor.repeatedException(),
    [{ key: { cluster: "orders", job_id: JOB, exception: "java.io.IOException" }, doc_count: 61 }],
  ],
  [
    "a silent node",
    LogMonitor.silentNode(),
    [
      { key: { cluster: "orders", node: "orders-node-1" }, lately: { doc_count: 69 } },
      { key: { cluster: "orders", node: "orders-node-2" }, lately: { doc_count: 0 } },
    ],
  ],
])("the monitor of %s has a bucket of each, with what it is judged by", async (_, monitor, buckets) => {
  const { aggregations } = await search(asked(monitor));
  expect(aggregations!.each.buckets).toMatchObject(buckets);
});

test(
  "the overview in docs is drawn of what its panels answer: where it is not, run `make docs`",
  async () => {
    const drawn = await toPng(await drawDay(server));
    expect(await lookTheSame(readFileSync(DOCS_PICTURE), drawn)).toBe(true);
  },
  START_MILLIS,
);
