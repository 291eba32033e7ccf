import { dangerousIn, judged, type ShownChange } from "./shown-plan";

const RULE = { security_group_id: "sg-1", ip_protocol: "tcp", from_port: 8081, to_port: 8081, description: "Office" };
const INGRESS = "aws_vpc_security_group_ingress_rule.it";

function group(id: string, name: string, more: Record<string, unknown> = {}): ShownChange {
  const values = { id, name, ...more };
  return { address: `aws_security_group.${name}`, actions: ["no-op"], before: values, after: values };
}

test("a rule that comes opens a door, with names in place of ids", () => {
  const after = { ...RULE, referenced_security_group_id: "sg-2" };
  const { doors } = judged([
    group("sg-1", "nodes"),
    group("sg-2", "clients"),
    { address: INGRESS, actions: ["create"], after },
  ]);
  expect(doors).toEqual([
    {
      ...{ address: INGRESS, change: "opens", direction: "in", group: "nodes", peer: "clients", ports: "tcp 8081" },
      ...{ description: "Office", isForAll: false },
    },
  ]);
});

test("a rule that goes closes one, and another block closes the old and opens the new", () => {
  const before = { ...RULE, cidr_ipv4: "10.0.0.0/24" };
  expect(judged([{ address: INGRESS, actions: ["delete"], before }]).doors).toMatchObject([
    { change: "closes", peer: "10.0.0.0/24" },
  ]);
  const after = { ...before, cidr_ipv4: "10.0.1.0/24" };
  expect(judged([{ address: INGRESS, actions: ["update"], before, after }]).doors).toMatchObject([
    { change: "opens", peer: "10.0.1.0/24" },
    { change: "closes", peer: "10.0.0.0/24" },
  ]);
});

test("another description is no other door", () => {
  const before = { ...RULE, cidr_ipv4: "10.0.0.0/24" };
  const after = { ...before, description: "Office of the north" };
  expect(judged([{ address: INGRESS, actions: ["update"], before, after }]).doors).toEqual([]);
});

test("what only the apply tells is told by what the program names", () => {
  const { doors } = judged([
    { address: "aws_security_group.new", actions: ["create"], after: { name: "new-nodes" } },
    {
      ...{ address: INGRESS, actions: ["create"], after: { ip_protocol: "-1" } },
      unknown: { security_group_id: true, referenced_security_group_id: true },
      references: { security_group_id: "aws_security_group.new" },
    },
  ]);
  expect(doors).toMatchObject([{ group: "new-nodes", peer: "(known after apply)", ports: "everything" }]);
});

const FOR_ALL: [string, ShownChange][] = [
  ["a rule of its own", { address: INGRESS, actions: ["create"], after: { ...RULE, cidr_ipv4: "0.0.0.0/0" } }],
  ["IPv6", { address: INGRESS, actions: ["create"], after: { ...RULE, cidr_ipv6: "::/0" } }],
  [
    "a block that only the apply tells",
    { address: INGRESS, actions: ["create"], after: RULE, unknown: { cidr_ipv4: true } },
  ],
  [
    "the older kind of rule",
    {
      address: "aws_security_group_rule.it",
      actions: ["create"],
      after: {
        security_group_id: "sg-1",
        type: "ingress",
        protocol: "tcp",
        from_port: 1,
        to_port: 9,
        cidr_blocks: ["0.0.0.0/0"],
      },
    },
  ],
  [
    "a rule in its group",
    {
      address: "aws_security_group.it",
      actions: ["update"],
      before: { id: "sg-9", name: "it", ingress: [] },
      after: {
        id: "sg-9",
        name: "it",
        ingress: [{ protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: ["0.0.0.0/0"] }],
      },
    },
  ],
];

test.each(FOR_ALL)("a door for the whole internet is dangerous: %s", (_, change) => {
  expect(dangerousIn(judged([change]))).toEqual([change.address]);
  expect(dangerousIn(judged([change], change.address))).toEqual([]);
});

test("no door for the whole internet is dangerous when it closes, nor one that leads out", () => {
  const values = { ...RULE, cidr_ipv4: "0.0.0.0/0" };
  expect(dangerousIn(judged([{ address: INGRESS, actions: ["delete"], before: values }]))).toEqual([]);
  const out = { address: "aws_vpc_security_group_egress_rule.it", actions: ["create"], after: values };
  expect(dangerousIn(judged([out]))).toEqual([]);
  expect(judged([out]).doors).toMatchObject([{ direction: "out", peer: "0.0.0.0/0" }]);
});

test("a group that goes with the rules beside it closes each of them once", () => {
  const ingress = [{ protocol: "tcp", from_port: 8081, to_port: 8081, cidr_blocks: ["10.0.0.0/24"] }];
  const { doors } = judged([
    { address: "aws_security_group.it", actions: ["delete"], before: { id: "sg-1", name: "it", ingress } },
    { address: INGRESS, actions: ["delete"], before: { ...RULE, cidr_ipv4: "10.0.0.0/24" } },
  ]);
  expect(doors).toMatchObject([{ address: INGRESS, change: "closes" }]);
});

test("a group in place of another has doors of its own, and the rules of the one before close", () => {
  const [nodes, old] = ["aws_security_group.nodes", { ...RULE, cidr_ipv4: "10.0.0.0/24" }];
  const { doors } = judged([
    {
      ...{ address: nodes, actions: ["delete", "create"] },
      before: { id: "sg-1", tags: { Name: "orders-nodes" } },
      after: { tags: { Name: "invoices-nodes" } },
    },
    {
      ...{
        address: INGRESS,
        actions: ["delete", "create"],
        before: old,
        after: { ...old, security_group_id: undefined },
      },
      unknown: { security_group_id: true },
      references: { security_group_id: nodes },
    },
  ]);
  expect(doors).toMatchObject([
    { change: "opens", group: "invoices-nodes" },
    { change: "closes", group: "orders-nodes" },
  ]);
});
