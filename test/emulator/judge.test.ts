import { CreateVpcCommand, CreateVpcEndpointCommand } from "@aws-sdk/client-ec2";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  CreateKeyCommand,
  GetPublicKeyCommand,
  KMSClient,
  PutKeyPolicyCommand,
} from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { Upload } from "@aws-sdk/lib-storage";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority } from "../lab/authority";
import { Front } from "../lab/fabric/front";
import { AccountJudge } from "../lab/judge/judge";
import { PolicyReader } from "../lab/judge/policy-reader";
import { readJudgeFigures } from "../lab/judge/session-figures";
import { WatchedPolicies } from "../lab/judge/watched-policies";
import { ADMINISTRATOR, EmulatorClients, REGION } from "./clients";
import { Emulator } from "./emulator";

const ACCOUNT = "123456789012";
const [BUCKET, OTHER] = ["judged", "judged-other"];
const ROOT = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
const KEY_POLICY = [{ Sid: "Account", Effect: "Allow", Principal: ROOT, Action: "kms:*", Resource: "*" }];
const document = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const [ADDRESS, OUTSIDE] = ["127.0.0.1", "127.1.0.1"];
const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

let dir: string;
let emulator: Emulator;
let aws: EmulatorClients;
let front: Front;
let judge: AccountJudge;
let policies: WatchedPolicies;
let keyId: string;
let certificate: string;
const agents: Agent[] = [];

/** Clients as programs have them, that find AWS's names at the front. */
function clients(credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }, from = ADDRESS) {
  const agent = new Agent({ ca: certificate, localAddress: from, lookup: toFront });
  agents.push(agent);
  const common = (service: string) => ({
    ...{ region: REGION, credentials, maxAttempts: 1, requestHandler: { httpsAgent: agent } },
    endpoint: `https://${service}.${REGION}.amazonaws.com:${front.portAt(ADDRESS)}`,
  });
  return { s3: new S3Client(common("s3")), sts: new STSClient(common("sts")), kms: new KMSClient(common("kms")) };
}

const toFront: NonNullable<ConstructorParameters<typeof Agent>[0]>["lookup"] = (_name, options, done) =>
  options.all ? done(null, [{ address: ADDRESS, family: 4 }]) : done(null, ADDRESS, 4);

/** Credentials of a role, as the metadata service hands them out. */
async function machine(name: string) {
  const answer = await aws.sts.send(new AssumeRoleCommand({ RoleArn: roleArn(name), RoleSessionName: "i-1" }));
  const given = answer.Credentials!;
  const keys = {
    ...{ accessKeyId: given.AccessKeyId!, secretAccessKey: given.SecretAccessKey! },
    sessionToken: given.SessionToken!,
  };
  judge.learn({
    ...keys,
    expires: given.Expiration!.getTime(),
    session: { kind: "role session", sessionArn: answer.AssumedRoleUser!.Arn! },
  });
  return keys;
}

/** What became of a call: `done`, or the code and the layer of the refusal. */
async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "done";
  } catch (error) {
    const { name, message } = error as Error;
    return `${name} ${/ \((\w+)\): /.exec(message)?.[1] ?? ""}`.trim();
  }
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "judge-"));
  emulator = await Emulator.start({ dir, loopback: false });
  aws = new EmulatorClients(REGION, emulator.socketPath);
  keyId = (await aws.kms.send(new CreateKeyCommand({ Policy: document(...KEY_POLICY) }))).KeyMetadata!.KeyId!;
  await aws.kms.send(new CreateAliasCommand({ AliasName: "alias/judged", TargetKeyId: keyId }));
  const configuration = { CreateBucketConfiguration: { LocationConstraint: REGION } } as const;
  for (const Bucket of [BUCKET, OTHER]) await aws.s3.send(new CreateBucketCommand({ Bucket, ...configuration }));
  const byKey = { SSEAlgorithm: "aws:kms", KMSMasterKeyID: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${keyId}` } as const;
  await aws.s3.send(
    new PutBucketEncryptionCommand({
      Bucket: BUCKET,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: byKey, BucketKeyEnabled: true }],
      },
    }),
  );
  const machines = {
    Sid: "Machines",
    Effect: "Allow",
    Action: "sts:AssumeRole",
    Principal: { Service: "ec2.amazonaws.com" },
  };
  await aws.iam.send(new CreateRoleCommand({ RoleName: "node", AssumeRolePolicyDocument: document(machines) }));
  const nodes = { Sid: "Nodes", Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: roleArn("node") } };
  await aws.iam.send(new CreateRoleCommand({ RoleName: "job", AssumeRolePolicyDocument: document(nodes) }));
  const allow = (RoleName: string, ...statements: object[]) =>
    aws.iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: `${RoleName}-policy`, PolicyDocument: document(...statements) }),
    );
  const key = {
    ...{ Sid: "Key", Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: byKey.KMSMasterKeyID },
    Condition: { StringEquals: { "kms:ViaService": `s3.${REGION}.amazonaws.com` } },
  };
  const objects = { Sid: "Objects", Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"] };
  await allow("job", key, { ...objects, Resource: `arn:aws:s3:::${BUCKET}/a/*` });
  await allow(
    "node",
    key,
    { ...objects, Resource: `arn:aws:s3:::${BUCKET}/*` },
    {
      ...{ Sid: "List", Effect: "Allow", Action: "s3:ListBucket", Resource: `arn:aws:s3:::${BUCKET}` },
      Condition: { StringLikeIfExists: { "s3:prefix": "a/*" } },
    },
    { Sid: "Take", Effect: "Allow", Action: "sts:AssumeRole", Resource: roleArn("job") },
  );
  const vpc = (await aws.ec2.send(new CreateVpcCommand({ CidrBlock: "127.0.0.0/16" }))).Vpc!.VpcId!;
  const endpointPolicy = {
    Sid: "Gate",
    Effect: "Allow",
    Principal: "*",
    Action: "s3:*",
    Resource: `arn:aws:s3:::${BUCKET}*`,
  };
  await aws.ec2.send(
    new CreateVpcEndpointCommand({
      ...{ VpcId: vpc, ServiceName: `com.amazonaws.${REGION}.s3`, VpcEndpointType: "Gateway" },
      PolicyDocument: document(endpointPolicy),
    }),
  );

  const reader = new PolicyReader(REGION, aws);
  policies = new WatchedPolicies(() => reader.read(), join(dir, "statements.txt"));
  judge = new AccountJudge(policies, () => [{ id: vpc, cidr: "127.0.0.0/16" }]);
  const authority = await createAuthority();
  certificate = authority.certificate;
  const accessLog = join(dir, "calls.jsonl");
  front = new Front({ emulatorSocket: emulator.socketPath, authority, accessLog, judge: judge.judge });
  await front.listen(ADDRESS, 0);
}, 300_000);

afterAll(async () => {
  agents.forEach((agent) => agent.destroy());
  await front?.close();
  aws?.destroy();
  await emulator?.stop();
  rmSync(dir, { recursive: true, force: true });
});

test("every policy is read from the emulator as it was written", async () => {
  const read = await policies.current();
  expect(read.accountId).toBe(ACCOUNT);
  expect(read.buckets).toEqual([
    { name: BUCKET, bucketKey: true, key: expect.stringMatching(new RegExp(`key/${keyId}$`)) },
    { name: OTHER, bucketKey: false },
  ]);
  expect(read.keys).toContainEqual({
    ...{ arn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${keyId}`, aliases: ["alias/judged"] },
    policy: { Version: "2012-10-17", Statement: KEY_POLICY },
  });
  const identities = read.roles.map(({ name, identity }) => [name, identity.map((one) => one.name)]);
  expect(identities.sort()).toEqual([
    ["job", ["job-policy"]],
    ["node", ["node-policy"]],
  ]);
  expect(read.endpoints).toEqual([
    expect.objectContaining({
      type: "Gateway",
      policy: expect.objectContaining({ Statement: [expect.objectContaining({ Sid: "Gate" })] }),
    }),
  ]);
});

test("clients of AWS are told apart by their signatures, and each may what its role may", async () => {
  const node = clients(await machine("node"));
  const key = "a/strange name+é=&(1)*.txt";
  expect(
    await outcome(node.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: "x", IfNoneMatch: "*" }))),
  ).toBe("done");
  const found = await node.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
  expect(await found.Body!.transformToString()).toBe("x");
  const upload = new Upload({
    client: node.s3,
    params: { Bucket: BUCKET, Key: "a/large", Body: Buffer.alloc(11 * 2 ** 20, 1) },
  });
  expect(await outcome(upload.done())).toBe("done");
  expect(await outcome(node.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "a/" })))).toBe("done");
  expect(await outcome(node.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "b/" })))).toBe(
    "AccessDenied identity",
  );
  const Delete = { Objects: [{ Key: key }, { Key: "a/large" }] };
  expect(await outcome(node.s3.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete })))).toBe("done");
  expect(await outcome(node.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: "a/gone" })))).toBe("NoSuchKey");
  expect(await outcome(node.s3.send(new GetObjectCommand({ Bucket: OTHER, Key: "x" })))).toBe("AccessDenied identity");
  const stolen = { ...(await machine("node")), secretAccessKey: "guessed" };
  const put = new PutObjectCommand({ Bucket: BUCKET, Key: "a/x", Body: "x" });
  expect(await outcome(clients(stolen).s3.send(put))).toBe("SignatureDoesNotMatch signature");
  const unknown = { accessKeyId: "ASIAUNKNOWN", secretAccessKey: "x", sessionToken: "y" };
  expect(await outcome(clients(unknown).s3.send(put))).toBe("AccessDenied caller");
  expect(await outcome(clients(ADMINISTRATOR).s3.send(put))).toBe("AccessDenied caller");
  expect(await outcome(clients(ADMINISTRATOR, OUTSIDE).s3.send(put))).toBe("done");
});

test("a role that is taken through STS is known from then on, and may not know what is missing", async () => {
  const outside = clients(await machine("node"), OUTSIDE);
  const { Credentials } = await outside.sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn("job"), RoleSessionName: "n-1" }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
  const job = clients({ accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! });
  const put = (Key: string) => job.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: "x" }));
  expect(await outcome(put("a/of-job"))).toBe("done");
  expect(await outcome(put("b/of-job"))).toBe("AccessDenied identity");
  expect(await outcome(job.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: "a/gone" })))).toBe(
    "AccessDenied identity",
  );
  expect(await outcome(job.s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "a/gone" })))).toMatch(
    /^(403|Unknown|Forbidden)/,
  );
  const taking = new AssumeRoleCommand({ RoleArn: roleArn("node"), RoleSessionName: "n-1" });
  const jobOutside = clients(
    { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! },
    OUTSIDE,
  );
  expect(await outcome(jobOutside.sts.send(taking))).toBe("AccessDenied trust");
  expect(await outcome(jobOutside.sts.send(new GetCallerIdentityCommand({})))).toBe("done");
  expect(await outcome(jobOutside.kms.send(new GetPublicKeyCommand({ KeyId: "alias/judged" })))).toBe(
    "AccessDeniedException identity",
  );
  // Within the network there is no endpoint of STS.
  expect(await outcome(job.sts.send(new GetCallerIdentityCommand({})))).toBe("AccessDenied route");
});

test("what the operator changes holds at once: a key's denial stops the read, then a bucket's stops all", async () => {
  const node = clients(await machine("node"));
  const operator = clients(ADMINISTRATOR, OUTSIDE);
  const read = () => outcome(node.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: "a/kept" })));
  expect(await outcome(node.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "a/kept", Body: "x" })))).toBe("done");
  expect(await read()).toBe("done");
  const noReading = { Sid: "NoReading", Effect: "Deny", Principal: "*", Action: "kms:Decrypt", Resource: "*" };
  const change = (...statements: object[]) =>
    operator.kms.send(
      new PutKeyPolicyCommand({ KeyId: keyId, PolicyName: "default", Policy: document(...statements) }),
    );
  await change(...KEY_POLICY, noReading);
  expect(await read()).toBe("AccessDenied key");
  await change(...KEY_POLICY);
  expect(await read()).toBe("done");
  const nothing = {
    Sid: "Nothing",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:GetObject",
    Resource: `arn:aws:s3:::${BUCKET}/*`,
  };
  await operator.s3.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: document(nothing) }));
  expect(await read()).toBe("AccessDenied bucket");
});

test("the log says what was decided, by which statements, and which were never used", async () => {
  await front.close();
  const figures = readJudgeFigures({ accessLog: join(dir, "calls.jsonl"), statementFile: join(dir, "statements.txt") });
  expect(figures.ofAdministrator).toBe(4);
  expect(figures.decided).toContainEqual({ role: "node", action: "s3:PutObject", decisions: expect.any(Number) });
  expect(figures.decided).toContainEqual({ role: "node", action: "kms:Decrypt", decisions: expect.any(Number) });
  expect(figures.denied.length).toBeGreaterThan(10);
  expect(figures.usedStatements).toEqual(
    expect.arrayContaining(["identity node/node-policy List", "key judged/policy Account", "endpoint */s3 Gate"]),
  );
  // Denials are used only by what they deny, and no machine got its role here.
  expect(figures.idleStatements).toEqual(
    expect.arrayContaining([
      "bucket judged/policy Nothing",
      "key judged/policy NoReading",
      "trust node/trust Machines",
    ]),
  );
  expect(readFileSync(join(dir, "calls.jsonl"), "utf8")).not.toContain("secretAccessKey");
});
