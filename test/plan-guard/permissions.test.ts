import { COMPARED_TYPES } from "../../lib/plan-guard/planned-policies";
import { kindOf } from "../../lib/plan-guard/resource-kinds";
import { judged, type ShownChange } from "./shown-plan";

const READ = { Sid: "Read", Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::orders/a/*" };
const DENY = { Sid: "Tls", Effect: "Deny", Action: "s3:*", Resource: "*", Principal: "*" };

function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

function changed(before: string | undefined, after: string | undefined, more: Partial<ShownChange> = {}): ShownChange {
  return {
    address: "aws_iam_role_policy.job",
    actions: ["update"],
    before: { role: "orders-job", policy: before },
    after: { role: "orders-job", policy: after },
    ...more,
  };
}

/** Each change as `+` or `-` and its words. */
function told(change: ShownChange): readonly string[] {
  return judged([change]).permissions.map(({ widens, of, what }) => `${widens ? "+" : "-"} ${of} ${what}`);
}

test("the order of statements, actions and resources means nothing, nor does one in place of a list", () => {
  const two = { ...READ, Action: ["s3:GetObject", "s3:ListBucket"] };
  const turned = { ...READ, Action: ["s3:ListBucket", "s3:GetObject"], Resource: ["arn:aws:s3:::orders/a/*"] };
  expect(told(changed(policy(two, DENY), policy(DENY, turned)))).toEqual([]);
});

test.each<[string, string, string, readonly string[]]>([
  [
    "a statement that allows more",
    policy(READ),
    policy(READ, { ...READ, Sid: "Write", Action: "s3:PutObject" }),
    ["+ orders-job allows s3:PutObject on arn:aws:s3:::orders/a/* (Write)"],
  ],
  [
    "a statement that goes",
    policy(READ, { ...READ, Sid: "Write", Action: "s3:PutObject" }),
    policy(READ),
    ["- orders-job no longer allows s3:PutObject on arn:aws:s3:::orders/a/* (Write)"],
  ],
  [
    "one action more and one resource less",
    policy({ ...READ, Resource: ["a", "b"] }),
    policy({ ...READ, Resource: ["a"], Action: ["s3:GetObject", "s3:DeleteObject"] }),
    [
      "+ orders-job allows the actions s3:DeleteObject too (Read)",
      "- orders-job no longer allows the resources b (Read)",
    ],
  ],
  ["a denial that goes", policy(DENY), policy(), ["+ orders-job no longer denies s3:* on * to * (Tls)"]],
  ["a denial that comes", policy(), policy(DENY), ["- orders-job denies s3:* on * to * (Tls)"]],
  [
    "a denial of less",
    policy(DENY),
    policy({ ...DENY, Principal: { AWS: "other" } }),
    ["- orders-job denies the principals AWS other too (Tls)", "+ orders-job no longer denies the principals * (Tls)"],
  ],
  [
    "another condition, of which nobody knows which is wider",
    policy({ ...READ, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
    policy(READ),
    ["+ orders-job allows under other conditions: none (Read)"],
  ],
  [
    "all but some",
    policy(READ),
    policy({ Sid: "Read", Effect: "Allow", NotAction: "iam:*", Resource: READ.Resource }),
    [
      "+ orders-job allows the actions all but iam:* too (Read)",
      "- orders-job no longer allows the actions s3:GetObject (Read)",
    ],
  ],
])("%s", (_, before, after, expected) => {
  expect(told(changed(before, after))).toEqual(expected);
});

test("what is left out no more of what all but some may do is allowed", () => {
  const allBut = (...actions: string[]): string =>
    policy({ Sid: "Read", Effect: "Allow", NotAction: actions, Resource: READ.Resource });
  expect(told(changed(allBut("iam:*", "s3:*"), allBut("iam:*")))).toEqual([
    "+ orders-job no longer allows the actions all but s3:* (Read)",
  ]);
});

test("an allowance that becomes a denial is told as both", () => {
  expect(told(changed(policy(READ), policy({ ...READ, Effect: "Deny" })))).toEqual([
    "- orders-job denies s3:GetObject on arn:aws:s3:::orders/a/* (Read)",
    "- orders-job no longer allows s3:GetObject on arn:aws:s3:::orders/a/* (Read)",
  ]);
});

test("what only the apply tells, or nobody can read, may be wider", () => {
  const later = changed(policy(READ), undefined, { unknown: { policy: true } });
  expect(told({ ...later, references: { policy: "aws_kms_key.a" } })).toEqual([
    "+ orders-job its policy is known after the apply only: look at aws_iam_role_policy.job in the program",
  ]);
  expect(told(changed(policy(READ), "no JSON"))).toEqual(["+ orders-job its policy changes, and cannot be read"]);
});

test("a policy of others that is hung on a role is told by its name", () => {
  const values = { role: "orders-node", policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" };
  const hung = { address: "aws_iam_role_policy_attachment.it", actions: ["create"], after: values };
  expect(told(hung)).toEqual(["+ orders-node has the policy arn:aws:iam::aws:policy/AdministratorAccess"]);
  expect(told({ ...hung, actions: ["delete"], before: values, after: undefined })).toEqual([
    "- orders-node no longer has the policy arn:aws:iam::aws:policy/AdministratorAccess",
  ]);
});

const ROLE = "aws_iam_role.it";
const inline = (...texts: readonly string[]): object => ({
  name: "orders-job",
  inline_policy: texts.map((text, index) => ({ name: String(index), policy: text })),
});

test.each<[string, object | undefined, object | undefined, readonly string[]]>([
  ["as before", inline(policy(READ), policy(DENY)), inline(policy(DENY), policy(READ)), []],
  [
    "comes",
    inline(policy(READ)),
    inline(policy(READ), policy({ ...READ, Sid: "Write", Action: "s3:PutObject" })),
    ["+ orders-job allows s3:PutObject on arn:aws:s3:::orders/a/* (Write)"],
  ],
  [
    "cannot be read",
    inline(policy(READ)),
    inline(policy(READ), "no JSON"),
    ["+ orders-job its policy changes, and cannot be read"],
  ],
  // What stands beside a role is told of by itself, and a role that goes shows it as its own.
  ["goes with its role", inline(policy(READ)), undefined, []],
])("a policy in a role: %s", (_, before, after, words) => {
  const actions = after ? ["update"] : ["delete"];
  expect(told({ address: ROLE, actions, before: { ...before }, after: after && { ...after } })).toEqual(words);
});

const FUNCTION = "aws_lambda_permission.it";
const MAY_CALL = { function_name: "prices", action: "lambda:InvokeFunction", principal: "s3.amazonaws.com" };

test("who may call a function is told, and what narrows it", () => {
  const permission = (after: object, more: Partial<ShownChange> = {}): ShownChange => ({
    ...{ address: FUNCTION, actions: ["create"], after: { ...MAY_CALL, ...after }, ...more },
  });
  expect(told(permission({}))).toEqual(["+ prices allows lambda:InvokeFunction on prices to Service s3.amazonaws.com"]);
  expect(told(permission({ source_account: "123456789012", qualifier: "live" }))).toEqual([
    '+ prices allows lambda:InvokeFunction on prices:live to Service s3.amazonaws.com, where {"StringLike":{"AWS:SourceAccount":"123456789012"}}',
  ]);
  expect(
    told(permission({}, { unknown: { source_arn: true }, references: { source_arn: "aws_s3_bucket.it" } })),
  ).toEqual([`+ prices its policy is known after the apply only: look at ${FUNCTION} in the program`]);
  expect(told({ address: FUNCTION, actions: ["delete"], before: MAY_CALL })).toEqual([
    "- prices no longer allows lambda:InvokeFunction on prices to Service s3.amazonaws.com",
  ]);
});

test("every type that says who may what is compared", () => {
  const known = [...COMPARED_TYPES].filter((type) => kindOf(type) === "permission");
  expect(known.length).toBeGreaterThan(5);
  expect(COMPARED_TYPES).toEqual(expect.arrayContaining(["aws_iam_role", "aws_kms_key", "aws_s3_bucket_policy"]));
});

test.each<[string, string | null, string | null, readonly string[]]>([
  ["comes", null, "arn:b", ["- orders-job has the permissions boundary arn:b"]],
  ["goes", "arn:b", null, ["+ orders-job no longer has the permissions boundary arn:b"]],
  ["is exchanged", "arn:b", "arn:c", ["+ orders-job has the permissions boundary arn:c in place of arn:b"]],
  ["stays", "arn:b", "arn:b", []],
])("a boundary of a role that %s", (_, before, after, words) => {
  const role = (permissions_boundary: string | null) => ({ name: "orders-job", permissions_boundary });
  expect(told({ address: "aws_iam_role.job", actions: ["update"], before: role(before), after: role(after) })).toEqual(
    words,
  );
});
