import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { Terraform } from "../../support/terraform";
import { Workspace } from "../workspace";

/**
 * Everything that a cluster is made of, in Terraform's own language: what the emulator must be able to hold. Every run has the
 * same kinds of resources of our own constructs, applied, planned again and destroyed in the lab; here they are without them.
 */
const WIDE = join(__dirname, "..", "wide", "main.tf");
const MINUTES = 60_000;

let workspace: Workspace;
let terraform: Terraform;

beforeAll(async () => {
  workspace = await Workspace.create();
  terraform = workspace.terraform;
  copyFileSync(WIDE, join(workspace.dir, "main.tf"));
  await terraform.init();
}, 5 * MINUTES);

afterAll(async () => {
  await workspace?.remove();
});

test(
  "a wide configuration is valid, applied, and the second plan is empty",
  async () => {
    const planned = await terraform.planActions();
    expect(planned["aws_instance.node[0]"]).toBe("create");
    await terraform.apply({ planned: true });
    expect(await terraform.output()).toEqual({ image: "ami-0d13a6400000000d1" });
    expect((await terraform.stateList()).filter((address) => !address.startsWith("data."))).toHaveLength(
      Object.keys(planned).length,
    );
    expect(await terraform.planActions()).toEqual({});
  },
  8 * MINUTES,
);

test(
  "a change in place is kept, and the plan after it is empty",
  async () => {
    const changed = ["-var=purpose=another", "-var=instance_type=m7i.xlarge", "-var=protected=false"];
    const actions = await terraform.planActions(...changed);
    expect(actions["aws_instance.node[0]"]).toBe("update");
    expect(new Set(Object.values(actions))).toEqual(new Set(["update"]));
    await terraform.apply({ arguments: changed });
    expect(await terraform.planActions(...changed)).toEqual({});
  },
  8 * MINUTES,
);

test(
  "a destroy leaves nothing",
  async () => {
    await terraform.destroy("-var=protected=false");
    expect(await terraform.stateList()).toEqual([]);
  },
  4 * MINUTES,
);
