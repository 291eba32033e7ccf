import { judgeReplacement } from "../../../lib/operate/replace/judge-replacement";
import type { ProgramNode } from "../../../lib/operate/replace/nodes-of-program";
import { realPlan } from "../../plan-guard/real-plans";

const node = (number: number, machine: string, attachment: string): ProgramNode => ({
  cluster: "orders",
  name: `orders-node-${number}`,
  address: `aws_instance.flink_Node${number}_${machine}`,
  dependents: [`aws_volume_attachment.flink_Node${number}_DataVolumeAttachment_${attachment}`],
});
const ONE = node(1, "42A26CC8", "7F1E6CBB");
const TWO = node(2, "C29B49C9", "B72AA5DC");

interface Change {
  readonly address: string;
  readonly change: {
    actions: string[];
    before: Record<string, unknown> | null;
    after: Record<string, unknown>;
    after_unknown?: Record<string, unknown>;
  };
}
interface Plan {
  readonly resource_changes: Change[];
}

/** A plan that Terraform made of this, otherwise than it was. */
function changed(change: (plan: Plan, of: (address: string) => Change["change"]) => void): string {
  const plan = JSON.parse(realPlan("one-machine-replaced")) as Plan;
  change(plan, (address) => plan.resource_changes.find((each) => each.address === address)!.change);
  return JSON.stringify(plan);
}

test("a machine and its attachment alone are replaced, of the image that the program names", () => {
  const image = { imageBefore: "ami-0d13a6400000000d1", imageAfter: "ami-0d13a6400000000d1" };
  expect(judgeReplacement(realPlan("one-machine-replaced"), [TWO])).toEqual([
    { node: TWO, why: "current", instanceId: "i-724e20b7532b935e1", ...image, isProtected: false },
  ]);
});

test.each<[string, (of: (address: string) => Change["change"]) => void, object]>([
  ["another image", (of) => (of(TWO.address).after.ami = "ami-00000000000000002"), { why: "behind" }],
  [
    "an image that only the apply tells",
    (of) => (of(TWO.address).after_unknown = { ami: true }),
    { why: "behind", imageAfter: undefined },
  ],
  [
    "no machine, as after an apply that was cut",
    (of) => Object.assign(of(TWO.address), { actions: ["create"], before: null }),
    { why: "missing", isProtected: false },
  ],
  [
    "no attachment",
    (of) => Object.assign(of(TWO.dependents[0]), { actions: ["create"], before: null }),
    { why: "unfinished" },
  ],
  ["protection", (of) => (of(TWO.address).before!.disable_api_termination = true), { isProtected: true }],
])("%s is told", (_what, change, told) => {
  // What the program says of protection is what is deployed.
  const text = changed((_plan, of) => {
    change(of);
    if (of(TWO.address).before?.disable_api_termination) of(TWO.address).after.disable_api_termination = true;
  });
  expect(judgeReplacement(text, [TWO])).toMatchObject([told]);
});

test.each<[string, string, ProgramNode, RegExp]>([
  ["another machine", realPlan("two-machines-replaced"), TWO, /would also change aws_instance.flink_Node1_42A26CC8/],
  ["its data volume", realPlan("volume-replaced"), TWO, /would also change aws_ebs_volume/],
  [
    "what is not deployed",
    realPlan("settings"),
    TWO,
    /would also change aws_s3_object\.\S+, and nothing was done: deploy/,
  ],
  [
    "another size of the machine",
    changed((_plan, of) => (of(TWO.address).after.instance_type = "m7i.xlarge")),
    TWO,
    /would change instance_type of orders-node-2 with it, and nothing was done: deploy them first/,
  ],
  [
    "another size of its root volume",
    changed(
      (_plan, of) => ((of(TWO.address).after.root_block_device as { volume_size: number }[])[0].volume_size = 32),
    ),
    TWO,
    /would change root_block_device of orders-node-2/,
  ],
  [
    "no attachment afterwards",
    changed((_plan, of) => (of(TWO.dependents[0]).actions = ["delete"])),
    TWO,
    /would end aws_volume_attachment/,
  ],
  [
    "nothing, where a machine was to be replaced",
    changed((_plan, of) => (of(TWO.address).actions = ["no-op"])),
    TWO,
    /would not replace aws_instance.flink_Node2_C29B49C9 although it was asked to/,
  ],
])("a plan that touches %s is refused", (_what, text, of, why) => {
  expect(() => judgeReplacement(text, [of])).toThrow(why);
});

test("of several machines it says what becomes of each", () => {
  const nodes = [{ ...ONE, dependents: attachmentsOf(1) }, TWO];
  const found = judgeReplacement(realPlan("two-machines-replaced"), nodes);
  expect(found.map(({ node: { name }, why }) => [name, why])).toEqual([
    ["orders-node-1", "current"],
    ["orders-node-2", "current"],
  ]);
});

function attachmentsOf(number: number): string[] {
  const { resource_changes: changes } = JSON.parse(realPlan("two-machines-replaced")) as Plan;
  const beginning = `aws_volume_attachment.flink_Node${number}_`;
  return changes.map(({ address }) => address).filter((address) => address.startsWith(beginning));
}
