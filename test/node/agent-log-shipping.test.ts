import { execFileSync } from "child_process";
import * as fs from "fs";
import * as path from "path";
import { readExporterStatus } from "../../lib/node/agent/logs/exporter-status";
import { LogShipping, type ShippingMachine } from "../../lib/node/agent/logs/log-shipping";
import { ensureShippingMemory, removeShippingMemory } from "../../lib/node/agent/logs/shipping-memory";
import { ShippingReport } from "../../lib/node/agent/logs/shipping-report";
import type { DirectorySpec, JobCredentialsSpec, LogsSpec } from "../../lib/node/desired-state";
import { isHostSetting } from "../../lib/node/host-settings";
import type { LogExporterStatus } from "../../lib/node/logs/log-exporter-status";
import { clusterDesiredState } from "../../lib/node/node-layout";
import {
  LOG_COLLECTOR_CONFIGURATION_FILE,
  LOG_EXPORTER_CONFIGURATION_FILE,
  LOG_JOURNAL_READER_FILE,
} from "../../lib/node/paths";
import type { LogsReport } from "../../lib/node/report";
import { LOGS_USER } from "../../lib/node/users";
import { shippingClusterInput } from "./support/log-shipping-input";
import { temporaryFolder } from "./support/software";

const SPEC: LogsSpec = {
  credentials: { roleArn: "arn:aws:iam::123456789012:role/orders-logs", port: 957 },
  secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:logs-AbCdEf",
};
const STATUS: LogExporterStatus = {
  ...{ schemaVersion: 1, updatedAt: "2026-11-29T10:00:00.000Z", lastDeliveredAt: "2026-11-29T09:59:59.000Z" },
  ...{ delivered: 10, lost: 0, rejected: 0 },
};
const [EXPORTER, COLLECTOR, FLINK] = [
  "flink-log-exporter.service",
  "flink-log-collector.service",
  "flink-jobmanager.service",
];
const STATE = {
  logs: SPEC,
  units: [
    { name: FLINK, content: "" },
    ...[EXPORTER, COLLECTOR].map((name) => ({ name, content: "", auxiliary: true as const })),
  ],
};

beforeEach(() => {
  jest.spyOn(process.stdout, "write").mockImplementation(() => true);
});

describe("the agent's part in the shipping of logs", () => {
  let now: number;
  let order: string[];
  let told: LogsReport | undefined;
  let machine: { -readonly [Part in keyof ShippingMachine]: ShippingMachine[Part] };
  let status: LogExporterStatus | undefined;
  let unitProblem: string | undefined;
  let serve: () => Promise<void>;
  let shipping: LogShipping;

  beforeEach(() => {
    [now, order, told, status, unitProblem] = [0, [], undefined, STATUS, undefined];
    serve = () => Promise.resolve();
    const note = (what: string): Promise<void> => (order.push(what), Promise.resolve());
    machine = {
      ensureMemory: () => note("memory"),
      removeMemory: () => note("memory removed"),
      exporterStatus: () => Promise.resolve(status),
      freeBytes: () => Promise.resolve(1 << 30),
      units: (names) => ({
        look: async () => (await note(`units ${names.join(" ")}`), new Map([[EXPORTER, unitProblem]])),
      }),
    };
    const credentials = {
      serve: async ({ roleArn }: JobCredentialsSpec) => (await note(`serve ${roleArn}`), serve()),
      serveAgain: ({ roleArn }: JobCredentialsSpec) => note(`serve again ${roleArn}`),
    };
    const login = {
      keep: async (secretArn?: string) => (await note(`login ${secretArn}`), { ended: Promise.resolve() }),
    };
    const report = new ShippingReport({ setLogs: (logs) => (told = logs) });
    shipping = new LogShipping(credentials, login, report, machine, () => now);
  });

  const begin = (state: Partial<typeof STATE> = STATE): Promise<void> =>
    shipping.begin(
      { units: STATE.units, ...state },
      { units: STATE.units.map(({ name }) => name) },
      () => Promise.resolve(),
      new AbortController().signal,
    );

  const look = async (): Promise<LogsReport | undefined> => {
    await shipping.look();
    now += 10_000;
    return told;
  };

  test("gives the shippers what they need before it starts them, and keeps one login", async () => {
    await begin();
    expect(order).toEqual([]);
    for (let time = 0; time < 2; time++) await look();
    expect(order).toEqual([
      ...["memory", `serve ${SPEC.credentials.roleArn}`, `login ${SPEC.secretArn}`, `units ${EXPORTER} ${COLLECTOR}`],
      ...["memory", `serve ${SPEC.credentials.roleArn}`, `units ${EXPORTER} ${COLLECTOR}`],
    ]);
  });

  test("is nothing where no logs are shipped, but that nothing of it stays in memory", async () => {
    await shipping.serveAgain({});
    await begin({ logs: undefined });
    await look();
    expect([order, told]).toEqual([["memory removed"], undefined]);
    machine.removeMemory = () => Promise.reject(new Error("busy"));
    await begin({ logs: undefined });
  });

  test("serves on at once where an agent has served before", async () => {
    await shipping.serveAgain({ logs: SPEC });
    expect(order).toEqual([`serve again ${SPEC.credentials.roleArn}`]);
  });

  test("tells what the exporter says of itself", async () => {
    await begin();
    const { delivered, lost, rejected, lastDeliveredAt } = STATUS;
    expect(await look()).toEqual({ delivered, lost, rejected, lastDeliveredAt });
    status = { ...STATUS, lost: 3, problem: "the name search.example cannot be resolved" };
    expect(await look()).toMatchObject({ lost: 3, problem: "the name search.example cannot be resolved" });
    status = { ...STATUS, updatedAt: "2026-11-29T10:00:20.000Z" };
    expect(await look()).toEqual({ delivered, lost, rejected, lastDeliveredAt });
  });

  test("tells what the agent itself sees, in one line, until it is over", async () => {
    await begin();
    await look();
    unitProblem = `${EXPORTER} ends again and again, 2 times so far`;
    status = { ...STATUS, problem: "OpenSearch answers 503" };
    machine.freeBytes = () => Promise.resolve(1 << 20);
    expect((await look())!.problem!.split("; ").sort()).toEqual([
      "OpenSearch answers 503",
      `${EXPORTER} ends again and again, 2 times so far`,
      "the data volume is full: lines of Flink are lost until it has space again",
    ]);
    [unitProblem, status] = [undefined, STATUS];
    machine.freeBytes = () => Promise.resolve(1 << 30);
    expect(await look()).not.toHaveProperty("problem");
  });

  test("tells of an exporter that does not say anything any more, or never did, until it does", async () => {
    status = undefined;
    await begin();
    expect(await look()).toBeUndefined();
    now += 80_000;
    expect((await look())!.problem).toBe("the log exporter says nothing");
    status = STATUS;
    expect(await look()).not.toHaveProperty("problem");
    now += 80_000;
    expect((await look())!.problem).toBe(`the log exporter says nothing since ${STATUS.updatedAt}`);
    status = { ...STATUS, updatedAt: "2026-11-29T10:02:00.000Z" };
    expect(await look()).not.toHaveProperty("problem");
  });

  test("goes on with all else where one thing fails, and tells of it until it succeeds", async () => {
    await begin();
    serve = () => Promise.reject(new Error("listen EADDRINUSE: address already in use 127.0.0.1:957"));
    expect((await look())!.problem).toBe(
      "the credentials of the shippers cannot be served: listen EADDRINUSE: address already in use 127.0.0.1:957",
    );
    expect(order).toContain(`units ${EXPORTER} ${COLLECTOR}`);
    expect(told).toMatchObject({ delivered: 10 });
    serve = () => Promise.resolve();
    expect(await look()).not.toHaveProperty("problem");
    expect(order).toContain(`login ${SPEC.secretArn}`);
  });

  test("starts nothing without what the shippers need", async () => {
    await begin();
    machine.ensureMemory = () => Promise.reject(new Error("there is no user flink-logs on this machine"));
    expect((await look())!.problem).toBe(
      "what the shippers need in memory cannot be made: there is no user flink-logs on this machine",
    );
    expect(order).toEqual([]);
  });

  test("looks every ten seconds at most, and never twice at a time", async () => {
    await begin();
    let goOn: () => void = () => undefined;
    machine.ensureMemory = () => (order.push("memory"), new Promise((resolve) => (goOn = resolve)));
    const hanging = shipping.look();
    now += 60_000;
    await shipping.look();
    expect(order).toEqual(["memory"]);
    goOn();
    await hanging;
    now += 9_999 - 60_000;
    await shipping.look();
    expect(order.filter((step) => step === "memory")).toHaveLength(1);
  });
});

describe("what the exporter says of itself", () => {
  let folder: string;
  let file: string;
  const write = (content: unknown): void => fs.writeFileSync(file, JSON.stringify(content));

  beforeEach(() => {
    folder = temporaryFolder();
    file = path.join(folder, "status.json");
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  test("is read, and nothing where it has said nothing", async () => {
    expect(await readExporterStatus(file)).toBeUndefined();
    write({ ...STATUS, more: "of a later version" });
    expect(await readExporterStatus(file)).toEqual(STATUS);
  });

  test("is for a terminal in one line, without secrets, and not longer than others can read", async () => {
    write({ ...STATUS, problem: `\u001b[31m401 of\nhttps://writer:pass-word@search.example ${"x".repeat(1000)}` });
    const { problem } = (await readExporterStatus(file))!;
    expect(problem).toMatch(/^\[31m401 of https:\/\/writer:…@search\.example x+$/);
    expect(problem!.length).toBeLessThanOrEqual(400);
  });

  test.each<[string, unknown]>([
    ["nothing", null],
    ["a list", []],
    ["another version", { ...STATUS, schemaVersion: 2 }],
    ["no moment", { ...STATUS, updatedAt: "now" }],
    ["a day that there is not", { ...STATUS, updatedAt: "2026-13-45T10:00:00.000Z" }],
    ["a last delivery that is no moment", { ...STATUS, lastDeliveredAt: 7 }],
    ["no count", { ...STATUS, lost: undefined }],
    ["a count below zero", { ...STATUS, rejected: -1 }],
    ["a count that is a text", { ...STATUS, delivered: "10" }],
    ["a problem that is none", { ...STATUS, problem: { text: "x" } }],
  ])("is not taken where it is %s", async (_, content) => {
    write(content);
    await expect(readExporterStatus(file)).rejects.toThrow(/^it is not of the known form$/);
  });

  test("is not quoted where it is no JSON", async () => {
    fs.writeFileSync(file, "pass-word");
    await expect(readExporterStatus(file)).rejects.toThrow(/^it is not of the known form$/);
  });

  test("cannot lead to another file, hold up the agent, or fill its memory", async () => {
    const other = path.join(folder, "other.json");
    fs.writeFileSync(other, JSON.stringify(STATUS));
    fs.symlinkSync(other, file);
    await expect(readExporterStatus(file)).rejects.toThrow("it cannot be opened (ELOOP)");
    fs.rmSync(file);
    execFileSync("mkfifo", [file]);
    await expect(readExporterStatus(file)).rejects.toThrow("it is no file");
    fs.rmSync(file);
    fs.mkdirSync(file);
    await expect(readExporterStatus(file)).rejects.toThrow("it is no file");
    fs.rmdirSync(file);
    write({ ...STATUS, problem: "x".repeat(16 << 10) });
    await expect(readExporterStatus(file)).rejects.toThrow("it has more than 16384 bytes");
  });
});

test("shippers of logs can read nothing that a node lays out for root or for Flink", () => {
  const state = clusterDesiredState(shippingClusterInput());
  const foldersAbove = (file: string) => state.directories.filter(({ path: folder }) => file.startsWith(`${folder}/`));
  const may = ({ owner, group, mode }: DirectorySpec, bit: number): boolean => {
    const shift = owner === LOGS_USER ? 6 : group === LOGS_USER ? 3 : 0;
    return ((parseInt(mode, 8) >> shift) & bit) !== 0;
  };
  const READ = 4;
  const PASS = 1;
  const readable = [...state.files, ...state.nodes[0].files]
    .filter((file) => may(file, READ) && foldersAbove(file.path).every((folder) => may(folder, PASS)))
    .map(({ path: file }) => file);
  // Settings of the operating system are no secret.
  expect(readable.filter((file) => !isHostSetting(file)).sort()).toEqual([
    LOG_COLLECTOR_CONFIGURATION_FILE,
    LOG_EXPORTER_CONFIGURATION_FILE,
    LOG_JOURNAL_READER_FILE,
  ]);
  const { groups } = state.users.find(({ name }) => name === LOGS_USER)!;
  expect(groups).toEqual(["systemd-journal"]);
});

describe("what shippers of logs have in memory", () => {
  let root: string;
  const owner = { uid: process.getuid!(), gid: process.getgid!() };
  const RUNTIME = "run/cdktf-flink/logs";
  const inRoot = (entry: string): string => path.join(root, RUNTIME, entry);
  const mode = (entry: string): string => (fs.statSync(inRoot(entry)).mode & 0o7777).toString(8);
  const ensure = (): Promise<void> => ensureShippingMemory({ readable: owner, own: owner }, root);

  beforeEach(() => (root = temporaryFolder()));
  afterEach(() => fs.rmSync(root, { recursive: true }));

  test("is for them to read and for root to write, but for the exporter's status, and for nobody else", async () => {
    await ensure();
    expect(fs.readdirSync(inRoot("")).sort()).toEqual(["collector-token", "secrets", "status"]);
    expect(["", "secrets", "status", "collector-token"].map(mode)).toEqual(["750", "750", "700", "640"]);
    expect(fs.readFileSync(inRoot("collector-token"), "utf8")).toMatch(/^Bearer [\w-]{43}$/);
  });

  test("stays as it is while the machine runs, whatever the exporter puts in its folder", async () => {
    await ensure();
    const token = fs.readFileSync(inRoot("collector-token"), "utf8");
    fs.writeFileSync(inRoot("status/status.json"), "{}");
    await ensure();
    expect(fs.readFileSync(inRoot("collector-token"), "utf8")).toBe(token);
    expect(fs.existsSync(inRoot("status/status.json"))).toBe(true);
  });

  test("is gone where nothing is shipped any more", async () => {
    await removeShippingMemory(root);
    await ensure();
    await removeShippingMemory(root);
    expect(fs.existsSync(inRoot(""))).toBe(false);
  });
});
