import { renderPlan } from "../../lib/plan-guard/render-plan";
import { dangerousIn, judged, type ShownChange } from "./shown-plan";

const SIZES = "terraform_data.flink_MachineSizes_Larger_0123ABCD";

function machine(number: number, more: Partial<ShownChange> = {}): ShownChange {
  const values = { id: `i-${number}`, instance_type: "m7i.large", tags: { Name: `orders-node-${number}` } };
  return { address: `aws_instance.flink_Node${number}`, actions: ["no-op"], before: values, after: values, ...more };
}

const triggers = (instance_type: string, data_volume_gib = "20") => ({
  triggers_replace: { cluster: "orders", instance_type, data_volume_gib },
});

function sizes(wanted: Readonly<Record<string, unknown>>, more: Partial<ShownChange> = {}): ShownChange {
  return {
    ...{ address: SIZES, actions: ["delete", "create"], before: triggers("m7i.large"), after: wanted },
    ...more,
  };
}

const three = [1, 2, 3].map((number) => machine(number));

test("machines that the apply changes one after the other are told, and no danger", () => {
  const judgement = judged([...three, sizes(triggers("m7i.xlarge"))]);
  expect(dangerousIn(judgement)).toEqual([]);
  expect(judgement.clusters).toEqual([
    expect.objectContaining({
      cluster: "orders",
      nodesDown: [],
      resize: {
        ...{ cluster: "orders", address: SIZES, jobRestarts: 4 },
        machines: [1, 2, 3].map((number) => ({
          ...{ node: `orders-node-${number}`, address: `aws_instance.flink_Node${number}` },
          types: "m7i.large -> m7i.xlarge",
        })),
        meaning: expect.stringMatching(/at most 4 times\.$/) as string,
      },
    }),
  ]);
  const text = renderPlan(judgement, false);
  expect(text).toContain("The apply stops, changes and starts these machines, one after the other, the leader's last");
  expect(text).not.toContain("No machine is stopped");
});

test("those that have the size already, are new or go are left out", () => {
  const has = { id: "i-1", instance_type: "m7i.xlarge", tags: { Name: "orders-node-1" } };
  const { clusters } = judged([
    machine(1, { before: has, after: has }),
    machine(2),
    machine(3, { actions: ["create"], before: undefined }),
    machine(4, { actions: ["delete"] }),
    sizes(triggers("m7i.xlarge"), { actions: ["create"], before: undefined }),
  ]);
  expect(clusters[0].resize?.machines.map(({ node }) => node)).toEqual(["orders-node-2"]);
});

test("volumes grow without a stop", () => {
  const judgement = judged([...three, sizes(triggers("m7i.large", "50"))]);
  expect(dangerousIn(judgement)).toEqual([]);
  const text = renderPlan(judgement, false);
  expect(text).toContain(
    "The data volumes grow from 20 to 50 GiB, one node after the other, while they are used.\nNo machine is stopped by it, and no job restarts.",
  );
  expect(text).toContain("No machine is stopped, replaced or removed.");
});

test("what Terraform itself would stop at once stays dangerous beside it", () => {
  const resized = { actions: ["update"], after: { instance_type: "m7i.xlarge", tags: {} } };
  const both = [machine(1, resized), machine(2, resized), machine(3), sizes(triggers("m7i.xlarge"))];
  expect(dangerousIn(judged(both))).toHaveLength(2);
});

test("of a single node it is told that nothing runs meanwhile", () => {
  const { notes } = judged([machine(1), sizes(triggers("m7i.xlarge"))]);
  expect(notes).toEqual(["orders has one node: nothing of it runs while that is away"]);
});

test("sizes that the plan hides are not shown", () => {
  const sensitive = { before: { triggers_replace: true }, after: { triggers_replace: true } };
  const text = renderPlan(judged([...three, sizes(triggers("m7i.metal", "77"), { sensitive })]), false);
  expect(text).not.toMatch(/m7i\.metal|77/);
});
