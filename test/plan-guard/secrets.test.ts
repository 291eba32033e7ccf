import { judgePlan } from "../../lib/plan-guard/judge-plan";
import { renderPlan } from "../../lib/plan-guard/render-plan";
import { COMPARED_TYPES } from "../../lib/plan-guard/planned-policies";
import { readPlan } from "../../lib/plan-guard/terraform-plan";
import { realPlan } from "./real-plans";
import { shownPlan, type ShownChange } from "./shown-plan";

const SECRET = "hush-of-somebody";

const TYPES = [
  ...COMPARED_TYPES,
  ...["aws_instance", "aws_ebs_volume", "aws_s3_bucket", "aws_s3_object", "aws_db_instance", "terraform_data"],
  ...["aws_security_group", "aws_security_group_rule", "aws_vpc_security_group_ingress_rule", "aws_of_tomorrow"],
];

const POLICY = JSON.stringify({
  Statement: [{ Effect: "Allow", Action: SECRET, Resource: SECRET, Principal: SECRET }],
});

/** Whatever is read of a resource, with a secret in it. */
const VALUES: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(
    ["name", "bucket", "description", "role", "instance_type", "content", "identifier", "cluster_name"].map((name) => [
      name,
      SECRET,
    ]),
  ),
  ...Object.fromEntries(
    ["policy", "assume_role_policy", "access_policies", "policy_document"].map((name) => [name, POLICY]),
  ),
  ...Object.fromEntries(
    ["cidr_ipv4", "security_group_id", "referenced_security_group_id", "ip_protocol", "source_security_group_id"].map(
      (name) => [name, SECRET],
    ),
  ),
  ...Object.fromEntries(["function_name", "principal", "source_arn"].map((name) => [name, SECRET])),
  inline_policy: [{ name: SECRET, policy: POLICY }],
  cidr_blocks: [SECRET],
  ingress: [{ protocol: "tcp", from_port: 1, to_port: 1, cidr_blocks: [SECRET], description: SECRET }],
  tags: { Name: `${SECRET}-node-1` },
  triggers_replace: { cluster_name: SECRET },
};

function marksOf(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.keys(values).map((name) => [name, name === "tags" ? { Name: true } : true]));
}

/** All that the command could print of a plan. */
function allOf(text: string): string {
  const judgement = judgePlan(readPlan(text, "the plan"), []);
  return `${renderPlan(judgement, false)}\n${JSON.stringify(judgement)}`;
}

function change(type: string, actions: readonly string[], sensitive: ShownChange["sensitive"]): ShownChange {
  const address = type === "terraform_data" ? "terraform_data.it_ForLife_Resource_0123ABCD" : `${type}.it`;
  const other = JSON.parse(JSON.stringify(VALUES).replaceAll(SECRET, `${SECRET}-2`)) as typeof VALUES;
  return {
    ...{ address, actions, sensitive },
    before: actions[0] === "create" && actions.length === 1 ? undefined : { ...VALUES, id: "it" },
    after: actions.join() === "delete" ? undefined : other,
  };
}

describe.each([[["create"]], [["update"]], [["delete"]], [["delete", "create"]]])("where a plan does %s", (actions) => {
  test.each(TYPES)("nothing that it marks as sensitive of %s is shown", (type) => {
    for (const sensitive of [{ before: marksOf(VALUES) }, { after: marksOf(VALUES) }]) {
      expect(allOf(shownPlan([change(type, actions, sensitive)]))).not.toContain(SECRET);
    }
  });
});

test("without the marks they would be shown", () => {
  expect(allOf(shownPlan([change("aws_iam_role_policy", ["update"], {})]))).toContain(SECRET);
  expect(allOf(shownPlan([change("aws_security_group_rule", ["create"], {})]))).toContain(SECRET);
});

test("a desired state that is sensitive is told of by the names in it, and by no value", () => {
  const hidden = "hush-hush";
  const plan = JSON.parse(
    realPlan("settings").replaceAll(String.raw`numberOfTaskSlots: \\\"4`, (found) => found.replace("4", hidden)),
  ) as {
    resource_changes: { type: string; change: { after_sensitive: Record<string, unknown> } }[];
  };
  expect(allOf(JSON.stringify(plan))).toContain(hidden);
  for (const { type, change } of plan.resource_changes) {
    if (type === "aws_s3_object") change.after_sensitive.content = true;
  }
  const said = allOf(JSON.stringify(plan));
  expect(said).toContain("taskmanager.numberOfTaskSlots: (sensitive) -> (sensitive)");
  expect(said).not.toContain(hidden);
});
