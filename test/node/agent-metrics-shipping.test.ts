import * as fs from "fs";
import * as path from "path";
import { ensureMetricsMemory, removeMetricsMemory } from "../../lib/node/agent/metrics/metrics-memory";
import { MetricsShippingReport } from "../../lib/node/agent/metrics/metrics-report";
import { MetricsMachine, MetricsShipping } from "../../lib/node/agent/metrics/metrics-shipping";
import { readTelegrafStatus, TelegrafStatus } from "../../lib/node/agent/metrics/telegraf-status";
import { TroubleWatch } from "../../lib/node/agent/metrics/telegraf-trouble";
import type { JobCredentialsSpec, MetricsSpec } from "../../lib/node/desired-state";
import type { MetricsReport } from "../../lib/node/report";
import { temporaryFolder } from "./support/software";

const SPEC: MetricsSpec = {
  credentials: { roleArn: "arn:aws:iam::123456789012:role/orders-metrics", port: 956 },
  secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:metrics-AbCdEf",
  loginForm: "basic",
  intervalSeconds: 30,
};
const [UNIT, FLINK, OTHER] = ["flink-metrics.service", "flink-jobmanager.service", "flink-log-exporter.service"];
const UNITS = [
  { name: FLINK, content: "" },
  ...[OTHER, UNIT].map((name) => ({ name, content: "", auxiliary: true as const })),
];
const NODE = { host: "node-1.orders.flink.internal", units: [FLINK, OTHER, UNIT] };
const STATUS: TelegrafStatus = { at: 1_000, written: 10, lost: 0, waiting: 2 };
const COMPLAINT = '2026-11-30T02:31:00Z E! [agent] Error writing to outputs.http: Post "https://influx.example": EOF';

beforeEach(() => {
  jest.spyOn(process.stdout, "write").mockImplementation(() => true);
});

describe("the agent's part in the shipping of metrics", () => {
  let now: number;
  let order: string[];
  let told: MetricsReport | undefined;
  let status: TelegrafStatus | undefined;
  let lines: string[];
  let hasLogin: boolean;
  let changes: number;
  let shipping: MetricsShipping;

  beforeEach(() => {
    [now, order, told, status, lines, hasLogin, changes] = [0, [], undefined, STATUS, [], true, 0];
    const note = (what: string): Promise<void> => (order.push(what), Promise.resolve());
    const machine: MetricsMachine = {
      ensureMemory: () => note("memory"),
      removeMemory: () => note("memory removed"),
      telegrafStatus: () => Promise.resolve(status),
      telegrafLines: () => Promise.resolve(lines),
      writeMetrics: ({ host }) => note(`metrics of ${host}`),
      stop: (units) => note(`stop ${units.join(" ")}`),
      units: (names) => ({ look: async () => (await note(`units ${names.join(" ")}`), new Map()) }),
    };
    const credentials = {
      serve: ({ roleArn }: JobCredentialsSpec) => note(`serve ${roleArn}`),
      serveAgain: ({ roleArn }: JobCredentialsSpec) => note(`serve again ${roleArn}`),
    };
    const login = {
      keep: async (secretArn?: string) => (await note(`login ${secretArn}`), { ended: Promise.resolve() }),
      useForm: (form: string) => void order.push(`form ${form}`),
      isThere: () => Promise.resolve(hasLogin),
      changes: () => changes,
    };
    const report = new MetricsShippingReport({ setMetrics: (metrics) => (told = metrics) });
    shipping = new MetricsShipping(credentials, login, report, machine, () => now);
  });

  const begin = (metrics: MetricsSpec | undefined = SPEC): Promise<void> =>
    shipping.begin({ units: UNITS, metrics }, NODE, () => Promise.resolve(), new AbortController().signal);
  const look = async (): Promise<MetricsReport | undefined> => {
    await shipping.look();
    now += 10_000;
    return told;
  };

  test("gives Telegraf what it needs before it starts it, and tells it what the agent knows", async () => {
    await begin();
    for (let time = 0; time < 2; time++) await look();
    const each = ["memory", `serve ${SPEC.credentials.roleArn}`, `units ${UNIT}`, `metrics of ${NODE.host}`];
    expect(order).toEqual([
      ...["form basic", "memory", `serve ${SPEC.credentials.roleArn}`, `login ${SPEC.secretArn}`],
      ...[`units ${UNIT}`, `metrics of ${NODE.host}`],
      ...each,
    ]);
    expect(told).toEqual({ written: 10, lost: 0, waiting: 2 });
  });

  test("is nothing where no metrics are shipped, but that nothing of it stays in memory", async () => {
    await shipping.serveAgain({});
    await shipping.begin({ units: UNITS }, NODE, () => Promise.resolve(), new AbortController().signal);
    await look();
    expect([order, told]).toEqual([["memory removed"], undefined]);
  });

  test("starts nothing before there is a login, as Telegraf would end at once", async () => {
    hasLogin = false;
    await begin();
    await look();
    expect(order).not.toContain(`units ${UNIT}`);
    expect(order).toContain(`metrics of ${NODE.host}`);
    hasLogin = true;
    await look();
    expect(order).toContain(`units ${UNIT}`);
  });

  test("starts it anew with another login of PostgreSQL, once, and goes on with another one of all else", async () => {
    await begin();
    await look();
    changes = 1;
    await look();
    expect(order).not.toContain(`stop ${UNIT}`);
    await begin({ ...SPEC, loginForm: "postgresql" });
    changes = 2;
    for (let time = 0; time < 3; time++) await look();
    expect(order.filter((step) => step.startsWith("stop"))).toEqual([`stop ${UNIT}`]);
  });

  test("tells what Telegraf has lost, and what is in its way just now", async () => {
    await begin();
    status = { at: 1_030, written: 20, lost: 7, waiting: 20_000 };
    lines = [COMPLAINT];
    expect(await look()).toEqual({
      ...{ written: 20, lost: 7, waiting: 20_000 },
      problem: 'Error writing to outputs.http: Post "https://influx.example": EOF',
    });
    lines = [];
    expect(await look()).not.toHaveProperty("problem");
  });

  test("tells when Telegraf says nothing any more, or never did", async () => {
    status = undefined;
    await begin();
    expect(await look()).toBeUndefined();
    now += 140_000;
    expect((await look())!.problem).toBe("Telegraf says nothing of itself any more");
    status = STATUS;
    expect(await look()).not.toHaveProperty("problem");
  });
});

describe("what Telegraf complains of", () => {
  test.each<[string, readonly string[], string | undefined]>([
    ["nothing", ["2026-11-30T02:31:00Z I! Loaded inputs: cpu", "", "no line of Telegraf"], undefined],
    ["a warning", ["2026-11-30T02:31:00Z W! [outputs.http] Metric buffer overflow; 7 metrics"], undefined],
    [
      "the destination before Flink",
      [COMPLAINT, '2026-11-30T02:31:01Z E! [inputs.prometheus] Error in plugin: error making HTTP request to "…"'],
      'Error writing to outputs.http: Post "https://influx.example": EOF',
    ],
    [
      "Flink",
      ['2026-11-30T02:31:01Z E! [inputs.prometheus] Error in plugin: "http://127.0.0.1:9250/metrics": refused.'],
      '"http://127.0.0.1:9250/metrics": refused',
    ],
    [
      "an answer that is too long",
      ["2026-11-30T02:31:01Z I! [inputs.prometheus] skipping http://127.0.0.1:9250/metrics: content length exceeded"],
      "skipping http://127.0.0.1:9250/metrics: content length exceeded",
    ],
    [
      "a certificate by another authority, without what is guessed of it",
      [
        '2026-11-30T02:31:00Z E! [agent] Error writing to outputs.http: Post "https://db": tls: failed to verify certificate: ' +
          'x509: certificate signed by unknown authority (possibly because of "x509: ECDSA verification failure" while trying ' +
          'to verify candidate authority certificate "Company")',
      ],
      'Error writing to outputs.http: Post "https://db": tls: failed to verify certificate: ' +
        "x509: certificate signed by unknown authority",
    ],
  ])("is told in one sentence: %s", (_, lines, sentence) => {
    expect(new TroubleWatch().among(lines)).toBe(sentence);
  });

  test("is why it cannot connect, which it says at its start alone", () => {
    const watch = new TroubleWatch();
    const reason = "failed to connect to `host=db user=writer`: server error (FATAL: password authentication failed)";
    const notConnected = "2026-11-30T02:31:10Z E! [agent] Error writing to outputs.postgresql: not connected";
    expect(watch.among([notConnected])).toBe("Error writing to outputs.postgresql: not connected");
    const first = `2026-11-30T02:31:00Z I! [outputs.postgresql] Connect failed: ${reason}; retrying...`;
    expect(watch.among([first])).toBeUndefined();
    for (let time = 0; time < 2; time++) expect(watch.among([notConnected])).toBe(reason);
    expect(watch.among([COMPLAINT])).toMatch(/EOF$/);
  });

  test("is for a terminal in one line, without secrets, and bounded", () => {
    const line = `2026-11-30T02:31:00Z E! [outputs.http] \u001b[31m401 https://writer:pass-word@influx ${"x".repeat(1000)}`;
    const trouble = new TroubleWatch().among([line])!;
    expect(trouble).toMatch(/^\[31m401 https:\/\/writer:…@influx x+$/);
    expect(trouble.length).toBeLessThanOrEqual(300);
  });
});

describe("what Telegraf says of itself", () => {
  const folder = temporaryFolder();
  const file = path.join(folder, "written.json");
  afterAll(() => fs.rmSync(folder, { recursive: true }));
  const line = (changes: object = {}, timestamp: unknown = 1_000): string => {
    const fields = { buffer_size: 2, metrics_dropped: 3, metrics_rejected: 4, metrics_written: 10, ...changes };
    return JSON.stringify({ fields, name: "cdktf_flink_status", tags: { output: "http" }, timestamp });
  };

  test("is its last line that is whole", async () => {
    expect(await readTelegrafStatus(path.join(folder, "none"))).toBeUndefined();
    fs.writeFileSync(file, `${line()}\n${line({ metrics_written: 20 }, 1_030)}\n{"fields":{"buffer_si`);
    expect(await readTelegrafStatus(file)).toEqual({ at: 1_030, written: 20, lost: 7, waiting: 2 });
  });

  test.each([
    ["no JSON", "pass-word"],
    ["no object", "7"],
    ["no count", line({ buffer_size: -1 })],
    ["no time", line({}, "x")],
  ])("is not taken where it is %s", async (_, content) => {
    fs.writeFileSync(file, content);
    expect(await readTelegrafStatus(file)).toBeUndefined();
  });
});

describe("what Telegraf has in memory", () => {
  let root: string;
  const owner = { uid: process.getuid!(), gid: process.getgid!() };
  const inRoot = (entry: string): string => path.join(root, "run/cdktf-flink/metrics", entry);
  beforeEach(() => (root = temporaryFolder()));
  afterEach(() => fs.rmSync(root, { recursive: true }));

  test("is for it to read and for root to write, but for what it says of itself, and gone afterwards", async () => {
    await ensureMetricsMemory({ readable: owner, own: owner }, root);
    const mode = (entry: string): string => (fs.statSync(inRoot(entry)).mode & 0o7777).toString(8);
    expect(["", "login", "status"].map(mode)).toEqual(["750", "750", "700"]);
    await removeMetricsMemory(root);
    expect(fs.existsSync(inRoot(""))).toBe(false);
  });
});
