import { readdirSync } from "node:fs";
import { join } from "node:path";
import { kindOf } from "../../lib/plan-guard/resource-kinds";
import { OurStack, synthesizeOurStacks } from "../support/our-stacks";
import { VARIANTS } from "../support/variants";
import { allFindings, RULES } from "./findings";
import { readWaivers, waives } from "./waivers";

const waivers = readWaivers().filter(({ rule }) => !rule.startsWith("CKV"));
let stacks: readonly OurStack[];
let dispose: () => void;

beforeAll(async () => {
  ({ stacks, dispose } = await synthesizeOurStacks());
}, 120_000);
afterAll(() => dispose?.());

test("every stack of stacks/, every example and every variant is judged", () => {
  const readyStacks = readdirSync(join(__dirname, "..", "..", "stacks")).flatMap(
    (file) => /^(.+)-stack\.ts$/.exec(file)?.[1] ?? [],
  );
  const programs = new Set(stacks.map(({ name }) => name.split("/")[0]));
  const names = stacks.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(readyStacks.map((name) => `stacks/${name}`)));
  const pipeline = ["-storage", "-network", "-sinks", ""].map((stack) => `pipeline/pipeline${stack}`);
  expect(names).toEqual(expect.arrayContaining(pipeline));
  expect(names).toEqual(expect.arrayContaining(Object.keys(VARIANTS).map((name) => `${name}/${name}`)));
  expect([...programs]).toEqual(expect.arrayContaining(readdirSync(join(__dirname, "..", "..", "examples"))));
  expect(readyStacks.length).toBeGreaterThan(0);
});

test.each(RULES.map((rule) => [rule.name, rule] as const))("%s holds in all of them", (_, rule) => {
  const found = stacks.flatMap(({ name, synthesized }) =>
    allFindings(synthesized, [rule])
      .filter((finding) => !waivers.some((waiver) => waives(waiver, finding)))
      .map(({ sentence }) => `${name}: ${sentence}`),
  );
  expect(found).toEqual([]);
});

test("every waiver of a rule of our own is needed", () => {
  const found = stacks.flatMap(({ synthesized }) => allFindings(synthesized));
  expect(waivers.filter((waiver) => !found.some((finding) => waives(waiver, finding)))).toEqual([]);
});

test.each([
  "aws_cloudwatch_log_group",
  "aws_db_instance",
  "aws_ebs_volume",
  "aws_iam_role_policy",
  "aws_instance",
  "aws_kms_key",
  "aws_lambda_function",
  "aws_opensearch_domain",
  "aws_route",
  "aws_s3_bucket",
  "aws_s3_object",
  "aws_secretsmanager_secret",
  "aws_security_group",
  "aws_sns_topic",
  "aws_sns_topic_policy",
  "aws_subnet",
  "aws_vpc",
  "aws_vpc_endpoint",
  "aws_vpc_peering_connection",
  "aws_vpc_security_group_egress_rule",
  "aws_vpc_security_group_ingress_rule",
])("there is an %s to judge", (type) => {
  expect(stacks.filter(({ synthesized }) => synthesized.all(type).length > 0)).not.toEqual([]);
});

test("there is a provisioner to judge", () => {
  expect(stacks.filter(({ synthesized }) => synthesized.text.includes('"local-exec"'))).not.toEqual([]);
});

test("the guard of plans knows what each type of resource is to it: class a new one in lib/plan-guard/resource-kinds.ts", () => {
  const types = new Set(stacks.flatMap(({ synthesized }) => Object.keys(synthesized.json.resource ?? {})));
  expect(types.size).toBeGreaterThan(40);
  expect([...types].filter((type) => kindOf(type) === undefined)).toEqual([]);
});

test("names of rules are unique, and those of the waivers are among them", () => {
  const names = RULES.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(waivers.filter(({ rule }) => !names.includes(rule))).toEqual([]);
});
