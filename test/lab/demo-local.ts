import { mkdirSync, writeFileSync } from "fs";
import * as path from "path";
import pc from "picocolors";
import { defaultCluster } from "../../lib/local/default-cluster";
import { localDown } from "../../lib/local/down";
import { askJobs, restUrl, type LocalJob } from "../../lib/local/flink-rest";
import { localFolder, localLayout } from "../../lib/local/layout";
import { defaultMemoryMib } from "../../lib/local/memory";
import { localUp } from "../../lib/local/up";
import { NO_PROGRESS } from "../../lib/software/progress";
import { numberedFilesSql } from "../scenarios/numbered-stream";
import { runUntilOurEnd } from "../support/process";
import type { Demo } from "./demo-steps";
import { waitFor } from "./wait-for";

const MINUTE = 60_000;
const FLINK_VERSION = "2.2";
const JOB_NAME = "numbered-stream";
const LOCK_FILE = path.resolve(__dirname, "../..", "cdktf-flink.lock.json");

const LEFT_OUT = [
  "the stack is not deployed: there is no emulated AWS, no Terraform, no agent",
  "one JobManager, so no leader is killed and no other takes over; one TaskManager",
  "no firewall and no TLS between machines: it listens on 127.0.0.1 alone",
  "checkpoints lie in a folder, and not in a bucket",
];

/** Where no machines can be booted: the same job on plain processes, with the same configuration of Flink. It stays up. */
export async function showLocally(demo: Demo, reason: string): Promise<void> {
  console.log(`No machine can be booted here: ${reason}.`);
  console.log(`So this is Flink as processes of yours, without root. What it does not show:`);
  for (const line of LEFT_OUT) console.log(`  - ${line}`);
  const folder = demoFolder();
  const port = await demo.show("Start a JobManager and a TaskManager, with production's configuration", async () => {
    const { cluster, started } = await localUp({
      folder,
      // Connectors are none of the demo's.
      production: { ...defaultCluster(FLINK_VERSION), libraries: [] },
      lockFile: LOCK_FILE,
      origin: "package-registries",
      memoryMib: defaultMemoryMib(1),
      taskManagers: 1,
      timeoutMillis: 10 * MINUTE,
      progress: { ...NO_PROGRESS, task: toldTask(demo) },
    });
    demo.say(started.length === 0 ? "it was up already" : `up: ${started.join(", ")}`);
    return cluster.restPort;
  });
  const id = await demo.show("Submit a stateful job; wait for its first checkpoint", async () => {
    const job = (await running(port)) ?? (await submit(folder, port));
    demo.say(`job ${job.id} runs; checkpoint ${await checkpointOf(port, job.id)}`);
    return job.id;
  });
  console.log(pc.bold(`\nFlink's web UI:  ${restUrl(port)}`));
  console.log(`The job:         ${restUrl(port)}/#/job/running/${id}/overview`);
  console.log(`What it writes:  ${outputFolder(folder)}`);
  console.log("To end it:       STOP=1 make demo");
  console.log("NOT PROVEN: lab");
}

/** Ends what `showLocally` left up. */
export async function stopLocalDemo(): Promise<void> {
  const ended = await localDown(demoFolder());
  console.log(ended.length === 0 ? "Nothing of the demo was running." : `Ended: ${ended.join(", ")}.`);
}

function demoFolder(): string {
  return localFolder("demo");
}

function outputFolder(folder: string): string {
  return path.join(folder, JOB_NAME);
}

type Task = ReturnType<typeof NO_PROGRESS.task>;

function toldTask(demo: Demo): (name: string) => Task {
  return (name) => {
    const say = (text: string): void => demo.say(`${name}: ${text}`);
    return { ...NO_PROGRESS.task(name), note: say, warn: say, done: say };
  };
}

async function running(port: number): Promise<LocalJob | undefined> {
  return (await askJobs(port)).find(({ name, state }) => name === JOB_NAME && state === "RUNNING");
}

/** The job of the demo on machines; it writes into a folder where that one writes into a bucket. */
async function submit(folder: string, port: number): Promise<LocalJob> {
  const script = path.join(folder, `${JOB_NAME}.sql`);
  mkdirSync(outputFolder(folder), { recursive: true });
  const stream = {
    ...{ name: JOB_NAME, numbersPerSecond: 100, lastNumber: 400_000 },
    ...{ parallelism: 1, checkpointIntervalSeconds: 5 },
  };
  writeFileSync(script, numberedFilesSql(stream, `file://${outputFolder(folder)}`));
  const { stdout } = await runUntilOurEnd([path.join(localLayout(folder).bin, "sql-client"), "-f", script]);
  if (!/Job ID: [0-9a-f]{32}/.test(stdout)) throw new Error(`the SQL client started no job:\n${stdout}`);
  return waitFor(() => running(port), { timeout: 3 * MINUTE, interval: 300, what: "the job to run" });
}

function checkpointOf(port: number, id: string): Promise<string> {
  const completed = async (): Promise<string | undefined> => {
    const answer = await fetch(`${restUrl(port)}/jobs/${id}/checkpoints`);
    const { latest } = (await answer.json()) as { latest?: { completed?: { external_path: string } } };
    return latest?.completed?.external_path;
  };
  return waitFor(completed, { timeout: 3 * MINUTE, interval: 300, what: "a checkpoint of the job" });
}
