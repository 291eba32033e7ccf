import { ChildProcess, execFileSync, spawn } from "child_process";
import { once } from "events";
import * as fs from "fs";
import * as http from "http";
import * as path from "path";
import type { LogExporterConfiguration } from "../../../lib/node/logs/log-exporter-configuration";
import { LOG_EXPORTER_MEMORY } from "../../../lib/node/logs/log-exporter-service";
import type { LogExporterStatus } from "../../../lib/node/logs/log-exporter-status";
import { waitFor } from "../../lab/wait-for";
import { freePort } from "../../support/free-port";
import { temporaryFolder } from "../support/software";
import { flinkLine, flinkRecord, otlpRequest } from "./support/entries";
import { HttpsHost } from "./support/https-host";

const SCRIPT = path.resolve(__dirname, "../../../scripts/bundle-log-exporter.mjs");
const SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:logs-AbCdEf";
const TOKEN = "Bearer of-the-collector";
const PATIENCE = { timeout: 50_000, interval: 100 };

/** The bundled program as a node runs it, at a host that plays OpenSearch. */
describe("the program of the log exporter", () => {
  let folder: string;
  let program: string;
  let host: HttpsHost;
  let port: number;
  let running: ChildProcess;

  const file = (name: string) => path.join(folder, name);

  beforeAll(async () => {
    folder = temporaryFolder();
    host = await HttpsHost.start();
    program = file("log-exporter.js");
    const script = `import(process.argv[1]).then(({ bundleLogExporter }) => bundleLogExporter(process.argv[2]))`;
    execFileSync("node", ["-e", script, SCRIPT, program]);
    port = await freePort();
    fs.writeFileSync(file("token"), TOKEN);
    fs.writeFileSync(file("login.json"), JSON.stringify({ username: "logs", password: "hunter2" }));
    fs.mkdirSync(file("lines"));
    fs.writeFileSync(file("configuration.json"), JSON.stringify(configuration()));
  });
  afterAll(async () => {
    await host.stop();
    fs.rmSync(folder, { recursive: true });
  });

  beforeEach(async () => {
    host.requests.splice(0);
    host.answer = ({ body }) => {
      const items = body.split("\n").filter((line) => line.startsWith('{"create"'));
      return { status: 200, body: JSON.stringify({ items: items.map(() => ({ create: { status: 201 } })) }) };
    };
    await start();
  });
  afterEach(() => stop("SIGKILL"));

  function configuration(): LogExporterConfiguration {
    return {
      schemaVersion: 1,
      ...{ cluster: "orders", node: "orders-node-1", host: "node-1.orders.flink.internal" },
      listen: { host: "127.0.0.1", port },
      ...{ tokenFile: file("token"), loginFile: file("login.json"), statusFile: file("status.json") },
      destination: {
        ...{ kind: "opensearch", url: host.url, certificateAuthorities: host.certificateAuthorities },
        ...{ indexPrefix: "logs", timeoutSeconds: 30 },
        login: { kind: "basic", secretArn: SECRET },
      },
      ...{ stateFile: file("delivered.json"), journalCursorFile: file("cursor") },
      processes: [
        { role: "taskmanager", unit: "flink-taskmanager.service", folder: file("lines"), fileName: "lines.json" },
      ],
      roles: {},
    };
  }

  async function start(): Promise<void> {
    const { flags, environment } = LOG_EXPORTER_MEMORY;
    const env = { PATH: process.env.PATH, LOG_EXPORTER_CONFIGURATION: file("configuration.json"), ...environment };
    running = spawn("node", [...flags, program], { env, stdio: ["ignore", "inherit", "inherit"] });
    await waitFor(async () => (await send("{}").catch(() => 0)) === 200, { ...PATIENCE, what: "the exporter" });
  }

  async function stop(signal: NodeJS.Signals): Promise<number | null> {
    if (running.exitCode !== null || running.signalCode !== null) return running.exitCode;
    const ended = once(running, "exit") as Promise<[number | null]>;
    running.kill(signal);
    return (await ended)[0];
  }

  function send(body: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: TOKEN };
      const options = { host: "127.0.0.1", port, path: "/v1/logs", method: "POST", headers, agent: false } as const;
      const request = http.request(options, (response) => {
        response.resume().on("end", () => resolve(response.statusCode!));
      });
      request.on("error", reject).end(body);
    });
  }

  /** Bytes that the program ever had in memory. */
  function largestMemory(): number {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${running.pid}/status`, "utf8"))!;
    return Number(kibibytes) << 10;
  }

  function status(): LogExporterStatus {
    return JSON.parse(fs.readFileSync(file("status.json"), "utf8")) as LogExporterStatus;
  }

  function statusWith(expected: Partial<LogExporterStatus>): Promise<boolean> {
    const holds = () =>
      Object.entries(expected).every(([key, value]) => status()[key as keyof LogExporterStatus] === value);
    return waitFor(() => Promise.resolve(holds()), { ...PATIENCE, what: JSON.stringify(expected) });
  }

  test("brings lines to OpenSearch, says so, and knows it after it was killed", async () => {
    expect(await send(otlpRequest([flinkRecord(1), flinkRecord(2)]))).toBe(200);
    expect(host.requests.map(({ url }) => url.split("?")[0])).toEqual(["/logs-2026.11.29/_bulk"]);
    await statusWith({ delivered: 2 });
    await stop("SIGKILL");
    // While it is away, the process goes on, and what it wrote first is overwritten.
    fs.writeFileSync(path.join(folder, "lines", "lines.json"), `${flinkLine(10)}\n${flinkLine(11)}\n`);
    await start();
    await statusWith({ delivered: 2, lost: 7 });
  });

  test("says what is in the way, and no longer when it is gone", async () => {
    host.answer = () => ({ status: 401, body: "Unauthorized" });
    expect(await send(otlpRequest([flinkRecord(12)]))).toBe(503);
    const problem = `OpenSearch refuses the login of the user of secret ${SECRET}: 401`;
    await statusWith({ problem });
    host.answer = () => ({ status: 200, body: JSON.stringify({ items: [{ create: { status: 201 } }] }) });
    expect(await send(otlpRequest([flinkRecord(12)]))).toBe(200);
    await statusWith({ problem: undefined });
  });

  test("takes a batch of the longest lines without growing by more than a part of it", async () => {
    const before = largestMemory();
    // As many as the collector gives at once, and as long as it lets them be.
    const line = "a line without any form ".repeat(8 << 10);
    const records = Array.from({ length: 100 }, (_, at) => ({
      ...flinkRecord(at),
      body: `${at} ${line}`.slice(0, 192 << 10),
    }));
    expect(await send(otlpRequest(records))).toBe(200);
    expect(largestMemory() - before).toBeLessThan(32 << 20);
  });

  test("ends at once when it is asked to, also with a request in its hands, which is not answered as delivered", async () => {
    host.answer = () => "silent";
    const answer = send(otlpRequest([flinkRecord(13)])).catch(() => "none");
    await waitFor(() => Promise.resolve(host.requests.length === 1), { ...PATIENCE, what: "a request" });
    expect(await stop("SIGTERM")).toBe(0);
    expect(await answer).toBe("none");
  });
});
