import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duration, RestartStrategy } from "../../../lib";
import { clusterOfState } from "../../../lib/local/cluster-of-state";
import { localDown } from "../../../lib/local/down";
import { localLayout, processLayout } from "../../../lib/local/layout";
import { runningOf } from "../../../lib/local/running";
import { localStatus } from "../../../lib/local/status";
import { localUp } from "../../../lib/local/up";
import { progressFor } from "../../../lib/software/progress";
import { cluster, desiredState, LOCK_FILE } from "../../cluster/support";
import { waitFor } from "../../lab/wait-for";
import { run } from "../../support/process";
import { synthesize } from "../../support/synth";
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
const production = clusterOfState(
  desiredState(
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
  ),
);

const SQL = `
CREATE TABLE numbers (n BIGINT) WITH ('connector'='datagen', 'rows-per-second'='20',
  'fields.n.kind'='sequence', 'fields.n.start'='1', 'fields.n.end'='100000');
CREATE TABLE printed (n BIGINT) WITH ('connector'='print');
INSERT INTO printed SELECT n FROM numbers;
`;

const folder = mkdtempSync(join(tmpdir(), "local-flink-"));
let port: number;
let pids: Readonly<Record<string, number>>;

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

beforeAll(async () => {
  const { cluster: started } = await localUp({
    folder,
    production,
    lockFile: LOCK_FILE,
    origin: "package-registries",
    memoryMib: 2048,
    taskManagers: 1,
    timeoutMillis: 10 * MINUTE,
    progress: progressFor(),
  });
  port = started.restPort;
  pids = Object.fromEntries([...runningOf(folder)].map(([name, { pid }]) => [name, pid]));
}, 15 * MINUTE);
afterAll(async () => {
  await localDown(folder);
  rmSync(folder, { recursive: true, force: true });
}, MINUTE);

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
    const script = join(folder, "job.sql");
    writeFileSync(script, SQL);
    const { stdout } = await run([join(localLayout(folder).bin, "sql-client"), "-f", script], { timeoutSeconds: 300 });
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
    expect(await localStatus(folder)).toMatchObject({
      state: "up",
      slots: { all: 2, free: 0 },
      jobs: [{ id, state: "RUNNING" }],
    });

    await localDown(folder);
    expect(runningOf(folder).size).toBe(0);
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
