import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "yaml";
import type { DesiredState, SoftwareItem } from "../../lib/node/desired-state";
import { FLINK_CONF, FLINK_LIB, FLINK_PLUGINS, softwareFolder } from "../../lib/node/paths";
import { renderYaml } from "../../lib/settings";
import type { LockedPart } from "../../lib/software/lock-file";
import { packPart } from "../../lib/software/part-archive";
import { PartStore } from "../../lib/software/part-store";
import { localKey } from "../support/local-authority";
import { waitFor } from "../lab/wait-for";
import { InstalledPlugin } from "../support/session-manager/install-plugin";
import { AwsUnderTest } from "./aws-under-test";
import { ClusterUnderTest } from "./cluster-under-test";
import { bundleCommandLine } from "../support/bundled-command-line";

jest.mock<typeof import("../support/few-key-pairs")>("../../lib/core/x509/key-pair", () =>
  jest.requireActual("../support/few-key-pairs"),
);

const MACHINE = "i-00000000000000001";
const NAMES = ["orders-node-1", "orders-node-2"];
const JOB = "0".repeat(32);
const SAVEPOINT = "s3p://bucket/savepoints/orders/savepoint-000000-0123456789ab";
const JOBS = [{ jid: JOB, name: "orders", state: "FINISHED", tasks: { total: 1, finished: 1 } }];
const JOB_MANAGER_LOG = "one\ntwo\nthree\n";

/** Says what it was told, and ends as no other program does. */
const FLINK = `#!/bin/sh
echo "args: $*"
echo "conf: $FLINK_CONF_DIR"
echo "modes: $(stat -c %a "$FLINK_CONF_DIR/.." "$FLINK_CONF_DIR/config.yaml" "$FLINK_CONF_DIR/../tls/client-key.pem" | tr '\\n' ' ')"
echo "libraries: $(ls "$FLINK_LIB_DIR" "$FLINK_PLUGINS_DIR" | tr '\\n' ' ')"
echo "java: $JAVA_HOME"
echo "arguments of all: $(ps -eo args | grep -c 'changeit' )"
cat "$FLINK_CONF_DIR/config.yaml"
[ "$1" = wait ] && { trap 'echo ended; exit 3' TERM; echo ready; while :; do sleep 0.1; done; }
exit 7
`;
const JAVA = `#!/bin/sh
printf '    java.specification.version = 17\\n    java.home = /opt/java-of-test\\n' >&2
`;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const aws = new AwsUnderTest();
let folder: string;
let temporary: string;
let cluster: ClusterUnderTest;
let plugin: InstalledPlugin;
let lockFile: string;
let program: string;

/** What is asked of a node that then does not answer. */
let isMute: (() => void) | undefined;

const answer: RequestListener = ({ url = "" }, response) => {
  if (isMute) return isMute();
  if (url === "/jobmanager/logs") return void response.end('{"logs":[{"name":"jobmanager.log","size":14}]}');
  if (url === "/jobmanager/logs/jobmanager.log") return void response.end(JOB_MANAGER_LOG);
  if (url === "/overview") return void response.end('{"slots-total":3,"flink-version":"2.2.1"}');
  if (url === "/jobs/overview") return void response.end(JSON.stringify({ jobs: JOBS }));
  if (url === `/jobs/${JOB}/checkpoints`) {
    const savepoint = { checkpoint_type: "SYNC_SAVEPOINT", savepointFormat: "NATIVE", id: 7, external_path: SAVEPOINT };
    return void response.end(JSON.stringify({ latest: { savepoint } }));
  }
  response.writeHead(404).end("{}");
};

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "operator-"));
  temporary = path.join(folder, "tmp");
  mkdirSync(temporary);
  program = bundleCommandLine(folder);
  const keys = { node: localKey(), client: localKey() };
  await aws.start();
  aws.keep("orders", keys);
  aws.machines = [MACHINE];
  cluster = await ClusterUnderTest.create(keys);
  for (const name of NAMES) await cluster.start(name, answer);
  const software = await layOutSoftware();
  const certificates = { nodeAuthority: cluster.client.nodeAuthority.toString(), issued: [], renewalDueAt: "" };
  aws.objects.set("desired-state/orders.json", JSON.stringify(desiredState(software)));
  aws.objects.set(
    "reports/orders/orders-node-2.json",
    JSON.stringify({ schemaVersion: 1, status: "healthy", reasons: [], units: [], software: [], certificates }),
  );
  plugin = InstalledPlugin.install(path.join(folder, "plugin"));
});
beforeEach(() => {
  aws.sessions.length = 0;
  const to = (name: string) => ({ host: "127.0.0.1", port: cluster.portOf(name) });
  plugin.leadTo(Object.fromEntries(NAMES.map((name) => [`${name}.flink.internal:8081`, to(name)])));
});
// Whatever a command had in a folder of its own.
afterEach(() => expect(readdirSync(temporary)).toEqual([]));
afterAll(async () => {
  await cluster.stopAll();
  await aws.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A Flink of a few files in the cache, and a lock file that names it. */
async function layOutSoftware(): Promise<readonly SoftwareItem[]> {
  const store = new PartStore(path.join(folder, "cache/software"));
  const parts: LockedPart[] = [];
  const add = async (name: string, files: Record<string, string>, architecture = "any"): Promise<void> => {
    const tree = mkdtempSync(path.join(folder, "tree-"));
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
      writeFileSync(path.join(tree, file), content, { mode: file.startsWith("bin/") ? 0o755 : 0o644 });
    }
    const fileName = `${name}.tar.gz`;
    await packPart(tree, name, path.join(folder, fileName));
    const content = await store.add(path.join(folder, fileName), fileName);
    const source = { kind: "url", url: "https://nowhere.example" };
    const version = name === "flink" ? "2.2.1" : "1.0";
    parts.push({ name, version, architecture, kind: "tar.gz", fileName, source, ...content } as unknown as LockedPart);
  };
  await add("flink", {
    "bin/flink": FLINK,
    "bin/sql-client.sh": FLINK,
    "conf/log4j-cli.properties": "",
    "lib/flink-dist.jar": "",
    "plugins/README.txt": "",
  });
  await add("flink-s3-fs-presto", { "presto.jar": "" });
  await add("flink-s3-fs-hadoop", { "hadoop.jar": "" });
  await add(
    "java",
    { "bin/java": JAVA, release: 'MODULES="java.base java.rmi"\n' },
    process.arch === "arm64" ? "arm64" : "amd64",
  );
  lockFile = path.join(folder, "lock.json");
  const release = {
    flink: "2.2.1",
    architecture: process.arch === "arm64" ? "arm64" : "amd64",
    parts: Object.fromEntries(parts.map(({ name, version }) => [name, version])),
    absent: [],
  };
  writeFileSync(lockFile, JSON.stringify({ schemaVersion: 1, origins: { official: { releases: [release], parts } } }));
  return parts.map(({ name, version, sha256, sizeBytes, kind, fileName }) => ({
    ...{ name, version, sha256, sizeBytes, kind, fileName, key: "" },
  }));
}

/** As much of one as the command line reads. */
function desiredState(software: readonly SoftwareItem[]): Partial<DesiredState> {
  const [flink, ...plugins] = software.filter(({ name }) => name !== "java");
  const configuration = renderYaml({
    "rest.port": "8081",
    "parallelism.default": "3",
    "execution.checkpointing.interval": "60 s",
    "high-availability.type": "zookeeper",
    "env.java.opts.all": "--add-exports=jdk.compiler/a.b=ALL-UNNAMED --add-opens=java.base/java.io=ALL-UNNAMED",
  });
  const file = { owner: "root", group: "root", mode: "0640" };
  return {
    schemaVersion: 1,
    cluster: "orders",
    software,
    units: [],
    files: [],
    certificates: { nodeAuthorityArn: "arn:aws:kms:a", clientAuthorityArn: "arn:aws:kms:b", validitySeconds: 600 },
    linkFolders: [
      { path: FLINK_LIB, entriesOf: [`${softwareFolder(flink)}/lib`], links: [] },
      {
        path: FLINK_PLUGINS,
        entriesOf: [],
        links: plugins.map((part) => ({ name: part.name, target: softwareFolder(part) })),
      },
    ],
    nodes: NAMES.map((name) => ({
      ...{ name, host: `${name}.flink.internal`, units: [] },
      files: [{ path: `${FLINK_CONF}/config.yaml`, content: configuration, ...file }],
    })),
  };
}

function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
  const [command, ...others] = args;
  // A command of commands has its options behind the last of them.
  const inner = command === "jobs" ? others.splice(0, 1) : [];
  const own = [...inner, "--bucket", "bucket", "--cluster", "orders", "--region", "eu-west-1"];
  const env = {
    ...{ PATH: `${plugin.folder}${path.delimiter}${process.env.PATH}`, HOME: folder, TMPDIR: temporary },
    ...{ CDKTF_FLINK_CACHE: path.join(folder, "cache"), ...aws.environment, ...environment },
  };
  return spawn("node", [program, command, ...own, ...others], { env, stdio: ["ignore", "pipe", "pipe"] });
}

async function ended(child: ChildProcess): Promise<Ended> {
  const text = { stdout: "", stderr: "" };
  child.stdout!.on("data", (chunk) => (text.stdout += String(chunk)));
  child.stderr!.on("data", (chunk) => (text.stderr += String(chunk)));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...text };
}

const run = (args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Ended> =>
  ended(start(args, environment));

/** What has been said, as soon as it holds something. It may go on to say more. */
function said(child: ChildProcess, pattern: RegExp): Promise<string> {
  let text = "";
  return new Promise((resolve, reject) => {
    child.stdout!.on("data", (chunk) => {
      text += String(chunk);
      if (pattern.test(text)) resolve(text);
    });
    child.once("close", () => reject(new Error(`it ended, and said ${text}`)));
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("flink", () => {
  test("is Flink's own: what it is told, what it says and its exit code", async () => {
    const { code, stdout, stderr } = await run(["flink", "--lock-file", lockFile, "--", "run", "-d", "a b.jar", "--x"]);
    expect([code, stderr]).toEqual([7, expect.not.stringContaining("cdktf-flink:")]);
    expect(stdout).toContain("args: run -d a b.jar --x\n");
    expect(stdout).toContain("libraries: ");
    for (const name of ["flink-dist.jar", "flink-s3-fs-hadoop", "flink-s3-fs-presto"]) expect(stdout).toContain(name);
    // The node that is well, though it is not the first.
    expect(aws.sessions.map(({ Parameters }) => Parameters.host)).toEqual([["orders-node-2.flink.internal"]]);
    expect(plugin.events().at(-1)!.event).toBe("end");
  });

  test("knows the cluster's defaults of jobs and the way to it, in a folder of its user alone that is gone afterwards", async () => {
    const { stdout } = await run(["flink", "--lock-file", lockFile, "--", "list"]);
    expect(/^modes: (.*) $/m.exec(stdout)![1]).toBe("700 600 600");
    const configuration = parse(
      stdout.slice(stdout.indexOf("arguments of all")).split("\n").slice(1).join("\n"),
    ) as object;
    expect(configuration).toMatchObject({
      "parallelism.default": "3",
      "execution.checkpointing.interval": "60 s",
      // Java would warn of a module that it has not.
      "env.java.opts.all": "--add-opens=java.base/java.io=ALL-UNNAMED",
      "high-availability.type": "NONE",
      "rest.address": "127.0.0.1",
      "rest.port": aws.sessions[0].Parameters.localPortNumber[0],
      "security.ssl.rest.authentication-enabled": "true",
    });
  });

  test("ends with what it was asked to end with, and leaves nothing behind", async () => {
    const child = start(["flink", "--lock-file", lockFile, "--", "wait"]);
    await said(child, /ready/);
    child.kill("SIGTERM");
    const [code] = (await once(child, "close")) as [number];
    expect(code).toBe(3);
    expect(plugin.events().at(-1)!.event).toBe("end");
  });

  test("that is not locked is told in one sentence", async () => {
    const other = path.join(folder, "nothing.json");
    const { code, stderr } = await run(["flink", "--lock-file", other, "--", "list"]);
    expect([code, stderr.split("\n").length, stderr]).toEqual([
      ...[1, 2],
      expect.stringMatching(
        /^cdktf-flink: the lock file .*nothing\.json has no Flink 2\.2\.1 from official: run `npx cdktf-flink fetch/,
      ),
    ]);
  });
});

test("sql is Flink's SQL client, with the files that it is told", async () => {
  const [init, file] = ["i.sql", "a.sql"].map((name) => path.join(folder, name));
  for (const each of [init, file]) writeFileSync(each, "SELECT 1;");
  const { code, stdout } = await run(["sql", "--lock-file", lockFile, "--init", init, "-f", file, "--", "-Dx=y"]);
  expect([code, stdout]).toEqual([7, expect.stringContaining(`args: -i ${init} -f ${file} -Dx=y\n`)]);
});

describe("jobs", () => {
  const file = (name: string, jobs: readonly object[], ofCluster = "orders"): string => {
    const written = path.join(folder, name);
    const place = { cluster: ofCluster, region: "eu-west-1", bucket: "bucket" };
    writeFileSync(written, JSON.stringify({ schemaVersion: 1, ...place, jobs }));
    return written;
  };
  const script = (): string => {
    writeFileSync(path.join(folder, "orders.sql"), "INSERT INTO a SELECT 1;");
    return path.join(folder, "orders.sql");
  };

  test("stop goes on with a job whose stop was begun, and says what is next", async () => {
    const stopping = { id: JOB, triggerId: "1", format: "canonical" };
    const out = file("jobs.json", [{ id: JOB, name: "orders", submit: [], stopping }]);
    const { code, stdout, stderr } = await run(["jobs", "stop", "--out", out]);
    expect([code, stdout]).toEqual([
      0,
      `Stopped, with savepoints in ${out}: orders (${JOB}).\nWrite into ${out} as submit how these are begun again: orders (${JOB}).\nThen: npx cdktf-flink jobs resume ${out}\n`,
    ]);
    expect(stderr).toContain(`orders: stopped, native savepoint ${SAVEPOINT}\n`);
    expect((parse(readFileSync(out, "utf8")) as { jobs: unknown }).jobs).toEqual([
      { id: JOB, name: "orders", savepoint: SAVEPOINT, format: "native", submit: [] },
    ]);
  });

  test("resume has Flink's own client begin a job from its savepoint under a known id, and tells where it does not", async () => {
    const submit = ["sql", "-f", script()];
    const jobs = file("jobs.json", [{ id: "1", name: "orders", savepoint: "s3p://b/s", submit }]);
    const { code, stdout, stderr } = await run(["jobs", "resume", jobs, "--lock-file", lockFile]);
    const { resumed } = (parse(readFileSync(jobs, "utf8")) as { jobs: { resumed: { id: string } }[] }).jobs[0];
    expect(code).toBe(1);
    expect(stdout).toContain(`args: -f ${submit[2]}\n`);
    expect(stdout).toContain('execution.state-recovery.path: "s3p://b/s"\n');
    expect(stdout).toContain(`$internal.pipeline.job-id: "${resumed.id}"\n`);
    expect(stderr).toContain(`cdktf-flink: the job orders (1) was not begun: sql -f ${submit[2]} ended with 7`);
  });

  test("resume begins no job from its savepoint that went on from there, and of which the bucket has checkpoints", async () => {
    const submit = ["sql", "-f", script()];
    const id = "c".repeat(32);
    const jobs = file("jobs.json", [{ id: "1", name: "orders", savepoint: "s3p://b/s", submit, resumed: { id } }]);
    const below = `checkpoints/orders/${id}`;
    // The last is not complete.
    const names = ["shared/x", "chk-9/_metadata", "chk-10/_metadata", "chk-10/x", "chk-11/x"];
    for (const name of names) aws.objects.set(`${below}/${name}`, "x");
    const { code, stdout, stderr } = await run(["jobs", "resume", jobs, "--lock-file", lockFile]);
    for (const name of names) aws.objects.delete(`${below}/${name}`);
    expect([code, stdout, stderr]).toEqual([
      ...[1, ""],
      expect.stringContaining(`went on as ${id} and Flink lists it no more, so that its savepoint might have it do`),
    ]);
    expect(stderr).toContain(`write s3p://bucket/${below}/chk-10 as "savepoint"`);
  });

  test("resume tells of a savepoint that the nodes' Flink does not read, and begins the job anew where it is told to", async () => {
    const submit = ["sql", "-f", script()];
    const jobs = file("newer.json", [{ id: "1", name: "orders", savepoint: "s3p://b/s", flink: "2.3.0", submit }]);
    const refused = await run(["jobs", "resume", jobs, "--lock-file", lockFile]);
    expect([refused.code, refused.stdout, refused.stderr]).toEqual([
      ...[1, ""],
      expect.stringContaining(
        "the nodes run Flink 2.2.1, which reads no savepoint of Flink 2.3, as these have: orders (1);",
      ),
    ]);
    const { code, stdout, stderr } = await run(["jobs", "resume", jobs, "--without-state", "--lock-file", lockFile]);
    const { resumed } = (parse(readFileSync(jobs, "utf8")) as { jobs: { resumed: { id: string } }[] }).jobs[0];
    expect([code, resumed]).toEqual([1, { id: expect.any(String) as string, withoutState: true }]);
    expect(stdout).toContain(`$internal.pipeline.job-id: "${resumed.id}"\n`);
    expect(stdout).not.toContain("execution.state-recovery.path");
    expect(stderr).toContain(`orders (1): begins as ${resumed.id} anew, without its state\n`);
  });

  test.each<[string, () => readonly string[], number, RegExp]>([
    ["no --out", () => ["jobs", "stop"], 2, /required option '--out <file>' not specified/],
    [
      "no such --jobs",
      () => ["jobs", "stop", "--out", "o.json", "--jobs", "no.json"],
      2,
      /--jobs names no\.json, which/,
    ],
    ["no such file", () => ["jobs", "resume", "/tmp/no.json"], 2, /\/tmp\/no\.json is not there: name the file/],
    [
      "another cluster's file",
      () => ["jobs", "resume", file("other.json", [], "returns")],
      2,
      /other\.json is about the cluster returns, and orders is meant/,
    ],
    [
      "a job without submit",
      () => ["jobs", "resume", file("jobs.json", [{ id: "1", name: "orders", savepoint: "s3p://b/s", submit: [] }])],
      2,
      /submit of the job "orders" in .*jobs\.json is empty: write how it is begun/,
    ],
  ])("%s is refused in one sentence", async (_, args, exitCode, sentence) => {
    const { code, stderr } = await run(args());
    expect([code, stderr]).toEqual([exitCode, expect.stringMatching(sentence)]);
  });
});

describe("logs of a node", () => {
  test("are its last lines, and where the others are is said beside them", async () => {
    const { code, stdout, stderr } = await run(["logs", "node-1", "--limit", "2"]);
    expect([code, stdout]).toEqual([0, "jobmanager  | two\njobmanager  | three\n"]);
    expect(stderr).toMatch(
      /those of ZooKeeper, of the agent and of the system can be had where a LogIntegration ships/,
    );
    expect(aws.sessions.map(({ Parameters }) => Parameters.host)).toEqual([["orders-node-1.flink.internal"]]);
  });

  test("of one process come without its name, and its files are named", async () => {
    expect((await run(["logs", "orders-node-2", "--process", "jobmanager"])).stdout).toBe(JOB_MANAGER_LOG);
    expect((await run(["logs", "node-2", "--list"])).stdout).toMatch(/jobmanager +│ jobmanager\.log +│ 1 KiB/);
  });

  test("are let go by Ctrl-C while the node does not answer, and with them the tunnel, which has no terminal", async () => {
    const asked = new Promise<void>((resolve) => (isMute = resolve));
    try {
      const child = start(["logs", "node-1"]);
      await asked;
      child.kill("SIGINT");
      expect(await once(child, "close")).toEqual([null, "SIGINT"]);
      const { pid } = plugin
        .events()
        .filter(({ event }) => event === "start")
        .at(-1)!;
      await waitFor(() => !isAlive(pid!), { timeout: 50_000, interval: 50, what: "the tunnel to end" });
      expect(plugin.events().at(-1)!.event).toBe("end");
    } finally {
      isMute = undefined;
    }
  });

  test.each([
    [["logs", "node-9"], 1, "orders has no node node-9: name one of orders-node-1, orders-node-2"],
    [["logs", "node-1", "--level", "WARN"], 2, "--level is about logs where they are shipped to"],
    [["logs", "--direct"], 2, "--direct is about the files of one node, and none is named"],
    [["logs", "node-1", "--file", "nope"], 1, "orders-node-1 has no log file nope: name one of jobmanager.log"],
    [["logs", "node-1", "--follow", "--list"], 2, "--follow goes on with what is written now"],
  ])("%j is refused in one sentence", async (args, exitCode, sentence) => {
    const { code, stderr } = await run(args);
    expect([code, stderr]).toEqual([exitCode, expect.stringContaining(`cdktf-flink: ${sentence}`)]);
  });
});

test("ui prints an address that opens the web UI once, and ends with Ctrl-C", async () => {
  const child = start(["ui", "--no-open"]);
  const text = await said(child, /key=[\w-]+\n/);
  const [, address] = /: (http:\S+)\n/.exec(text)!;
  const ask = async (url: string, cookie = ""): Promise<{ status: number; cookie: string }> => {
    const [message] = (await once(get(url, { headers: { cookie } }), "response")) as [
      import("node:http").IncomingMessage,
    ];
    message.resume();
    return { status: message.statusCode!, cookie: message.headers["set-cookie"]?.[0].split(";")[0] ?? "" };
  };
  const { status, cookie } = await ask(address);
  expect(status).toBe(200);
  expect((await ask(new URL("overview", address).href, cookie)).status).toBe(200);
  child.kill("SIGINT");
  const [code] = (await once(child, "close")) as [number];
  expect(code).toBe(0);
  expect(plugin.events().at(-1)!.event).toBe("end");
});

test.each<[string, NodeJS.ProcessEnv, string]>([
  ["the plugin is missing", { PATH: path.dirname(process.execPath) }, "the program session-manager-plugin"],
  [
    "there are no credentials",
    { AWS_ACCESS_KEY_ID: "", AWS_EC2_METADATA_DISABLED: "true" },
    "no AWS credentials were found",
  ],
])("is told in one sentence, and with an exit code, that %s", async (_, environment, sentence) => {
  const { code, stdout, stderr } = await run(["ui", "--no-open"], environment);
  expect([code, stdout, stderr.trim().split("\n").length]).toEqual([1, "", 1]);
  expect(stderr).toContain(sentence);
});
