import { RunInstancesCommand } from "@aws-sdk/client-ec2";
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { searchAccount } from "../scenarios/secret-search/account-places";
import { Matcher } from "../scenarios/secret-search/matcher";
import { needlesOf } from "../scenarios/secret-search/needles";
import { mistakesOf, plant, valueOf } from "../scenarios/secret-search/planted";
import { applyPlanted } from "../scenarios/secret-search/plants";
import { searchTerraformFiles, TERRAFORM_PLACES } from "../scenarios/secret-search/terraform-files";
import { findingsOf } from "../scenarios/secret-search/verdict";
import { Terraform } from "../support/terraform";
import { waitFor } from "../lab/wait-for";
import { EmulatorClients, REGION } from "./clients";
import { Emulator } from "./emulator";

let dir: string;
let emulator: Emulator;
let aws: EmulatorClients;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "emulator-"));
  emulator = await Emulator.start({ dir, loopback: false });
  aws = new EmulatorClients(REGION, emulator.socketPath);
}, 300_000);

afterAll(async () => {
  aws?.destroy();
  await emulator?.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function makeBucket(bucket: string, versioned: boolean): Promise<void> {
  await aws.s3.send(
    new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );
  const versioning = { Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } } as const;
  if (versioned) await aws.s3.send(new PutBucketVersioningCommand(versioning));
}

test("a secret is found in user data, packed or not, and in every version of every object", async () => {
  const [marked, early] = [plant("marked", []), plant("written before there was a machine", [])];
  const put = (Bucket: string, Key: string, Body: string) =>
    aws.s3.send(new PutObjectCommand({ Bucket, Key, Body: `planted: ${Body}` }));
  await makeBucket("checkpoints", true);
  await makeBucket("sink", false);
  await put("checkpoints", "software/flink.tar.gz", valueOf(early));
  // The emulator's times are whole seconds.
  const second = () => Math.floor(Date.now() / 1000);
  const written = second();
  await waitFor(() => second() > written, { timeout: 60_000, what: "the next second", interval: 50 });
  const scripts = [Buffer.from(`#!/bin/sh\n# ${valueOf(marked)}`), gzipSync(`#!/bin/sh\n# ${valueOf(marked)}`)];
  for (const script of [...scripts, Buffer.from("#!/bin/sh")]) {
    const UserData = script.toString("base64");
    await aws.ec2.send(new RunInstancesCommand({ ImageId: "ami-12c6146b", MinCount: 1, MaxCount: 1, UserData }));
  }
  await put("checkpoints", "reports/lab/node-1.json", valueOf(marked));
  await put("checkpoints", "reports/lab/node-1.json", "nothing");
  await put("checkpoints", "software/agent.tar.gz", valueOf(marked));
  await put("sink", "part", valueOf(marked));
  for (let index = 0; index < 1100; index += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, one) => put("sink", `zz/${index + one}`, "nothing")));
  }
  await put("sink", "zzz", valueOf(marked));

  const matcher = new Matcher(needlesOf([marked.secret, early.secret]));
  const [userData, objects] = await searchAccount(aws, matcher);
  expect(userData.things).toBe(3);
  expect(userData.hits.map(({ secret }) => secret)).toEqual([0, 0]);
  const found = objects.hits.map(({ where, secret }) => `${secret} ${where.replace(/ \(.*/, "")}`);
  expect(found.sort()).toEqual([
    "0 checkpoints/reports/lab/node-1.json",
    "0 checkpoints/software/agent.tar.gz",
    "0 sink/part",
    "0 sink/zzz",
  ]);
  expect(objects.things).toBe(3 + 1 + 1100 + 1);
}, 120_000);

test("a secret is found in what Terraform itself has written: configuration, plan and state", async () => {
  const marked = plant("marked", TERRAFORM_PLACES);
  const folder = join(dir, "terraform", "planted");
  await applyPlanted(folder, valueOf(marked), async (at) => {
    const terraform = new Terraform(at);
    await terraform.init();
    return terraform;
  });
  const searched = await searchTerraformFiles(join(dir, "terraform"), new Matcher(needlesOf([marked.secret])));
  expect(mistakesOf([marked], findingsOf(searched, [marked.secret]))).toEqual([]);
}, 120_000);
