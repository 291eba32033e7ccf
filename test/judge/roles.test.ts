import { ACCOUNT, REGION } from "./synthesized-account";
import { Bench, form, kms, Sent, Who } from "./bench";

const bench = new Bench();
const { bucket } = bench;
const s3 = (method: string, path: string, more: Sent = {}): Sent => ({ method, bucket, path, ...more });
const put = (path: string, headers: Record<string, string> = {}): Sent => s3("PUT", path, { headers });
const SIGNING = { SigningAlgorithm: "RSASSA_PKCS1_V1_5_SHA_256", MessageType: "RAW", Message: "eA==" };
const NODE_KEY = bench.key("node-authority");
const CLIENT_KEY = bench.key("client-authority");
const roleArn = (who: Who) => `arn:aws:iam::${ACCOUNT}:role/${bench.roleNamed(who)}`;
const assume = (RoleArn: string) => form("sts", { Action: "AssumeRole", RoleArn, RoleSessionName: "x" });

type Case = readonly [name: string, sent: Sent, outcome: string];

const MACHINE_MAY: readonly (readonly [string, Sent])[] = [
  ["read software", s3("GET", "/software/flink/2.2.1/abc/flink.tgz")],
  ["read a part of software", s3("GET", "/software/x", { headers: { range: "bytes=0-9" } })],
  ["read the desired state", s3("GET", "/desired-state/orders.json?x-id=GetObject")],
  ["look at the desired state", s3("HEAD", "/desired-state/orders.json")],
  ["write a report", put("/reports/orders/orders-1.json")],
  ["read a report", s3("GET", "/reports/orders/orders-2.json")],
  ["take the lock", put("/rolls/orders/lock.json", { "if-none-match": "*" })],
  ["read the lock", s3("GET", "/rolls/orders/lock.json")],
  ["write an event", put("/roll-events/orders/2026-a.json")],
  ["list software", s3("GET", "/?list-type=2&prefix=software/")],
  ["take the jobs' role", assume(roleArn("job"))],
  ["sign for nodes", kms("Sign", { KeyId: NODE_KEY, ...SIGNING })],
  ["sign by alias", kms("Sign", { KeyId: "alias/cdktf-flink/orders/node-authority", ...SIGNING })],
  ["read the node authority", kms("GetPublicKey", { KeyId: NODE_KEY })],
  ["read the client authority", kms("GetPublicKey", { KeyId: CLIENT_KEY })],
  ["ask who it is", form("sts", { Action: "GetCallerIdentity" })],
];

const MACHINE_MAY_NOT: readonly Case[] = [
  ["read an old desired state", s3("GET", "/desired-state/orders.json?versionId=v1"), "identity: s3:GetObjectVersion"],
  ["write software", put("/software/x", { "if-none-match": "*" }), "identity: s3:PutObject"],
  ["delete software", s3("DELETE", "/software/x"), "identity: s3:DeleteObject"],
  ["read an old version of software", s3("GET", "/software/x?versionId=1"), "identity: s3:GetObjectVersion"],
  ["write the desired state", put("/desired-state/orders.json"), "identity: s3:PutObject"],
  ["delete the desired state", s3("DELETE", "/desired-state/orders.json"), "identity: s3:DeleteObject"],
  ["read another cluster's desired state", s3("GET", "/desired-state/other.json"), "identity: s3:GetObject"],
  ["write another cluster's report", put("/reports/other/1.json"), "identity: s3:PutObject"],
  ["delete a report", s3("DELETE", "/reports/orders/orders-1.json"), "identity: s3:DeleteObject"],
  ["take another cluster's lock", put("/rolls/other/lock.json"), "identity: s3:PutObject"],
  ["delete the lock", s3("DELETE", "/rolls/orders/lock.json"), "identity: s3:DeleteObject"],
  [
    "delete a version for good",
    s3("DELETE", "/rolls/orders/lock.json?versionId=1"),
    "identity: s3:DeleteObjectVersion",
  ],
  ["read an event", s3("GET", "/roll-events/orders/a.json"), "identity: s3:GetObject"],
  ["read a checkpoint", s3("GET", "/checkpoints/orders/1/_metadata"), "identity: s3:GetObject"],
  ["write a savepoint", put("/savepoints/orders/1"), "identity: s3:PutObject"],
  ["read what leads", s3("GET", "/ha/orders/x"), "identity: s3:GetObject"],
  ["list checkpoints", s3("GET", "/?list-type=2&prefix=checkpoints/orders/"), "identity: s3:ListBucket"],
  ["list versions", s3("GET", "/?versions"), "identity: s3:ListBucketVersions"],
  ["list uploads", s3("GET", "/?uploads"), "identity: s3:ListBucketMultipartUploads"],
  ["read the bucket's policy", s3("GET", "/?policy"), "identity: s3:GetBucketPolicy"],
  ["write the bucket's policy", s3("PUT", "/?policy"), "identity: s3:PutBucketPolicy"],
  ["write the bucket's lifecycle", s3("PUT", "/?lifecycle"), "identity: s3:PutLifecycleConfiguration"],
  ["turn versions off", s3("PUT", "/?versioning"), "identity: s3:PutBucketVersioning"],
  ["delete the bucket", s3("DELETE", "/"), "identity: s3:DeleteBucket"],
  ["list all buckets", { method: "GET", path: "/" }, "identity: s3:ListAllMyBuckets"],
  ["read another bucket", { method: "GET", path: "/x", bucket: "strangers" }, "identity: s3:GetObject"],
  ["tag an object", s3("PUT", "/reports/orders/1.json?tagging"), "identity: s3:PutObjectTagging"],
  ["sign for clients", kms("Sign", { KeyId: CLIENT_KEY, ...SIGNING }), "identity: kms:Sign"],
  ["sign a digest", kms("Sign", { KeyId: NODE_KEY, ...SIGNING, MessageType: "DIGEST" }), "identity: kms:Sign"],
  [
    "sign by another algorithm",
    kms("Sign", { KeyId: NODE_KEY, ...SIGNING, SigningAlgorithm: "RSASSA_PSS_SHA_256" }),
    "identity: kms:Sign",
  ],
  ["use the bucket's key without S3", kms("GenerateDataKey", { KeyId: bench.key() }), "identity: kms:GenerateDataKey"],
  ["decrypt without S3", kms("Decrypt", { KeyId: bench.key(), CiphertextBlob: "eA==" }), "identity: kms:Decrypt"],
  ["decrypt volumes", kms("Decrypt", { KeyId: bench.key("/volumes") }), "identity: kms:Decrypt"],
  ["change a key's policy", kms("PutKeyPolicy", { KeyId: NODE_KEY }), "identity: kms:PutKeyPolicy"],
  ["destroy a key", kms("ScheduleKeyDeletion", { KeyId: NODE_KEY }), "identity: kms:ScheduleKeyDeletion"],
  ["grant a key", kms("CreateGrant", { KeyId: NODE_KEY }), "identity: kms:CreateGrant"],
  ["list keys", kms("ListKeys", {}), "identity: kms:ListKeys"],
  [
    "use a key of others",
    kms("GetPublicKey", { KeyId: "arn:aws:kms:eu-west-1:999999999999:key/x" }),
    "key: kms:GetPublicKey",
  ],
  ["take the flow logs' role", assume(roleArn("flow-logs")), "trust: sts:AssumeRole"],
  ["take its own role", assume(roleArn("machine")), "trust: sts:AssumeRole"],
  ["take a role of others", assume("arn:aws:iam::999999999999:role/x"), "trust: sts:AssumeRole"],
  ["end a machine", form("ec2", { Action: "TerminateInstances" }), "route: ec2:TerminateInstances"],
  ["read roles", form("iam", { Action: "ListRoles" }), "route: iam:ListRoles"],
];

const JOB_MAY: readonly (readonly [string, Sent])[] = [
  ["read a checkpoint", s3("GET", "/checkpoints/orders/1/_metadata")],
  ["look at a checkpoint", s3("HEAD", "/checkpoints/orders/1/_metadata")],
  ["write a checkpoint", put("/checkpoints/orders/1/chk-1/x")],
  ["delete a checkpoint", s3("DELETE", "/checkpoints/orders/1/chk-1/x")],
  ["write a savepoint", put("/savepoints/orders/sp-1/_metadata")],
  ["begin a large object", s3("POST", "/checkpoints/orders/1/x?uploads")],
  ["send a part", put("/checkpoints/orders/1/x?partNumber=1&uploadId=u")],
  ["end a large object", s3("POST", "/checkpoints/orders/1/x?uploadId=u")],
  ["give a large object up", s3("DELETE", "/checkpoints/orders/1/x?uploadId=u")],
  ["write what leads", put("/ha/orders/job/x")],
  ["copy", put("/ha/orders/y", { "x-amz-copy-source": `/${bucket}/ha/orders/x` })],
  ["list checkpoints", s3("GET", "/?list-type=2&prefix=checkpoints/orders/1/")],
  ["list its own prefix", s3("GET", "/?list-type=2&prefix=ha/orders")],
  ["list the parts of an upload", s3("GET", "/checkpoints/orders/1/x?uploadId=u")],
  [
    "delete several",
    s3("POST", "/?delete", {
      body: "<Delete><Object><Key>ha/orders/a</Key></Object><Object><Key>ha/orders/b&amp;c</Key></Object></Delete>",
    }),
  ],
  ["name an object with dots, which lead nowhere", s3("GET", "/ha/orders%2F..%2F..%2Fsoftware")],
  ["write what has an asterisk in its name", put("/ha/orders/%2A")],
];

const JOB_MAY_NOT: readonly Case[] = [
  [
    "list another cluster's parts",
    s3("GET", "/checkpoints/other/x?uploadId=u"),
    "identity: s3:ListMultipartUploadParts",
  ],
  ["read software", s3("GET", "/software/x"), "identity: s3:GetObject"],
  ["write software", put("/software/x", { "if-none-match": "*" }), "identity: s3:PutObject"],
  ["read the desired state", s3("GET", "/desired-state/orders.json"), "identity: s3:GetObject"],
  ["write the desired state", put("/desired-state/orders.json"), "identity: s3:PutObject"],
  ["read a report", s3("GET", "/reports/orders/1.json"), "identity: s3:GetObject"],
  ["write a report", put("/reports/orders/1.json"), "identity: s3:PutObject"],
  ["take the lock", put("/rolls/orders/lock.json"), "identity: s3:PutObject"],
  ["read another cluster's checkpoints", s3("GET", "/checkpoints/other/1"), "identity: s3:GetObject"],
  ["read a cluster's whose name begins so", s3("GET", "/checkpoints/orders-2/1"), "identity: s3:GetObject"],
  ["write another cluster's savepoints", put("/savepoints/other/1"), "identity: s3:PutObject"],
  ["name an object with dots outside of its prefix", s3("GET", "/software/../ha/orders/x"), "identity: s3:GetObject"],
  ["list another cluster's state", s3("GET", "/?list-type=2&prefix=ha/other/"), "identity: s3:ListBucket"],
  ["list software", s3("GET", "/?list-type=2&prefix=software/"), "identity: s3:ListBucket"],
  ["list uploads", s3("GET", "/?uploads"), "identity: s3:ListBucketMultipartUploads"],
  ["delete a version", s3("DELETE", "/checkpoints/orders/1?versionId=1"), "identity: s3:DeleteObjectVersion"],
  ["read a version", s3("GET", "/checkpoints/orders/1?versionId=1"), "identity: s3:GetObjectVersion"],
  ["write the bucket's policy", s3("PUT", "/?policy"), "identity: s3:PutBucketPolicy"],
  ["read the bucket's policy", s3("GET", "/?policy"), "identity: s3:GetBucketPolicy"],
  ["change the encryption", s3("PUT", "/?encryption"), "identity: s3:PutEncryptionConfiguration"],
  ["give an object away", put("/ha/orders/x?acl"), "identity: s3:PutObjectAcl"],
  ["write with an access list", put("/ha/orders/x", { "x-amz-acl": "public-read" }), "identity: s3:PutObjectAcl"],
  ["write with tags", put("/ha/orders/x", { "x-amz-tagging": "a=b" }), "identity: s3:PutObjectTagging"],
  [
    "copy from software",
    put("/ha/orders/x", { "x-amz-copy-source": `${bucket}/software/x` }),
    "identity: s3:GetObject",
  ],
  [
    "encrypt with the volumes' key",
    put("/ha/orders/x", {
      "x-amz-server-side-encryption": "aws:kms",
      "x-amz-server-side-encryption-aws-kms-key-id": bench.key("/volumes"),
    }),
    "identity: kms:GenerateDataKey",
  ],
  [
    "delete several of which one is not its own",
    s3("POST", "/?delete", {
      body: "<Delete><Object><Key>ha/orders/a</Key></Object><Object><Key>software/b</Key></Object></Delete>",
    }),
    "identity: s3:DeleteObject",
  ],
  ["write into another bucket", { method: "PUT", path: "/x", bucket: "strangers" }, "identity: s3:PutObject"],
  ["take the machines' role", assume(roleArn("machine")), "trust: sts:AssumeRole"],
  ["take its own role again", assume(roleArn("job")), "trust: sts:AssumeRole"],
  ["sign for nodes", kms("Sign", { KeyId: NODE_KEY, ...SIGNING }), "identity: kms:Sign"],
  ["read the node authority", kms("GetPublicKey", { KeyId: NODE_KEY }), "identity: kms:GetPublicKey"],
  ["use the bucket's key without S3", kms("GenerateDataKey", { KeyId: bench.key() }), "identity: kms:GenerateDataKey"],
  ["end a machine", form("ec2", { Action: "TerminateInstances" }), "route: ec2:TerminateInstances"],
];

describe.each([
  { who: "machine" as const, may: MACHINE_MAY, mayNot: MACHINE_MAY_NOT },
  { who: "job" as const, may: JOB_MAY, mayNot: JOB_MAY_NOT },
])("the role of a $who", ({ who, may, mayNot }) => {
  test.each(may)("may %s", async (_, sent) => {
    const { allowed, reason } = await bench.ask(who, sent);
    expect([allowed, reason]).toEqual([true, reason]);
  });

  test.each(mayNot)("may not %s", async (_, sent, outcome) => {
    expect(await bench.outcome(who, sent)).toBe(outcome);
  });

  test("is tried with enough that it may not", () => {
    expect(mayNot.length).toBeGreaterThanOrEqual(25);
  });
});

test("figures: decisions a second", async () => {
  const calls = await Promise.all(
    [...Array(400).keys()].map((number) =>
      bench.call(bench.credentials("job"), s3("PUT", `/checkpoints/orders/${REGION}/${number}`)),
    ),
  );
  const started = process.hrtime.bigint();
  for (const call of calls) expect((await bench.judge.judge(call)).allowed).toBe(true);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  console.log(`${(calls.length / seconds).toFixed(0)} calls a second, each of its own object, with signature and key`);
});
