import { SoftwareBucket } from "../../lib";
import { ADMINISTRATOR } from "../emulator/clients";
import { NamedPolicy, PolicyDocument, Statement } from "../lab/judge/policies";
import { RoleSession } from "../lab/judge/principals";
import { Bench, clusterPolicies, form, kms, Sent } from "./bench";
import { ACCOUNT, policiesOf } from "./synthesized-account";

const policies = clusterPolicies();
const allowAll = (Resource: string | string[] = "*", Action = "*"): Statement => ({
  Effect: "Allow",
  Action,
  Resource,
});
const policy = (...Statement: Statement[]): PolicyDocument => ({ Version: "2012-10-17", Statement });

/** A bench whose job role has these policies. */
function withJobPolicies(identity: readonly NamedPolicy[], boundary?: NamedPolicy): Bench {
  const role = new Bench(policies).roleNamed("job");
  const changed = policies.roles.map((one) => (one.name === role ? { ...one, identity, boundary } : one));
  return new Bench({ ...policies, roles: changed });
}

const ANYTHING = [{ name: "anything", document: policy(allowAll()) }];

function checkpoint(bench: Bench, more: Sent = {}): Sent {
  return { method: "GET", bucket: bench.bucket, path: "/checkpoints/orders/1", ...more };
}

describe("a key", () => {
  /** A bench in which the bucket's key has this policy. */
  function withKeyPolicy(document: PolicyDocument): Bench {
    const key = policies.buckets[0].key;
    return new Bench({
      ...policies,
      keys: policies.keys.map((one) => (one.arn === key ? { ...one, policy: document } : one)),
    });
  }

  test("that denies decryption stops a read, and no listing", async () => {
    const bench = withKeyPolicy(
      policy(
        { Sid: "Account", ...allowAll("*", "kms:*"), Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } },
        { Sid: "NoReading", Effect: "Deny", Principal: "*", Action: "kms:Decrypt", Resource: "*" },
      ),
    );
    const read = await bench.ask("job", checkpoint(bench));
    expect(read.allowed).toBe(false);
    expect(read.reason).toMatch(/may not kms:Decrypt on arn:aws:kms:.* \(key\): denied by key .*\/policy NoReading$/);
    expect(await bench.outcome("job", checkpoint(bench, { method: "PUT" }))).toBe("allowed");
    expect(await bench.outcome("job", checkpoint(bench, { method: "HEAD" }))).toBe("allowed");
    expect(await bench.outcome("job", checkpoint(bench, { path: "/?list-type=2&prefix=ha/orders" }))).toBe("allowed");
  });

  test("that does not let the account's policies speak stops all that is encrypted", async () => {
    const bench = withKeyPolicy(policy({ ...allowAll("*", "kms:*"), Principal: { Service: "logs.amazonaws.com" } }));
    expect(await bench.outcome("job", checkpoint(bench))).toBe("key: kms:Decrypt");
    expect(await bench.outcome("job", checkpoint(bench, { method: "PUT" }))).toBe("key: kms:GenerateDataKey");
  });

  test("that is not there stops what it encrypted", async () => {
    const bench = new Bench({ ...policies, keys: [] });
    expect(await bench.outcome("job", checkpoint(bench))).toBe("key: kms:Decrypt");
  });

  test("is asked with the bucket as context where one data key serves many objects, else with the object", async () => {
    for (const [bucketKey, context] of [
      [true, "arn:aws:s3:::BUCKET"],
      [false, "arn:aws:s3:::BUCKET/checkpoints/orders/1"],
    ] as const) {
      const arn = context.replace("BUCKET", policies.buckets[0].name);
      const condition = { StringEquals: { "kms:EncryptionContext:aws:s3:arn": arn } };
      const identity = [
        ...[{ name: "s3", document: policy(allowAll("*", "s3:*")) }],
        { name: "kms", document: policy({ ...allowAll("*", "kms:*"), Condition: condition }) },
      ];
      const bench = withJobPolicies(identity);
      bench.policies = { ...bench.policies, buckets: policies.buckets.map((one) => ({ ...one, bucketKey })) };
      expect([bucketKey, await bench.outcome("job", checkpoint(bench))]).toEqual([bucketKey, "allowed"]);
      bench.policies = {
        ...bench.policies,
        buckets: policies.buckets.map((one) => ({ ...one, bucketKey: !bucketKey })),
      };
      expect(await bench.outcome("job", checkpoint(bench))).toBe("identity: kms:Decrypt");
    }
  });
});

describe("the way to AWS", () => {
  const bench = new Bench(policies);

  test("without TLS is refused by the bucket", async () => {
    const verdict = await bench.ask("job", checkpoint(bench, { tls: false }));
    expect(verdict.reason).toMatch(/\(bucket\): denied by bucket .* DenyInsecureTransport$/);
  });

  test("is none where the network has no endpoint", async () => {
    const bare = new Bench({ ...policies, endpoints: [] });
    expect(await bare.outcome("job", checkpoint(bare))).toMatch(/^route: /);
    expect(await bare.outcome("machine", kms("GetPublicKey", { KeyId: bench.key("node-authority") }))).toMatch(
      /^route: /,
    );
  });

  test("is none beside the endpoint's own addresses", async () => {
    const sent = kms("GetPublicKey", { KeyId: bench.key("node-authority") });
    expect(await bench.outcome("machine", sent)).toBe("allowed");
    expect(await bench.outcome("machine", { ...sent, to: "198.51.100.10" })).toMatch(/^route: /);
  });

  test("through an endpoint whose policy does not allow it is refused there", async () => {
    const closed = policies.endpoints.map((one) => ({ ...one, policy: policy() }));
    const shut = new Bench({ ...policies, endpoints: closed });
    expect(await shut.outcome("job", checkpoint(shut))).toBe("endpoint: s3:GetObject");
  });

  test("leads to no bucket of another account, whatever the role may", async () => {
    const free = withJobPolicies(ANYTHING);
    expect(await free.outcome("job", checkpoint(free))).toBe("allowed");
    expect(await free.outcome("job", { bucket: "strangers", path: "/x" })).not.toBe("allowed");
  });

  test("is not open to roles of another account, whatever they may there", async () => {
    const sessionArn = `arn:aws:sts::999999999999:assumed-role/${bench.roleNamed("job")}/x`;
    const session: RoleSession = { kind: "role session", sessionArn };
    const key = { accessKeyId: "ASIAFOREIGN", secretAccessKey: "s", sessionToken: "t", expires: Infinity, session };
    bench.judge.learn(key);
    const inside = await bench.judge.judge(await bench.call(key, checkpoint(bench)));
    expect(inside.reason).toMatch(/denied by bucket .* DenyForeignAccounts$/);
    const outside = await bench.judge.judge(await bench.call(key, checkpoint(bench, { from: "203.0.113.9" })));
    expect(outside.reason).toMatch(/denied by bucket .* DenyForeignAccounts$/);
    const signing = await bench.judge.judge(await bench.call(key, kms("GetPublicKey", { KeyId: bench.key() })));
    expect(signing).toMatchObject({ allowed: false });
  });
});

describe("a role", () => {
  test("is held by its boundary", async () => {
    const boundary = { name: "bound", document: policy(allowAll("*", "kms:*"), allowAll("*", "s3:PutObject")) };
    const bench = withJobPolicies(ANYTHING, boundary);
    expect(await bench.outcome("job", checkpoint(bench, { method: "PUT" }))).toBe("allowed");
    expect(await bench.outcome("job", checkpoint(bench))).toBe("boundary: s3:GetObject");
  });

  test("may know that an object is missing only if it may list the bucket", async () => {
    const bench = new Bench(policies);
    const known = await (await bench.ask("job", checkpoint(bench))).ifMissing!();
    expect(known.allowed).toBe(true);
    expect(known.decisions![0].statements).toEqual([
      expect.stringMatching(/^identity .*\/flink-job ListFlinkState$/),
      expect.stringMatching(/^endpoint .*\/s3 ThisAccountToItsOwnBuckets$/),
    ]);
    const narrow = withJobPolicies([
      { name: "some", document: policy(allowAll("*", "s3:GetObject"), allowAll("*", "kms:*")) },
    ]);
    const hidden = await (await narrow.ask("job", checkpoint(narrow))).ifMissing!();
    expect(hidden.decisions).toEqual([expect.objectContaining({ action: "s3:ListBucket", layer: "identity" })]);
  });

  test("is taken by machines only, as its own policy says", async () => {
    const bench = new Bench(policies);
    const arn = (who: "machine" | "job") => `arn:aws:iam::${ACCOUNT}:role/${bench.roleNamed(who)}`;
    const machines = await bench.judge.serviceMayAssume("ec2.amazonaws.com", arn("machine"));
    expect(machines.decisions![0].statements).toEqual([expect.stringMatching(/^trust .*\/trust MachinesOnly$/)]);
    expect((await bench.judge.serviceMayAssume("lambda.amazonaws.com", arn("machine"))).allowed).toBe(false);
    expect((await bench.judge.serviceMayAssume("ec2.amazonaws.com", arn("job"))).allowed).toBe(false);
  });

  test("that was taken through STS is known by its key from then on", async () => {
    const bench = new Bench(policies);
    const RoleArn = `arn:aws:iam::${ACCOUNT}:role/${bench.roleNamed("job")}`;
    const sent = form("sts", { Action: "AssumeRole", RoleArn, RoleSessionName: "node-1" });
    const keys = { accessKeyId: "ASIANEW", secretAccessKey: "s/+=", sessionToken: "t/+=" };
    const use = () => bench.call(keys, checkpoint(bench)).then((call) => bench.judge.judge(call));
    expect((await use()).decisions![0].layer).toBe("caller");
    const verdict = await bench.ask("machine", sent);
    verdict.learn!(
      Buffer.from(`<AssumeRoleResponse><AssumeRoleResult><Credentials><SessionToken>t/+=</SessionToken>
        <SecretAccessKey>s/+=</SecretAccessKey><AccessKeyId>ASIANEW</AccessKeyId>
        <Expiration>2100-01-01T00:00:00Z</Expiration></Credentials><AssumedRoleUser>
        <Arn>arn:aws:sts::${ACCOUNT}:assumed-role/${bench.roleNamed("job")}/node-1</Arn></AssumedRoleUser>
        </AssumeRoleResult></AssumeRoleResponse>`),
    );
    expect(await use()).toMatchObject({ allowed: true, principal: `${bench.roleNamed("job")}/node-1` });
  });
});

describe("a caller", () => {
  const bench = new Bench(policies);

  test("without a key, or with one that was handed out to nobody, is refused", async () => {
    const stranger = { accessKeyId: "AKIASTRANGER", secretAccessKey: "x", sessionToken: "x" };
    const call = await bench.call(stranger, checkpoint(bench));
    expect((await bench.judge.judge(call)).decisions![0].layer).toBe("caller");
    expect((await bench.judge.judge({ ...call, accessKeyId: undefined })).decisions![0].layer).toBe("caller");
  });

  test("is the administrator only from outside of every network", async () => {
    const call = (from: string) => bench.call({ ...ADMINISTRATOR, sessionToken: "" }, checkpoint(bench, { from }));
    expect(await bench.judge.judge(await call("203.0.113.9"))).toMatchObject({
      allowed: true,
      principal: "administrator",
    });
    expect((await bench.judge.judge(await call("10.40.0.10"))).allowed).toBe(false);
  });

  test("that asks for what the judge does not know is refused, and the judge says so", async () => {
    for (const sent of [
      checkpoint(bench, { path: "/checkpoints/orders/1?torrent" }),
      checkpoint(bench, { method: "POST", path: "/checkpoints/orders/1?select&select-type=2" }),
      form("sts", { Action: "AssumeRoleWithSAML", RoleArn: "x" }),
      kms("Sign", { SigningAlgorithm: "x" }),
    ]) {
      expect(await bench.outcome("job", sent)).toMatch(/^judge: /);
    }
  });
});

test("a change by the administrator makes the policies be read anew, reading and writing objects does not", async () => {
  const bench = new Bench(policies);
  const administrator = async (sent: Sent) => {
    const before = bench.reads;
    const call = await bench.call({ ...ADMINISTRATOR, sessionToken: "" }, { from: "203.0.113.9", ...sent });
    (await bench.judge.judge(call)).answered?.();
    return bench.reads > before;
  };
  const changes = [
    form("iam", { Action: "PutRolePolicy" }),
    kms("PutKeyPolicy", { KeyId: "x" }),
    { method: "PUT", bucket: "b", path: "/?policy" },
    { method: "PUT", bucket: "b", path: "/" },
    { method: "PUT", path: "/b?encryption" },
    form("ec2", { Action: "CreateVpcEndpoint" }),
  ];
  for (const sent of changes) expect([sent, await administrator(sent)]).toEqual([sent, true]);
  const others = [
    { method: "GET", bucket: "b", path: "/?policy" },
    { method: "PUT", bucket: "b", path: "/key" },
    { method: "PUT", path: "/b/key" },
    form("iam", { Action: "GetRole" }),
    form("ec2", { Action: "RunInstances" }),
  ];
  for (const sent of others) expect([sent, await administrator(sent)]).toEqual([sent, false]);
});

test("a software bucket takes each object once and gives none up, whatever a role may", async () => {
  const { buckets, keys } = policiesOf((stack) => new SoftwareBucket(stack, "software"));
  const bench = withJobPolicies(ANYTHING);
  bench.policies = { ...bench.policies, buckets, keys: [...policies.keys, ...keys] };
  const bucket = buckets[0].name;
  const software = (method: string, more: Sent = {}) => ({ method, bucket, path: "/software/x", ...more });
  expect(await bench.outcome("job", software("PUT"))).toBe("bucket: s3:PutObject");
  expect(await bench.outcome("job", software("PUT", { headers: { "if-none-match": "*" } }))).toBe("allowed");
  expect(await bench.outcome("job", software("POST", { path: "/software/x?uploads" }))).toBe("allowed");
  expect(await bench.outcome("job", software("PUT", { path: "/software/x?partNumber=1&uploadId=u" }))).toBe("allowed");
  expect(await bench.outcome("job", software("POST", { path: "/software/x?uploadId=u" }))).toBe("bucket: s3:PutObject");
  expect(await bench.outcome("job", software("DELETE"))).toBe("bucket: s3:DeleteObject");
  expect(await bench.outcome("job", software("DELETE", { path: "/software/x?versionId=1" }))).toBe(
    "bucket: s3:DeleteObjectVersion",
  );
});
