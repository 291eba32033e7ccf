import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, DataResource, TerraformOutput, TerraformStack } from "cdktf";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepState } from "../../examples/ci/state";
import { CheckpointBucket, RemovalPolicy } from "../../lib";
import { newestDebianImage } from "../../lib/cluster/debian-image";
import { DesiredStateObject } from "../../lib/cluster/desired-state-object";
import type { DesiredState } from "../../lib/node/desired-state";
import { Architecture } from "../../lib/settings";
import { waitFor } from "../lab/wait-for";
import { Runner } from "./ci/runner";
import { EmulatorClients, REGION } from "./clients";
import { Emulator } from "./emulator";
import { publishImage } from "./published-image";

const MINUTES = 60_000;
const STATE_BUCKET = "my-company-terraform-state";
const CONFIGURATION = { CreateBucketConfiguration: { LocationConstraint: REGION } } as const;

let dir: string;
let emulator: Emulator;
let aws: EmulatorClients;
let runner: Runner;

/** The stack that outlives clusters, and what one is told, as a commit of the user's program has it. */
function synthesize({ word = "first", withBucket = true }: { word?: string; withBucket?: boolean } = {}): void {
  const app = new App({ outdir: join(dir, "cdktf.out") });
  const stack = new TerraformStack(app, "storage");
  new AwsProvider(stack, "aws", { region: REGION });
  keepState(stack, STATE_BUCKET, REGION);
  // What an apply waits in, for the test to see what else is refused meanwhile.
  const gate = {
    type: "local-exec",
    command: 'touch "$G.reached"; until [ -e "$G.open" ]; do sleep 0.1; done',
  } as const;
  new DataResource(stack, "gate", { provisioners: [{ ...gate, environment: { G: join(dir, "gate") } }] });
  if (withBucket) {
    const checkpointBucket = new CheckpointBucket(stack, "checkpoints", { removalPolicy: RemovalPolicy.DESTROY });
    new DesiredStateObject(stack, "flink", {
      ...{ clusterName: "orders", state: () => ({}) as DesiredState, checkpointBucket, dependsOn: [] },
      imageId: newestDebianImage(stack, Architecture.AMD64),
    });
  }
  new TerraformOutput(stack, "word", { value: word });
  app.synth();
}

function imagesFile(): string {
  return join(dir, "images.json");
}

async function keys(prefix: string): Promise<string[]> {
  const { Contents = [] } = await aws.s3.send(new ListObjectsV2Command({ Bucket: STATE_BUCKET, Prefix: prefix }));
  return Contents.map(({ Key }) => Key!);
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "ci-"));
  emulator = await Emulator.start({ dir: join(dir, "emulator"), images: imagesFile() });
  aws = new EmulatorClients(REGION, emulator.socketPath);
  await aws.s3.send(new CreateBucketCommand({ Bucket: STATE_BUCKET, ...CONFIGURATION }));
  runner = new Runner(dir, emulator.endpoint!, STATE_BUCKET);
}, 5 * MINUTES);

afterAll(async () => {
  aws?.destroy();
  await emulator?.stop();
  rmSync(dir, { recursive: true, force: true });
});

test(
  "a plan waits for its approval, and exactly that plan is applied, once, though the program has changed since",
  async () => {
    synthesize();
    const planned = await runner.run("plan.mjs", "storage");
    expect(planned).toMatchObject({ code: 0, outputs: { changes: "true" } });
    expect(runner.words("storage")).toContain("Nothing of it is dangerous.");
    const { plan } = (await runner.run("save-plan.mjs", "storage")).outputs;
    expect(await keys("plans/")).toEqual([`plans/storage/${plan}.tar.gz`]);
    const { Body: saved } = await aws.s3.send(
      new GetObjectCommand({
        Bucket: STATE_BUCKET,
        Key: `plans/storage/${plan}.tar.gz`,
      }),
    );
    const bundle = await saved!.transformToByteArray();

    synthesize({ word: "second", withBucket: false });
    const applying = runner.run("apply.mjs", "storage", { PLAN: plan });
    const early = applying.then(({ log }) => log);
    await Promise.race([
      waitFor(() => existsSync(join(dir, "gate.reached")), { timeout: 2 * MINUTES, what: "the first apply to work" }),
      early.then((log) => Promise.reject(new Error(`it did not come to the gate:\n${log}`))),
    ]);

    // Another one at the same time.
    expect(await keys("flink/")).toContain("flink/storage.tfstate.tflock");
    const second = await runner.run("plan.mjs", "storage");
    expect(second.code).toBe(1);
    expect(second.log).toMatch(
      /^The state is locked by \S+ since 20[\d-]+ [\d:]+ UTC: wait for the end of that run, and start this one again\.$/m,
    );
    writeFileSync(join(dir, "gate.open"), "");
    expect(await applying).toMatchObject({ code: 0 });
    expect(await keys("")).toEqual(["flink/storage.tfstate"]);
    const { Body: state } = await aws.s3.send(
      new GetObjectCommand({ Bucket: STATE_BUCKET, Key: "flink/storage.tfstate" }),
    );
    const { outputs, resources } = JSON.parse(await state!.transformToString()) as {
      outputs: object;
      resources: { type: string }[];
    };
    expect(outputs).toMatchObject({ word: { value: "first" } });
    expect(resources.map(({ type }) => type)).toContain("aws_s3_bucket");

    // Once more: it was taken away; and put back by somebody, Terraform knows that the state is another one by now.
    expect((await runner.run("apply.mjs", "storage", { PLAN: plan })).log).toContain(
      "it was applied before; plan again",
    );
    const Key = `plans/storage/${plan}.tar.gz`;
    await aws.s3.send(new PutObjectCommand({ Bucket: STATE_BUCKET, Key, Body: bundle }));
    const stale = await runner.run("apply.mjs", "storage", { PLAN: plan });
    expect(stale.code).toBe(1);
    expect(stale.log).toContain("The state has changed since this plan was made: plan again.");
    // One that is not what was approved.
    await aws.s3.send(new PutObjectCommand({ Bucket: STATE_BUCKET, Key, Body: bundle.subarray(1) }));
    const changed = await runner.run("apply.mjs", "storage", { PLAN: plan });
    expect(changed).toMatchObject({ code: 1, log: expect.stringContaining("it was changed") });
  },
  5 * MINUTES,
);

test(
  "a newer image of Debian is no drift, and the log says so",
  async () => {
    synthesize();
    publishImage(imagesFile(), "ami-0d13a6400000000d2");
    const { code, log } = await runner.run("drift.mjs", "storage");
    expect(log).toContain("Plan: 0 to add, 1 to change, 0 to destroy.");
    expect(log).toMatch(/^Another machine image was published, and nothing else differs: the next deploy tells it/m);
    expect(code).toBe(0);
  },
  5 * MINUTES,
);

test(
  "drift is told by the exit code, and in words",
  async () => {
    synthesize();
    expect(await runner.run("drift.mjs", "storage")).toMatchObject({ code: 0 });
    const state = JSON.parse(readFileSync(join(runner.stackFolder("storage"), "cdk.tf.json"), "utf8")) as object;
    expect(state).toHaveProperty("terraform.backend.s3.use_lockfile", true);
    const { Buckets } = await aws.s3.send(new ListBucketsCommand({}));
    const Bucket = Buckets!.map(({ Name }) => Name!).find((name) => name.startsWith("storage-checkpoints-"))!;
    const Status = "Suspended";
    await aws.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
    expect(await runner.run("drift.mjs", "storage")).toMatchObject({ code: 2 });
    expect(runner.words("storage")).toContain("aws_s3_bucket_versioning 1");
  },
  5 * MINUTES,
);

test(
  "a dangerous change is stopped before there is anything to approve",
  async () => {
    synthesize({ withBucket: false });
    const planned = await runner.run("plan.mjs", "storage", { LOCK: "false" });
    expect(planned.code).toBe(3);
    expect(runner.words("storage")).toMatch(/^Dangerous$/m);
    expect(runner.words("storage")).toMatch(/aws_s3_bucket\.checkpoints_\w+ /);
    expect(await keys("flink/")).toEqual(["flink/storage.tfstate"]);
  },
  5 * MINUTES,
);
