import { dangerousIn, judged, type ShownChange } from "./shown-plan";

/** A machine of the cluster `orders`, where nothing else is said. */
function node(
  number: number,
  actions: readonly string[],
  more: Partial<ShownChange> = {},
  cluster = "orders",
): ShownChange {
  const machine = { id: `i-${number}`, instance_type: "m7i.large", tags: { Name: `${cluster}-node-${number}` } };
  return {
    address: `aws_instance.${cluster}_${number}`,
    actions,
    ...(actions.includes("create") && actions.length === 1 ? {} : { before: machine }),
    ...(actions.join() === "delete" ? {} : { after: machine }),
    ...more,
  };
}

const RESIZED = { after: { id: "i", instance_type: "m7i.xlarge", tags: {} }, unknown: { public_dns: true } };

test("one node of a cluster may go, whatever becomes of it", () => {
  for (const actions of [["delete"], ["delete", "create"], ["create", "delete"]]) {
    expect(dangerousIn(judged([node(1, actions), node(2, ["no-op"])]))).toEqual([]);
  }
  expect(dangerousIn(judged([node(1, ["update"], RESIZED)]))).toEqual([]);
});

test.each<[string, readonly string[], Partial<ShownChange>]>([
  ["removed", ["delete"], {}],
  ["replaced", ["delete", "create"], {}],
  ["replaced", ["create", "delete"], {}],
  ["stopped", ["update"], RESIZED],
  ["stopped", ["update"], { unknown: { instance_type: true }, after: { tags: {} } }],
  ["stopped", ["update"], { after: { instance_type: "m7i.large", user_data: "another" } }],
  ["stopped", ["update"], { after: { instance_type: "m7i.large", of_a_newer_provider: true } }],
])("two nodes of a cluster that are %s at once are dangerous", (fate, actions, more) => {
  const judgement = judged([node(1, actions, more), node(3, ["delete"])]);
  expect(dangerousIn(judgement)).toEqual(["aws_instance.orders_1", "aws_instance.orders_3"]);
  expect(judgement.clusters.map(({ nodesDown }) => nodesDown)).toEqual([["orders-node-1", "orders-node-3"]]);
  expect(judgement.clusters[0].machines[0]).toMatchObject({ node: "orders-node-1", fate });
});

test("two machines with the name of one node are two", () => {
  const twin: ShownChange = { ...node(1, ["delete"]), address: "aws_instance.twin" };
  expect(dangerousIn(judged([node(1, ["delete"]), twin]))).toEqual(["aws_instance.orders_1", "aws_instance.twin"]);
  expect(dangerousIn(judged([node(1, ["delete"]), { ...twin, actions: ["no-op"] }]))).toEqual([]);
});

test("two that are meant are allowed, and one of them alone is not enough", () => {
  const both = [node(1, ["delete"]), node(2, ["delete"])];
  expect(dangerousIn(judged(both, "aws_instance.orders_1"))).toEqual(["aws_instance.orders_2"]);
  expect(dangerousIn(judged(both, "aws_instance.orders_1", "aws_instance.orders_2"))).toEqual([]);
});

test("one node of each of two clusters is none too many", () => {
  expect(dangerousIn(judged([node(1, ["delete"]), node(1, ["delete"], {}, "invoices")]))).toEqual([]);
});

test.each<[string, Partial<ShownChange>]>([
  ["another tag", { after: { id: "i-1", instance_type: "m7i.large", tags: { Name: "orders-node-1", team: "x" } } }],
  ["protection lifted", { after: { id: "i-1", instance_type: "m7i.large", disable_api_termination: false } }],
])("%s stops no machine", (_, more) => {
  const { clusters } = judged([1, 2, 3].map((number) => node(number, ["update"], more)));
  const fates = clusters.flatMap(({ machines }) => machines.map(({ fate }) => fate));
  expect(fates).toEqual(["changed", "changed", "changed"]);
});

test("machines that are made stop nothing", () => {
  expect(dangerousIn(judged([1, 2, 3].map((number) => node(number, ["create"]))))).toEqual([]);
});

test("a machine of somebody's own is no node", () => {
  const client = (number: number): ShownChange => ({
    address: `aws_instance.client_${number}`,
    actions: ["delete"],
    before: { id: `i-${number}`, tags: { Name: `client-${number}` } },
  });
  expect(judged([client(1), client(2)])).toMatchObject({ isDangerous: false, clusters: [] });
});

test("machines without a name that can be told count as nodes of one cluster", () => {
  const nameless = (number: number): ShownChange => ({
    address: `aws_instance.some_${number}`,
    actions: ["delete", "create"],
    before: { id: `i-${number}` },
  });
  expect(dangerousIn(judged([nameless(1), nameless(2)]))).toEqual(["aws_instance.some_1", "aws_instance.some_2"]);
});

test("a node that somebody has given another name counts, and may be of each cluster", () => {
  const renamed: ShownChange = {
    ...{ address: "aws_instance.flink_Node2_0123ABCD", actions: ["delete", "create"] },
    ...{ before: { id: "i-2", tags: { Name: "mine" } }, after: { tags: { Name: "orders-node-2" } } },
  };
  expect(dangerousIn(judged([node(1, ["delete"]), renamed]))).toEqual(["aws_instance.orders_1", renamed.address]);
  const gone = { ...renamed, actions: ["delete"], after: undefined };
  expect(dangerousIn(judged([node(1, ["delete"]), gone]))).toEqual([gone.address, "aws_instance.orders_1"]);
  expect(dangerousIn(judged([node(1, ["no-op"]), gone]))).toEqual([]);
  expect(dangerousIn(judged([node(1, ["create"]), node(1, ["delete"], {}, "invoices"), gone]))).toEqual([
    gone.address,
    "aws_instance.invoices_1",
  ]);
});

test("a disk that is taken away stops its machine, and a machine that goes anyway counts once", () => {
  const disk = (number: number): ShownChange => ({
    address: `aws_volume_attachment.disk_${number}`,
    actions: ["delete", "create"],
    before: { instance_id: `i-${number}`, volume_id: `vol-${number}` },
  });
  const one = judged([node(1, ["no-op"]), node(2, ["no-op"]), disk(2)]);
  expect(one.clusters[0].machines).toEqual([
    expect.objectContaining({ node: "orders-node-2", fate: "stopped", address: "aws_volume_attachment.disk_2" }),
  ]);
  expect(dangerousIn(one)).toEqual([]);
  expect(dangerousIn(judged([node(2, ["delete", "create"]), disk(2)]))).toEqual([]);
  expect(dangerousIn(judged([node(1, ["no-op"]), node(2, ["no-op"]), disk(1), disk(2)]))).toEqual([
    "aws_volume_attachment.disk_1",
    "aws_volume_attachment.disk_2",
  ]);
});

test("a machine that Terraform forgets goes on", () => {
  const { clusters, isDangerous } = judged([node(1, ["forget"]), node(2, ["forget"])]);
  expect(isDangerous).toBe(false);
  expect(clusters[0].machines.map(({ fate }) => fate)).toEqual(["forgotten", "forgotten"]);
});

test("of a cluster of one node it is told that nothing of it runs meanwhile", () => {
  const said = "orders has one node: nothing of it runs while that is away";
  expect(judged([node(1, ["delete", "create"])]).notes).toEqual([said]);
  expect(judged([node(1, ["delete", "create"]), node(2, ["no-op"])]).notes).toEqual([]);
});

test("it is told for what a machine is replaced", () => {
  const after = { id: "i", subnet_id: "subnet-2", tags: {} };
  const { clusters } = judged([node(1, ["delete", "create"], { after, replacePaths: [["subnet_id"]] })]);
  expect(clusters[0].machines[0].why).toBe("a new machine takes its place: subnet_id none -> subnet-2");
  const [asked] = judged([node(1, ["delete", "create"])]).clusters;
  expect(asked.machines[0].why).toBe("a new machine takes its place");
});
