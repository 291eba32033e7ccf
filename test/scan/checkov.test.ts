import { BAD, BAD_UNSEEN, createBadResources } from "./bad-stack";
import { CheckResult, scan } from "./checkov";
import { OurStack, synthesizeOurStacks } from "../support/our-stacks";
import { allFindings } from "../rules/findings";
import { readWaivers, waives } from "../rules/waivers";

const SCAN_TIMEOUT = 900_000;
const BAD_STACK = "bad-on-purpose";
/** Types of which checkov checks every resource. */
const CHECKED_TYPES = [
  "aws_cloudwatch_log_group",
  "aws_cloudwatch_metric_alarm",
  "aws_db_instance",
  "aws_ebs_volume",
  "aws_iam_role",
  "aws_iam_role_policy",
  "aws_instance",
  "aws_kms_key",
  "aws_lambda_function",
  "aws_msk_cluster",
  "aws_opensearch_domain",
  "aws_s3_bucket",
  "aws_secretsmanager_secret",
  "aws_security_group",
  "aws_sns_topic",
  "aws_subnet",
  "aws_vpc",
  "aws_vpc_security_group_ingress_rule",
];
/** About two thirds of what passes today: fewer means that checks were lost, not that a stack became better. */
const LEAST_PASSED = 800;

const waivers = readWaivers().filter(({ rule }) => rule.startsWith("CKV"));
let stacks: readonly OurStack[];
let results: readonly CheckResult[];
let dispose: () => void;

beforeAll(async () => {
  const ours = await synthesizeOurStacks({ [BAD_STACK]: createBadResources });
  ({ stacks, dispose } = ours);
  results = await scan(ours.outdir);
}, SCAN_TIMEOUT);
afterAll(() => dispose?.());

const isBad = ({ name }: OurStack): boolean => name.startsWith(BAD_STACK);
const ours = (): OurStack[] => stacks.filter((stack) => !isBad(stack));

/** What was found of one stack, with everything called by its whole address: checkov leaves the type out here and there. */
function resultsOf({ folder, synthesized }: OurStack): CheckResult[] {
  const wholeAddress = (address: string): string => {
    const [, kind, id] = /^(resource|data)\.([^.]+)$/.exec(address) ?? [];
    const blocks = Object.entries((synthesized.json[kind] ?? {}) as Record<string, object>);
    const type = blocks.find(([, byId]) => id in byId)?.[0];
    if (type === undefined) return address;
    return kind === "data" ? `data.${type}.${id}` : `${type}.${id}`;
  };
  return results
    .filter((result) => result.folder === folder)
    .map((result) => ({ ...result, address: wholeAddress(result.address) }));
}

const isWaived = (result: CheckResult): boolean => waivers.some((waiver) => waives(waiver, result));

describe("a stack that is bad on purpose", () => {
  const sayings = (found: readonly { readonly rule: string; readonly address: string }[]): string[] =>
    found.map(({ rule, address }) => `${rule} ${address.split(".")[0]}`);

  test("shows that the scanner reads", () => {
    const failed = sayings(resultsOf(stacks.find(isBad)!).filter(({ passed }) => !passed));
    expect(BAD.map((each) => each.join(" ")).filter((expected) => !failed.includes(expected))).toEqual([]);
  });

  test("shows what it does not see, and rules of our own do", () => {
    const bad = stacks.find(isBad)!;
    const failed = sayings(resultsOf(bad).filter(({ passed, rule }) => !passed && rule === "CKV_AWS_24"));
    expect(failed).toEqual(["CKV_AWS_24 aws_vpc_security_group_ingress_rule"]);
    expect(sayings(allFindings(bad.synthesized))).toEqual(
      expect.arrayContaining(BAD_UNSEEN.map((each) => each.join(" "))),
    );
  });
});

test("the scanner reads: it has checked every resource of the types that it knows, in every stack", () => {
  const unread = ours().flatMap((stack) => {
    const checked = new Set(resultsOf(stack).map(({ address }) => address));
    return CHECKED_TYPES.flatMap((type) => Object.keys(stack.synthesized.resources(type)).map((id) => `${type}.${id}`))
      .filter((address) => !checked.has(address))
      .map((address) => `${stack.name}: ${address}`);
  });
  expect(unread).toEqual([]);
  expect(
    ours()
      .flatMap(resultsOf)
      .filter(({ passed }) => passed).length,
  ).toBeGreaterThan(LEAST_PASSED);
});

test("the scanner reads: a bucket has an access log where its stack has one beside it, and only there", () => {
  const logged = ours().flatMap((stack) =>
    resultsOf(stack)
      .filter(
        ({ rule, address, passed }) => passed && rule === "CKV_AWS_18" && /^aws_s3_bucket\.checkpoints_/.test(address),
      )
      .map(() => stack.name),
  );
  expect(new Set(logged)).toEqual(new Set(["software-bucket-and-access-logs/software-bucket-and-access-logs"]));
});

test("nothing fails that docs/waivers.md does not waive", () => {
  const failed = ours().flatMap((stack) =>
    resultsOf(stack)
      .filter((result) => !result.passed && !isWaived(result))
      .map(({ rule, address, demand }) => `${stack.name}: ${rule}: ${address}: ${demand}`),
  );
  printTable();
  expect(failed).toEqual([]);
});

test("every waiver of the scanner's checks is needed", () => {
  const failed = ours()
    .flatMap(resultsOf)
    .filter(({ passed }) => !passed);
  expect(waivers.filter((waiver) => !failed.some((result) => waives(waiver, result)))).toEqual([]);
});

/** For whoever reads the log of a run. */
function printTable(): void {
  const rows = ours().map((stack) => {
    const of = resultsOf(stack);
    const failed = of.filter(({ passed }) => !passed);
    const waived = failed.filter(isWaived).length;
    return [stack.name, of.length - failed.length, failed.length - waived, waived] as const;
  });
  const width = Math.max(...rows.map(([name]) => name.length));
  const line = (name: string, ...cells: (string | number)[]): string =>
    `${name.padEnd(width)}${cells.map((cell) => String(cell).padStart(8)).join("")}\n`;
  const lines = [line("checkov", "passed", "failed", "waived"), ...rows.map((row) => line(...row))];
  process.stdout.write(lines.join(""));
}
