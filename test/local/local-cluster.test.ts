import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { markOf } from "../../lib/local/cluster-processes";
import { defaultCluster } from "../../lib/local/default-cluster";
import { localDown } from "../../lib/local/down";
import { withFolder } from "../../lib/local/folder";
import type { LocalSoftware } from "../../lib/local/local-software";
import { runningOf } from "../../lib/local/running";
import { localStatus, renderLocalStatus } from "../../lib/local/status";
import { localUp, type LocalUp, type LocalUpOptions } from "../../lib/local/up";
import { NO_PROGRESS, progressFor } from "../../lib/software/progress";
import { freePort } from "../support/free-port";
import { fakeFlink, whim } from "./fake-flink";

let folder: string;
let software: LocalSoftware;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "local-cluster-")), "states", "local");
  software = fakeFlink();
});
afterEach(async () => {
  await localDown(folder);
  rmSync(join(folder, "..", ".."), { recursive: true, force: true });
});

async function up(options: Partial<LocalUpOptions> = {}): Promise<LocalUp> {
  return localUp({
    folder,
    production: defaultCluster("2.2"),
    lockFile: "/nowhere/lock.json",
    origin: "official",
    memoryMib: 2560,
    taskManagers: 1,
    timeoutMillis: 60_000,
    progress: NO_PROGRESS,
    software,
    ...options,
  });
}

async function failureOf(action: Promise<unknown>): Promise<string> {
  return action.then(
    () => "none",
    (failure: Error) => failure.message,
  );
}

function pids(): Record<string, number> {
  return Object.fromEntries([...runningOf(folder)].map(([name, { pid }]) => [name, pid]));
}

test("a cluster comes up, stays as it is when asked for again, and goes down", async () => {
  const first = await up();
  expect(first.started).toEqual(["jobmanager", "taskmanager-1"]);
  const before = pids();
  expect(Object.keys(before)).toEqual(["jobmanager", "taskmanager-1"]);
  const status = await localStatus(folder);
  expect(status).toMatchObject({
    state: "up",
    url: `http://127.0.0.1:${first.cluster.restPort}`,
    cluster: { cluster: "flink", flink: "2.2.1", memoryMib: 2560 },
    processes: [
      { name: "jobmanager", pid: before.jobmanager },
      { name: "taskmanager-1", pid: before["taskmanager-1"] },
    ],
    slots: { all: 1, free: 0 },
    jobs: [{ id: "0123", name: "a job", state: "RUNNING", tasks: { all: 2, running: 0 } }],
  });
  expect(renderLocalStatus(status)).toMatch(
    /is up: http:[\s\S]*a job[\s\S]*RUNNING[\s\S]*0 of 2[\s\S]*waits for slots/,
  );

  expect((await up()).started).toEqual([]);
  expect(pids()).toEqual(before);

  expect(await localDown(folder)).toEqual(["jobmanager", "taskmanager-1"]);
  expect(pids()).toEqual({});
  expect(await localStatus(folder)).toMatchObject({ state: "down", jobs: [] });
  expect(await localDown(folder)).toEqual([]);
});

test("what is kept outlives it, and what belongs to one run does not", async () => {
  await up();
  const checkpoint = join(folder, "checkpoints", "0123", "chk-1");
  mkdirSync(checkpoint, { recursive: true });
  writeFileSync(join(folder, "jobmanager", "tmp", "left"), "");
  await localDown(folder);
  await up();
  expect(existsSync(checkpoint)).toBe(true);
  expect(existsSync(join(folder, "jobmanager", "tmp", "left"))).toBe(false);
});

test("nobody else may look into its folder, and its processes know nothing of the developer's environment", async () => {
  process.env.SECRET_OF_DEVELOPER = "x";
  try {
    await up();
  } finally {
    delete process.env.SECRET_OF_DEVELOPER;
  }
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, "conf", "config.yaml")).mode & 0o777).toBe(0o600);
  for (const [kind, name] of [
    ["jobmanager", "jobmanager"],
    ["taskmanager", "taskmanager-1"],
  ]) {
    const text = readFileSync(join(folder, "conf", `${kind}.environment.json`), "utf8");
    const environment = JSON.parse(text) as Record<string, string>;
    expect(environment).toMatchObject({
      HOME: join(folder, name),
      FLINK_CONF_DIR: join(folder, "conf"),
      FLINK_LIB_DIR: join(folder, "lib"),
      FLINK_PLUGINS_DIR: join(folder, "plugins"),
      FLINK_CONNECTIONS_DIR: join(folder, "connections"),
      JAVA_HOME: "/nowhere/java",
      TZ: "UTC",
    });
    expect(environment).not.toHaveProperty("SECRET_OF_DEVELOPER");
  }
  expect(readlinkSync(join(folder, "lib", "flink-dist.jar"))).toBe(join(software.flink, "lib", "flink-dist.jar"));
});

test("a process that has gone is started again, and the others are left alone", async () => {
  await up({ taskManagers: 2, memoryMib: 4160 });
  const before = pids();
  process.kill(before["taskmanager-2"], "SIGKILL");
  await vanished("taskmanager-2");
  expect((await localStatus(folder)).state).toBe("partly up");
  expect((await up({ taskManagers: 2, memoryMib: 4160 })).started).toEqual(["taskmanager-2"]);
  const { "taskmanager-2": started, ...others } = pids();
  expect(started).not.toBe(before["taskmanager-2"]);
  expect(others).toEqual({ jobmanager: before.jobmanager, "taskmanager-1": before["taskmanager-1"] });
});

async function vanished(name: string): Promise<void> {
  while (runningOf(folder).has(name)) await new Promise((resolve) => setImmediate(resolve));
}

test("a cluster that runs is not changed under its jobs", async () => {
  const { cluster } = await up();
  const refusal = /is up with other settings: run `npx cdktf-flink local down`/;
  expect(await failureOf(up({ memoryMib: 3000 }))).toMatch(refusal);
  expect(await failureOf(up({ port: cluster.restPort + 1 }))).toMatch(refusal);
  const { configuration } = defaultCluster("2.2");
  const other = { ...defaultCluster("2.2"), configuration: { ...configuration, "parallelism.default": "7" } };
  expect(await failureOf(up({ production: other }))).toMatch(refusal);
  expect(Object.keys(pids())).toHaveLength(2);
});

test("that it would be changed is told before any software is fetched for it", async () => {
  await up();
  const part = (name: string, sha256: string) => ({
    ...{ name, version: name === "flink" ? "2.2.1" : "1", architecture: "any", kind: "tar.gz", fileName: "a.tar.gz" },
    ...{ source: { kind: "url", url: "https://nowhere.invalid/a.tar.gz" }, sha256: sha256.repeat(64), sizeBytes: 1 },
  });
  const release = { flink: "2.2.1", architecture: "amd64", parts: { flink: "2.2.1" }, absent: [] };
  const lockFile = join(folder, "lock.json");
  const parts = [part("flink", "a")];
  writeFileSync(lockFile, JSON.stringify({ schemaVersion: 1, origins: { official: { releases: [release], parts } } }));
  const production = { ...defaultCluster("2.2"), libraries: [] };
  const said: string[] = [];
  const task = (name: string) => (said.push(name), NO_PROGRESS.task(name));
  const changed = up({ software: undefined, lockFile, production, progress: { ...NO_PROGRESS, task } });
  expect(await failureOf(changed)).toMatch(/is up with other settings: run `npx cdktf-flink local down`/);
  expect(said).toEqual([]);
});

test("a process that ends as it starts is told by its last error, and nothing is left running", async () => {
  software = fakeFlink("jobmanager fails");
  expect(await failureOf(up())).toMatch(
    /^jobmanager ended as it started \(the disk said no\): .*its log is .*\/jobmanager\/log\/flink-flink-standalonesession-0-local\.log$/,
  );
  expect(pids()).toEqual({});
});

test("when the time is over and the JobManager has not answered, nothing is left running", async () => {
  software = fakeFlink("jobmanager is mute");
  expect(await failureOf(up({ timeoutMillis: 500 }))).toMatch(
    /^after 0\.5 s the JobManager did not answer: give more time with --timeout, or look into the logs below /,
  );
  expect(pids()).toEqual({});
});

test("when the time is over and a TaskManager is not registered, what was started is ended, and no other process", async () => {
  await up();
  const before = pids();
  process.kill(before["taskmanager-1"], "SIGKILL");
  await vanished("taskmanager-1");
  whim(software, "taskmanager is late");
  expect(await failureOf(up({ timeoutMillis: 500 }))).toMatch(/^after 0\.5 s 0 of 1 TaskManagers were registered: /);
  expect(pids()).toEqual({ jobmanager: before.jobmanager });
});

test.each(["nowhere", "on a terminal"])(
  "an interruption ends what was started where progress is shown %s",
  async (where) => {
    software = fakeFlink("taskmanager is late");
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80 }) as unknown as NodeJS.WriteStream;
    const progress = where === "nowhere" ? NO_PROGRESS : progressFor(stream);
    const ending = failureOf(up({ progress }).finally(() => progress.stop()));
    while (!runningOf(folder).has("taskmanager-1")) await new Promise((resolve) => setImmediate(resolve));
    process.emit("SIGINT");
    expect(await ending).toBe("interrupted: what was started is ended again");
    expect(pids()).toEqual({});
  },
);

test("what an `up` that was killed left behind is known to the next one", async () => {
  // It had written what it was about to start, and started one of two.
  const { cluster } = await up();
  const before = pids();
  process.kill(before["taskmanager-1"], "SIGKILL");
  await vanished("taskmanager-1");
  expect((await up()).cluster).toEqual(cluster);
  expect(pids().jobmanager).toBe(before.jobmanager);
});

test("a cluster all of whose processes run is up when they are registered, and not before", async () => {
  await up();
  const before = pids();
  rmSync(join(folder, "conf", "registered", String(before["taskmanager-1"])));
  expect(await failureOf(up({ timeoutMillis: 500 }))).toMatch(/^after 0\.5 s 0 of 1 TaskManagers were registered: /);
  expect(pids()).toEqual(before);
});

test("processes whose cluster nobody knows are not taken for one, and can be ended", async () => {
  await up();
  writeFileSync(join(folder, "cluster.json"), '{"schemaVersion":1,"taskMana');
  expect(await failureOf(up())).toMatch(/--dir is .* must be a folder that is empty/);
  expect(await localDown(folder)).toEqual(["jobmanager", "taskmanager-1"]);
});

test("a program of others that has its words in one is not its own", async () => {
  await up();
  const words = `x ${markOf(folder, "jobmanager")} y`;
  const child = spawn(process.execPath, ["-e", "setInterval(() => 0, 60000)", words], { stdio: "ignore" });
  await once(child, "spawn");
  await localDown(folder);
  expect(child.exitCode).toBeNull();
  expect(child.signalCode).toBeNull();
  child.kill("SIGKILL");
});

test("a port that is wished and taken is refused, and without a wish the next one is taken", async () => {
  const port = await freePort();
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  expect(await failureOf(up({ port }))).toBe(
    `on 127.0.0.1 something listens on port ${port}: name another one with --port, or leave it out`,
  );
  server.close();
  await once(server, "close");
  expect((await up({ port })).cluster.restPort).toBe(port);
});

test("a folder that holds something else is left alone", async () => {
  mkdirSync(join(folder, "lib"), { recursive: true });
  writeFileSync(join(folder, "lib", "mine.ts"), "");
  expect(await failureOf(up())).toMatch(
    /^--dir is ".*", but must be a folder that is empty, or not there yet, or of a local cluster, and it holds other things: name another folder$/,
  );
  expect(existsSync(join(folder, "lib", "mine.ts"))).toBe(true);
});

test("of two commands at once one waits for the other, and not for ever", async () => {
  const results = await Promise.all([up(), up()]);
  expect(results.map(({ started }) => started.length).sort()).toEqual([0, 2]);
  expect(Object.keys(pids())).toHaveLength(2);
  await withFolder(folder, async () => {
    expect(await failureOf(withFolder(folder, async () => undefined, 0))).toBe(
      `another command is changing the local cluster in ${folder}: wait for it to end, or end it, and run this one again`,
    );
  });
});

test("too little memory is refused before anything is made", async () => {
  expect(await failureOf(up({ memoryMib: 1000 }))).toBe(
    '--memory is "1000m", but must be at least 1868m, which a JobManager and a TaskManager need: give 1868m or more, or leave --memory out for 2560m',
  );
  expect(existsSync(folder)).toBe(false);
});
