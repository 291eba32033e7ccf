import { App, TerraformStack } from "cdktf";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FixedForLife } from "../../lib/core/terraform/fixed-for-life";
import { judgePlan } from "../../lib/plan-guard/judge-plan";
import { readPlan } from "../../lib/plan-guard/terraform-plan";
import { plannedActions, Terraform } from "../support/terraform";

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

test("without protection it can be changed, which the guard of plans calls dangerous, and destroyed", async () => {
  synthesize(3, false);
  const plan = await terraform.plan();
  expect(Object.values(plannedActions(plan))).toEqual(["replace"]);
  const { isDangerous, fixedChanges } = judgePlan(readPlan(JSON.stringify(plan), "the plan"), []);
  expect(isDangerous).toBe(true);
  expect(fixedChanges.map(({ what }) => what)).toEqual(["zookeeper_node_count: 1 -> 3"]);
  await terraform.destroy();
  expect(await terraform.stateList()).toEqual([]);
}, 120_000);
