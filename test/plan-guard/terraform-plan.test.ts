import { judgePlan } from "../../lib/plan-guard/judge-plan";
import { readPlan } from "../../lib/plan-guard/terraform-plan";
import { Problem } from "../../lib/software/problem";
import { dangerousIn, judged, shownPlan } from "./shown-plan";

const SECRET = "s3cr3t-of-somebody";

test.each<[string, string, RegExp]>([
  ["nothing", " \n", /^the plan is empty, as where Terraform failed: give what `terraform show -json/],
  ["a saved plan", `PK\u0003\u0004${SECRET}`, /^the plan is a saved plan itself/],
  ["words", `Error: ${SECRET}`, /^the plan is no JSON/],
  ["half a plan", shownPlan([]).slice(0, -9), /^the plan is no JSON/],
  ["a list", "[]", /^the plan is no plan/],
  ["null", "null", /^the plan is no plan/],
  ["a state", JSON.stringify({ format_version: "1.0", values: {} }), /^the plan is no plan, but a state/],
  ["another form", shownPlan([], { format_version: "2.0" }), /has format_version 2\.0, and 1 alone is known here/],
  ["a plan with an error", shownPlan([], { errored: true }), /that Terraform could not finish/],
  [
    "an action of tomorrow",
    shownPlan([{ address: "aws_instance.it", actions: ["hibernate"] }]),
    /does with aws_instance\.it what is not known here \(hibernate\): update/,
  ],
  [
    "a change without an action",
    shownPlan([{ address: "aws_instance.it", actions: [] }]),
    /not known here \(nothing\)/,
  ],
])("%s is no plan that can be judged", (_, text, said) => {
  const read = (): unknown => readPlan(text, "the plan");
  expect(read).toThrow(Problem);
  expect(read).toThrow(said);
  expect(read).not.toThrow(SECRET);
});

test("what is only read is no change, and a part of a program is told as such", () => {
  const plan = readPlan(
    shownPlan([{ address: "data.aws_ami.it", actions: ["read"] }], { complete: false }),
    "the plan",
  );
  const nothing = { changes: [], invocations: [], changedOutputs: [], changedOutside: [] };
  expect(plan).toEqual({ ...nothing, isComplete: false });
});

test.each([
  ["stays", "no-op", []],
  ["has another value", "update", ["orders"]],
  ["is new", "create", ["orders"]],
])("an output that %s", (_, action, changedOutputs) => {
  const plan = shownPlan([], { output_changes: { orders: { actions: [action] } } });
  expect(readPlan(plan, "the plan")).toMatchObject({ changedOutputs });
});

test("an action of Terraform beside its resources is dangerous, as nobody here knows what it does", () => {
  const stop = { address: "action.aws_ec2_stop_instance.it", type: "aws_ec2_stop_instance" };
  const plan = readPlan(shownPlan([], { action_invocations: [stop] }), "the plan");
  expect(dangerousIn(judgePlan(plan, []))).toEqual([stop.address]);
  expect(dangerousIn(judgePlan(plan, [stop.address]))).toEqual([]);
});

test("a plan without changes is one", () => {
  expect(readPlan(shownPlan([], { resource_changes: undefined }), "the plan").changes).toEqual([]);
  expect(judged([])).toMatchObject({ isDangerous: false, dangers: [], resources: [], notes: [] });
});
