import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duration, RestartStrategy } from "../../../lib";
import { readClusterFile } from "../../../lib/local/cluster-file";
import { clusterOfState } from "../../../lib/local/cluster-of-state";
import { localLayout, processLayout } from "../../../lib/local/layout";
import type { LocalStatus } from "../../../lib/local/status";
import { progressFor } from "../../../lib/software/progress";
import { cluster, desiredState, LOCK_FILE } from "../../cluster/support";
import { waitFor } from "../../lab/wait-for";
import type { ProcessError } from "../../support/process";
import { synthesize } from "../../support/synth";
import { Developer } from "./developer";
import {
  configurationForJobs,
  configurationOfJob,
  effectiveConfiguration,
  type Keys,
  unlistedDifferences,
} from "./effective-configuration";
import { listensBeyondLoopback } from "./listening";

const MINUTE = 60_000;

/** A cluster that says of each kind of setting something of its own. */
const state = desiredState(
  synthesize((stack) =>
    cluster(stack, {
      nodeCount: 3,
      numberOfTaskSlots: 2,
      parallelism: 2,
      checkpointInterval: Duration.seconds(2),
      checkpointTimeout: Duration.minutes(3),
      restartStrategy: RestartStrategy.fixedDelay({ attempts: 7, delay: Duration.seconds(1) }),
      pekkoAskTimeout: Duration.seconds(30),
      flinkConfiguration: { "pipeline.object-reuse": "true", "env.java.opts.taskmanager": "-Dacme.mode=x" },
    }),
  ),
);
const production = clusterOfState(state);
const SIZE = ["--memory", "2048m", "--task-managers", "1"];

const SQL = `
CREATE TABLE numbers (n BIGINT) WITH ('connector'='datagen', 'rows-per-second'='20',
  'fields.n.kind'='sequence', 'fields.n.start'='1', 'fields.n.end'='100000');
CREATE TABLE printed (n BIGINT) WITH ('connector'='print');
INSERT INTO printed SELECT n FROM numbers;
`;

const home = mkdtempSync(join(tmpdir(), "local-flink-"));
const folder = join(home, "local");
let developer: Developer;
let port: number;
let pids: Readonly<Record<string, number>>;

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

beforeAll(async () => {
  developer = new Developer(home);
  const software = { lockFile: join(home, "cdktf-flink.lock.json"), origin: "package-registries" } as const;
  copyFileSync(LOCK_FILE, software.lockFile);
  writeFileSync(join(home, "orders.json"), JSON.stringify(state));
  const { flink, libraries } = production;
  await developer.provide({ ...software, flink, libraries, progress: progressFor() });
  await local("up", "--desired-state", "orders.json", "--origin", software.origin, ...SIZE, "--timeout", "10m");
  port = readClusterFile(localLayout(folder).clusterFile)!.restPort;
  pids = Object.fromEntries((await status()).processes.map(({ name, pid }) => [name, pid!]));
}, 15 * MINUTE);
afterAll(async () => {
  await local("down");
  rmSync(home, { recursive: true, force: true });
}, MINUTE);

/** What a command for the local cluster prints that the developer runs. */
async function local(command: string, ...options: readonly string[]): Promise<string> {
  return (await developer.cdktfFlink("local", command, "--dir", folder, ...options)).stdout;
}

async function status(): Promise<LocalStatus> {
  // Of a cluster that is down it says so, and ends as what failed.
  const said = await local("status", "--json").catch(({ result }: ProcessError) => result.stdout);
  return JSON.parse(said) as LocalStatus;
}

test("nothing of it is root's: its processes and all that they wrote are the developer's", () => {
  expect(developer.uid).not.toBe(0);
  for (const pid of Object.values(pids)) expect(statSync(`/proc/${pid}`).uid).toBe(developer.uid);
  const written = [folder, processLayout(folder, "jobmanager").log].flatMap((place) =>
    readdirSync(place).map((name) => lstatSync(join(place, name)).uid),
  );
  expect(new Set(written)).toEqual(new Set([developer.uid]));
});

test("the JobManager runs with what the cluster says, but for the listed keys", async () => {
  const effective = await effectiveConfiguration(get);
  expect(unlistedDifferences(production.configuration, effective)).toEqual([]);
  expect(effective["restart-strategy.fixed-delay.attempts"]).toBe("7");
});

test("the TaskManager does, too", () => {
  const [log] = readdirSync(processLayout(folder, "taskmanager-1").log).filter((name) => name.endsWith(".log"));
  const text = readFileSync(join(processLayout(folder, "taskmanager-1").log, log), "utf8");
  const loaded: Keys = Object.fromEntries(
    [...text.matchAll(/Loading configuration property: ([^,]+), (.*)$/gm)].map(([, key, value]) => [key, value]),
  );
  expect(unlistedDifferences(production.configuration, loaded)).toEqual([]);
  expect(text).toContain("-Dacme.mode=x");
});

test("both listen on loopback alone", () => {
  expect(Object.keys(pids)).toEqual(["jobmanager", "taskmanager-1"]);
  for (const pid of Object.values(pids)) {
    const { sockets, beyond } = listensBeyondLoopback(pid);
    expect(beyond).toEqual([]);
    expect(sockets).toBeGreaterThanOrEqual(3);
  }
});

test(
  "a job that says nothing itself sees what the cluster says; its checkpoints and what it prints are there, and outlive it",
  async () => {
    const script = join(home, "job.sql");
    writeFileSync(script, SQL);
    const { stdout } = await developer.run([join(localLayout(folder).bin, "sql-client"), "-f", script]);
    const id = /Job ID: ([0-9a-f]{32})/.exec(stdout)?.[1];
    if (id === undefined) throw new Error(`no job was submitted:\n${stdout}`);

    expect(await configurationOfJob(get, id)).toEqual(configurationForJobs(production.configuration));
    const completed = async (): Promise<string | undefined> => {
      const { latest } = await get<{ latest: { completed?: { external_path: string } } }>(`/jobs/${id}/checkpoints`);
      return latest.completed?.external_path;
    };
    const where = { timeout: 2 * MINUTE, interval: 300, what: "a checkpoint of the job" };
    const checkpoint = new URL((await waitFor(completed, where)).replace(/^file:/, "file://"));
    expect(checkpoint.pathname).toMatch(new RegExp(`^${folder}/checkpoints/${id}/chk-\\d+$`));
    const prints = async (): Promise<boolean> => /\+I\[\d+\]/.test(await printed());
    await waitFor(prints, { ...where, what: "the job to print" });
    expect(await status()).toMatchObject({
      state: "up",
      slots: { all: 2, free: 0 },
      jobs: [{ id, state: "RUNNING" }],
    });

    expect(await local("down")).toContain("Ended: ");
    expect(await status()).toMatchObject({ state: "down", jobs: [] });
    const kept = readdirSync(join(folder, "checkpoints", id)).filter((name) => name.startsWith("chk-"));
    expect(kept.length).toBeGreaterThan(0);
    expect(existsSync(join(folder, "checkpoints", id, kept[0], "_metadata"))).toBe(true);
  },
  10 * MINUTE,
);

/** What the web UI shows as the standard output of the TaskManager. */
async function printed(): Promise<string> {
  const { taskmanagers } = await get<{ taskmanagers: readonly { id: string }[] }>("/taskmanagers");
  const answer = await fetch(`http://127.0.0.1:${port}/taskmanagers/${taskmanagers[0].id}/stdout`);
  return answer.ok ? answer.text() : "";
}
