import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Command } from "commander";
import { addLogs, addPrepareLogs } from "../../bin/log-commands";
import { desiredStateKey } from "../../lib/core/bucket-layout";
import { LOG_EXPORTER_CONFIGURATION_FILE } from "../../lib/node/paths";
import type { OpenSearchRequest } from "../../lib/observability/opensearch/opensearch";
import { createAuthority, Issuer } from "../lab/authority";
import { MemoryLogs } from "../observability/log-search/memory-logs";
import { PlayedAws } from "./played-aws";
import { bundleCommandLine } from "../support/bundled-command-line";

const NAME = "search.example.internal";
const NOW = Date.now();
const PASSWORD = { OPENSEARCH_PASSWORD: "päss" };

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
let program: string;
let server: Server;
let authorityFile: string;
let logs: MemoryLogs;
let logins: (string | undefined)[];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "command-line-"));
  program = bundleCommandLine(folder);
  const signing = await createAuthority();
  authorityFile = path.join(folder, "authority.pem");
  writeFileSync(authorityFile, signing.certificate);
  const { key, certificate: cert } = await new Issuer(signing).certificateFor(NAME);
  server = createServer({ key, cert }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      logins.push(request.headers.authorization);
      const text = Buffer.concat(chunks).toString("utf8");
      const body = text === "" ? undefined : (JSON.parse(text) as object);
      void logs
        .call({ method: request.method as OpenSearchRequest["method"], path: request.url!, body })
        .then((answer) => response.writeHead(answer.status).end(JSON.stringify(answer.body)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

beforeEach(() => {
  logins = [];
  logs = new MemoryLogs(
    [3, 2, 1].map((minutes) => ({
      id: `line-${minutes}`,
      time: NOW - minutes * 60_000,
      entry: { level: "INFO", node: "orders-node-1", role: "agent", message: `${minutes} minutes ago` },
    })),
  );
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** The whole command line, in a process of its own. */
function runProgram(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const env = { PATH: process.env.PATH, HOME: folder, ...environment };
  return new Promise((resolve) => {
    const child = execFile("node", [program, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: (error?.code as number | undefined) ?? 0, stdout, stderr }),
    );
    // Nobody sits before it.
    child.stdin!.end();
  });
}

/** One command in this process, where nobody sits before a terminal: what it writes, and why it failed. */
async function run(args: readonly string[], password?: string): Promise<{ stdout: string; failure?: string }> {
  const cli = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addLogs(cli);
  addPrepareLogs(cli);
  let stdout = "";
  const write = (text: unknown): boolean => ((stdout += String(text)), true);
  const spies = [
    jest.spyOn(process.stdout, "write").mockImplementation(write),
    jest.spyOn(console, "log").mockImplementation((text) => void write(`${text}\n`)),
  ];
  const { isTTY } = process.stdin;
  process.stdin.isTTY = false;
  if (password !== undefined) process.env.OPENSEARCH_PASSWORD = password;
  try {
    await cli.parseAsync(args, { from: "user" });
    return { stdout };
  } catch (failure) {
    return { stdout, failure: (failure as Error).message };
  } finally {
    delete process.env.OPENSEARCH_PASSWORD;
    process.stdin.isTTY = isTTY;
    for (const spy of spies) spy.mockRestore();
  }
}

function asReader(command: string, args: readonly string[] = []): readonly string[] {
  const { port } = server.address() as AddressInfo;
  const destination = ["--url", `https://${NAME}`, "--connect-to", `localhost:${port}`, "--ca", authorityFile];
  return [command, ...destination, "--user", "reader", ...args];
}

test.each([
  ["--ca", "authority.pem"],
  ["--connect-to", "localhost:9200"],
  ["--index-prefix", "logs-"],
])("%s is refused where a node is asked for its own files", async (option, value) => {
  expect(await run(["logs", "node-1", "--cluster", "orders", option, value])).toEqual({
    stdout: "",
    failure: `${option} is about logs where they are shipped to, and those of node-1 come from the node: leave it out, or give --node node-1`,
  });
});

test("lines come the oldest first, asked for as the user that was named", async () => {
  const { code, stdout, stderr } = await runProgram(asReader("logs"), PASSWORD);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.split("\n")).toEqual([
    ...[3, 2, 1].map(
      (minutes) => `${new Date(NOW - minutes * 60_000).toISOString()} INFO  orders-node-1 agent ${minutes} minutes ago`,
    ),
    "",
  ]);
  expect(logins).toEqual([`Basic ${Buffer.from("reader:päss").toString("base64")}`]);
});

test("the newest of a limit are shown, and that there are more is told apart from them", async () => {
  const { stdout, stderr } = await runProgram(asReader("logs", ["--limit", "1", "--json"]), PASSWORD);
  expect(stdout).toBe('{"level":"INFO","node":"orders-node-1","role":"agent","message":"1 minutes ago"}\n');
  expect(stderr).toBe("cdktf-flink: only the newest 1 lines are shown: name a shorter time, or another --limit\n");
});

test("all of them come where all are asked for", async () => {
  const { stdout } = await run(asReader("logs", ["--limit", "all", "--json", "--since", "1d"]), "p");
  expect(stdout.trim().split("\n")).toHaveLength(3);
});

test("what was asked for stands in the search", async () => {
  const asked = [
    ...["--index-prefix", "flink", "--level", "warn", "--job", "0123456789abcdef0123456789abcdef"],
    ...[
      "--node",
      "the-node",
      "--role",
      "zookeeper",
      "--logger",
      "com.example",
      "--query",
      "boom",
      "--cluster",
      "orders",
    ],
    // Without a zone it is UTC.
    ...["--since", "2026-11-29T22:00", "--until", "2026-11-29T23:00:00.5+01:00"],
  ];
  expect((await run(asReader("logs", asked), "p")).failure).toBeUndefined();
  const [{ path: asking, body }] = logs.asked;
  expect(asking).toMatch(/^\/flink-19%2A\.%2A\.%2A%2Cflink-20%2A\.%2A\.%2A\/_search\?/);
  const text = JSON.stringify(body);
  const since = Date.parse("2026-11-29T22:00:00Z");
  for (const part of [
    ...[`"gte":${since},"lte":${since + 500}`, '["FATAL","ERROR","WARN"]', '"0123456789abcdef0123456789abcdef"'],
    ...['"the-node"', '"zookeeper"', '"com.example."', '"boom"', '"orders"'],
  ]) {
    expect(text).toContain(part);
  }
});

test("of a cluster that its deployment's outputs name, its own lines are shown, from where its nodes ship them to", async () => {
  const aws = await PlayedAws.start();
  try {
    const destination = { kind: "opensearch", url: `https://${NAME}`, indexPrefix: "flink" };
    const content = JSON.stringify({ destination });
    const state = { files: [{ path: LOG_EXPORTER_CONFIGURATION_FILE, content }], nodes: [] };
    aws.objects.set(desiredStateKey("orders"), JSON.stringify(state));
    const outputs = path.join(folder, "outputs.json");
    const output = { cluster_name: "orders", region: "eu-west-1", checkpoint_bucket: "some-bucket" };
    writeFileSync(outputs, JSON.stringify({ streaming: { orders: output } }));
    const { port } = server.address() as AddressInfo;
    const way = ["--connect-to", `localhost:${port}`, "--ca", authorityFile, "--user", "reader"];
    const { code, stderr } = await runProgram(["logs", "--outputs", outputs, ...way], {
      ...PASSWORD,
      ...aws.environment,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [{ path: asking, body }] = logs.asked;
    expect(asking).toContain("flink-20");
    expect(JSON.stringify(body)).toContain('"orders"');
  } finally {
    await aws.stop();
  }
});

test("prepare-logs tells what it did", async () => {
  const done = (body: object) => ({ status: 200, body });
  logs.nextAnswers.push(
    { status: 404, body: { error: { reason: "index template matching [logs-lines] not found" } } },
    done({ acknowledged: true }),
    { status: 404, body: { error: { reason: "Policy not found" } } },
    done({ _id: "logs-retention", _seq_no: 0, _primary_term: 1 }),
    done({ indices: [] }),
  );
  const { stdout } = await run(asReader("prepare-logs", ["--retention-days", "30", "--json"]), "p");
  expect(JSON.parse(stdout)).toEqual([
    expect.objectContaining({ kind: "index template", name: "logs-lines", outcome: "made" }),
    { kind: "retention policy", name: "logs-retention", outcome: "made" },
  ]);
  expect(JSON.stringify(logs.asked[3].body)).toContain('"min_index_age":"31d"');
});

test("a refusal of OpenSearch is one sentence and exit code 1", async () => {
  logs.nextAnswers.push({ status: 401, body: undefined });
  expect(await runProgram(asReader("logs"), PASSWORD)).toEqual({
    code: 1,
    stdout: "",
    stderr: "cdktf-flink: OpenSearch refuses the login: check the user and the password\n",
  });
});

test("a wrong command line is one sentence and exit code 2", async () => {
  expect(await runProgram(["logs"])).toEqual({
    code: 2,
    stdout: "",
    stderr: "cdktf-flink: it is not said where the logs are: give --url, --cluster or --outputs\n",
  });
});

describe("a command line is refused:", () => {
  const url = ["--url", "https://search.example.internal:9200"];

  test.each([
    [["logs", "--bucket", "b"], "it is not said where the logs are: give --url, --cluster or --outputs"],
    ...["--bucket", "--outputs", "--stack"].map((flag): [string[], string] => [
      ["logs", ...url, flag, "b"],
      `--url and ${flag} both say where the logs are: give one of them`,
    ]),
    ...["logs", "prepare-logs"].flatMap((command): [string[], string][] => [
      [[command, "--cluster", "Orders"], "Give the name of a cluster: 2 to 32 lower-case letters, digits and hyphens"],
      [[command, "--cluster", "orders", "--region", "EU West"], "Give a region, such as eu-west-1."],
    ]),
    [["logs", "--cluster", "orders", "--stack", "one"], "--stack is given without --outputs, of which it names a part"],
    [
      ["logs", ...url],
      "this OpenSearch asks for a name and a password: give --user, or --region for a domain of Amazon's",
    ],
    [
      ["logs", ...url, "--user", "reader"],
      "the password of reader is not known: set OPENSEARCH_PASSWORD, or run the command on a terminal, which asks for it",
    ],
    [["logs", "--url", "http://search:9200"], "Give https://, a name and a port"],
    [["logs", "--url", "https://me:secret@search:9200"], "Give https://, a name and a port"],
    [["logs", "--url", "https://search:9200/logs"], "Give https://, a name and a port"],
    [["logs", ...url, "--connect-to", "9200"], "Give a host and a port, such as localhost:9200."],
    [["logs", ...url, "--connect-to", "localhost:0"], "Give a host and a port, such as localhost:9200."],
    [["logs", ...url, "--index-prefix", "Logs"], '--index-prefix is "Logs", but must be 2 to 200 lower-case letters'],
    [["logs", ...url, "--since", "yesterday"], "Give how long ago, such as 90s, 10m or 1h, or a time"],
    [["logs", ...url, "--since", "2026-13-01"], "Give how long ago, such as 90s, 10m or 1h, or a time"],
    [
      ["logs", ...url, "--since", "2026-11-29", "--until", "2026-11-28"],
      "--until is 2026-11-28T00:00:00.000Z, but must not be before --since (2026-11-29T00:00:00.000Z): name a later time",
    ],
    [["logs", ...url, "--level", "loud"], "Give one of FATAL, ERROR, WARN, INFO, DEBUG, TRACE."],
    [["logs", ...url, "--job", "orders"], "Give the id of a job, 32 hexadecimal digits."],
    [["logs", ...url, "--role", "king"], "Allowed choices are jobmanager, taskmanager"],
    [["logs", ...url, "--limit", "0"], "Give a whole number from 1 to 100000."],
    [["logs", ...url, "--limit", "all", "--follow"], "--limit is all, but must be a number with --follow"],
    [["logs", ...url, "--until", "1m", "--follow"], "'--follow' cannot be used with option '--until"],
    [["prepare-logs", ...url, "--user", "u"], "required option '--retention-days <number>' not specified"],
    [["prepare-logs", ...url, "--retention-days", "0"], "Give a whole number from 1 to 10000."],
    [
      ["logs", ...url, "--user", "u", "--ca", "package.json"],
      "package.json holds no certificate in PEM: name the file of the authorities in --ca",
    ],
  ])("%j", async (args, sentence) => {
    const { stdout, failure } = await run(args, args.includes("u") ? "p" : undefined);
    expect(stdout).toBe("");
    expect(failure).toContain(sentence);
  });
});

test("a file of authorities that is not there is told by its name", async () => {
  const args = ["logs", "--url", `https://${NAME}`, "--user", "u", "--ca", "/nowhere.pem"];
  const { failure } = await run(args, "p");
  expect(failure).toMatch(/^\/nowhere\.pem cannot be read \(ENOENT.+\): name the file of the authorities/);
});
