import { renderPlan } from "../../lib/plan-guard/render-plan";
import { dangerousIn, judged, type ShownChange } from "./shown-plan";

const ADDRESS = "terraform_data.flink_Rollout_0123ABCD";
const WAITS = "The apply waits until all nodes are healthy and run what they shall, and fails where they do not.";

const triggers = (desired_state: string) => ({ triggers_replace: { cluster: "orders", desired_state } });

function rollout(more: Partial<ShownChange> = {}): ShownChange {
  return { address: ADDRESS, actions: ["delete", "create"], before: triggers("1"), after: triggers("2"), ...more };
}

const state = (actions: readonly string[]): ShownChange => ({
  ...{ address: "aws_s3_object.flink_DesiredState_0123ABCD", actions },
  before: { key: "desired-state/orders.json", content: "one" },
  after: { key: "desired-state/orders.json", content: "two" },
});

test.each([
  ["another desired state is written", [state(["update"]), rollout()]],
  ["the last apply did not come to its end, and nothing else is new", [rollout({ after: triggers("1") })]],
  ["what is written is known after the apply alone", [rollout({ after: {}, unknown: { triggers_replace: true } })]],
  ["the cluster is made", [rollout({ actions: ["create"], before: undefined })]],
])("where %s, the plan says that the apply waits", (_, changes) => {
  const judgement = judged(changes);
  expect(dangerousIn(judgement)).toEqual([]);
  expect(judgement.clusters).toMatchObject([{ cluster: "orders", isAwaited: true }]);
  expect(renderPlan(judgement, false)).toContain(`\n\n${WAITS}\n`);
});

test("of a change that nobody waits for that is said, and nothing where the nodes are told nothing", () => {
  const text = (changes: readonly ShownChange[]): string => renderPlan(judged(changes), false);
  const detached = text([state(["update"]), rollout({ actions: ["delete"], after: undefined })]);
  expect(detached).toContain("\n\nThe apply does not wait for the nodes.\n");
  const others = "terraform_data.flink_NodeRemoval_0123ABCD";
  expect(text([rollout({ address: others })])).not.toContain("The apply");
  expect(text([rollout({ actions: ["no-op"] })])).not.toContain("The apply");
});
