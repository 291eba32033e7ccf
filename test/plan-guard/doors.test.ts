import { judgePlan } from "../../lib/plan-guard/judge-plan";
import { readPlan } from "../../lib/plan-guard/terraform-plan";
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

const GROUP = "aws_security_group.it";
const OPEN = { protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: ["0.0.0.0/0"] };
const BESIDE: ShownChange = {
  ...{ address: "aws_vpc_security_group_egress_rule.it", actions: ["no-op"] },
  ...{ before: { ...RULE, security_group_id: "sg-9" }, after: { ...RULE, security_group_id: "sg-9" } },
};

/** Ways around a look at `0.0.0.0/0` in a rule of its own. */
const HIDDEN: [string, readonly ShownChange[]][] = [
  ["half of all", [{ address: INGRESS, actions: ["create"], after: { ...RULE, cidr_ipv4: "128.0.0.0/1" } }]],
  [
    "all of IPv6 that is given out",
    [{ address: INGRESS, actions: ["create"], after: { ...RULE, cidr_ipv6: "2000::/3" } }],
  ],
  ["IPv6 in full", [{ address: INGRESS, actions: ["create"], after: { ...RULE, cidr_ipv6: "0:0:0:0:0:0:0:0/0" } }]],
  [
    "a block that the plan hides",
    [
      {
        ...{ address: INGRESS, actions: ["update"] },
        ...{ before: { ...RULE, cidr_ipv4: "10.0.0.0/24" }, after: { ...RULE, cidr_ipv4: "0.0.0.0/0" } },
        sensitive: { before: { cidr_ipv4: true }, after: { cidr_ipv4: true } },
      },
    ],
  ],
  [
    "a hidden rule in its group",
    [
      {
        ...{ address: GROUP, actions: ["update"], before: { id: "sg-9" }, after: { id: "sg-9", ingress: [OPEN] } },
        sensitive: { after: { ingress: true } },
      },
    ],
  ],
  [
    "a rule in a group that has others beside it",
    [
      {
        ...{ address: GROUP, actions: ["update"] },
        ...{ before: { id: "sg-9", ingress: [] }, after: { id: "sg-9", ingress: [OPEN] } },
      },
      BESIDE,
    ],
  ],
  [
    "a rule in a new group that has others beside it",
    [
      { address: GROUP, actions: ["create"], after: { ingress: [OPEN] }, unknown: { id: true } },
      {
        ...{ address: "aws_vpc_security_group_egress_rule.it", actions: ["create"], after: {} },
        ...{ unknown: { security_group_id: true }, references: { security_group_id: GROUP } },
      },
    ],
  ],
  [
    "one of a list of blocks",
    [{ address: "aws_ec2_managed_prefix_list_entry.it", actions: ["create"], after: { cidr: "0.0.0.0/0" } }],
  ],
  [
    "a list of blocks",
    [
      {
        ...{ address: "aws_ec2_managed_prefix_list.it", actions: ["update"] },
        ...{ before: { name: "it", entry: [] }, after: { name: "it", entry: [{ cidr: "0.0.0.0/0" }] } },
      },
    ],
  ],
];

test.each(HIDDEN)("a door for the whole internet is found: %s", (_, changes) => {
  expect(dangerousIn(judged(changes))).toEqual([changes[0].address]);
});

test.each([
  ["cidr_ipv4", "10.0.0.0/8"],
  ["cidr_ipv6", "fd00::/8"],
  ["cidr_ipv6", "2001:db8::/32"],
])("a door for addresses of somebody is none for all: %s %s", (attribute, block) => {
  expect(
    dangerousIn(judged([{ address: INGRESS, actions: ["create"], after: { ...RULE, [attribute]: block } }])),
  ).toEqual([]);
});

test("rules beside a group are told as their own, not as the group's", () => {
  const values = { id: "sg-9", ingress: [{ ...OPEN, cidr_blocks: ["10.0.0.0/24"] }] };
  const tagged = { ...values, tags: { team: "orders" } };
  expect(judged([{ address: GROUP, actions: ["update"], before: values, after: tagged }, BESIDE]).doors).toEqual([]);
});

/** As `terraform show` has a group with rules in blocks, of which only the apply tells the addresses. */
function inProgram(address: string, root: object): string {
  const after_unknown = { id: true, ingress: [{ cidr_blocks: [true] }] };
  return JSON.stringify({
    ...{ format_version: "1.2", planned_values: {}, configuration: { root_module: root } },
    resource_changes: [
      {
        ...{ address, mode: "managed", type: "aws_security_group" },
        change: { actions: ["create"], before: null, after: { ingress: [{ cidr_blocks: [null] }] }, after_unknown },
      },
    ],
  });
}

const IN_BLOCKS = { ingress: [{ cidr_blocks: { references: ["aws_vpc.it.cidr_block", "aws_vpc.it"] } }] };
const RESOURCES = { resources: [{ address: "aws_security_group.it", expressions: IN_BLOCKS }] };

test.each<[string, object]>([
  ["aws_security_group.it", RESOURCES],
  ['aws_security_group.it["a"]', RESOURCES],
  ["module.one[0].aws_security_group.it", { module_calls: { one: { module: RESOURCES } } }],
  ["module.of.another.program.aws_security_group.it", {}],
])("rules that the program says and only the apply tells are for all, wherever the group is: %s", (address, root) => {
  expect(dangerousIn(judgePlan(readPlan(inProgram(address, root), "the plan"), []))).toEqual([address]);
});

test("rules that nobody says are none", () => {
  const silent = { resources: [{ address: "aws_security_group.it", expressions: {} }] };
  const plan = readPlan(inProgram('aws_security_group.it["a"]', silent), "the plan");
  expect(judgePlan(plan, []).doors).toEqual([]);
});

test("who is on a list of somebody else is not in the plan, which is told", () => {
  const { notes } = judged([{ address: INGRESS, actions: ["create"], after: { ...RULE, prefix_list_id: "pl-0a1b" } }]);
  expect(notes).toEqual([`${INGRESS} lets in whoever is on pl-0a1b, and the plan does not say who is`]);
});

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
