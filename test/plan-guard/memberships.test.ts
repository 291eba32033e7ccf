import { judged, type ShownChange } from "./shown-plan";

const INTERFACE = "aws_network_interface.it";
const joins = (address: string, before: object | undefined, after: object): ShownChange => ({
  address,
  actions: before ? ["update"] : ["create"],
  before: before && { tags: { Name: "orders-node-1" }, ...before },
  after: { tags: { Name: "orders-node-1" }, ...after },
});
const notesOf = (...changes: readonly ShownChange[]): readonly string[] => judged(changes).notes;

test.each<[string, ShownChange]>([
  ["a node", joins(INTERFACE, { security_groups: ["sg-1"] }, { security_groups: ["sg-1", "sg-2"] })],
  ["a machine", joins("aws_instance.it", undefined, { vpc_security_group_ids: ["sg-2"] })],
  [
    "a function",
    joins(
      "aws_lambda_function.it",
      { vpc_config: [{ security_group_ids: [], subnet_ids: ["subnet-1"] }] },
      { vpc_config: [{ security_group_ids: ["sg-2"], subnet_ids: ["subnet-1"] }] },
    ),
  ],
])("who becomes a member of a group of others is told: %s", (_, change) => {
  expect(notesOf(change)).toEqual([
    "orders-node-1 becomes a member of the security group sg-2, and the plan does not say what that lets in and out",
  ]);
});

test("of a group that the plan has the name is told, and what it lets in stands with it", () => {
  const group = { id: "sg-2", name: "clients" };
  const known: ShownChange = { address: "aws_security_group.it", actions: ["no-op"], before: group, after: group };
  expect(notesOf(known, joins(INTERFACE, { security_groups: [] }, { security_groups: ["sg-2"] }))).toEqual([
    "orders-node-1 becomes a member of the security group clients",
  ]);
});

test("whoever was a member, or is none any more, is not told of, nor what the plan hides", () => {
  expect(notesOf(joins(INTERFACE, { security_groups: ["sg-1", "sg-2"] }, { security_groups: ["sg-2"] }))).toEqual([]);
  const hidden = joins(INTERFACE, { security_groups: [] }, { security_groups: ["sg-2"] });
  expect(notesOf({ ...hidden, sensitive: { after: { security_groups: true } } })).toEqual([
    "orders-node-1 becomes a member of the security group (sensitive), and the plan does not say what that lets in and out",
  ]);
});
