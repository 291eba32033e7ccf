import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { cluster } from "../cluster/support";
import { Block, synthesize } from "../support/synth";
import { Terraform } from "../support/terraform";

let dir: string;
let terraform: Terraform;
const done = (): string[] =>
  existsSync(join(dir, "done")) ? readFileSync(join(dir, "done"), "utf8").trim().split("\n") : [];

/**
 * What is synthesized to ask, with stand-ins for the machines and for the desired state: it is Terraform's order that
 * counts, and it needs no account. In place of Node.js stands what says how it was asked.
 */
function write(nodeCount: number): void {
  const asks = synthesize((stack) => cluster(stack, { nodeCount, zooKeeperNodeCount: 3 })).named(
    "terraform_data",
    "flink_NodeRemoval",
  );
  const machines = (asks.depends_on as readonly string[]).map((address) => address.replace(".", "-"));
  const told = { "local-exec": { command: `echo tells-of-${nodeCount} >> ${join(dir, "done")}` } };
  const standIns = Object.fromEntries(
    machines.map((name) => [
      name,
      name.startsWith("aws_s3_object") ? { triggers_replace: nodeCount, provisioner: [told] } : {},
    ]),
  );
  const triggers_replace = { ...(asks.triggers_replace as Block), bucket: "some-bucket", region: "eu-west-1" };
  const asking = { ...asks, triggers_replace, depends_on: machines.map((name) => `terraform_data.${name}`) };
  writeFileSync(join(dir, "cdk.tf.json"), JSON.stringify({ resource: { terraform_data: { ...standIns, asking } } }));
}

/** In place of Node.js. */
function answer(code: number): void {
  const folder = join(dir, "bin");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "node"), `#!/bin/sh\nshift\necho "asks $*" >> ${join(dir, "done")}\nexit ${code}\n`);
  chmodSync(join(folder, "node"), 0o755);
}

/** What the fourth and the fifth node are made of, as far as it is there. */
async function leaving(): Promise<string[]> {
  return (await terraform.stateList()).filter((address) => /_Node[45]_/.test(address));
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "node-removal-"));
  terraform = new Terraform(dir, { env: { PATH: [join(dir, "bin"), process.env.PATH].join(delimiter) } });
  answer(0);
  write(5);
  await terraform.init();
  await terraform.apply();
}, 120_000);

afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("fewer nodes: Terraform asks before it touches a machine, and before it tells the nodes; refused, it does neither", async () => {
  expect(done()).toEqual(["tells-of-5"]);
  write(3);
  answer(1);
  await expect(terraform.apply()).rejects.toThrow(/asks|exit status 1/);
  const names = (count: number) => Array.from({ length: count }, (_, index) => `orders-node-${index + 1}`).join(",");
  const asked = `asks remove-nodes --cluster orders --bucket some-bucket --region eu-west-1 --was ${names(5)} --keep ${names(3)} --slots 1`;
  expect(done()).toEqual(["tells-of-5", asked]);
  // Terraform does at once what waits for nothing: so these do.
  expect(await leaving()).toHaveLength(4);

  answer(0);
  await terraform.apply();
  expect(done()).toEqual(["tells-of-5", asked, asked, "tells-of-3"]);
  expect(await leaving()).toEqual([]);
}, 120_000);

test("more nodes, or the end of all, ask for nobody's leave", async () => {
  const before = done().length;
  write(4);
  answer(0);
  await terraform.apply();
  // What asks learns that none goes.
  expect(done().slice(before).sort()).toEqual([
    expect.stringMatching(/^asks .*--keep .*orders-node-4 --slots 1$/),
    "tells-of-4",
  ]);
  const atEnd = done().length;
  answer(1);
  await terraform.destroy();
  expect(
    done()
      .slice(atEnd)
      .filter((line) => line.startsWith("asks")),
  ).toEqual([]);
  expect(await terraform.stateList()).toEqual([]);
}, 120_000);
