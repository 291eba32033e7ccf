import { spawnSync } from "child_process";
import { writeFileSync } from "fs";
import * as path from "path";
import pc from "picocolors";
import { Deployment } from "../scenarios/deployment";
import { CLIENT_CERTIFICATE_FOLDER } from "../scenarios/credentials";
import { Faults } from "../scenarios/faults";
import { CLIENT_NAME, ONE_STACK, SINK_BUCKET, STREAM_FOLDER } from "../scenarios/lab-stacks";
import { NumberedStream, numberedStreamSql, readNumberedStream } from "../scenarios/numbered-stream";
import { SqlClient } from "../scenarios/sql-client";
import { PORTS } from "../../lib/node/ports";
import { clientFiles } from "../../lib/software/client-files";
import { ensureSoftware } from "../support/software";
import { showLocally, stopLocalDemo } from "./demo-local";
import { Demo } from "./demo-steps";
import { ensureTools, labUnavailableReason } from "./host";
import { Lab } from "./lab";
import { tellRollout } from "./rollout-lines";
import { openWebDoor } from "./web-door";

// The AWS SDK announces the end of Node.js 20 on every run; which Node.js we support, package.json says.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

const MINUTE = 60_000;
const NODE_COUNT = 3;
const FLINK_VERSION = "2.2";

/** Shows a cluster being born, losing its leader and going on. */
async function run(demo: Demo): Promise<void> {
  const lab = await demo.show("Start the lab: an isolated network with an emulated AWS in it", () =>
    Lab.start({ onProgress: (line) => demo.say(line), quickJava: true }),
  );
  try {
    await inLab(demo, lab);
  } finally {
    await demo.show("Leave nothing behind", () => lab.stop());
  }
}

async function inLab(demo: Demo, lab: Lab): Promise<void> {
  const deployment = new Deployment(lab, {
    flinkVersion: FLINK_VERSION,
    nodeCount: NODE_COUNT,
    numberOfTaskSlots: 2,
    checkpointIntervalSeconds: 5,
    inOneStack: true,
    removalPolicy: "destroy",
    terminationProtection: false,
    rollout: "wait",
  });
  await demo.show("Synthesize network, bucket, cluster and a user's machine; terraform init", async () => {
    deployment.synthesize();
    await deployment.terraform(ONE_STACK);
  });
  const sql = await demo.show("Apply: it ends when every node reports that it is healthy", async () => {
    const { logFile } = await deployment.terraform(ONE_STACK);
    const applied = tellRollout(logFile, deployment.apply(ONE_STACK), (line) => demo.say(line));
    // The user's machine is there first, and has time for Flink's client while AWS is waited for.
    const client = clientAsItBoots(lab, applied);
    // Whatever fails: nothing still writes to the lab when it is taken down.
    await Promise.allSettled([applied, client]);
    await applied;
    return (await client)!;
  });

  const stream: NumberedStream = {
    name: "numbered-stream",
    bucket: SINK_BUCKET,
    prefix: STREAM_FOLDER,
    numbersPerSecond: 100,
    lastNumber: 400_000,
    parallelism: 2 * (NODE_COUNT - 1),
    checkpointIntervalSeconds: 5,
  };
  const [session, jid] = await demo.show(
    "Submit a stateful job from a client machine; wait for its first checkpoint",
    async () => {
      const session = await deployment.session();
      const [id] = (await sql.submit(numberedStreamSql(stream), await session.leader())) as [string];
      const job = await session.waitForCheckpoint(id, 3 * MINUTE);
      demo.say(`job ${id} runs ${job.runningTasks} tasks; checkpoint ${job.latestCheckpoint?.path}`);
      return [session, id] as const;
    },
  );

  if (process.env.KEEP === "1") return keep(demo, lab, deployment, jid);

  await demo.show("Pull the power cord of the machine that leads and runs a task of the job", async () => {
    const record = await new Faults(deployment, session, jid).powerOffLeaderThatRunsTask("leave out");
    demo.say(
      `${record.node} lost its power; the job ran again after ${record.seconds.toFixed(1)} s from checkpoint ` +
        `${record.restoredFrom}, on the machines that are left`,
    );
  });
  await demo.show("Stop the job and read what it wrote: every number once", async () => {
    await session.stopWithSavepoint(jid, 3 * MINUTE);
    const { rows, files, duplicates, missing } = await readNumberedStream(lab.s3(), stream);
    demo.say(`${rows} rows in ${files} files, ${duplicates.length} duplicates, ${missing.length} missing`);
    if (rows === 0 || duplicates.length + missing.length > 0)
      throw new Error("the stream was not written exactly once");
  });
  await demo.show("Destroy, the bucket too", async () => {
    await deployment.destroy(ONE_STACK);
    const escaped = await lab.escapedPackets();
    demo.say(`machines left: ${lab.machines().length}; packets that tried to leave the lab: ${escaped}`);
    if (lab.machines().length + escaped > 0) throw new Error("a machine was left, or a packet tried to leave the lab");
  });
}

async function clientAsItBoots(lab: Lab, applied: Promise<void>): Promise<SqlClient | undefined> {
  let hasFailed = false;
  applied.catch(() => (hasFailed = true));
  const booted = () =>
    lab.machines().find((machine) => machine.name === CLIENT_NAME && machine.cloudInitResult() !== undefined);
  const client = await lab.waitFor(() => hasFailed || booted(), {
    timeout: 5 * MINUTE,
    interval: 200,
    what: "the client machine to boot",
  });
  return client === true ? undefined : SqlClient.install(client, FLINK_VERSION);
}

/** Leaves the cluster with its job up until Ctrl-C, with doors on loopback. */
async function keep(demo: Demo, lab: Lab, deployment: Deployment, jid: string): Promise<void> {
  const [first] = deployment.output.node_names as [string];
  const [host] = deployment.output.node_hosts as [string];
  const relay = await lab.relay(0, first, PORTS.jobManagerRest.port);
  const files = clientFiles(path.join(deployment.client.root, CLIENT_CERTIFICATE_FOLDER));
  const door = await openWebDoor({ relayPort: relay.port, host, files });
  console.log(`\nFlink's web UI:  ${door.url}`);
  console.log(`The job:         ${door.url}/#/job/running/${jid}/overview`);
  for (const name of deployment.output.node_names) {
    const way = path.join(lab.folder, `shell-${name}`);
    const words = deployment.machine(name).wrap(["/bin/bash", "-l"]).map(quote);
    writeFileSync(way, `#!/bin/sh\nexec ${words.join(" ")}\n`, { mode: 0o700 });
    console.log(`A shell on ${name}:  ${quote(way)}`);
  }
  console.log("\nThat the job outlives its leader is shown without KEEP=1. Press Ctrl-C to end it.");
  const inputEnds = new Promise<void>((resolve) => process.stdin.resume().once("end", () => resolve()));
  await Promise.race([lab.nextInterrupt(), inputEnds]);
  // A terminal that is still read from would keep the program from ending.
  process.stdin.pause();
  demo.say("ending");
  door.close();
  await relay.close();
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}

/** What machines need and a local cluster does not. */
function prepareForMachines(): void {
  for (const script of [["scripts/setup.mjs"], ["scripts/build.mjs", "--programs"]]) {
    const { status } = spawnSync(process.execPath, script, { stdio: "inherit" });
    if (status !== 0) process.exit(status ?? 1);
  }
}

async function main(): Promise<void> {
  if (process.env.STOP === "1") return stopLocalDemo();
  const demo = new Demo();
  try {
    const reason = await whyNoMachines();
    if (reason !== undefined) return await showLocally(demo, reason);
    prepareForMachines();
    await demo.show("Fetch the software, which is in the cache after the first time", () =>
      ensureSoftware([FLINK_VERSION]),
    );
    await run(demo);
    console.log(pc.bold(pc.green(`\nAll of it in ${demo.total} s.`)));
  } catch (error) {
    demo.tellFailures(error);
    process.exitCode = 1;
  }
}

async function whyNoMachines(): Promise<string | undefined> {
  if (process.env.LOCAL === "1") return "LOCAL=1 asks for none";
  await ensureTools().catch((error: Error) => console.error(error.message));
  return labUnavailableReason();
}

void main();
