import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DescribeInstancesCommand, DescribeVolumesCommand, DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { GetObjectCommand, ListBucketsCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { desiredStateKey, reportKey, SOFTWARE_PREFIX } from "../../../lib/core/bucket-layout";
import type { DesiredState } from "../../../lib/node/desired-state";
import { fetchSoftware } from "../../../lib/software/fetch";
import { isMissing } from "../../../lib/software/bucket";
import { PartStore } from "../../../lib/software/part-store";
import { WrittenOrigin } from "../../software/written-origin";
import { CdktfProject } from "./cdktf-project";
import { EmulatorClients, REGION } from "../clients";
import { Emulator } from "../emulator";

const MINUTES = 60_000;
const CLUSTER = "streaming-flink";
const NODES = [1, 2, 3].map((number) => `${CLUSTER}-node-${number}`);

let dir: string;
let emulator: Emulator;
let aws: EmulatorClients;
let project: CdktfProject;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "cdktf-deploy-"));
  emulator = await Emulator.start({ dir: join(dir, "emulator") });
  aws = new EmulatorClients(REGION, emulator.socketPath);
  project = new CdktfProject(join(dir, "project"), "quickstart", emulator.endpoint!);
}, 5 * MINUTES);

afterAll(async () => {
  aws?.destroy();
  await emulator?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** The bucket, once it is there. */
async function bucket(): Promise<string | undefined> {
  const { Buckets = [] } = await aws.s3.send(new ListBucketsCommand({}));
  return Buckets.map(({ Name }) => Name!).find((name) => name.startsWith("storage-checkpoints-"));
}

/** Reports as nodes do that run what they are told, until it is told that that is enough. */
async function reportAsNodes(enough: AbortSignal): Promise<void> {
  while (!enough.aborted) {
    const Bucket = await bucket();
    const desired = Bucket && (await textOf(Bucket, desiredStateKey(CLUSTER)));
    if (desired !== undefined) {
      const sha256 = createHash("sha256").update(desired).digest("hex");
      const running = { versionId: "v", sha256, since: new Date().toISOString() };
      const Body = JSON.stringify({ schemaVersion: 1, status: "healthy", running });
      for (const node of NODES)
        await aws.s3.send(new PutObjectCommand({ Bucket, Key: reportKey(CLUSTER, node), Body }));
    }
    await delay(2000);
  }
}

async function textOf(Bucket: string, Key: string): Promise<string | undefined> {
  try {
    const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket, Key }));
    return await Body!.transformToString();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** What of machines, networks and objects the account has, beside what every account has. */
async function account(): Promise<object> {
  const { Reservations = [] } = await aws.ec2.send(new DescribeInstancesCommand({}));
  const machines = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ State }) => State!.Name!));
  const { Vpcs = [] } = await aws.ec2.send(new DescribeVpcsCommand({}));
  const { Volumes = [] } = await aws.ec2.send(new DescribeVolumesCommand({}));
  return {
    machines: machines.filter((state) => state !== "terminated").length,
    networks: Vpcs.filter(({ IsDefault }) => !IsDefault).length,
    volumes: Volumes.length,
    bucket: await bucket(),
  };
}

beforeAll(async () => {
  // What `npx cdktf-flink fetch` does, with short texts in place of what the download sites have.
  await fetchSoftware({
    ...{ lockFile: project.file("cdktf-flink.lock.json"), origin: "official", flink: ["2.2"] },
    ...{ architectures: ["amd64"], originImplementation: new WrittenOrigin() },
    store: new PartStore(project.file("cache/software")),
  });
});

test(
  "the quickstart is deployed until every node is healthy, and the command line finds the cluster in its outputs",
  async () => {
    const enough = new AbortController();
    const reports = reportAsNodes(enough.signal);
    try {
      // Without the hashes for other platforms, for which it asks the public registry whatever mirror there is.
      const deployed = await project.type(
        "npx cdktf deploy storage streaming --auto-approve --outputs-file outputs.json --skip-provider-lock",
      );
      expect(deployed).toContain("all nodes are healthy and run what they shall");
      const status = await project.type("npx cdktf-flink status --outputs outputs.json --json");
      const healthy = NODES.map((node) => expect.objectContaining({ node, verdict: "healthy" }) as unknown);
      expect(JSON.parse(status)).toMatchObject({ cluster: CLUSTER, nodes: healthy });
    } finally {
      enough.abort();
      await reports;
    }
    expect(await account()).toEqual({ machines: 3, networks: 1, volumes: 6, bucket: await bucket() });
  },
  9 * MINUTES,
);

test("the deploy alone has published what the nodes are told to fetch", async () => {
  const Bucket = await bucket();
  const state = JSON.parse((await textOf(Bucket!, desiredStateKey(CLUSTER)))!) as DesiredState;
  const { Contents = [] } = await aws.s3.send(new ListObjectsV2Command({ Bucket, Prefix: SOFTWARE_PREFIX }));
  const told = [state.agent, state.nodeJs, ...state.software].map(({ key }) => key);
  expect(Contents.map(({ Key }) => Key).sort()).toEqual(told.sort());
  expect(told).toHaveLength(7);
});

test(
  "another plan has nothing to do, and the outputs are told again",
  async () => {
    expect(await project.type("npx cdktf diff streaming")).toContain("No changes.");
    expect(await project.type("npx cdktf output streaming --skip-synth")).toContain(await bucket());
  },
  9 * MINUTES,
);

test(
  "it is destroyed in two acts, as README goes, and nothing is left",
  async () => {
    project.edit("main.ts", '"checkpoints")', '"checkpoints", { removalPolicy: RemovalPolicy.DESTROY })');
    project.edit("main.ts", "checkpoints }", "checkpoints, terminationProtection: false }");
    project.edit("main.ts", "FlinkNetwork }", "FlinkNetwork, RemovalPolicy }");
    await project.type("npx cdktf deploy storage streaming --auto-approve");
    await project.type("npx cdktf destroy storage streaming --auto-approve --skip-synth");
    expect(await account()).toEqual({ machines: 0, networks: 0, volumes: 0, bucket: undefined });
    for (const stack of ["storage", "streaming"]) {
      const state = readFileSync(project.file(`terraform.${stack}.tfstate`), "utf8");
      expect(JSON.parse(state)).toMatchObject({ resources: [], outputs: {} });
    }
  },
  16 * MINUTES,
);
