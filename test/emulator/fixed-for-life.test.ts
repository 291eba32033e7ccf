import { App, TerraformStack } from "cdktf";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FixedForLife } from "../../lib/core/terraform/fixed-for-life";
import { Terraform } from "../support/terraform";

let dir: string;
let terraform: Terraform;

/** Needs no emulator: the values lie in Terraform's own state. */
function synthesize(zooKeeperNodeCount: number, isProtected: boolean): void {
  const app = new App({ outdir: dir });
  const stack = new TerraformStack(app, "stack");
  new FixedForLife(stack, "FixedForLife", {
    values: { zookeeper_node_count: String(zooKeeperNodeCount) },
    isProtected,
  });
  stack.addOverride("terraform.backend.local.path", join(dir, "terraform.tfstate"));
  app.synth();
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "fixed-for-life-"));
  synthesize(1, true);
  terraform = new Terraform(join(dir, "stacks", "stack"));
  await terraform.init();
  await terraform.apply();
}, 120_000);

afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("a protected cluster's fixed values stay: the plan of a change is refused, and names what is fixed", async () => {
  expect(await terraform.planActions()).toEqual({});
  synthesize(3, true);
  await expect(terraform.plan()).rejects.toThrow(/FixedForLife[\s\S]*prevent_destroy/);
  await expect(terraform.destroy()).rejects.toThrow(/prevent_destroy/);
}, 120_000);

test("without protection it can be changed and destroyed", async () => {
  synthesize(3, false);
  expect(Object.values(await terraform.planActions())).toEqual(["replace"]);
  await terraform.destroy();
  expect(await terraform.stateList()).toEqual([]);
}, 120_000);
