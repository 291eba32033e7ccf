import { judgePlan } from "../../lib/plan-guard/judge-plan";
import { readPlan } from "../../lib/plan-guard/terraform-plan";
import { judged, shownPlan, type ShownChange } from "./shown-plan";

type Values = Readonly<Record<string, unknown>>;

const KEY = "desired-state/orders.json";
const state = (image: string, more: Values = {}): Values => ({
  ...{ key: KEY, content: "{}", metadata: { "image-id": image }, ...more },
});

/** What Debian's newest image makes of a plan, and in what another one differs from it. */
function told(more: Partial<ShownChange> = {}): ShownChange {
  return {
    ...{ address: "aws_s3_object.flink_DesiredState_0123ABCD", actions: ["update"] },
    ...{
      before: state("ami-1", { version_id: "1" }),
      after: state("ami-2"),
      unknown: { metadata: {}, version_id: true },
    },
    references: { metadata: "data.aws_ami.flink_Image_0123ABCD" },
    ...more,
  };
}

/** What somebody has made of the object meanwhile. */
function drifted(after: Values, address = "aws_s3_object.flink_DesiredState_0123ABCD"): object {
  const before = { metadata: { "image-id": "ami-0" }, tags: null };
  return {
    ...{ address, mode: "managed", type: "aws_s3_object" },
    change: { actions: ["update"], before, after: { ...before, ...after } },
  };
}

const OTHER: ShownChange = {
  address: "aws_sns_topic.others",
  actions: ["update"],
  before: { name: "a" },
  after: { name: "b" },
};

test("a newer image, of one cluster or of several, is all that the plan is of", () => {
  const second = { key: "desired-state/bills.json" };
  const bills = told({ before: state("ami-1", second), after: state("ami-2", second) });
  expect(judged([told()])).toMatchObject({ isNewerImageOnly: true });
  expect(judged([told(), bills, { ...OTHER, actions: ["no-op"] }])).toMatchObject({
    isNewerImageOnly: true,
    clusters: [{ cluster: "orders", toldImage: { before: "ami-1", after: "ami-2" } }, { cluster: "bills" }],
  });
});

test.each<[string, readonly ShownChange[]]>([
  ["nothing changes", []],
  ["the program names another image itself", [told({ references: {} })]],
  ["something else changes too", [told(), OTHER]],
  ["the nodes are told something too", [told({ after: state("ami-2", { content: "{ }" }) })]],
  ["what the nodes are told is known later", [told({ unknown: { content: true } })]],
  ["which image it is, is known later", [told({ after: { key: KEY, content: "{}" }, unknown: { metadata: true } })]],
  ["the object has another key of encryption", [told({ after: state("ami-2", { kms_key_id: "other" }) })]],
  [
    "more is said beside the image",
    [told({ after: { ...state("ami-2"), metadata: { "image-id": "ami-2", a: "b" } } })],
  ],
  ["no image was told before", [told({ before: { key: KEY, content: "{}", metadata: {} } })]],
  ["the object is made anew", [told({ actions: ["delete", "create"] })]],
  [
    "it is an object of somebody else",
    [told({ before: state("ami-1", { key: "o" }), after: state("ami-2", { key: "o" }) })],
  ],
])("it is not where %s", (_, changes) => {
  expect(judged(changes)).toMatchObject({ isNewerImageOnly: false });
});

test.each([
  ["outputs change", { output_changes: { orders: { actions: ["update"] } } }],
  ["Terraform has an action", { action_invocations: [{ address: "action.a.b", type: "a" }] }],
  ["only a part was planned", { complete: false }],
  ["somebody wrote the image there", { resource_drift: [drifted({ metadata: { "image-id": "ami-1" } })] }],
])("nor where %s too", (_, more) => {
  const plan = readPlan(shownPlan([told()], more), "the plan");
  expect(judgePlan(plan, [])).toMatchObject({ isNewerImageOnly: false });
});

test("what somebody has changed elsewhere, or nobody but the provider, is no other image", () => {
  const resource_drift = [drifted({ metadata: {} }, "aws_iam_role.others"), drifted({ tags: {} })];
  const plan = readPlan(shownPlan([told()], { resource_drift }), "the plan");
  expect(judgePlan(plan, [])).toMatchObject({ isNewerImageOnly: true });
});
