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

interface Asked {
  readonly version?: FlinkVersion;
  readonly architecture?: Architecture;
  readonly allowStateLoss?: boolean;
}

/** Needs no emulator: the values lie in Terraform's own state. */
function synthesize(
  zooKeeperNodeCount: number,
  isProtected: boolean,
  { version = FlinkVersion.V2_2, architecture = Architecture.AMD64, allowStateLoss = false }: Asked = {},
): void {
  const app = new App({ outdir: dir });
  const stack = new TerraformStack(app, "stack");
  const { requirements } = new BegunFlinkLine(stack, "BegunFlinkLine", {
    ...{ clusterName: "orders", version, allowStateLoss },
  });
  const { requirement } = new BegunArchitecture(stack, "BegunArchitecture", { clusterName: "orders", architecture });
  new FixedForLife(stack, "FixedForLife", {
    values: { zookeeper_node_count: String(zooKeeperNodeCount), architecture },
    isProtected,
    requirements: [...requirements, requirement],
  });
  stack.addOverride("terraform.backend.local.path", join(dir, "terraform.tfstate"));
  app.synth();
}

/** What a plan that is refused says, in one line. */
async function refusal(): Promise<string> {
  const said = String(await terraform.plan().catch((error: unknown) => error));
  return said.replace(/\s*[│╷╵]?\n[│╷╵]?\s*/g, " ");
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
      synthesize(1, isProtected, { version });
      const said = await refusal();
      expect(said).toContain(
        `The cluster orders was begun with Flink 2.2, and ${version.line} is asked for: ${why}. Set version to`,
      );
      expect(said).toContain(
        `or make a cluster of Flink ${version.line} beside it, or set allowStateLoss: in these two the jobs begin anew.`,
      );
      expect(said.match(/\bError:/g)).toHaveLength(1);
    }
    synthesize(1, true);
    expect(await terraform.planActions()).toEqual({});
  },
  120_000,
);

test("of Flink 2.2, begun with, 2.3 is nothing that stays for life: it and the way back change nothing here", async () => {
  for (const isProtected of [true, false]) {
    synthesize(1, isProtected, { version: FlinkVersion.V2_3 });
    expect(await terraform.planActions()).toEqual({});
  }
  synthesize(1, true);
  expect(await terraform.planActions()).toEqual({});
}, 120_000);

describe("where state may be lost", () => {
  const HELD = /BegunFlinkLine_[0-9A-F]{8}$/;

  /** Plans what is asked for, applies it, and shows that nothing is left to do. */
  async function apply(isProtected: boolean, asked: Asked): Promise<void> {
    synthesize(1, isProtected, asked);
    const plan = await terraform.plan();
    const actions = Object.entries(plannedActions(plan)).filter(([, action]) => action === "replace");
    expect(actions).toEqual([[expect.stringMatching(HELD), "replace"]]);
    const { isDangerous, fixedChanges, notes } = judgePlan(readPlan(JSON.stringify(plan), "the plan"), []);
    expect({ isDangerous, fixedChanges, notes }).toEqual({ isDangerous: false, fixedChanges: [], notes: [] });
    await terraform.apply();
    expect(await terraform.planActions()).toEqual({});
  }

  test.each([true, false])(
    "the line that comes is the one that is held, also when none may be lost any longer (protected: %s)",
    async (isProtected) => {
      // What was protected before is so, or not, by an apply of its own.
      synthesize(1, isProtected);
      await terraform.apply();
      await apply(isProtected, { version: FlinkVersion.V2_2, allowStateLoss: true });
      await apply(isProtected, { version: FlinkVersion.V1_20, allowStateLoss: true });
      await apply(isProtected, { version: FlinkVersion.of("2.0"), allowStateLoss: true });
      await apply(isProtected, { version: FlinkVersion.of("2.0") });
      synthesize(1, isProtected, { version: FlinkVersion.V2_3 });
      expect(await terraform.planActions()).toEqual({});
      synthesize(1, isProtected, { version: FlinkVersion.V1_20 });
      expect(await refusal()).toContain(
        "The cluster orders was begun with Flink 2.0, and 1.20 is asked for: state does",
      );
      // Undone in one plan, which knows only when it is applied what is held.
      await apply(isProtected, { version: FlinkVersion.V1_20, allowStateLoss: true });
      await apply(isProtected, { version: FlinkVersion.V2_2 });
      synthesize(1, isProtected, { version: FlinkVersion.of("2.0") });
      expect(await refusal()).toContain(
        "The cluster orders was begun with Flink 2.2, and 2.0 is asked for: Flink does not",
      );
      synthesize(1, true);
      await terraform.apply();
    },
    120_000,
  );
});

test("of amd64, begun with, arm64 is refused in one sentence with the way, protected or not", async () => {
  for (const isProtected of [true, false]) {
    synthesize(1, isProtected, { architecture: Architecture.ARM64 });
    const said = await refusal();
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
