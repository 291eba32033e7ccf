import { parseWaivers, waives } from "./waivers";

const reason = "a reason that says why this is so";
const head = "| Rule | Resource | Reason |\n| ---- | -------- | ------ |\n";

test("every row of every table is a waiver", () => {
  const page = `# Waivers\n\n${head}| \`CKV_AWS_1\` | \`aws_vpc\` | ${reason} |\n\nMore:\n\n${head}| no-secrets | aws_vpc.a_* | ${reason} |\n`;
  expect(parseWaivers(page)).toEqual([
    { rule: "CKV_AWS_1", resource: "aws_vpc", reason },
    { rule: "no-secrets", resource: "aws_vpc.a_*", reason },
  ]);
});

test.each([
  ["no rule", `| | aws_vpc | ${reason} |`],
  ["every rule", `| * | aws_vpc | ${reason} |`],
  ["no resource", `| CKV_AWS_1 | | ${reason} |`],
  ["every resource", `| CKV_AWS_1 | * | ${reason} |`],
  ["no reason", "| CKV_AWS_1 | aws_vpc | |"],
  ["too short a reason", "| CKV_AWS_1 | aws_vpc | not needed |"],
  ["a row that ends early", "| CKV_AWS_1 | aws_vpc |"],
  ["the same twice", `| CKV_AWS_1 | aws_vpc | ${reason} |\n| CKV_AWS_1 | aws_vpc | ${reason} and more |`],
])("a page with %s is refused", (_, row) => {
  expect(() => parseWaivers(`${head}${row}\n`)).toThrow(/^docs\/waivers\.md/);
});

test.each([
  ["aws_vpc", "aws_vpc.network_1", true],
  ["aws_vpc", "aws_vpc_endpoint.network_1", false],
  ["aws_vpc.net*", "aws_vpc.network_1", true],
  ["aws_vpc.*_clients_*", "aws_vpc.flink_clients_1", true],
  ["aws_vpc.*_clients_*", "aws_vpc.flink_nodes_1", false],
  ["data.aws_ami", "data.aws_ami.image", true],
  ["data.aws_ami", "aws_ami.image", false],
])("%s waives what was found of %s: %j", (resource, address, expected) => {
  expect(waives({ rule: "CKV_AWS_1", resource, reason }, { rule: "CKV_AWS_1", address })).toBe(expected);
  expect(waives({ rule: "CKV_AWS_2", resource, reason }, { rule: "CKV_AWS_1", address })).toBe(false);
});
