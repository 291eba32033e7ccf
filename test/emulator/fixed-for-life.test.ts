import { App, TerraformStack } from "cdktf";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BegunArchitecture } from "../../lib/cluster/begun-architecture";
import { BegunFlinkLine } from "../../lib/cluster/begun-flink-line";
import { FixedForLife } from "../../lib/core/terraform/fixed-for-life";
import { judgePlan } from "../../lib/plan-guard/judge-plan";
import { readPlan } from "../../lib/plan-guard/terraform-plan";
import { Architecture, FlinkVersion } from "../../lib/settings";
import { plannedActions, Terraform } from "../support/terraform";

let dir: string;
let terraform: Terraform;

/** Needs no emulator: the values lie in Terraform's own state. */
function synthesize(
  zooKeeperNodeCount: number,
  isProtected: boolean,
  version = FlinkVersion.V2_2,
  architecture = Architecture.AMD64,
): void {
  const app = new App({ outdir: dir });
  const stack = new TerraformStack(app, "stack");
  const { line, requirements } = new BegunFlinkLine(stack, "BegunFlinkLine", { clusterName: "orders", version });
  const { requirement } = new BegunArchitecture(stack, "BegunArchitecture", { clusterName: "orders", architecture });
  new FixedForLife(stack, "FixedForLife", {
    values: { zookeeper_node_count: String(zooKeeperNodeCount), flink_line: line, architecture },
    isProtected,
    requirements: [...requirements, requirement],
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

test.each([
  [FlinkVersion.of("2.0"), "Flink does not read the state of a newer line"],
  [FlinkVersion.V1_20, "state does not cross between 1.x and 2.x"],
])(
  "of Flink 2.2, begun with, %s is refused in one sentence of its own, protected or not",
  async (version, why) => {
    for (const isProtected of [true, false]) {
      synthesize(1, isProtected, version);
      const said = String(await terraform.plan().catch((error: unknown) => error)).replace(
        /\s*[│╷╵]?\n[│╷╵]?\s*/g,
        " ",
      );
      expect(said).toContain(
        `The cluster orders was begun with Flink 2.2, and ${version.line} is asked for: ${why}. Set version to`,
      );
      expect(said).toContain(`or make a cluster of Flink ${version.line} beside it, in which the jobs begin anew`);
      expect(said.match(/\bError:/g)).toHaveLength(1);
    }
    synthesize(1, true);
    expect(await terraform.planActions()).toEqual({});
  },
  120_000,
);

test("of Flink 2.2, begun with, 2.3 is nothing that stays for life: it and the way back change nothing here", async () => {
  for (const isProtected of [true, false]) {
    synthesize(1, isProtected, FlinkVersion.V2_3);
    expect(await terraform.planActions()).toEqual({});
  }
  synthesize(1, true);
  expect(await terraform.planActions()).toEqual({});
}, 120_000);

test("of amd64, begun with, arm64 is refused in one sentence with the way, protected or not", async () => {
  for (const isProtected of [true, false]) {
    synthesize(1, isProtected, FlinkVersion.V2_2, Architecture.ARM64);
    const said = String(await terraform.plan().catch((error: unknown) => error)).replace(/\s*[│╷╵]?\n[│╷╵]?\s*/g, " ");
    expect(said).toContain("The cluster orders runs on amd64, and arm64 is asked for");
    expect(said).toContain("Set instanceType to one of amd64, or make a cluster of arm64 beside it");
    expect(said.match(/\bError:/g)).toHaveLength(1);
  }
  synthesize(1, true);
  expect(await terraform.planActions()).toEqual({});
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
