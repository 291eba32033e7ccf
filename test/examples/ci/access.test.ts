import { type Simulation, runSimulation } from "@cloud-copilot/iam-simulate";
import { CiAccess, CiAccessProps } from "../../../examples/ci/access/ci-access";
import { PolicyDocument } from "../../lab/judge/policies";
import { asStandIn, withStandIns } from "../../lab/judge/stand-ins";
import { Block, statements, synthesize } from "../../support/synth";
import { findings } from "../../rules/findings";
import { ACCOUNT, Call, CHANGES, LOOKS, REGION } from "./calls-of-a-cluster";

const STATE = "arn:aws:s3:::my-company-terraform-state";
const PROPS: CiAccessProps = {
  stateBucket: "my-company-terraform-state",
  region: REGION,
  repository: "my-company/streaming",
  branch: "main",
  environment: "production",
  stacks: ["storage", "streaming"],
};
const OF_THE_ACCOUNT = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" }],
};
type Who = "Read" | "Plan" | "Apply";

const synthesized = synthesize((stack) => new CiAccess(stack, "access", PROPS));

/** As the deployed policy reads. */
function filled(text: string): string {
  return text
    .replace(/\$\{data\.aws_caller_identity\.\w+\.account_id\}/g, ACCOUNT)
    .replace(/\$\{data\.aws_partition\.\w+\.partition\}/g, "aws")
    .replace(/\$\{aws_s3_bucket\.\w+\.arn\}/g, STATE)
    .replace(/\$\{aws_kms_key\.\w+\.arn\}/g, `arn:aws:kms:${REGION}:${ACCOUNT}:key/state`);
}

function policiesOf(who: Who): string[] {
  return Object.entries(synthesized.resources("aws_iam_role_policy"))
    .filter(([id]) => id.startsWith(`access_${who}_`))
    .map(([, { policy }]) => filled(policy as string));
}

async function may(who: Who, { action, resource, context = {} }: Call): Promise<boolean> {
  const asked = asStandIn({ action, resource, context }, ACCOUNT);
  const simulation: Simulation = {
    request: {
      principal: `arn:aws:sts::${ACCOUNT}:assumed-role/flink-${who.toLowerCase()}/run`,
      action: asked.action,
      resource: { resource: asked.resource, accountId: ACCOUNT },
      contextVariables: asked.context,
    },
    identityPolicies: policiesOf(who).map((policy, index) => ({
      name: `${index}`,
      policy: withStandIns(JSON.parse(policy) as PolicyDocument, ACCOUNT),
    })),
    // A key of ours leaves it to the account's own policies who may use it.
    ...(action.startsWith("kms:") && { resourcePolicy: OF_THE_ACCOUNT }),
    ...{ serviceControlPolicies: [], resourceControlPolicies: [] },
  };
  const result = await runSimulation(simulation, {});
  if (result.resultType === "error") {
    // It takes no resource.
    if (resource !== "*" && result.errors.message === "must.use.wildcard")
      return may(who, { action, resource: "*", context });
    throw new Error(`${action} on ${resource} cannot be judged: ${JSON.stringify(result.errors)}`);
  }
  return result.overallResult === "Allowed";
}

/** The calls that a role may not make, or may. */
async function those(who: Who, calls: readonly Call[], allowed: boolean): Promise<string[]> {
  const answers = await Promise.all(
    calls.map(async (call) => ((await may(who, call)) === allowed ? [call.action] : [])),
  );
  return answers.flat();
}

test.each(["Read", "Plan", "Apply"] as const)("%s may look at all that a plan looks at", async (who) => {
  expect(await those(who, LOOKS, false)).toEqual([]);
});

test("Apply may do all that an apply does; the others nothing of it", async () => {
  expect(await those("Apply", CHANGES, false)).toEqual([]);
  expect(await those("Plan", CHANGES, true)).toEqual(["iam:ListInstanceProfilesForRole"]);
  expect(await those("Read", CHANGES, true)).toEqual(["iam:ListInstanceProfilesForRole"]);
});

const BY_S3 = { "kms:ViaService": `s3.${REGION}.amazonaws.com` };
const state = `${STATE}/flink/storage.tfstate`;
const lock = `${STATE}/flink/storage.tfstate.tflock`;
const plan = `${STATE}/plans/storage/0123.tar.gz`;
const key = `arn:aws:kms:${REGION}:${ACCOUNT}:key/state`;
const EVERYBODYS = ["s3:GetObject state", "kms:Decrypt key"];
test.each<[Who, string[]]>([
  ["Read", EVERYBODYS],
  [
    "Plan",
    [...EVERYBODYS, "kms:GenerateDataKey key", "s3:PutObject lock", "s3:DeleteObject lock", "s3:PutObject plan"],
  ],
  [
    "Apply",
    [
      ...[...EVERYBODYS, "kms:GenerateDataKey key", "s3:PutObject state", "s3:PutObject lock", "s3:DeleteObject lock"],
      ...["s3:GetObject plan", "s3:DeleteObject plan"],
    ],
  ],
])("%s may with state, lock and plans what it needs to, and no more", async (who, expected) => {
  const things = { state, lock, plan };
  const asked = [
    ...Object.entries(things).flatMap(([name, resource]) =>
      ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"].map((action) => ({ action, resource, name })),
    ),
    ...["kms:Decrypt", "kms:GenerateDataKey"].map((action) => ({ action, resource: key, name: "key", context: BY_S3 })),
  ];
  const found: string[] = [];
  for (const call of asked) if (await may(who, call)) found.push(`${call.action} ${call.name}`);
  // To read a lock is to read the state's folder: it says who holds it.
  expect(found.filter((each) => each !== "s3:GetObject lock").sort()).toEqual([...expected].sort());
});

test("each is told that a state is not there yet, and may list no other folder of the bucket", async () => {
  const list = (prefix?: string): Call => ({
    action: "s3:ListBucket",
    resource: STATE,
    context: prefix === undefined ? {} : { "s3:prefix": prefix },
  });
  for (const who of ["Read", "Plan", "Apply"] as const) {
    expect(await may(who, list())).toBe(true);
    expect(await may(who, list("flink/"))).toBe(true);
    expect(await may(who, list("ci/"))).toBe(false);
  }
});

test.each<[string, Call]>([
  ["its own role", { action: "iam:PutRolePolicy", resource: `arn:aws:iam::${ACCOUNT}:role/ci/flink-apply` }],
  ["a role of others", { action: "iam:PutRolePolicy", resource: `arn:aws:iam::${ACCOUNT}:role/administrator` }],
  [
    "the trust in GitHub",
    {
      action: "iam:UpdateOpenIDConnectProviderThumbprint",
      resource: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`,
    },
  ],
  ["state of others in the bucket", { action: "s3:GetObject", resource: `${STATE}/ci/ci.tfstate` }],
  ["a bucket of others", { action: "s3:DeleteBucket", resource: "arn:aws:s3:::company-data" }],
  ["the bucket of the state itself", { action: "s3:PutBucketPolicy", resource: STATE }],
  [
    "another region",
    {
      action: "ec2:TerminateInstances",
      resource: `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/i-0123456789abcdef0`,
      context: { "aws:RequestedRegion": "us-east-1" },
    },
  ],
  [
    "a secret",
    { action: "secretsmanager:GetSecretValue", resource: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:x` },
  ],
  [
    "what jobs stored",
    { action: "s3:GetObject", resource: "arn:aws:s3:::storage-checkpoints-1/checkpoints/job/chk-1/_metadata" },
  ],
  [
    "a role to another service",
    {
      action: "iam:PassRole",
      resource: `arn:aws:iam::${ACCOUNT}:role/streaming-flink-node-1`,
      context: { "iam:PassedToService": "lambda.amazonaws.com" },
    },
  ],
])("not even Apply reaches %s", async (_, call) => {
  expect(await may("Apply", call)).toBe(false);
});

test("each role trusts the tokens of these jobs of this repository, and no others", () => {
  const subjects = Object.fromEntries(
    synthesized.all("aws_iam_role").map((role) => {
      const { Workflows } = statements(role.assume_role_policy);
      const { StringEquals } = Workflows.Condition as { StringEquals: Record<string, unknown> };
      expect(Object.keys(Workflows.Condition as object)).toEqual(["StringEquals"]);
      expect(StringEquals["token.actions.githubusercontent.com:aud"]).toBe("sts.amazonaws.com");
      return [role.name, StringEquals["token.actions.githubusercontent.com:sub"]];
    }),
  );
  expect(subjects).toEqual({
    "flink-read": ["repo:my-company/streaming:pull_request", "repo:my-company/streaming:ref:refs/heads/main"],
    "flink-plan": ["repo:my-company/streaming:ref:refs/heads/main"],
    "flink-apply": ["repo:my-company/streaming:environment:production"],
  });
});

test("the policies of a role are no longer than IAM takes", () => {
  for (const who of ["Read", "Plan", "Apply"] as const) expect(policiesOf(who).join("").length).toBeLessThan(10_240);
});

test("an existing provider for GitHub is used, and a boundary bounds the roles", () => {
  const openIdConnectProviderArn = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;
  const permissionsBoundaryArn = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
  const other = synthesize(
    (stack) => new CiAccess(stack, "access", { ...PROPS, openIdConnectProviderArn, permissionsBoundaryArn }),
  );
  expect(other.all("aws_iam_openid_connect_provider")).toEqual([]);
  for (const role of other.all("aws_iam_role")) {
    expect(role.permissions_boundary).toBe(permissionsBoundaryArn);
    expect((statements(role.assume_role_policy).Workflows.Principal as Block).Federated).toBe(openIdConnectProviderArn);
  }
});

test("a bucket of the state that the workflows could change is refused", () => {
  expect(() =>
    synthesize((stack) => new CiAccess(stack, "access", { ...PROPS, stateBucket: "storage-state" })),
  ).toThrow(
    'stateBucket is "storage-state", but must not begin with the name of a stack, whose buckets the workflows may change: give it a name that does not begin with "storage-"',
  );
});

test("it keeps the rules of our own, but for what docs/waivers.md says", () => {
  expect(findings(synthesized)).toEqual([]);
});
