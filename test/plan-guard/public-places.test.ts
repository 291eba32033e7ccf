import { dangerousIn, judged, type ShownChange } from "./shown-plan";

const BUCKET = "aws_s3_bucket_policy.it";
const BLOCK = "aws_s3_bucket_public_access_block.it";
const CLOSED = {
  bucket: "orders",
  block_public_acls: true,
  block_public_policy: true,
  ignore_public_acls: true,
  restrict_public_buckets: true,
};

function policy(principal: unknown, more: object = {}): { policy: string } {
  const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "*", Principal: principal, ...more };
  return { policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }) };
}

function policies(before: object | undefined, after: object): ShownChange {
  return {
    ...{ address: BUCKET, actions: before ? ["update"] : ["create"] },
    before: before && { bucket: "orders", ...before },
    after: { bucket: "orders", ...after },
  };
}

const ACCOUNT = { AWS: "arn:aws:iam::123456789012:root" };

test.each<[string, ShownChange]>([
  ["everybody", policies(undefined, policy("*"))],
  ["every account", policies(policy(ACCOUNT), policy({ AWS: "*" }))],
  ["every account among others", policies(policy(ACCOUNT), policy({ AWS: [ACCOUNT.AWS, "*"] }))],
  ["a condition less", policies(policy("*", { Condition: { Bool: { "aws:SecureTransport": "true" } } }), policy("*"))],
  ["another action of everybody's", policies(policy("*"), policy("*", { Action: "s3:*" }))],
  [
    "a lifted block",
    { address: BLOCK, actions: ["update"], before: CLOSED, after: { ...CLOSED, block_public_policy: false } },
  ],
  ["a block that goes", { address: BLOCK, actions: ["delete"], before: CLOSED }],
  [
    "a database with an address in the internet",
    {
      ...{ address: "aws_db_instance.it", actions: ["update"] },
      ...{ before: { publicly_accessible: false }, after: { publicly_accessible: true } },
    },
  ],
  [
    "a function that everybody may call",
    {
      ...{ address: "aws_lambda_permission.it", actions: ["create"] },
      after: {
        function_name: "prices",
        action: "lambda:InvokeFunctionUrl",
        principal: "*",
        function_url_auth_type: "NONE",
      },
    },
  ],
  [
    "a new function, of which the apply tells the name",
    {
      ...{ address: "aws_lambda_permission.it", actions: ["create"] },
      after: { action: "lambda:InvokeFunction", principal: "*" },
      unknown: { function_name: true },
      references: { function_name: "aws_lambda_function.it" },
    },
  ],
])("what is made public is dangerous: %s", (_, change) => {
  expect(dangerousIn(judged([change]))).toEqual([change.address]);
  expect(dangerousIn(judged([change], change.address))).toEqual([]);
});

test.each<[string, readonly ShownChange[]]>([
  ["a denial", [policies(undefined, policy("*", { Effect: "Deny" }))]],
  [
    "with a condition",
    [policies(undefined, policy("*", { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }))],
  ],
  ["as before", [policies(policy("*"), policy(["*"]))]],
  ["a statement less", [policies(policy("*"), policy(ACCOUNT))]],
  [
    "an endpoint, which is in the network",
    [{ address: "aws_vpc_endpoint.it", actions: ["create"], after: policy("*") }],
  ],
  [
    "a function that everybody of an organization may call",
    [
      {
        ...{ address: "aws_lambda_permission.it", actions: ["create"] },
        after: { function_name: "prices", action: "lambda:InvokeFunction", principal: "*", principal_org_id: "o-1" },
      },
    ],
  ],
  [
    "a function that something new alone may call",
    [
      {
        ...{ address: "aws_lambda_permission.it", actions: ["create"] },
        after: { function_name: "prices", action: "lambda:InvokeFunction", principal: "*" },
        unknown: { source_arn: true },
        references: { source_arn: "aws_s3_bucket.it" },
      },
    ],
  ],
  ["a block that comes", [{ address: BLOCK, actions: ["create"], after: CLOSED }]],
  [
    "a block that goes with its bucket, whose end is a danger of its own",
    [
      { address: BLOCK, actions: ["delete"], before: CLOSED },
      { address: "aws_s3_bucket.it", actions: ["delete"], before: { id: "orders" } },
    ],
  ],
])("what is as public as before, or less, is none: %s", (_, changes) => {
  expect(dangerousIn(judged(changes, "aws_s3_bucket.it"))).toEqual([]);
});
